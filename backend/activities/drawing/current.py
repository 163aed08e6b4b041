"""The door from a request to drawing and guessing."""

from flask import current_app

from backend.activities.drawing.play import DrawingPlay


def play() -> DrawingPlay:
    """What hears, shows and runs games."""
    return current_app.extensions["linka.plays"]["drawing"]
