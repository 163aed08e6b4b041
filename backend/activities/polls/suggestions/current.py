"""Gives requests the play of suggestions."""

from flask import current_app

from backend.activities.polls.suggestions.play import SuggestionsPlay


def play() -> SuggestionsPlay:
    """The play that shows polls and notifies proposers."""
    return current_app.extensions["linka.plays"]["polls"]
