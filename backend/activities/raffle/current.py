"""Gives requests the play of this kind."""

from flask import current_app

from backend.activities.raffle.play import RafflePlay


def play() -> RafflePlay:
    """The play that shows draws."""
    return current_app.extensions["linka.plays"]["raffle"]
