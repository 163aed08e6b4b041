"""The settings of kinds as forms, and what typical players would earn with them."""

from typing import Any

from backend.events.kinds import Kind, Kinds
from backend.events.making import checked_settings
from backend.web.forms import described


def shown_kind(kind: Kind, language: str) -> dict[str, Any]:
    """Return a kind for `ActivityKindBody`.

    It has the title, the fields of the settings, and the settings with which the form for a new
    activity begins.
    """
    settings = kind.fresh()
    return {
        "kind": kind.name,
        "title": kind.title.said(language),
        "settings": settings,
        "fields": described(kind.settings(), kind.choices(settings)),
    }


def preview(
    kinds: Kinds, name: str, settings: dict[str, Any], day: str, language: str
) -> dict[str, Any]:
    """Return what typical players earn, and what the settings lack on a day, for `PreviewBody`.

    Raises `Invalid`, with paths as `settings.sites.0.x`.
    """
    checked = checked_settings(kinds, name, settings)
    return {
        "earnings": [
            {"sentence": one.sentence, "points": one.points} for one in kinds[name].preview(checked)
        ],
        "lacks": [lack.said(language) for lack in kinds[name].lacks(checked, day)],
    }
