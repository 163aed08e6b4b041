"""The door from a request to the polls."""

from flask import current_app

from backend.activities.polls.play import PollsPlay


def play() -> PollsPlay:
    """What takes ballots and shows polls."""
    return current_app.extensions["linka.plays"]["polls"]
