"""The door from a request to suggestions as they run live."""

from flask import current_app

from backend.activities.polls.suggestions.play import SuggestionsPlay


def play() -> SuggestionsPlay:
    """What tells of suggestions and of polls."""
    return current_app.extensions["linka.plays"]["polls"]
