"""The set-up of an event as its hosts see it."""

from typing import Any

from backend.events import lifecycle
from backend.events.building import sittings_facts
from backend.events.kinds import Kinds
from backend.events.live_activities import activities_of
from backend.events.making import REVEAL_TOP
from backend.events.models import Activity, Event
from backend.events.service import EventBoards
from backend.events.templates import TeamFormulaSchema


def shown_setup(
    event: Event, kinds: Kinds, boards: EventBoards, now: int, language: str
) -> dict[str, Any]:
    """Return an event for `SetupBody`; sentences about what is missing are in `zh` or `en`."""
    day = boards.day(max(event.opens_at or now, now))
    return {
        "id": event.id,
        "version": event.version,
        "title": event.title,
        "description": event.description,
        "state": lifecycle.state(event, now),
        "rehearsal": event.rehearsal,
        "join_code": event.join_code,
        "opens_at": event.opens_at,
        "closes_at": event.closes_at,
        "team_formula": event.settings.get("team_formula") or TeamFormulaSchema().load({}),
        "reveal_top": event.settings.get("reveal_top", REVEAL_TOP),
        "activities": [
            _shown(activity, kinds, day, language) for activity in activities_of(event.id)
        ],
    }


def _shown(activity: Activity, kinds: Kinds, day: str, language: str) -> dict[str, Any]:
    kind = kinds[activity.kind]
    settings = kind.settings_of(activity)
    return {
        "id": activity.id,
        "kind": activity.kind,
        "title": activity.title,
        "settings": settings,
        "sittings": sittings_facts(activity),
        "played": kind.played(activity),
        "lacks": [lack.said(language) for lack in kind.lacks(settings, day)],
    }
