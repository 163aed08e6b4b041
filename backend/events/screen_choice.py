"""What a host has chosen for the big screen: an activity, the board, the welcome, or nothing, which
means that the screen shows what is on by itself."""

from typing import Any

from backend.db import Database
from backend.errors import Invalid, Sentence
from backend.events.models import Activity, Event
from backend.events.service import EventBoards, locked
from backend.identity import audit

AUTOMATIC, BOARD, WELCOME, ACTIVITY = "automatic", "board", "welcome", "activity"
CHOICES = (AUTOMATIC, BOARD, WELCOME, ACTIVITY)

_NOT_OF_THIS_EVENT = Sentence("这个活动没有这个环节。", "The event has no such activity.")


def chosen(event: Event) -> dict[str, Any]:
    """Return `{shows, activity_id}`: one of `CHOICES`, and the id where it is an activity."""
    return {"shows": event.screen_shows or AUTOMATIC, "activity_id": event.screen_activity_id}


def choose(
    database: Database,
    boards: EventBoards,
    event_id: int,
    choice: dict[str, Any],
    now: int,
    actor_id: int,
) -> Event:
    """Let the big screen show something, as `chosen` returns it; a repeat changes nothing.

    An activity is shown as soon as there is something of it to show. A reveal and the final board
    come before any choice. Raises `NotFound` or `Invalid`.
    """
    shows = choice["shows"]
    activity_id = choice.get("activity_id") if shows == ACTIVITY else None
    with database.write():
        event = locked(event_id)
        if shows == ACTIVITY and Activity.get_or_none(id=activity_id, event=event) is None:
            raise Invalid(fields={"activity_id": [_NOT_OF_THIS_EVENT]})
        before = chosen(event)
        event.change(
            screen_shows=None if shows == AUTOMATIC else shows, screen_activity_id=activity_id
        )
        if chosen(event) != before:
            subject = f"event:{event_id}"
            audit.record(
                actor_id, "choose_screen", subject, now, before=before, after=chosen(event)
            )
    boards.tell(event_id, "event")
    return event
