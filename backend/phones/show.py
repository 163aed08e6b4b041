"""What every phone in an event is shown: one snapshot, made once for all of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from backend.clock import Clock, to_iso, with_moments
from backend.db import Database
from backend.events import service
from backend.events.models import Activity
from backend.events.play import Play
from backend.events.view import headline
from backend.events.visibility import View
from backend.live.feed import Message
from backend.live.presence import Presence
from backend.phones.conversation import REPLACED
from backend.phones.open_sockets import OpenSockets


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


class PhoneShow:
    """An event on phones, see `backend.live.hub.Show`. Boards are read over HTTP.

    What moves is told twice a second: a thousand phones share the hall's network, and the eyes are
    on the screen.
    """

    pulse_ms = 500

    def __init__(
        self,
        event_id: int,
        plays: Mapping[str, Play],
        presence: Presence,
        database: Database,
        clock: Clock,
        sockets: OpenSockets,
    ) -> None:
        self._event_id = event_id
        self._sockets = sockets
        self._stage = Stage(plays)
        self._presence = presence
        self._database = database
        self._clock = clock

    def snapshot(self) -> str:
        """Return the event, who is here and what is on as JSON text."""
        try:
            event = service.get(self._event_id)
            now = self._clock.now()
            state = {
                "event": with_moments(headline(event, now)),
                "present": self._presence.count(event.id, now),
                "activities": self._stage.shown(activities_of(event.id), View.PUBLIC, now),
            }
        finally:
            self._database.release()
        return json.dumps(state, ensure_ascii=False)

    def passing(self, messages: list[Message]) -> list[Message]:
        """Hand on what plays tell; sockets that have lost their place are closed."""
        for message in messages:
            if message.type == REPLACED.reason:
                self._sockets.close(json.loads(message.data)["connections"], REPLACED)
        try:
            return self._stage.passing(messages, self._clock.now())
        finally:
            self._database.release()

    def stirs(self, message: Message) -> bool:
        """Say whether a message changes what phones are shown: points and strokes do not."""
        return message.type not in ("gain", "board", REPLACED.reason) and self._stage.stirs(message)

    def beat(self) -> str:
        """Return the server's time as JSON text."""
        return json.dumps({"server_time": to_iso(self._clock.now())})

    def pulse(self) -> list[Message]:
        """Return what moves just now."""
        try:
            return self._stage.pulse(self._clock.now())
        finally:
            self._database.release()
