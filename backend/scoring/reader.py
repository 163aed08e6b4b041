"""How boards are read: by view, through the door of visibility, encoded once for all readers."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from backend.events import visibility
from backend.events.models import Event
from backend.events.visibility import View
from backend.scoring.leaderboard import Board, NotBuilt, Row, Top
from backend.scoring.scorekeeper import Scorekeeper, formula_of

_CACHE_SIZE = 512
_NAMES_KEPT = 20_000

T = TypeVar("T")


@dataclass(frozen=True)
class TopList:
    """The first rows of a board, and as JSON; `own` is the row of the player who asked."""

    version: int
    total: int
    rows: list[Row]
    encoded: bytes
    own: Row | None = None


class BoardReader:
    """Reads boards. A whole top list is read and encoded once per revision, not once per reader."""

    def __init__(self, scores: Scorekeeper) -> None:
        self._scores = scores
        self._leaderboard = scores.leaderboard
        self._cache: dict[tuple[Top, int | None], TopList] = {}

    def top(
        self,
        event: Event,
        board: str,
        scope: str,
        count: int,
        view: View,
        player_id: int | None = None,
    ) -> TopList:
        """Return the first rows, with the own row of a player if asked; raises `RedisError`.

        While the ceremony goes on, everybody but hosts sees the final board with the places that
        are not revealed yet left blank.
        """
        frozen = visibility.reads_frozen_board(event, view)
        step = event.reveal_step if frozen else None
        asked = Top(event.id, board, scope, count, frozen and step is None)
        known = self._cache.get((asked, step))
        found, own = self._built(
            event.id,
            lambda: self._leaderboard.top(
                asked, known.version if known else -1, player_id, own_frozen=frozen
            ),
            frozen=frozen,
        )
        if found is not None:
            known = self._kept(event, asked, step, found)
        assert known is not None
        return replace(known, own=own)

    def _kept(self, event: Event, asked: Top, step: int | None, found: Board) -> TopList:
        """Return a list that was just read; whoever is first to read a revision encodes it."""
        known = self._cache.get((asked, step))
        if known and known.version == found.version:
            return known
        rows = found.rows if step is None else _masked(event, found.rows)
        listed = TopList(found.version, found.total, rows, encode(rows))
        if len(self._cache) >= _CACHE_SIZE:
            self._cache.clear()
        self._cache[asked, step] = listed
        return listed

    def around(self, event: Event, board: str, player_id: int, view: View) -> Board:
        """Return a player with up to five above and below; raises `RedisError`."""
        frozen = visibility.reads_frozen_board(event, view)
        return self._built(
            event.id,
            lambda: self._leaderboard.around(event.id, board, player_id, frozen=frozen),
            frozen=frozen,
        )

    def row(self, event: Event, board: str, player_id: int, view: View) -> Row | None:
        """Return a player's own row; raises `RedisError`."""
        frozen = visibility.reads_frozen_board(event, view)
        return self._built(
            event.id,
            lambda: self._leaderboard.row(event.id, board, player_id, frozen=frozen),
            frozen=frozen,
        )

    def player_count(self, event_id: int) -> int:
        """Return how many players take part; raises `RedisError`."""
        return self._leaderboard.player_count(event_id)

    def _built(self, event_id: int, read: Callable[[], T], *, frozen: bool = False) -> T:
        try:
            return read()
        except NotBuilt:
            self._scores.complete(event_id, frozen=frozen)
            return read()


def _masked(event: Event, shown: Sequence[Row]) -> list[Row]:
    """Leave out who and how many where the ceremony has not come to yet."""
    top = event.settings.get("reveal_top", 10)
    rows: list[Row] = []
    for position, row in enumerate(shown, start=1):
        if visibility.reveals_rank(event, position, top):
            rows.append(row)
        else:
            rows.append(Row(position, None, None, None, None))
    return rows


def encode(rows: Iterable[Row]) -> bytes:
    """Return rows as a JSON list. Written by hand, since it is most of what a read costs."""
    return ("[" + ",".join(map(_encoded, rows)) + "]").encode()


def _encoded(row: Row) -> str:
    rank, player_id, name, team, points, members = row
    return (
        f'{{"rank":{rank},"id":{_number(player_id)},"name":{_text(name)},"team":{_text(team)},'
        f'"points":{_number(points)},"members":{_number(members)}}}'
    )


def _number(value: float | None) -> float | str:
    return "null" if value is None else value


@lru_cache(_NAMES_KEPT)
def _text(value: str | None) -> str:
    return json.dumps(value, ensure_ascii=False)


def formula_sentence(event: Event, language: str) -> str:
    """Return the event's team formula as it is printed with the board."""
    return formula_of(event).sentence(language)
