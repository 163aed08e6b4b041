"""Gives requests the play of this kind."""

from flask import current_app

from backend.activities.drawing.play import DrawingPlay


def play() -> DrawingPlay:
    """The play that handles messages, shows games and advances them."""
    return current_app.extensions["linka.plays"]["drawing"]
