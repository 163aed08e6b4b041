"""Gives requests the objects of this kind."""

from flask import current_app

from backend.activities.hunt.play import HuntPlay
from backend.activities.hunt.service import HuntAnswers
from backend.kept_counts import KeptCounts


def answers() -> HuntAnswers:
    """The intake of answers."""
    return _play().answers


def panel_counts() -> KeptCounts:
    """What is counted for panels."""
    return _play().panel_counts


def _play() -> HuntPlay:
    play: HuntPlay = current_app.extensions["linka.plays"]["hunt"]
    return play
