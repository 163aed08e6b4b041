"""Hands prizes over: a host confirms the pick-up code that the winner shows, once."""

import secrets

from backend.activities.raffle import errors
from backend.activities.raffle.committing import claim
from backend.activities.raffle.models import RaffleHandover, RafflePick
from backend.activities.raffle.rules import WON
from backend.db import Database
from backend.events.models import Activity
from backend.identity import audit
from backend.visible import half_width

# Without 0, O, 1, I and L, because codes are read aloud.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8


def new_code() -> str:
    """Return a random code."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def hand_over(
    database: Database, activity: Activity, code: str, actor_id: int, now: int
) -> tuple[RafflePick, RaffleHandover, bool]:
    """Mark a prize as handed over by its pick-up code; returns (pick, handover, whether it is new).

    A repeat returns the first handover. Raises `UnknownPickupCode`.
    """
    wanted = "".join(letter for letter in half_width(code).upper() if letter.isalnum())
    with database.write():
        claim(database, activity)
        pick = RafflePick.get_or_none(
            RafflePick.activity == activity, RafflePick.code == wanted, RafflePick.status == WON
        )
        if pick is None:
            raise errors.UnknownPickupCode
        new = RaffleHandover.insert_new(RaffleHandover.pick, pick=pick, host_id=actor_id, at=now)
        if new is not None:
            audit.record(actor_id, "hand_over_prize", f"raffle_pick:{pick.id}", now)
        handover = RaffleHandover.get(RaffleHandover.pick == pick)
    return pick, handover, new is not None
