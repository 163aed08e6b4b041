"""A host's choice for the big screen: one of its views, an activity, or nothing.

Without a choice the screen shows what is on.
"""

from typing import Any

from backend.clock import to_iso
from backend.db import Database
from backend.errors import Invalid, Sentence
from backend.events.models import Activity, Event
from backend.events.service import EventBoards, locked
from backend.identity import audit

AUTOMATIC, BOARD, WELCOME, ACTIVITY = "automatic", "board", "welcome", "activity"
ARRIVALS, AGENDA, SUGGESTIONS, SLIDES = "arrivals", "agenda", "suggestions", "slides"
PODIUM, NOTICE = "podium", "notice"
CHOICES = (
    *(AUTOMATIC, WELCOME, ARRIVALS, AGENDA, ACTIVITY),
    *(SUGGESTIONS, SLIDES, BOARD, PODIUM, NOTICE),
)
# These are shown after the end as well, in place of the final board.
AFTER_THE_END = (SLIDES, PODIUM, NOTICE)
MOST_WORDS, MOST_MINUTES = 40, 120

_NOT_OF_THIS_EVENT = Sentence("这个活动没有这个环节。", "The event has no such activity.")
_NO_WORDS = Sentence("请写上要显示的话。", "A notice needs words.")


def chosen(event: Event) -> dict[str, Any]:
    """Return `{shows, activity_id, notice}`.

    `shows` is one of `CHOICES`; `activity_id` is set if it is an activity. `notice` is the last
    notice, `{text, ends_at}` or null; `ends_at` is ISO text, null without a countdown.
    """
    return {
        "shows": event.screen_shows or AUTOMATIC,
        "activity_id": event.screen_activity_id,
        "notice": event.screen_notice,
    }


def choose(
    database: Database,
    boards: EventBoards,
    event_id: int,
    choice: dict[str, Any],
    now: int,
    actor_id: int,
) -> Event:
    """Choose what the big screen shows; a repeat starts a countdown again and changes nothing else.

    `choice` has `shows`, for an activity its `activity_id`, for a notice its `text` and possibly
    the `minutes` of a countdown that starts now. An activity is shown as soon as it has something
    to show. A reveal has priority over any choice, the final board over all but `AFTER_THE_END`.
    Raises `NotFound` or `Invalid`.
    """
    shows = choice["shows"]
    activity_id = choice.get("activity_id") if shows == ACTIVITY else None
    with database.write():
        event = locked(event_id)
        if shows == ACTIVITY and Activity.get_or_none(id=activity_id, event=event) is None:
            raise Invalid(fields={"activity_id": [_NOT_OF_THIS_EVENT]})
        before = chosen(event)
        event.change(
            screen_shows=None if shows == AUTOMATIC else shows,
            screen_activity_id=activity_id,
            screen_notice=_notice(choice, now) if shows == NOTICE else event.screen_notice,
        )
        if chosen(event) != before:
            subject = f"event:{event_id}"
            audit.record(
                actor_id, "choose_screen", subject, now, before=before, after=chosen(event)
            )
    boards.tell(event_id, "event")
    return event


def _notice(choice: dict[str, Any], now: int) -> dict[str, Any]:
    text, minutes = choice.get("text"), choice.get("minutes")
    if not text:
        raise Invalid(fields={"text": [_NO_WORDS]})
    return {"text": text, "ends_at": minutes and to_iso(now + minutes * 60_000)}
