"""Builds the snapshot that all phones of an event are shown, once for all of them."""

import json
from collections.abc import Mapping
from dataclasses import replace

from backend.clock import Clock, with_moments
from backend.db import Database
from backend.events import service
from backend.events.live_activities import LiveShow, activities_of
from backend.events.play import Play
from backend.events.view import headline
from backend.events.visibility import View
from backend.live.feed import Message
from backend.live.presence import Presence
from backend.phones.conversation import REPLACED
from backend.phones.open_sockets import OpenSockets
from backend.posts import notices


class PhoneShow(LiveShow):
    """An event on phones, see `backend.live.hub.Show`. Boards are read over HTTP.

    Pulses are sent twice a second only, and new counts once, because a thousand phones share the
    hall's network and people watch the screen.
    """

    pulse_ms = 500
    counts_ms = 1000

    def __init__(
        self,
        event_id: int,
        plays: Mapping[str, Play],
        presence: Presence,
        database: Database,
        clock: Clock,
        sockets: OpenSockets,
    ) -> None:
        super().__init__(event_id, plays, presence, database, clock)
        self._sockets = sockets

    def snapshot(self) -> str:
        """Return the event, the number of players present, the activities that are on, the ids of
        those that were played before and of those that are open all the same, as JSON text."""
        try:
            event = service.get(self._event_id)
            now = self._clock.now()
            activities = activities_of(event.id)
            state = {
                "event": with_moments(headline(event, now)),
                "present": self._presence.count(event.id, now),
                "activities": self._live.shown(activities, View.PUBLIC, now),
                "played": self._live.played(activities),
                "open": self._live.open(activities),
            }
        finally:
            self._database.release()
        return json.dumps(state, ensure_ascii=False)

    def forwarded(self, messages: list[Message]) -> list[Message]:
        """Forward the messages of plays; close sockets that newer ones have replaced."""
        for message in messages:
            if message.type == REPLACED.reason:
                self._sockets.close(json.loads(message.data)["connections"], REPLACED)
        try:
            told = [message for message in messages if message.type == notices.MESSAGE]
            forwarded = self._live.forwarded(messages, self._clock.now())
            return [*forwarded, *map(self._to_readers, told)]
        finally:
            self._database.release()

    def _to_readers(self, message: Message) -> Message:
        """Send a notice about a post only to those players who have not seen it."""
        post_id = json.loads(message.data)["post_id"]
        told = notices.players_told(self._database, self._event_id, post_id)
        return replace(message, only=told)

    def changes_snapshot(self, message: Message) -> bool:
        """Say whether a message changes what phones are shown: points and strokes do not."""
        return message.type not in (
            "gain",
            "board",
            REPLACED.reason,
            notices.MESSAGE,
        ) and self._live.changes_snapshot(message)
