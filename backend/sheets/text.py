"""Text as people type it into cells, made fit for keeping and for matching."""

from backend.visible import half_width, shown


def clean(text: str) -> str:
    """Drop characters that nobody can see or that no database takes, and trim."""
    return shown(text)


def plain(text: str) -> str:
    """Fold full-width letters, digits and signs to half-width: for matching, not for keeping."""
    return half_width(text)
