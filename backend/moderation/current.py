"""Gives requests the moderator."""

from flask import current_app

from backend.moderation.moderator import Moderator


def moderator() -> Moderator:
    """The object that checks and stores texts and pictures."""
    return current_app.extensions["linka.moderation"]
