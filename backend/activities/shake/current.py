"""Gives requests the play of this kind."""

from flask import current_app

from backend.activities.shake.play import ShakePlay


def play() -> ShakePlay:
    """The play that takes reports and shows rounds."""
    return current_app.extensions["linka.plays"]["shake"]
