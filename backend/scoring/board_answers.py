"""Answers to requests for boards: the JSON of a board, and the tag by which readers know it again.

Rows are encoded once for all readers; what differs between readers is put in front of them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, TypeGuard

from backend.clock import business_week
from backend.events import visibility
from backend.events.models import Event, Player
from backend.events.players import NotAPlayer
from backend.events.visibility import View
from backend.scoring.leaderboard import BoardRow
from backend.scoring.ledger import EVENT_BOARD, Calendar
from backend.scoring.reader import BoardReader, digest, encode, encoded_row, formula_sentence

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_DATED = re.compile(r"(?:day-(\d{4}-\d\d-\d\d)|week-(\d{4}-W\d\d))\Z", re.ASCII)
_FACTS_KEPT = 256


class BoardSubject(NamedTuple):
    """A board of an event, of people or teams, in a view.

    `out` are the players who played its activity out of competition.
    """

    event: Event
    name: str
    scope: str
    view: View
    out: list[dict[str, Any]]


class BoardReading(NamedTuple):
    """What one reader wants of a board: the first `top` rows, or with 0 those around their own."""

    top: int
    language: str
    player: Player | None

    @classmethod
    def of(cls, query: Mapping[str, Any], language: str, player: Player | None) -> "BoardReading":
        """Return what a query string asks for, see `BoardQuery`; raises `NotAPlayer`."""
        if "around" not in query:
            return cls(query["top"], language, player)
        if player is None:
            raise NotAPlayer
        return cls(0, language, player)


class BoardAnswer(NamedTuple):
    """An answer: its tag, and its body in two parts."""

    tag: str
    head: bytes
    rows: bytes

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join((self.head, self.rows, b"}"))


def own_name(name: str, calendar: Calendar, now: int) -> str | None:
    """Return the own name of a board: `day` and `week` mean the present ones.

    None if it is no board of the whole event, a day or a week.
    """
    if name == EVENT_BOARD or _is_dated(name):
        return name
    if name not in ("day", "week"):
        return None
    today = calendar.day(now)
    return f"day-{today}" if name == "day" else f"week-{business_week(today)}"


def _is_dated(name: str) -> bool:
    """Say whether this is the board of a day or week that the calendar has."""
    found = _DATED.match(name)
    try:
        return found is not None and bool(date.fromisoformat(found[1] or found[2]))
    except ValueError:
        return False


def is_ranked(player: Player | None) -> TypeGuard[Player]:
    """Return whether the caller can have a row; guests cannot."""
    return player is not None and player.staff_id is not None


def answers(
    reader: BoardReader, subject: BoardSubject, readings: Sequence[BoardReading]
) -> list[BoardAnswer]:
    """Return the answers to several readers of a board; raises `RedisError`.

    Either all of them want the first rows, or all those around their own.
    """
    return (_tops if readings[0].top else _around)(reader, subject, readings)


def _tops(
    reader: BoardReader, subject: BoardSubject, readings: Sequence[BoardReading]
) -> list[BoardAnswer]:
    event, name, scope, view, _ = subject
    has_own = scope == "players"
    wanted = [
        (one.top, one.player.id if has_own and is_ranked(one.player) else None) for one in readings
    ]
    return [
        _answer(
            _facts(subject, one.language, found.version, found.total),
            found.own,
            found.encoded,
            found.digest,
        )
        for one, found in zip(readings, reader.tops(event, name, scope, view, wanted), strict=True)
    ]


def _around(
    reader: BoardReader, subject: BoardSubject, readings: Sequence[BoardReading]
) -> list[BoardAnswer]:
    players = [one.player.id for one in readings if one.player is not None]
    found = reader.around(subject.event, subject.name, subject.view, players)
    result = []
    for one, player_id, board in zip(readings, players, found, strict=True):
        me = next((row for row in board.rows if row.id == player_id), None)
        rows = encode(board.rows)
        facts = _facts(subject, one.language, board.version, board.total)
        result.append(_answer(facts, me, rows, digest(rows)))
    return result


def _facts(subject: BoardSubject, language: str, version: int, total: int) -> bytes:
    event, name, scope, view, out = subject
    return _encoded_facts(
        name,
        scope,
        visibility.reads_frozen_board(event, view),
        formula_sentence(event, language) if scope == "teams" else None,
        _encode(out),
        version,
        total,
    )


@lru_cache(_FACTS_KEPT)
def _encoded_facts(
    name: str,
    scope: str,
    frozen: bool,
    formula: str | None,
    out: str,
    version: int,
    total: int,
) -> bytes:
    """Return what stands before the caller's own row, the same for all readers of a revision."""
    facts = {"board": name, "scope": scope, "frozen": frozen, "formula": formula}
    facts |= {"out_of_competition": json.loads(out), "version": version, "total": total}
    return (_encode(facts)[:-1] + ',"me":').encode()


def _answer(facts: bytes, me: BoardRow | None, rows: bytes, rows_digest: bytes) -> BoardAnswer:
    own = encoded_row(me).encode() if me else b"null"
    head = b"".join((facts, own, b',"rows":'))
    return BoardAnswer(digest(head + rows_digest).hex(), head, rows)
