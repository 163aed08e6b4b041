"""What a player does in a hunt: answer a question, exactly once."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from typing import Any

from backend.activities.hunt import errors, rules
from backend.activities.hunt.models import Treasure, TreasureClaim
from backend.db import Database
from backend.events import lifecycle, players
from backend.scoring.ledger import EVENT_BOARD, Award, Total
from backend.scoring.scorekeeper import Scorekeeper, Scorer


@dataclass(frozen=True)
class Facts:
    """Everything that the verdict on an answer follows from, read in one statement."""

    dig_id: int
    activity_id: int
    player_id: int
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
    event_id: int
    state: str
    opens_at: int | None
    closes_at: int | None
    pauses: list[list[int | None]]
    frozen_at: int | None
    began_at: int
    settings: dict[str, Any]
    account_id: int
    staff_id: int | None
    status: str
    name: str
    team_id: int | None
    team_name: str | None
    corrected_key: list[str] | None
    streak_before: int | None
    answered: str | None

    def scorer(self) -> Scorer:
        """Return the player as the boards need them."""
        return Scorer(
            self.player_id,
            self.event_id,
            self.began_at,
            self.name,
            self.team_id,
            self.team_name,
            on_board=True,
        )


# One round trip. The streak is that of the player's dig before this one: 0 when it was wrong or
# never answered.
_FACTS_SQL = """
SELECT d.id, d.activity_id, d.player_id, d.site, d.option_order, d.opened_at, d.limit_seconds,
       d.snooze_seconds, d.snoozed_ms, d.voided, q.id, q.kind, q.key, q.difficulty,
       e.id, e.state, e.opens_at, e.closes_at, e.pauses, e.frozen_at, e.began_at, a.settings,
       p.account_id, p.staff_id, p.status, p.name, p.team_id, p.team_name,
       (SELECT c.key FROM correction c WHERE c.event_id = e.id AND c.question_id = q.id
        AND c.action = 'rekey' ORDER BY c.id DESC LIMIT 1),
       (SELECT x.streak FROM dig pd LEFT JOIN answer x ON x.dig_id = pd.id
        WHERE pd.activity_id = d.activity_id AND pd.player_id = d.player_id AND pd.id < d.id
        AND NOT pd.voided ORDER BY pd.id DESC LIMIT 1),
       (SELECT x.choice FROM answer x WHERE x.dig_id = d.id)
FROM dig d JOIN question q ON q.id = d.question_id JOIN player p ON p.id = d.player_id
JOIN activity a ON a.id = d.activity_id JOIN event e ON e.id = a.event_id
WHERE d.id = ?
"""

_ANSWER_SQL = """
INSERT INTO answer (dig_id, activity_id, player_id, question_id, choice, correct, points,
                    breakdown, streak_before, streak, elapsed_ms, answered_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id
"""


def facts_of(database: Database, activity_id: int, dig_id: int, account_id: int) -> Facts:
    """Return the facts of a dig; raises `NotYourQuestion` unless the account opened it here."""
    row = database.sql(_FACTS_SQL, (dig_id,)).fetchone()
    if row is None:
        raise errors.NotYourQuestion
    facts = Facts(*(_from_json(value, index) for index, value in enumerate(row)))
    if facts.account_id != account_id or facts.activity_id != activity_id:
        raise errors.NotYourQuestion
    return facts


# The columns of _FACTS_SQL that hold JSON; PostgreSQL's driver has read them already.
_JSON_COLUMNS = {12, 18, 21, 28}


def _from_json(value: Any, index: int) -> Any:
    return json.loads(value) if index in _JSON_COLUMNS and isinstance(value, str) else value


@dataclass(frozen=True)
class Outcome:
    """What an answer led to; `rank` is None when it is not known (yet)."""

    facts: Facts
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
        totals, gained = _score(scores, secret_key, facts, letters, now)
        if totals is None:
            # Somebody was faster between our reading and our writing: the first answer counts.
            first = facts_of(database, activity_id, dig_id, account_id)
            return _repeated(first, first.answered or "", letters)
    gain = _gain(facts, gained, now) if gained else None
    rank = scores.show(facts.scorer(), totals.values(), gain)
    return Outcome(facts, totals[EVENT_BOARD].points, rank)


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


def _score(
    scores: Scorekeeper, secret_key: str, facts: Facts, letters: str, now: int
) -> tuple[dict[str, Total] | None, int]:
    """Write answer, entries and standings; (None, 0) when there is an answer already."""
    correct = rules.verdict(facts.corrected_key or facts.key, letters.split(","))
    used_ms = rules.used_for_speed(
        lifecycle.played_ms(facts.pauses, facts.opened_at, now),
        facts.snoozed_ms,
        facts.snooze_seconds,
    )
    before = facts.streak_before or 0
    streak = before + 1 if correct else 0
    parts = (
        rules.points(
            facts.settings["scoring"],
            facts.difficulty,
            used_ms,
            facts.limit_seconds * 1000,
            streak,
        )
        if correct
        else ()
    )
    points = sum(part.points for part in parts)
    inserted = scores.database.sql(
        _ANSWER_SQL,
        (
            facts.dig_id,
            facts.activity_id,
            facts.player_id,
            facts.question_id,
            letters,
            correct,
            points,
            json.dumps([asdict(part) for part in parts]),
            before,
            streak,
            used_ms,
            now,
        ),
    ).fetchone()
    if inserted is None:
        return None, 0
    totals = _award(scores, facts, points, "answer", f"dig:{facts.dig_id}", now)
    found = _find_treasure(scores.database, secret_key, facts, now) if correct else None
    if found is None:
        return totals, points
    totals |= _award(scores, facts, found.points, "treasure", f"treasure:{facts.dig_id}", now)
    return totals, points + found.points


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
