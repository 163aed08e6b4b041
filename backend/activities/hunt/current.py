"""Gives requests the objects of this kind."""

from flask import current_app

from backend.activities.hunt.play import HuntPlay
from backend.activities.hunt.service import HuntAnswers


def answers() -> HuntAnswers:
    """The intake of answers."""
    play: HuntPlay = current_app.extensions["linka.plays"]["hunt"]
    return play.answers
