"""Hidden treasures: a dig finds one by chance, as long as the stock lasts."""

import hmac

from backend.activities.hunt import rules
from backend.activities.hunt.facts import DigFacts, FoundTreasure, Verdict
from backend.db import Database

_CLAIM_SQL = """
UPDATE treasure SET claimed = claimed + 1
WHERE activity_id = ? AND key = ? AND claimed < stock AND NOT EXISTS (
    SELECT 1 FROM treasure_claim c WHERE c.treasure_id = treasure.id AND c.player_id = ?)
RETURNING id, title, points, claimed
"""
_CLAIMED_SQL = """
INSERT INTO treasure_claim (treasure_id, player_id, dig_id, number, at) VALUES (?, ?, ?, ?, ?)
"""


def find(
    database: Database, hunt_key: bytes, facts: DigFacts, verdict: Verdict
) -> FoundTreasure | None:
    """Claim the treasure that a right answer at this dig finds, in the caller's transaction.

    A treasure whose stock is used up, or that the player has already, is not found.
    """
    hidden = [item for item in facts.settings["treasures"] if item["site"] == facts.site]
    for item in hidden:
        rolled = roll(hunt_key, facts.salt, facts.dig_id, item["key"])
        if not rules.finds(rolled, item["chance"]):
            continue
        asked = (facts.activity_id, item["key"], facts.player_id)
        for treasure_id, title, points, number in database.sql(_CLAIM_SQL, asked).fetchall():
            claim = (treasure_id, facts.player_id, facts.dig_id, number, verdict.answered_at)
            database.sql(_CLAIMED_SQL, claim)
            return FoundTreasure(title, points)
    return None


def roll(hunt_key: bytes, salt: str, dig_id: int, key: str) -> float:
    """Return a number from 0 to 1 that is the same for a repeat and that no player can predict.

    `salt` is the activity's own, so that no other activity tells what a dig will find here.
    """
    text = f"treasure {salt} {dig_id} {key}"
    digest = hmac.digest(hunt_key, text.encode(), "sha256")
    return int.from_bytes(digest[:8], "big") / 2**64
