"""Reads everything that decides about answers: what is their own, and what is the same for all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from backend.db import Database
from backend.events.competition import is_out_sql
from backend.events.models import Event
from backend.events.players import HOLDER
from backend.questions.marking import PointsPart
from backend.scoring.scorekeeper import Scorer
from backend.selection import AllColumns, Bool, Json, Row, Selection


@dataclass(frozen=True)
class FoundTreasure:
    """A treasure that a dig found."""

    title: str
    points: int


@dataclass(frozen=True)
class Verdict:
    """An answer and its points; `letters` are the bank's, `streak` is the number of right answers
    in a row. An answer that is not counted was given out of competition and earns nothing."""

    letters: str
    correct: bool
    parts: tuple[PointsPart, ...]
    streak: int
    used_ms: int
    answered_at: int
    counts: bool
    treasure: FoundTreasure | None = None

    @cached_property
    def points(self) -> int:
        """The points of the answer alone."""
        return sum(part.points for part in self.parts)

    @property
    def gained(self) -> int:
        """The points of the answer and of the treasure."""
        return self.points + (self.treasure.points if self.treasure else 0)


class DigFacts(NamedTuple):
    """A dig with its question, player, activity and event, and the verdict if it was answered."""

    dig_id: int
    site: str
    option_order: str
    opened_at: int
    limit_seconds: int
    snooze_seconds: int
    snoozed_ms: int | None
    voided: bool
    question_id: int
    kind: str
    key: list[str]
    difficulty: int
    explanation: str
    event: Event
    activity_id: int
    activity_voided_at: int | None
    settings: dict[str, Any]
    salt: str
    sittings: int
    player_id: int
    account_id: int
    token_version: int | None
    staff_id: int | None
    status: str
    name: str
    team_id: int | None
    team_name: str | None
    holder: int | None
    is_out: bool
    corrected_key: list[str] | None
    streak_before: int | None
    verdict: Verdict | None

    def right(self) -> list[str]:
        """Return the key that is valid in this event, in the bank's letters."""
        return self.corrected_key or self.key

    def scorer(self) -> Scorer:
        """Return the player as the boards need them."""
        return Scorer(
            self.player_id,
            self.event.id,
            self.event.began_at,
            self.name,
            self.team_id,
            self.team_name,
            on_board=True,
        )


def _verdict(*, parts: Any, title: str | None, points: int, **answer: Any) -> Verdict | None:
    """Return the verdict in the columns of an answer and of its treasure; None without an answer."""
    if parts is None:
        return None
    treasure = None if title is None else FoundTreasure(title, points)
    return Verdict(**answer, parts=tuple(PointsPart(**part) for part in parts), treasure=treasure)


_VERDICT = Selection(
    _verdict,
    letters="x.choice",
    correct=Bool("x.correct"),
    parts=Json("x.breakdown"),
    streak="x.streak",
    used_ms="x.elapsed_ms",
    answered_at="x.answered_at",
    counts=Bool("x.counted"),
    title="t.title",
    points="t.points",
)
# What is the same for all answers of a hunt is read once for all of them.
_HUNT: Selection[dict[str, Any]] = Selection(
    dict,
    activity_id="a.id",
    event=AllColumns(Event, "e"),
    activity_voided_at="a.voided_at",
    settings=Json("a.settings"),
    salt="a.salt",
    sittings="(SELECT COUNT(*) FROM sitting s WHERE s.activity_id = a.id)",
)
_HUNT_SQL = f"""
SELECT {_HUNT} FROM activity a JOIN event e ON e.id = a.event_id WHERE a.id IN ({{marks}})
"""  # nosec B608 # our own names
_DIG: Selection[dict[str, Any]] = Selection(
    dict,
    dig_id="d.id",
    activity_id="d.activity_id",
    site="d.site",
    option_order="d.option_order",
    opened_at="d.opened_at",
    limit_seconds="d.limit_seconds",
    snooze_seconds="d.snooze_seconds",
    snoozed_ms="d.snoozed_ms",
    voided=Bool("d.voided"),
    question_id="q.id",
    kind="q.kind",
    key=Json("CAST(q.key AS TEXT)"),
    difficulty="q.difficulty",
    explanation="q.explanation",
    player_id="p.id",
    account_id="p.account_id",
    token_version="o.token_version",  # nosec B106 # no password
    staff_id="p.staff_id",
    status="p.status",
    name="p.name",
    team_id="p.team_id",
    team_name="p.team_name",
    holder=HOLDER,
    is_out=Bool(is_out_sql("d.activity_id")),
    corrected_key=Json(
        "(SELECT c.key FROM correction c WHERE c.event_id = p.event_id AND c.question_id = q.id"
        " AND c.action = 'rekey' ORDER BY c.id DESC LIMIT 1)"
    ),
    # The streak of the player's previous dig: 0 if that was wrong or not answered. In the order of
    # the unique index, as in `own_digs`. SQLite compares two columns of numbers as numbers of any
    # sort, which its index does not: with `+` the slot is a value, and the index is used for it.
    streak_before=(
        "(SELECT y.streak FROM dig pd LEFT JOIN answer y ON y.dig_id = pd.id"
        " WHERE pd.activity_id = d.activity_id AND pd.player_id = d.player_id"
        " AND (pd.day, pd.slot) < (d.day, +d.slot)"
        " AND NOT pd.voided ORDER BY pd.day DESC, pd.slot DESC LIMIT 1)"
    ),
    verdict=_VERDICT,
)
# The columns of its hunt come with the first dig.
_DIG_SQL = f"""
SELECT {_DIG}, {_HUNT}
FROM dig d JOIN question q ON q.id = d.question_id JOIN player p ON p.id = d.player_id
LEFT JOIN account o ON o.id = p.account_id LEFT JOIN answer x ON x.dig_id = d.id
LEFT JOIN treasure_claim f ON f.dig_id = d.id LEFT JOIN treasure t ON t.id = f.treasure_id
LEFT JOIN activity a ON a.id = CASE WHEN d.id = ? THEN d.activity_id END
LEFT JOIN event e ON e.id = a.event_id
WHERE d.id IN ({{marks}})
"""  # nosec B608 # our own names


def facts_of(database: Database, dig_ids: Sequence[int]) -> dict[int, DigFacts]:
    """Return {dig: facts}, read in one statement if all are of one hunt, else in two; digs that do
    not exist are left out."""
    rows = _rows(database, _DIG_SQL, dig_ids, dig_ids[:1])
    digs = _DIG.read(rows)
    first = [row[_DIG.width :] for row in rows if row[_DIG.width] is not None]
    hunts = {hunt["activity_id"]: hunt for hunt in _HUNT.read(first)}
    others = {dig["activity_id"] for dig in digs} - hunts.keys()
    hunts |= {hunt["activity_id"]: hunt for hunt in _HUNT.read(_rows(database, _HUNT_SQL, others))}
    return {dig["dig_id"]: DigFacts(**{**hunts[dig["activity_id"]], **dig}) for dig in digs}


def _rows(
    database: Database, statement: str, ids: Collection[int], before: Sequence[int] = ()
) -> list[Row]:
    """Return the rows of a statement for these ids, whose other parameters come before."""
    if not ids:
        return []
    # Few different statements, so that PostgreSQL can reuse their plans.
    length = 1 << (len(ids) - 1).bit_length()
    asked = (*before, *ids, *[0] * (length - len(ids)))
    rows: list[Row] = database.sql(
        statement.format(marks=", ".join("?" * length)), asked
    ).fetchall()
    return rows
