"""What a player does in a hunt: answer a question, exactly once."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from backend.activities.hunt import errors, rules, treasures
from backend.activities.hunt.facts import Facts, facts_of
from backend.activities.hunt.judging import Judged, judge, letters_of, require_time
from backend.db import Database
from backend.errors import LinkaError, SignedOut
from backend.events import competition, players
from backend.gathering import Gathering, rounds
from backend.identity import principal
from backend.scoring.ledger import EVENT_BOARD, Award, Total
from backend.scoring.scorekeeper import Scorekeeper, gain_message

_ANSWER_COLUMNS = 13
_ANSWER_SQL = """
INSERT INTO answer (dig_id, activity_id, player_id, question_id, choice, correct, points,
                    breakdown, streak_before, streak, elapsed_ms, answered_at, counted)
VALUES {rows} ON CONFLICT DO NOTHING RETURNING dig_id
"""


@dataclass(frozen=True)
class Given:
    """An answer as a phone gave it; `choice` holds the letters that it was shown."""

    activity_id: int
    dig_id: int
    account_id: int
    token_version: int
    choice: Sequence[str]
    at: int


@dataclass(frozen=True)
class Outcome:
    """What an answer led to. A repeated one was judged before; `rank` is None while unknown."""

    facts: Facts
    judged: Judged | None = None
    event_points: int | None = None
    rank: int | None = None


@dataclass(frozen=True)
class _Taken:
    """An answer in the transaction; a repeated one has no verdict and moves no standing."""

    facts: Facts
    judged: Judged | None = None
    totals: dict[str, Total] = field(default_factory=dict)


class Desk:
    """Takes answers. Those that come together are judged and written together, in a transaction
    of a handful of statements however many they are. Build one per process."""

    def __init__(self, scores: Scorekeeper, key: bytes) -> None:
        self._scores = scores
        self._database = scores.database
        self._key = key
        self._gathering: Gathering[Given, _Taken] = Gathering(
            self._take_all,
            opened=self._database.write,
            tries_alone=True,
        )

    def submit_answer(self, given: Given) -> Outcome:
        """Judge an answer and score it, exactly once.

        One transaction holds the unique answer, its score entry (also for 0 points), a treasure if
        one is found, and the standings; an answer out of competition is kept and earns nothing.
        The same choice again is harmless. Raises `SignedOut`,
        `NotYourQuestion`, `BadChoice`, `AlreadyAnswered`, `QuestionVoided`, `DeadlinePassed`,
        `StaffOnly`, `Kicked`, `Banned`, or what `lifecycle.require_playing` raises; then nothing
        is written.
        """
        taken = self._gathering.do(given)
        facts, judged = taken.facts, taken.judged
        if judged is None or not judged.counts:
            return Outcome(facts, judged)
        scorer = facts.scorer()
        gain = gain_message(scorer, judged.gained, "answer", judged.answered_at)
        rank = self._scores.show(scorer, taken.totals.values(), gain if judged.gained else None)
        return Outcome(facts, judged, taken.totals[EVENT_BOARD].points, rank)

    def _take_all(self, given: Sequence[Given]) -> list[_Taken | Exception]:
        """Take answers in the open transaction; those of one account one after the other."""
        outcomes: dict[int, _Taken | Exception] = {}
        for places in rounds(given, lambda one: one.account_id):
            taken = self._take([given[place] for place in places])
            outcomes.update(zip(places, taken, strict=True))
        return [outcomes[place] for place in range(len(given))]

    def _take(self, given: Sequence[Given]) -> list[_Taken | Exception]:
        for activity_id in sorted({one.activity_id for one in given}):
            self._database.share(activity_id)
        facts = facts_of(self._database, [one.dig_id for one in given])
        judged = [self._judged(facts.get(one.dig_id), one) for one in given]
        fresh = {
            one.facts.dig_id: (one.facts, one.judged)
            for one in judged
            if isinstance(one, _Taken) and one.judged
        }
        written = _write(self._database, fresh.values())
        kept = [fresh[dig_id] for dig_id in fresh if dig_id in written]
        scored = self._score([one for one in kept if one[1].counts])
        for facts_, one in kept:
            if not one.counts:
                scored[facts_.dig_id] = self._uncounted(facts_, one)
        return [
            scored.get(one.dig_id) or self._not_scored(one, before)
            for one, before in zip(given, judged, strict=True)
        ]

    def _judged(self, facts: Facts | None, given: Given) -> _Taken | Exception:
        """Judge an answer if it may be given; else return what it repeats, or why it may not."""
        try:
            facts = self._own(facts, given)
            players.require_active(facts.status)
            letters = letters_of(facts, given.choice)
            if facts.answered is not None:
                return _repeated(facts, letters)
            require_time(facts, given.at)
            return _Taken(facts, judge(facts, letters, given.at))
        except LinkaError as refusal:
            return refusal

    def _own(self, facts: Facts | None, given: Given) -> Facts:
        """Return the facts of the caller's own dig; raises `SignedOut` or `NotYourQuestion`."""
        own = (given.activity_id, given.account_id)
        if facts is None or (facts.activity_id, facts.account_id) != own:
            principal.load(self._database, given.account_id, given.token_version)
            raise errors.NotYourQuestion
        if facts.token_version != given.token_version:
            raise SignedOut
        return facts

    def _uncounted(self, facts: Facts, judged: Judged) -> _Taken:
        """Take an answer that was given out of competition; the player is out from now on."""
        competition.leave(self._database, facts.activity_id, [facts.player_id], judged.answered_at)
        return _Taken(facts, judged)

    def _not_scored(self, given: Given, before: _Taken | Exception) -> _Taken | Exception:
        """Return what was found out before the writing, unless somebody else answered meanwhile:
        the first answer counts."""
        if isinstance(before, Exception) or before.judged is None:
            return before
        return self._judged(facts_of(self._database, [given.dig_id]).get(given.dig_id), given)

    def _score(self, answers: Sequence[tuple[Facts, Judged]]) -> dict[int, _Taken]:
        """Award what answers earn, and the treasures they find; returns {dig: answer}."""
        scored: dict[int, _Taken] = {}
        moved = self._award(
            "answer", "dig", [(facts, one, one.points, "") for facts, one in answers]
        )
        for (facts, judged), totals in zip(answers, moved, strict=True):
            scored[facts.dig_id] = _Taken(facts, judged, totals)
        found = [
            (facts, replace(judged, treasure=treasure), treasure.points, treasure.title)
            for facts, judged in answers
            if judged.correct
            and (treasure := treasures.find(self._database, self._key, facts, judged.answered_at))
        ]
        for (facts, judged, *_), totals in zip(
            found, self._award("treasure", "treasure", found), strict=True
        ):
            scored[facts.dig_id] = _Taken(facts, judged, totals)
        return scored

    def _award(
        self, reason: str, source: str, earned: Sequence[tuple[Facts, Judged, int, str]]
    ) -> list[dict[str, Total]]:
        """Write awards of `(facts, judged, points, note)` and return the standings of each."""
        awards = [
            Award(
                event_id=facts.event_id,
                player_id=facts.player_id,
                activity_id=facts.activity_id,
                points=points,
                reason=reason,
                source=f"{source}:{facts.dig_id}",
                rule_version=rules.VERSION,
                earned_at=judged.answered_at,
                note=note,
            )
            for facts, judged, points, note in earned
        ]
        now = max((judged.answered_at for _, judged, *_ in earned), default=0)
        moved = self._scores.award_all(awards, now)
        return [{total.board: total for total in totals or ()} for totals in moved]


def _write(database: Database, answers: Collection[tuple[Facts, Judged]]) -> set[int]:
    """Write answers and return the digs of those that are the first to theirs."""
    if not answers:
        return set()
    marks = f"({', '.join('?' * _ANSWER_COLUMNS)})"
    parameters: list[Any] = []
    for facts, judged in answers:
        breakdown = json.dumps([asdict(part) for part in judged.parts])
        parameters += (
            *(facts.dig_id, facts.activity_id, facts.player_id, facts.question_id),
            *(judged.letters, judged.correct, judged.points, breakdown),
            *(judged.streak_before, judged.streak, judged.used_ms, judged.answered_at),
            judged.counts,
        )
    statement = _ANSWER_SQL.format(rows=", ".join([marks] * len(answers)))
    return {dig_id for (dig_id,) in database.sql(statement, tuple(parameters)).fetchall()}


def _repeated(facts: Facts, letters: str) -> _Taken:
    if facts.answered != letters:
        raise errors.AlreadyAnswered
    return _Taken(facts)
