"""The door from a request to announced words."""

from flask import current_app

from backend.activities.keywords.play import KeywordsPlay


def play() -> KeywordsPlay:
    """What hears replies and shows words."""
    return current_app.extensions["linka.plays"]["keywords"]
