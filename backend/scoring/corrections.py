"""Corrections: a host's adjustment with a reason; a bad question voided or re-keyed.

Rows are never edited: reversals and new awards are new rows, and all standings concerned are
recomputed from the ledger in the same transaction.
"""

import hashlib
from typing import Any

from backend.errors import Invalid, LinkaError, NotFound, Sentence
from backend.events import service
from backend.events.kinds import Kinds
from backend.events.models import Activity, Event, Player
from backend.identity import audit
from backend.scoring import ledger
from backend.scoring.ledger import Award
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


def adjust(
    scores: Scorekeeper,
    event: Event,
    player_id: int,
    points: int,
    reason: str,
    idempotency_key: str,
    now: int,
    actor_id: int,
) -> ScoreEntry:
    """Add or take points with a reason that the player can read; the same key counts once.

    Raises `NotFound` for a player of another event or a guest, and `IdempotencyKeyReused` when the
    key came with another adjustment.
    """
    source = f"adjustment:{hashlib.sha256(idempotency_key.encode()).hexdigest()[:32]}"
    player = Player.get_or_none(Player.id == player_id, Player.event == event)
    if player is None or player.staff_id is None:
        raise NotFound
    award = Award(
        event_id=event.id,
        player_id=player_id,
        activity_id=None,
        points=points,
        reason="adjustment",
        source=source,
        rule_version=RULE_VERSION,
        earned_at=now,
        note=reason,
    )
    with scores.database.write():
        totals = scores.award(award, now)
        if totals is not None:
            audit.record(
                actor_id, "adjust", f"player:{player_id}", now, points=points, reason=reason
            )
    if totals:
        scorer = scorer_of(player, event.began_at)
        scores.show(scorer, totals, gain_message(scorer, points, award.reason, now))
    entry: ScoreEntry = ScoreEntry.get(ScoreEntry.event == event, ScoreEntry.source == source)
    if (entry.player_id, entry.points, entry.note) != (player_id, points, reason):
        raise IdempotencyKeyReused
    return entry


def correct_question(
    scores: Scorekeeper,
    kinds: Kinds,
    event_id: int,
    question_id: int,
    action: str,
    key: list[str],
    reason: str,
    now: int,
    actor_id: int | None,
) -> int:
    """Void or re-key a question for this event and re-score everybody; returns how many changed.

    Runs in one transaction. Raises `NotFound` if no activity asked the question.
    """
    with scores.database.write():
        # Waits for transactions with answers judged by the old key, so that these answers are
        # scored again, too.
        for activity in Activity.select().where(Activity.event == event_id).order_by(Activity.id):
            scores.database.claim(activity.id)
        event = service.locked(event_id)
        if action == REKEY and not key:
            raise Invalid(fields={"key": [Sentence("请填写新的正确答案。", "Give the new key.")]})
        correction = Correction.create(
            event=event,
            question_id=question_id,
            action=action,
            key=key,
            reason=reason,
            actor_id=actor_id,
            at=now,
        )
        found = [
            kinds[activity.kind].rescore(scores, activity, correction, now)
            for activity in event.activities
        ]
        if all(players is None for players in found):
            raise NotFound
        changed = {player_id for players in found for player_id in players or ()}
        for player_id in changed:
            ledger.recompute(scores.database, event_id, now, player_id)
        audit.record(
            actor_id, f"question_{action}", f"question:{question_id}", now, event=event_id, key=key
        )
    for player in Player.select().where(Player.id.in_(changed)):
        scores.introduce(player)
    return len(changed)


def voided_questions(event_id: int) -> set[int]:
    """Return the questions that are void in an event."""
    return _void(Correction.event == event_id)


def not_to_be_drawn(event_id: int | None) -> set[int]:
    """Return the questions that are void in an event, or were voided in any that was no rehearsal.

    A question that was voided in an event is wrong for later events, too, until the bank has a new
    version. In a rehearsal it may have been voided for a test.
    """
    real = Event.select(Event.id).where(~Event.rehearsal)
    return _void((Correction.event == event_id) | Correction.event.in_(real))


def _void(where: Any) -> set[int]:
    """Return the questions whose newest correction in some event voids them."""
    rows = Correction.select(Correction.event, Correction.question_id, Correction.action)
    newest = {
        (event_id, question_id): action
        for event_id, question_id, action in rows.where(where).order_by(Correction.id).tuples()
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
