"""What a player does in a hunt: answer a question, exactly once."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from backend.activities.hunt import errors, rules
from backend.activities.hunt.facts import Facts, facts_of
from backend.activities.hunt.models import Treasure, TreasureClaim
from backend.db import Database
from backend.events import lifecycle, players
from backend.scoring.ledger import EVENT_BOARD, Award, Total
from backend.scoring.scorekeeper import Scorekeeper

_ANSWER_SQL = """
INSERT INTO answer (dig_id, activity_id, player_id, question_id, choice, correct, points,
                    breakdown, streak_before, streak, elapsed_ms, answered_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
"""


@dataclass(frozen=True)
class Judged:
    """An answer and what it earns; `letters` are the bank's, `treasure` is found afterwards."""

    letters: str
    correct: bool
    parts: tuple[rules.Part, ...]
    streak_before: int
    used_ms: int
    answered_at: int
    treasure: Treasure | None = None

    @property
    def points(self) -> int:
        """The points of the answer alone."""
        return sum(part.points for part in self.parts)

    @property
    def streak(self) -> int:
        """How many right answers in a row this makes."""
        return self.streak_before + 1 if self.correct else 0


@dataclass(frozen=True)
class Outcome:
    """What an answer led to. A repeated one was judged before; `rank` is None while unknown."""

    facts: Facts
    judged: Judged | None = None
    event_points: int | None = None
    rank: int | None = None


def submit_answer(
    scores: Scorekeeper,
    secret_key: str,
    activity_id: int,
    dig_id: int,
    account_id: int,
    choice: list[str],
    now: int,
) -> Outcome:
    """Judge an answer and score it, exactly once.

    One transaction holds the unique answer, its score entry (also for 0 points), a treasure if one
    is found, and the standings. The same choice again is harmless. Raises `NotYourQuestion`,
    `BadChoice`, `AlreadyAnswered`, `QuestionVoided`, `DeadlinePassed`, `StaffOnly`, `Kicked`,
    `Banned`, or what `lifecycle.require_playing` raises; then nothing is written.
    """
    database = scores.database
    with database.write():
        database.share(activity_id)
        facts = facts_of(database, activity_id, dig_id, account_id)
        letters = _letters(facts, choice)
        if facts.answered is not None:
            return _repeated(facts, facts.answered, letters)
        _require_time(facts, now)
        judged = judge(facts, letters, now)
        if not _write(database, facts, judged):
            # Somebody was faster between our reading and our writing: the first answer counts.
            first = facts_of(database, activity_id, dig_id, account_id)
            return _repeated(first, first.answered or "", letters)
        totals = _award(scores, facts, judged.points, "answer", f"dig:{dig_id}", now)
        treasure = _find_treasure(database, secret_key, facts, now) if judged.correct else None
        if treasure is not None:
            totals |= _award(scores, facts, treasure.points, "treasure", f"treasure:{dig_id}", now)
            judged = replace(judged, treasure=treasure)
    gained = judged.points + (treasure.points if treasure else 0)
    gain = _gain(facts, gained, now) if gained else None
    rank = scores.show(facts.scorer(), totals.values(), gain)
    return Outcome(facts, judged, totals[EVENT_BOARD].points, rank)


def _letters(facts: Facts, choice: list[str]) -> str:
    letters = rules.to_bank(facts.option_order, choice)
    if not letters or (facts.kind != "multiple" and len(letters) != 1):
        raise errors.BadChoice
    return ",".join(letters)


def _repeated(facts: Facts, answered: str, letters: str) -> Outcome:
    if answered != letters:
        raise errors.AlreadyAnswered
    return Outcome(facts)


def _require_time(facts: Facts, now: int) -> None:
    players.require_active(facts.status)
    if facts.staff_id is None:
        raise players.StaffOnly
    lifecycle.require_playing(facts, now)
    if facts.voided:
        raise errors.QuestionVoided
    limit_ms = (facts.limit_seconds + facts.snooze_seconds) * 1000
    if lifecycle.played_ms(facts.pauses, facts.opened_at, now) >= limit_ms:
        raise errors.DeadlinePassed


def judge(facts: Facts, letters: str, now: int) -> Judged:
    """Return the verdict on an answer and what it earns. Pure."""
    correct = rules.verdict(facts.right(), letters.split(","))
    used_ms = rules.used_for_speed(
        lifecycle.played_ms(facts.pauses, facts.opened_at, now),
        facts.snoozed_ms,
        facts.snooze_seconds,
    )
    judged = Judged(letters, correct, (), facts.streak_before or 0, used_ms, now)
    if not correct:
        return judged
    scoring, limit_ms = facts.settings["scoring"], facts.limit_seconds * 1000
    parts = rules.points(scoring, facts.difficulty, used_ms, limit_ms, judged.streak)
    return replace(judged, parts=parts)


def _write(database: Database, facts: Facts, judged: Judged) -> bool:
    """Write the answer; False when there is one already."""
    inserted = database.sql(
        _ANSWER_SQL,
        (
            facts.dig_id,
            facts.activity_id,
            facts.player_id,
            facts.question_id,
            judged.letters,
            judged.correct,
            judged.points,
            json.dumps([asdict(part) for part in judged.parts]),
            judged.streak_before,
            judged.streak,
            judged.used_ms,
            judged.answered_at,
        ),
    ).fetchone()
    return inserted is not None


def _award(
    scores: Scorekeeper, facts: Facts, points: int, reason: str, source: str, now: int
) -> dict[str, Total]:
    award = Award(
        event_id=facts.event_id,
        player_id=facts.player_id,
        activity_id=facts.activity_id,
        points=points,
        reason=reason,
        source=source,
        rule_version=rules.VERSION,
        earned_at=now,
    )
    return {total.board: total for total in scores.award(award, now) or ()}


def _find_treasure(database: Database, secret_key: str, facts: Facts, now: int) -> Treasure | None:
    """Claim the treasure that this dig finds, if there is one left: the stock decides."""
    hidden = [item for item in facts.settings["treasures"] if item["site"] == facts.site]
    for item in hidden:
        if not rules.finds(_roll(secret_key, facts.dig_id, item["key"]), item["chance"]):
            continue
        treasure = Treasure.get(Treasure.activity == facts.activity_id, Treasure.key == item["key"])
        if TreasureClaim.get_or_none(
            TreasureClaim.treasure == treasure, TreasureClaim.player == facts.player_id
        ):
            continue
        number = database.sql(
            "UPDATE treasure SET claimed = claimed + 1 WHERE id = ? AND claimed < stock"
            " RETURNING claimed",
            (treasure.id,),
        ).fetchone()
        if number:
            TreasureClaim.create(
                treasure=treasure,
                player=facts.player_id,
                dig=facts.dig_id,
                number=number[0],
                at=now,
            )
            return treasure
    return None


def _roll(secret_key: str, dig_id: int, key: str) -> float:
    """Return a number from 0 to 1 that a repeat rolls again and that no player can foresee."""
    digest = hmac.digest(secret_key.encode(), f"treasure {dig_id} {key}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big") / 2**64


def _gain(facts: Facts, points: int, now: int) -> dict[str, Any]:
    return {
        "player_id": facts.player_id,
        "name": facts.name,
        "team": facts.team_name,
        "points": points,
        "reason": "answer",
        "at": now,
    }
