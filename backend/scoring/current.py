"""Gives requests the objects of this package."""

from flask import current_app

from backend.scoring.reader import BoardReader
from backend.scoring.scorekeeper import Scorekeeper


def scores() -> Scorekeeper:
    """The scorekeeper."""
    return current_app.extensions["linka.scores"]


def reader() -> BoardReader:
    """The reader of boards."""
    return current_app.extensions["linka.reader"]
