"""Corrections: an adjustment with a reason, a question or an activity that is voided, a question
with another key.

Rows are never edited: reversals and new awards are new rows, and all standings concerned are
computed again from the ledger in the same transaction.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from backend.errors import Invalid, LinkaError, NotFound, Sentence
from backend.events import players, service
from backend.events.kinds import Kinds
from backend.events.models import Activity, Event, Player
from backend.identity import audit
from backend.scoring import ledger
from backend.scoring.changes import BoardChange, differences, ranked
from backend.scoring.ledger import EVENT_BOARD, Award
from backend.scoring.models import Correction, ScoreEntry
from backend.scoring.scorekeeper import Scorekeeper, gain_message, scorer_of

RULE_VERSION = "host-1"
VOID, REKEY = "void", "rekey"


class IdempotencyKeyReused(LinkaError):
    """The key was used before with another player, other points or another reason."""

    slug = "idempotency_key_reused"
    status = 409
    zh = "这个 Idempotency-Key 已用于另一次加减分，请换一个。"
    en = "This Idempotency-Key was used for another adjustment; take a new one."


class NothingToVoid(LinkaError):
    """The activity is of a kind that gives no points."""

    slug = "nothing_to_void"
    status = 409
    zh = "这个环节不计分，不用作废。"
    en = "This activity earns no points, so there is nothing to void."


@dataclass(frozen=True)
class HostAdjustment:
    """Points that a host gives a player, or takes when negative; the same key counts once."""

    player_id: int
    points: int
    reason: str
    idempotency_key: str

    @property
    def source(self) -> str:
        """The source of its score entry."""
        digest = hashlib.sha256(self.idempotency_key.encode()).hexdigest()
        return f"adjustment:{digest[:32]}"


def adjust(
    scores: Scorekeeper, event: Event, adjustment: HostAdjustment, now: int, actor_id: int
) -> ScoreEntry:
    """Add or take points with a reason that the player can read; the same key counts once.

    Raises `NotFound` for a player of another event or a guest, and `IdempotencyKeyReused` when the
    key came with another adjustment.
    """
    player_id, points, reason = adjustment.player_id, adjustment.points, adjustment.reason
    award = Award(
        event_id=event.id,
        player_id=player_id,
        activity_id=None,
        points=points,
        reason="adjustment",
        source=adjustment.source,
        rule_version=RULE_VERSION,
        earned_at=now,
        note=reason,
    )
    with scores.database.write(takes_time=True):
        player = players.lasting(scores.database, player_id, event.id)
        if player is None or player.staff_id is None:
            raise NotFound
        totals = scores.award(award, now)
        if totals is not None:
            after = next(total.points for total in totals if total.board == EVENT_BOARD)
            audit.record(
                actor_id,
                "adjust",
                f"player:{player_id}",
                now,
                reason=reason,
                before={"points": after - points},
                after={"points": after},
            )
    if totals:
        scorer = scorer_of(player, event.began_at)
        scores.show(scorer, totals, gain_message(scorer, points, award.reason, now))
    entry: ScoreEntry = ScoreEntry.get(ScoreEntry.event == event, ScoreEntry.source == award.source)
    if (entry.player_id, entry.points, entry.note) != (player_id, points, reason):
        raise IdempotencyKeyReused
    return entry


def take_back(
    scores: Scorekeeper, event: Event, entry_id: int, now: int, actor_id: int
) -> ScoreEntry:
    """Reverse an adjustment and return the reversal; a repeat changes nothing.

    Raises `NotFound` for an entry of another event, and for one that is no adjustment.
    """
    entry = ScoreEntry.of(entry_id, event=event)
    if entry is None or entry.reason != "adjustment":
        raise NotFound
    player: Player = entry.player
    with scores.database.write(takes_time=True):
        if ledger.reverse(scores.database, entry.id, entry.note, now):
            totals = ledger.recompute(event.id, now, [player.id])
            after = next(total.points for total in totals if total.board == EVENT_BOARD)
            audit.record(
                actor_id,
                "adjust_undone",
                f"player:{player.id}",
                now,
                reason=entry.note,
                before={"points": after + entry.points},
                after={"points": after},
            )
    scores.introduce(player)
    reversal: ScoreEntry = ScoreEntry.get(ScoreEntry.reverses_id == entry.id)
    return reversal


@dataclass(frozen=True)
class Ruling:
    """A host's decision about a question: `VOID`, or `REKEY` with the letters of the new key."""

    question_id: int
    action: str
    key: list[str]
    reason: str


def correct_question(
    scores: Scorekeeper,
    kinds: Kinds,
    event_id: int,
    ruling: Ruling,
    now: int,
    actor_id: int | None,
) -> int:
    """Void or re-key a question for this event and re-score everybody; returns how many changed.

    Runs in one transaction. Raises `NotFound` if no activity asked the question.
    """
    with scores.database.write(takes_time=True):
        before = _holds(event_id, ruling.question_id)
        changed = _rescored(scores, kinds, event_id, ruling, now, actor_id)
        audit.record(
            actor_id,
            f"question_{ruling.action}",
            f"question:{ruling.question_id}",
            now,
            reason=ruling.reason,
            rescored=len(changed),
            before=before,
            after=_holds(event_id, ruling.question_id),
        )
    scores.show_players(service.get(event_id), sorted(changed))
    return len(changed)


@dataclass(frozen=True)
class Voiding:
    """An activity that a host voids, and why."""

    event_id: int
    activity_id: int
    reason: str = ""


def void_activity(
    scores: Scorekeeper, kinds: Kinds, voiding: Voiding, now: int, actor_id: int | None
) -> int:
    """Void an activity: its points are reversed, and nobody can play it any more.

    Returns how many players lost points; a repeat changes nothing. Raises `NotFound`, and
    `NothingToVoid` for an activity of a kind that gives no points.
    """
    with scores.database.write(takes_time=True):
        changed = _voided(scores, kinds, voiding, now)
        if changed is not None:
            audit.record(
                actor_id,
                "activity_void",
                f"activity:{voiding.activity_id}",
                now,
                reason=voiding.reason,
                rescored=len(changed),
                before={"voided": False},
                after={"voided": True},
            )
    changed = (changed or set()) | _take_back_late(scores, voiding, now)
    scores.show_players(service.get(voiding.event_id), sorted(changed))
    return len(changed)


def _take_back_late(scores: Scorekeeper, voiding: Voiding, now: int) -> set[int]:
    """Reverse awards that were written after those of a void activity had been reversed.

    On PostgreSQL an award whose statement began before the voiding was committed does not see it,
    and waits for the lock of the event until then.
    """
    with scores.database.write():
        service.locked(voiding.event_id)
        activity = Activity.get_by_id(voiding.activity_id)
        late = ledger.take_back_activity(
            scores.database, voiding.event_id, activity.id, activity.void_reason, now
        )
        ledger.recompute(voiding.event_id, now, sorted(late))
    return late


def _voided(scores: Scorekeeper, kinds: Kinds, voiding: Voiding, now: int) -> set[int] | None:
    """Void an activity; returns the players who had points in it, None if it was void before."""
    event_id, activity_id = voiding.event_id, voiding.activity_id
    scores.database.claim(activity_id)
    service.locked(event_id)
    activity = Activity.of(activity_id, event=event_id)
    if activity is None:
        raise NotFound
    if not kinds[activity.kind].reasons:
        raise NothingToVoid
    if activity.voided_at is not None:
        return None
    activity.voided_at, activity.void_reason = now, voiding.reason
    activity.save()
    changed = ledger.take_back_activity(scores.database, event_id, activity_id, voiding.reason, now)
    ledger.recompute(event_id, now, sorted(changed))
    return changed


class _NothingIsKept(Exception):
    """Rolls back the transaction of a preview."""


def preview(
    scores: Scorekeeper, kinds: Kinds, event_id: int, ruling: Ruling, now: int
) -> list[BoardChange]:
    """Return the players whose points or rank a correction would change; writes nothing.

    It does what `correct_question` does and rolls the transaction back, so the two cannot differ.
    Raises what `correct_question` raises.
    """
    return _tried(scores, event_id, lambda: _rescored(scores, kinds, event_id, ruling, now, None))


def preview_void(
    scores: Scorekeeper, kinds: Kinds, voiding: Voiding, now: int
) -> list[BoardChange]:
    """Return the players whose points or rank `void_activity` would change; writes nothing.

    Raises what `void_activity` raises.
    """
    return _tried(scores, voiding.event_id, lambda: _voided(scores, kinds, voiding, now))


def _tried(scores: Scorekeeper, event_id: int, correct: Callable[[], object]) -> list[BoardChange]:
    """Make a correction, return what it changes, and roll it back."""
    event = service.get(event_id)
    changes: list[BoardChange] = []
    with suppress(_NothingIsKept), scores.database.write(takes_time=True):
        before = ranked(event)
        correct()
        changes = differences(before, ranked(event))
        raise _NothingIsKept
    return changes


def _rescored(
    scores: Scorekeeper,
    kinds: Kinds,
    event_id: int,
    ruling: Ruling,
    now: int,
    actor_id: int | None,
) -> set[int]:
    """Write a correction with its entries and standings; returns the players who changed."""
    # Waits for transactions with answers judged by the old key, so that these answers are scored
    # again, too.
    for activity in Activity.select().where(Activity.event == event_id).order_by(Activity.id):
        scores.database.claim(activity.id)
    event = service.locked(event_id)
    if ruling.action == REKEY and not ruling.key:
        raise Invalid(fields={"key": [Sentence("请填写新的正确答案。", "Give the new key.")]})
    correction = Correction.create(event=event, actor_id=actor_id, at=now, **asdict(ruling))
    found = [
        kinds[activity.kind].rescore(scores, activity, correction, now)
        for activity in event.activities
        if activity.voided_at is None
    ]
    if all(moved is None for moved in found):
        raise NotFound
    changed = {player_id for moved in found for player_id in moved or ()}
    ledger.recompute(event_id, now, sorted(changed))
    return changed


def _holds(event_id: int, question_id: int) -> dict[str, Any] | None:
    """Return the correction of a question in force, for the audit; None if there is none."""
    newest = (
        Correction.select()
        .where(Correction.event == event_id, Correction.question_id == question_id)
        .order_by(Correction.id.desc())
        .first()
    )
    return newest and {"action": newest.action, "key": newest.key}


def voided_questions(event_id: int) -> set[int]:
    """Return the questions that are void in an event."""
    return _void("event_id = ?", event_id)


def not_to_be_drawn(event_id: int | None) -> set[int]:
    """Return the questions that are void in an event, or were voided in any that was no rehearsal.

    A question that was voided in an event is wrong for later events, too, until the bank has a new
    version. In a rehearsal it may have been voided for a test.
    """
    return _void(f"({_BARS_DRAWING})", event_id)


def is_void(event_id: int, question_id: int) -> bool:
    """Say whether a question is among `not_to_be_drawn`."""
    return bool(_void(f"({_BARS_DRAWING}) AND question_id = ?", event_id, question_id))


_BARS_DRAWING = "event_id = ? OR event_id IN (SELECT e.id FROM event e WHERE NOT e.rehearsal)"


def _void(condition: str, *values: Any) -> set[int]:
    """Return the questions whose newest correction in some event voids them."""
    newest = {
        (one.event_id, one.question_id): one.action
        for one in Correction.find(f"{condition} ORDER BY id", *values)
    }
    return {question_id for (_, question_id), action in newest.items() if action == VOID}


def key_of(event_id: int, question_id: int) -> list[str] | None:
    """Return the key that a correction gave a question in an event, None without one."""
    newest = (
        Correction.select(Correction.key)
        .where(
            Correction.event == event_id,
            Correction.question_id == question_id,
            Correction.action == REKEY,
        )
        .order_by(Correction.id.desc())
        .first()
    )
    return list(newest.key) if newest else None
