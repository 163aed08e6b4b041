"""The verdict on an answer and what it earns, from its facts alone. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.activities.hunt import errors, rules
from backend.activities.hunt.facts import Facts
from backend.activities.hunt.treasures import Find
from backend.events import lifecycle, players
from backend.questions import marking


@dataclass(frozen=True)
class Judged:
    """An answer and what it earns; `letters` are the bank's, `treasure` is found afterwards.

    One that does not count was given out of competition: it earns nothing.
    """

    letters: str
    correct: bool
    parts: tuple[marking.Part, ...]
    streak_before: int
    used_ms: int
    answered_at: int
    counts: bool = True
    treasure: Find | None = None

    @property
    def points(self) -> int:
        """The points of the answer alone."""
        return sum(part.points for part in self.parts)

    @property
    def gained(self) -> int:
        """The points of the answer and of the treasure."""
        return self.points + (self.treasure.points if self.treasure else 0)

    @property
    def streak(self) -> int:
        """How many right answers in a row this makes."""
        return self.streak_before + 1 if self.correct else 0


def letters_of(facts: Facts, choice: Sequence[str]) -> str:
    """Return a choice in the bank's letters, as it is stored; raises `BadChoice`."""
    letters = rules.to_bank(facts.option_order, choice)
    if not letters or (facts.kind != "multiple" and len(letters) != 1):
        raise errors.BadChoice
    return ",".join(letters)


def require_time(facts: Facts, now: int) -> None:
    """Raise unless an active player may answer now.

    `StaffOnly`, `QuestionVoided`, `DeadlinePassed`, or what `lifecycle.require_playing` raises.
    """
    if facts.staff_id is None:
        raise players.StaffOnly
    players.require_holder(facts.holder, facts.account_id)
    lifecycle.require_playing(facts, now)
    if facts.voided:
        raise errors.QuestionVoided
    limit_ms = (facts.limit_seconds + facts.snooze_seconds) * 1000
    if lifecycle.played_ms(facts.pauses, facts.opened_at, now) >= limit_ms:
        raise errors.DeadlinePassed


def judge(facts: Facts, letters: str, now: int) -> Judged:
    """Return the verdict on an answer and what it earns."""
    correct = marking.verdict(facts.right(), letters.split(","))
    used_ms = rules.used_for_speed(
        lifecycle.played_ms(facts.pauses, facts.opened_at, now),
        facts.snoozed_ms,
        facts.snooze_seconds,
    )
    streak_before = facts.streak_before or 0
    judged = Judged(letters, correct, (), streak_before, used_ms, now, counts=not facts.is_out)
    if not correct or not judged.counts:
        return judged
    scoring, limit_ms = facts.settings["scoring"], facts.limit_seconds * 1000
    parts = marking.points(scoring, facts.difficulty, used_ms, limit_ms, judged.streak)
    return replace(judged, parts=parts)
