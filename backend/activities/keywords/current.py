"""Gives requests the play of this kind."""

from flask import current_app

from backend.activities.keywords.play import KeywordsPlay


def play() -> KeywordsPlay:
    """The play that takes replies and shows words."""
    return current_app.extensions["linka.plays"]["keywords"]
