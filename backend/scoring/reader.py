"""How boards are read: by view, through the door of visibility, encoded once for all readers."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TypeVar

from backend.events import visibility
from backend.events.models import Event
from backend.events.visibility import View
from backend.scoring.leaderboard import Board, NotBuilt, Row
from backend.scoring.scorekeeper import Scorekeeper, formula_of

_CACHE_SIZE = 512

T = TypeVar("T")


@dataclass(frozen=True)
class _Asked:
    """What identifies a cached read; everything it depends on but the revision."""

    event_id: int
    board: str
    scope: str
    count: int
    frozen: bool
    reveal_step: int | None


class BoardReader:
    """Reads boards. A whole top list is read and encoded once per revision, not once per reader."""

    def __init__(self, scores: Scorekeeper) -> None:
        self._scores = scores
        self._leaderboard = scores.leaderboard
        self._cache: dict[_Asked, tuple[int, Board, bytes]] = {}

    def top(
        self, event: Event, board: str, scope: str, count: int, view: View
    ) -> tuple[Board, bytes]:
        """Return the first rows and their JSON; raises `RedisError`.

        While the ceremony goes on, everybody but hosts sees the final board with the places that
        are not revealed yet left blank.
        """
        frozen = visibility.reads_frozen_board(event, view)
        step = event.reveal_step if frozen else None
        asked = _Asked(event.id, board, scope, count, frozen and step is None, step)
        revision = self._built(
            event.id, lambda: self._leaderboard.revision(event.id, frozen=asked.frozen)
        )
        known = self._cache.get(asked)
        if known and known[0] == revision:
            return known[1], known[2]
        found = self._built(
            event.id,
            lambda: self._leaderboard.top(event.id, board, scope, count, frozen=asked.frozen),
        )
        if step is not None:
            found = _masked(event, found)
        if len(self._cache) >= _CACHE_SIZE:
            self._cache.clear()
        encoded = json.dumps([asdict(row) for row in found.rows], ensure_ascii=False).encode()
        self._cache[asked] = (found.version, found, encoded)
        return found, encoded

    def around(self, event: Event, board: str, player_id: int, view: View) -> Board:
        """Return a player with up to five above and below; raises `RedisError`."""
        frozen = visibility.reads_frozen_board(event, view)
        return self._built(
            event.id,
            lambda: self._leaderboard.around(event.id, board, player_id, frozen=frozen),
        )

    def row(self, event: Event, board: str, player_id: int, view: View) -> Row | None:
        """Return a player's own row; raises `RedisError`."""
        frozen = visibility.reads_frozen_board(event, view)
        return self._built(
            event.id, lambda: self._leaderboard.row(event.id, board, player_id, frozen=frozen)
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


def _masked(event: Event, board: Board) -> Board:
    """Leave out who and how many where the ceremony has not come to yet."""
    top = event.settings.get("reveal_top", 10)
    rows: list[Row] = []
    for position, row in enumerate(board.rows, start=1):
        if visibility.reveals_rank(event, position, top):
            rows.append(row)
        else:
            rows.append(Row(position, None, None, None, None))
    return Board(board.version, board.total, rows)


def formula_sentence(event: Event, language: str) -> str:
    """Return the event's team formula as it is printed with the board."""
    return formula_of(event).sentence(language)
