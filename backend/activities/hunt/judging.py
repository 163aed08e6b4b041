"""Judges an answer: its verdict and points. Pure."""

from collections.abc import Sequence

from backend.activities.hunt import errors, rules
from backend.activities.hunt.facts import DigFacts, Verdict
from backend.events import lifecycle, players
from backend.questions import marking


def judge(facts: DigFacts, choice: Sequence[str], now: int) -> Verdict:
    """Return the verdict on a choice, which holds the letters that the player was shown.

    A repeated choice gets its first verdict. Raises `Kicked`, `Banned`, `BadDigChoice`,
    `DigAlreadyAnswered`, `StaffOnly`, `ActivityVoided`, `QuestionVoided`, `DeadlinePassed`, or what
    `lifecycle.require_playing` raises.
    """
    players.require_active(facts.status)
    letters = _letters(facts, choice)
    if facts.verdict is None:
        _require_time(facts, now)
        return _verdict(facts, letters, now)
    if facts.verdict.letters != letters:
        raise errors.DigAlreadyAnswered
    return facts.verdict


def _letters(facts: DigFacts, choice: Sequence[str]) -> str:
    """Return a choice in the bank's letters, as it is stored."""
    letters = rules.to_bank(facts.option_order, choice)
    if not letters or (facts.kind != "multiple" and len(letters) != 1):
        raise errors.BadDigChoice
    return ",".join(letters)


def _require_time(facts: DigFacts, now: int) -> None:
    """Raise unless an active player may answer now."""
    if facts.staff_id is None:
        raise players.StaffOnly
    players.require_holder(facts.holder, facts.account_id)
    lifecycle.require_playing(facts.event, now)
    if facts.activity_voided_at is not None:
        raise lifecycle.ActivityVoided
    if facts.voided:
        raise errors.QuestionVoided
    limit_ms = (facts.limit_seconds + facts.snooze_seconds) * 1000
    if lifecycle.played_ms(facts.event.pauses, facts.opened_at, now) >= limit_ms:
        raise errors.DeadlinePassed


def _verdict(facts: DigFacts, letters: str, now: int) -> Verdict:
    correct = marking.verdict(facts.right(), letters.split(","))
    used_ms = rules.used_for_speed(
        lifecycle.played_ms(facts.event.pauses, facts.opened_at, now),
        facts.snoozed_ms,
        facts.snooze_seconds,
    )
    streak = (facts.streak_before or 0) + 1 if correct else 0
    counts = not facts.is_out
    parts: tuple[marking.PointsPart, ...] = ()
    if correct and counts:
        scoring, limit_ms = facts.settings["scoring"], facts.limit_seconds * 1000
        parts = marking.points(scoring, facts.difficulty, used_ms, limit_ms, streak)
    return Verdict(letters, correct, parts, streak, used_ms, now, counts)
