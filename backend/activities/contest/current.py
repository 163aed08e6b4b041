"""Gives requests the play of this kind."""

from flask import current_app

from backend.activities.contest import rules
from backend.activities.contest.play import ContestPlay


def play() -> ContestPlay:
    """The play that takes answers and advances rounds."""
    return current_app.extensions["linka.plays"][rules.KIND]
