"""What of an event is on: the activities that are played live, as phones and screens are shown."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from backend.clock import with_moments
from backend.events.models import Activity
from backend.events.play import Play
from backend.events.visibility import View
from backend.live.feed import Message


class Stage:
    """The activities of an event that are on, as one view sees them; for phones and screens."""

    def __init__(self, plays: Mapping[str, Play]) -> None:
        self._plays = plays
        self._told = {kind: play for play in plays.values() for kind in play.told}
        self._moving = {kind for play in plays.values() for kind in play.moving}
        self._on: list[tuple[Play, int]] = []

    def shown(self, activities: Sequence[Activity], view: View, now: int) -> list[dict[str, Any]]:
        """Return what is on, the latest first, with moments as text."""
        found = []
        self._on = []
        for activity in activities:
            play = self._plays.get(activity.kind)
            state = play.shown(activity.id, view, now) if play else None
            if play and state is not None:
                self._on.append((play, activity.id))
                about = {"id": activity.id, "kind": activity.kind, "title": activity.title}
                found.append({**about, **state})
        found.sort(key=lambda state: state["since"], reverse=True)
        return [with_moments(state) for state in found]

    def pulse(self, now: int) -> list[Message]:
        """Return what moves just now in what was on when it was last shown."""
        moving = []
        for play, activity_id in self._on:
            beat = play.pulse(activity_id, now)
            if beat:
                data = with_moments({"activity_id": activity_id, **beat[1]})
                moving.append(Message("", beat[0], json.dumps(data, ensure_ascii=False)))
        return moving

    def stirs(self, message: Message) -> bool:
        """Say whether a message asks for a new snapshot."""
        return message.type not in self._moving

    def passing(self, messages: Sequence[Message], now: int) -> list[Message]:
        """Return those messages that plays hand on, each with the players whom it is for."""
        found = []
        for message in messages:
            play = self._told.get(message.type)
            if play:
                data = json.loads(message.data)
                only = play.audience(data["activity_id"], data, now)
                found.append(replace(message, only=only) if only is not None else message)
        return found


def activities_of(event_id: int) -> list[Activity]:
    """Return the activities of an event in their order."""
    query = Activity.select().where(Activity.event == event_id)
    return list(query.order_by(Activity.position, Activity.id))
