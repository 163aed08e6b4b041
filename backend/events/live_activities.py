"""The activities of an event that are being played, as phones and screens are shown them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from backend.clock import Clock, to_iso, with_moments
from backend.db import Database
from backend.events.models import Activity
from backend.events.play import Play
from backend.events.visibility import View
from backend.live.feed import Message
from backend.live.presence import Presence


class LiveActivities:
    """The activities of an event that are on, for one view."""

    def __init__(self, plays: Mapping[str, Play]) -> None:
        self._plays = plays
        self._told = {kind: play for play in plays.values() for kind in play.told}
        self._moving = {kind for play in plays.values() for kind in play.moving}
        self._on: list[tuple[Play, int]] = []

    def shown(self, activities: Sequence[Activity], view: View, now: int) -> list[dict[str, Any]]:
        """Return the state of each activity that is on, the latest first, with moments as ISO text.

        A voided activity is not on.
        """
        found = []
        self._on = []
        for activity in activities:
            play = None if activity.voided_at else self._plays.get(activity.kind)
            state = play.shown(activity.id, view, now) if play else None
            if play and state is not None:
                self._on.append((play, activity.id))
                about = {"id": activity.id, "kind": activity.kind, "title": activity.title}
                found.append({**about, **state})
        found.sort(key=lambda state: state["since"], reverse=True)
        return [with_moments(state) for state in found]

    def played(self, activities: Sequence[Activity]) -> list[int]:
        """Return the ids of activities that were played and were not on at the last call of
        `shown`."""
        return [one.id for one, play in self._off(activities) if play.was_played(one.id)]

    def open(self, activities: Sequence[Activity]) -> list[int]:
        """Return the ids of activities in which phones can take part and which were not on at the
        last call of `shown`."""
        off = self._off(activities)
        return [one.id for one, play in off if not one.voided_at and play.is_open(one.id)]

    def _off(self, activities: Sequence[Activity]) -> list[tuple[Activity, Play]]:
        on = {activity_id for _, activity_id in self._on}
        return [
            (activity, self._plays[activity.kind])
            for activity in activities
            if activity.id not in on and activity.kind in self._plays
        ]

    def pulse(self, now: int) -> list[Message]:
        """Return the frequent messages of the activities that were on at the last call of `shown`."""
        moving = []
        for play, activity_id in self._on:
            beat = play.pulse(activity_id, now)
            if beat:
                data = with_moments({"activity_id": activity_id, **beat[1]})
                moving.append(Message("", beat[0], json.dumps(data, ensure_ascii=False)))
        return moving

    def changes_snapshot(self, message: Message) -> bool:
        """Say whether a message of the feed makes a new snapshot necessary."""
        return message.type not in self._moving

    def forwarded(self, messages: Sequence[Message], now: int) -> list[Message]:
        """Return the messages that kinds let through, each with the players that may get it."""
        found = []
        for message in messages:
            play = self._told.get(message.type)
            if play:
                data = json.loads(message.data)
                only = play.audience(data["activity_id"], data, now)
                found.append(replace(message, only=only) if only is not None else message)
        return found


class LiveShow:
    """What the shows of phones and of screens have in common, see `backend.live.hub.Show`."""

    def __init__(
        self,
        event_id: int,
        plays: Mapping[str, Play],
        presence: Presence,
        database: Database,
        clock: Clock,
    ) -> None:
        self._event_id = event_id
        self._live = LiveActivities(plays)
        self._presence = presence
        self._database = database
        self._clock = clock

    def beat(self) -> str:
        """Return the server's time as JSON text."""
        return json.dumps({"server_time": to_iso(self._clock.now())})

    def pulse(self) -> list[Message]:
        """Return the pulses of the plays."""
        try:
            return self._live.pulse(self._clock.now())
        finally:
            self._database.release()


def activities_of(event_id: int) -> list[Activity]:
    """Return the activities of an event in their order."""
    query = Activity.select().where(Activity.event == event_id)
    return list(query.order_by(Activity.position, Activity.id))
