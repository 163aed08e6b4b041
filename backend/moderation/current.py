"""The door from a request to moderation."""

from flask import current_app

from backend.moderation.moderator import Moderator


def moderator() -> Moderator:
    """What checks and takes in what people wrote."""
    return current_app.extensions["linka.moderation"]
