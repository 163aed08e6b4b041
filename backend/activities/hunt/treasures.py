"""Hidden treasures: a dig finds one by chance, and the stock decides who gets it."""

import hmac

from backend.activities.hunt import rules
from backend.activities.hunt.facts import Facts, Find, Verdict
from backend.activities.hunt.models import TreasureClaim
from backend.db import Database

_CLAIM_SQL = """
UPDATE treasure SET claimed = claimed + 1
WHERE activity_id = ? AND key = ? AND claimed < stock
  AND NOT EXISTS (SELECT 1 FROM treasure_claim c
                  WHERE c.treasure_id = treasure.id AND c.player_id = ?)
RETURNING id, title, points, claimed
"""


def find(database: Database, hunt_key: bytes, facts: Facts, verdict: Verdict) -> Find | None:
    """Claim the treasure that a right answer at this dig finds, in the caller's transaction.

    A treasure whose stock is used up, or that the player has already, is not found.
    """
    hidden = [item for item in facts.settings["treasures"] if item["site"] == facts.site]
    for item in hidden:
        rolled = roll(hunt_key, facts.salt, facts.dig_id, item["key"])
        if not rules.finds(rolled, item["chance"]):
            continue
        claimed = database.sql(
            _CLAIM_SQL, (facts.activity_id, item["key"], facts.player_id)
        ).fetchone()
        if claimed is not None:
            treasure_id, title, points, number = claimed
            TreasureClaim.create(
                treasure=treasure_id,
                player=facts.player_id,
                dig=facts.dig_id,
                number=number,
                at=verdict.answered_at,
            )
            return Find(title, points)
    return None


def roll(hunt_key: bytes, salt: str, dig_id: int, key: str) -> float:
    """Return a number from 0 to 1 that a repeat rolls again and that no player can foresee.

    `salt` is the activity's own, so that no other activity tells what a dig will find here.
    """
    text = f"treasure {salt} {dig_id} {key}"
    digest = hmac.digest(hunt_key, text.encode(), "sha256")
    return int.from_bytes(digest[:8], "big") / 2**64
