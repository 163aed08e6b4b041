"""Gives requests the play of this kind."""

from flask import current_app

from backend.activities.polls.play import PollsPlay


def play() -> PollsPlay:
    """The play that takes ballots and shows polls."""
    return current_app.extensions["linka.plays"]["polls"]
