"""Reads boards by view and encodes them once for all readers."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from backend.events import visibility
from backend.events.models import Event
from backend.events.visibility import View
from backend.scoring.leaderboard import Board, BoardRow, TopRequest
from backend.scoring.ledger import FINAL
from backend.scoring.scorekeeper import Scorekeeper, formula_of

_CACHE_SIZE = 512
# Shorter lists are cut from a longer one: the first 10 from the first 100.
_READ_STEP = 100
_ROWS_KEPT = 4_000


@dataclass(frozen=True)
class TopList:
    """The first rows of a board, and as JSON with its digest; `own` is the row of the player who
    asked."""

    version: int
    total: int
    rows: list[BoardRow]
    encoded: bytes
    digest: bytes
    own: BoardRow | None = None


class _Kept:
    """The first rows of a board in a revision, for all readers, however many rows they ask for."""

    def __init__(self, found: Board, rows: list[BoardRow]) -> None:
        self.version = found.version
        self._total = found.total
        self._rows = rows
        self._encoded: dict[int, tuple[bytes, bytes]] = {}

    def top(self, count: int, own: BoardRow | None) -> TopList:
        """Return the first `count` rows; each length is encoded once."""
        rows = self._rows[:count]
        if count not in self._encoded:
            encoded = encode(rows)
            self._encoded[count] = encoded, digest(encoded)
        return TopList(self.version, self._total, rows, *self._encoded[count], own)


class BoardReader:
    """Reads boards. A whole top list is read and encoded once per revision, not once per reader."""

    def __init__(self, scores: Scorekeeper) -> None:
        self._scores = scores
        self._leaderboard = scores.leaderboard
        self._cache: dict[tuple[TopRequest, int | None], _Kept] = {}

    def top(
        self,
        event: Event,
        board: str,
        scope: str,
        count: int,
        view: View,
        player_id: int | None = None,
    ) -> TopList:
        """Return the first rows, with the own row of a player if asked; raises `RedisError`."""
        [found] = self.tops(event, board, scope, view, [(count, player_id)])
        return found

    def tops(
        self,
        event: Event,
        board: str,
        scope: str,
        view: View,
        wanted: Sequence[tuple[int, int | None]],
    ) -> list[TopList]:
        """Return the same for several readers: how many rows, and whose own row.

        While the ceremony goes on, everybody but hosts sees the board as it was when the ceremony
        began, with the places that are not revealed yet left blank.
        """
        frozen = visibility.reads_frozen_board(event, view)
        step = event.reveal_step if frozen else None
        most = max(count for count, _ in wanted)
        read_count = -(-most // _READ_STEP) * _READ_STEP
        players = [player_id for _, player_id in wanted if player_id is not None]
        shown = board if step is None else FINAL + board
        asked = TopRequest(event.id, shown, scope, read_count, frozen)
        known = self._cache.get((asked, step))
        found, rows = self._scores.with_boards(
            event.id,
            lambda: self._leaderboard.top(
                asked, known.version if known else -1, players, own_frozen=frozen
            ),
            frozen=frozen,
        )
        if found is not None:
            known = self._kept(event, asked, step, found)
        assert known is not None
        own = dict(zip(players, rows, strict=True))
        return [
            known.top(count, None if player_id is None else own[player_id])
            for count, player_id in wanted
        ]

    def _kept(self, event: Event, asked: TopRequest, step: int | None, found: Board) -> _Kept:
        """Return rows that were just read; all who read the same revision share them."""
        known = self._cache.get((asked, step))
        if known and known.version == found.version:
            return known
        kept = _Kept(found, found.rows if step is None else _masked(event, found.rows))
        if len(self._cache) >= _CACHE_SIZE:
            self._cache.clear()
        self._cache[asked, step] = kept
        return kept

    def around(self, event: Event, board: str, view: View, players: Sequence[int]) -> list[Board]:
        """Return each player with up to five above and below; raises `RedisError`."""
        frozen = visibility.reads_frozen_board(event, view)
        return self._scores.with_boards(
            event.id,
            lambda: self._leaderboard.around(event.id, board, players, frozen=frozen),
            frozen=frozen,
        )

    def row(self, event: Event, board: str, player_id: int, view: View) -> BoardRow | None:
        """Return a player's own row; raises `RedisError`."""
        frozen = visibility.reads_frozen_board(event, view)
        return self._scores.with_boards(
            event.id,
            lambda: self._leaderboard.row(event.id, board, player_id, frozen=frozen),
            frozen=frozen,
        )

    def player_count(self, event_id: int) -> int:
        """Return how many players take part; raises `RedisError`."""
        return self._leaderboard.player_count(event_id)


def _masked(event: Event, shown: Sequence[BoardRow]) -> list[BoardRow]:
    """Remove names and points from rows that the ceremony has not revealed yet."""
    top = event.settings.get("reveal_top", 10)
    rows: list[BoardRow] = []
    for position, row in enumerate(shown, start=1):
        if visibility.reveals_rank(event, position, top):
            rows.append(row)
        else:
            rows.append(BoardRow(position, None, None, None, None))
    return rows


def digest(data: bytes) -> bytes:
    """Return what tells one answer from another, for its `ETag`."""
    return blake2b(data, digest_size=16).digest()


def encode(rows: Iterable[BoardRow]) -> bytes:
    """Return rows as a JSON list. Written by hand, because encoding is most of the cost of a read."""
    return ("[" + ",".join(map(encoded_row, rows)) + "]").encode()


@lru_cache(_ROWS_KEPT)
def encoded_row(row: BoardRow) -> str:
    """Return a row as JSON."""
    rank, player_id, name, team, points, members = row
    return (
        f'{{"rank":{rank},"id":{_number(player_id)},"name":{_text(name)},"team":{_text(team)},'
        f'"points":{_number(points)},"members":{_number(members)}}}'
    )


def _number(value: float | None) -> float | str:
    return "null" if value is None else value


def _text(value: str | None) -> str:
    return json.dumps(value, ensure_ascii=False)


def formula_sentence(event: Event, language: str) -> str:
    """Return the event's team formula as it is printed with the board."""
    return formula_of(event).sentence(language)
