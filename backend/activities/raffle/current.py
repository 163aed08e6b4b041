"""The door from a request to a raffle."""

from flask import current_app

from backend.activities.raffle.play import RafflePlay


def play() -> RafflePlay:
    """What shows draws."""
    return current_app.extensions["linka.plays"]["raffle"]
