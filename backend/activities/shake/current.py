"""The door from a request to the shake."""

from flask import current_app

from backend.activities.shake.play import ShakePlay


def play() -> ShakePlay:
    """What hears reports and shows rounds."""
    return current_app.extensions["linka.plays"]["shake"]
