"""The door from a request to the hunt."""

from flask import current_app

from backend.activities.hunt.service import Desk


def desk() -> Desk:
    """What takes answers."""
    return current_app.extensions["linka.hunt.desk"]
