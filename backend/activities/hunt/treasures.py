"""Hidden treasures: a dig finds one by chance, as long as the stock lasts."""

import hmac

import peewee

from backend.activities.hunt import rules
from backend.activities.hunt.facts import DigFacts, FoundTreasure, Verdict
from backend.activities.hunt.models import Treasure, TreasureClaim


def find(hunt_key: bytes, facts: DigFacts, verdict: Verdict) -> FoundTreasure | None:
    """Claim the treasure that a right answer at this dig finds, in the caller's transaction.

    A treasure whose stock is used up, or that the player has already, is not found.
    """
    hidden = [item for item in facts.settings["treasures"] if item["site"] == facts.site]
    for item in hidden:
        rolled = roll(hunt_key, facts.salt, facts.dig_id, item["key"])
        if not rules.finds(rolled, item["chance"]):
            continue
        treasure = _claim(facts.activity_id, item["key"], facts.player_id)
        if treasure is not None:
            TreasureClaim.create(
                treasure=treasure,
                player=facts.player_id,
                dig=facts.dig_id,
                number=treasure.claimed,
                at=verdict.answered_at,
            )
            return FoundTreasure(treasure.title, treasure.points)
    return None


def _claim(activity_id: int, key: str, player_id: int) -> Treasure | None:
    """Take one out of the stock, unless it is used up or the player has one; return what it was."""
    has_one = TreasureClaim.select().where(
        TreasureClaim.treasure == Treasure.id, TreasureClaim.player == player_id
    )
    claimed = (
        Treasure.update(claimed=Treasure.claimed + 1)
        .where(
            Treasure.activity == activity_id,
            Treasure.key == key,
            Treasure.claimed < Treasure.stock,
            ~peewee.fn.EXISTS(has_one),
        )
        .returning(Treasure)
        .execute()
    )
    return next(iter(claimed), None)


def roll(hunt_key: bytes, salt: str, dig_id: int, key: str) -> float:
    """Return a number from 0 to 1 that a repeat rolls again and that no player can foresee.

    `salt` is the activity's own, so that no other activity tells what a dig will find here.
    """
    text = f"treasure {salt} {dig_id} {key}"
    digest = hmac.digest(hunt_key, text.encode(), "sha256")
    return int.from_bytes(digest[:8], "big") / 2**64
