"""Gives requests the objects of this kind."""

from flask import current_app

from backend.activities.hunt.service import HuntAnswers


def answers() -> HuntAnswers:
    """The intake of answers."""
    return current_app.extensions["linka.hunt.answers"]
