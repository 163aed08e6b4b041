"""Taking answers: those that come together are written together, and the first of a player counts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.activities.contest import errors, rules
from backend.db import Database
from backend.errors import LinkaError
from backend.events import competition, lifecycle, players
from backend.events.competition import is_out_sql
from backend.gathering import Gathering
from backend.live.feed import Feed
from backend.questions import marking


@dataclass(frozen=True)
class Given:
    """An answer as a phone gave it: letters as in the bank, which a contest does not shuffle."""

    activity_id: int
    round_id: int
    player_id: int
    account_id: int
    choice: Sequence[str]
    at: int


@dataclass(frozen=True)
class Taken:
    """An answer that is kept; a repeated one is the first. Out of competition it is not `counted`."""

    round_id: int
    choice: list[str]
    used_ms: int
    answered_at: int
    counted: bool


@dataclass(frozen=True)
class _Facts:
    """What decides whether a player may answer a round. The names are those of `EventFacts`."""

    round_id: int
    activity_id: int
    position: int
    shown_at: int | None
    seconds: int
    question_kind: str
    option_count: int
    phase: str
    current: int
    playoff: list[int] | None
    playoff_from: int | None
    event_id: int
    state: str
    opens_at: int | None
    closes_at: int | None
    pauses: list[list[int | None]]
    player_id: int
    status: str
    staff_id: int | None
    joined_at: int
    answered: str | None
    used_ms: int | None
    answered_at: int | None
    counted: bool | None
    is_out: bool
    holder: int | None


_FACTS_SQL = f"""
SELECT r.id, r.activity_id, r.position, r.shown_at, r.seconds, q.kind, CAST(q.options AS TEXT),
       c.phase, c.position, CAST(c.playoff AS TEXT), c.playoff_from, e.id, e.state, e.opens_at,
       e.closes_at, CAST(e.pauses AS TEXT), p.id, p.status, p.staff_id, p.joined_at,
       a.choice, a.used_ms, a.answered_at, a.counted, {is_out_sql("r.activity_id")},
       {players.HOLDER}
FROM contest_round r JOIN question q ON q.id = r.question_id
JOIN contest c ON c.activity_id = r.activity_id JOIN activity t ON t.id = r.activity_id
JOIN event e ON e.id = t.event_id JOIN player p ON p.event_id = e.id
LEFT JOIN contest_answer a ON a.round_id = r.id AND a.player_id = p.id
WHERE r.id = ? AND p.id IN ({{marks}})
"""
_ANSWER_SQL = """
INSERT INTO contest_answer (round_id, player_id, choice, used_ms, answered_at, counted)
VALUES {rows} ON CONFLICT DO NOTHING RETURNING player_id
"""


class Answers:
    """Takes answers. Build one per process."""

    def __init__(self, database: Database, feed: Feed) -> None:
        self._database = database
        self._feed = feed
        self._gathering: Gathering[Given, tuple[int, Taken]] = Gathering(
            self._take_all, opened=database.write, tries_alone=True
        )

    def submit(self, given: Given) -> Taken:
        """Keep an answer, exactly once; the same choice again is harmless.

        Raises `NoRound`, `BadChoice`, `AlreadyAnswered`, `RoundOver`, `JoinedLate`,
        `NotInPlayoff`, `StaffOnly`, `Kicked`, `Banned`, or what `lifecycle.require_playing`
        raises; then nothing is written. It is judged at the reveal.
        """
        # Nobody keeps a connection while waiting: whoever goes for all needs one.
        self._database.release()
        event_id, taken = self._gathering.do(given)
        self._feed.publish(event_id, "activity")
        return taken

    def _take_all(self, given: Sequence[Given]) -> list[tuple[int, Taken] | Exception]:
        for activity_id in sorted({one.activity_id for one in given}):
            self._database.share(activity_id)
        outcomes: dict[int, tuple[int, Taken] | Exception] = {}
        for round_id in sorted({one.round_id for one in given}):
            places = [place for place, one in enumerate(given) if one.round_id == round_id]
            outcomes.update(self._take(round_id, {place: given[place] for place in places}))
        return [outcomes[place] for place in range(len(given))]

    def _take(
        self, round_id: int, given: dict[int, Given]
    ) -> dict[int, tuple[int, Taken] | Exception]:
        facts = self._facts(round_id, [one.player_id for one in given.values()])
        fresh: dict[int, Taken] = {}
        outcomes: dict[int, tuple[int, Taken] | Exception] = {}
        for place, one in given.items():
            try:
                taken, is_new = _judge(facts.get(one.player_id), one)
            except LinkaError as refusal:
                outcomes[place] = refusal
                continue
            if is_new:
                # Two taps of one player in the same batch: the first is kept, see below.
                fresh.setdefault(one.player_id, taken)
            outcomes[place] = (facts[one.player_id].event_id, taken)
        written = self._write(fresh)
        out = [one for one in fresh if one in written and not fresh[one].counted]
        if out:
            competition.leave(
                self._database, facts[out[0]].activity_id, out, fresh[out[0]].answered_at
            )
        return {
            place: self._checked(outcome, given[place], fresh, written)
            for place, outcome in outcomes.items()
        }

    def _checked(
        self,
        outcome: tuple[int, Taken] | Exception,
        one: Given,
        fresh: dict[int, Taken],
        written: set[int],
    ) -> tuple[int, Taken] | Exception:
        """Return an outcome as it is after the writing: the first answer counts."""
        if isinstance(outcome, Exception) or one.player_id not in fresh:
            return outcome
        first = fresh[one.player_id]
        if one.player_id not in written:
            found = self._facts(one.round_id, [one.player_id])
            try:
                first, _ = _judge(found[one.player_id], one)
            except LinkaError as refusal:
                return refusal
        if first.choice != outcome[1].choice:
            return errors.AlreadyAnswered()
        return outcome[0], first

    def _facts(self, round_id: int, player_ids: Sequence[int]) -> dict[int, _Facts]:
        length = 1 << (len(player_ids) - 1).bit_length()
        asked = (round_id, *player_ids, *[0] * (length - len(player_ids)))
        statement = _FACTS_SQL.format(marks=", ".join("?" * length))
        return {row[16]: _read(row) for row in self._database.sql(statement, asked).fetchall()}

    def _write(self, fresh: dict[int, Taken]) -> set[int]:
        if not fresh:
            return set()
        parameters: list[Any] = []
        for player_id, taken in fresh.items():
            choice = ",".join(taken.choice)
            parameters += (taken.round_id, player_id, choice, taken.used_ms, taken.answered_at)
            parameters.append(taken.counted)
        statement = _ANSWER_SQL.format(rows=", ".join(["(?, ?, ?, ?, ?, ?)"] * len(fresh)))
        return {row[0] for row in self._database.sql(statement, tuple(parameters)).fetchall()}


def _read(row: Sequence[Any]) -> _Facts:
    values = list(row)
    values[6] = len(json.loads(row[6]))
    values[9] = json.loads(row[9]) if row[9] else None
    values[15] = json.loads(row[15])
    return _Facts(*values)


def _judge(facts: _Facts | None, given: Given) -> tuple[Taken, bool]:
    """Return what is kept, and whether it is new; raises why it may not be."""
    if facts is None or facts.activity_id != given.activity_id or facts.shown_at is None:
        raise errors.NoRound
    if facts.answered is None:
        _require_player(facts, given.account_id)
    choice = sorted(set(given.choice))
    if not choice or not _is_offered(facts, choice):
        raise errors.BadChoice
    if facts.answered is not None:
        if facts.answered != ",".join(choice):
            raise errors.AlreadyAnswered
        assert facts.used_ms is not None and facts.answered_at is not None
        counted = bool(facts.counted)
        return Taken(facts.round_id, choice, facts.used_ms, facts.answered_at, counted), False
    used_ms = _require_time(facts, given.at)
    return Taken(facts.round_id, choice, used_ms, given.at, not facts.is_out), True


def _is_offered(facts: _Facts, choice: Sequence[str]) -> bool:
    if facts.question_kind == "truefalse":
        return len(choice) == 1 and choice[0] in marking.TRUE_FALSE
    letters = marking.LETTERS[: facts.option_count]
    return set(choice) <= set(letters) and (facts.question_kind == "multiple" or len(choice) == 1)


def _require_player(facts: _Facts, account_id: int) -> None:
    players.require_active(facts.status)
    if facts.staff_id is None:
        raise players.StaffOnly
    players.require_holder(facts.holder, account_id)


def _require_time(facts: _Facts, now: int) -> int:
    """Return the time used, pauses not counted; raises unless answers are taken now."""
    lifecycle.require_playing(facts, now)
    assert facts.shown_at is not None
    if facts.joined_at > facts.shown_at:
        raise errors.JoinedLate
    is_playoff = facts.playoff_from is not None and facts.position >= facts.playoff_from
    if is_playoff and facts.player_id not in (facts.playoff or ()):
        raise errors.NotInPlayoff
    used_ms = lifecycle.played_ms(facts.pauses, facts.shown_at, now)
    is_on = facts.phase == rules.QUESTION and facts.current == facts.position
    if not is_on or not rules.in_time(used_ms, facts.seconds):
        raise errors.RoundOver
    return min(used_ms, facts.seconds * 1000)
