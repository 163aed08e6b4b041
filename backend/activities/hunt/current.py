"""The door from a request to the hunt."""

from flask import current_app

from backend.activities.hunt.service import HuntAnswers


def answers() -> HuntAnswers:
    """What takes answers."""
    return current_app.extensions["linka.hunt.answers"]
