"""Cleans and normalises text from cells."""

from backend.visible import half_width, shown


def clean(text: str) -> str:
    """Remove invisible characters and those that no database can store, and trim."""
    return shown(text)


def plain(text: str) -> str:
    """Return text with half-width letters, digits and signs, for comparing only."""
    return half_width(text)
