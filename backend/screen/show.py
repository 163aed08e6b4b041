"""Builds the snapshot that big screens are shown, once for all of them."""

import json
from collections.abc import Mapping
from typing import Any

from backend.clock import Clock, to_iso
from backend.db import Database
from backend.events import media, screen_choice, service, visibility
from backend.events.live_activities import LiveShow, activities_of
from backend.events.models import Event
from backend.events.play import Play
from backend.events.view import headline
from backend.events.visibility import View
from backend.live.feed import Message, order
from backend.live.hub import SNAPSHOT_MS
from backend.live.presence import Presence
from backend.moderation import wall
from backend.moderation.view import pending
from backend.scoring.ledger import EVENT_BOARD
from backend.scoring.reader import BoardReader, formula_sentence

PLAYER_ROWS = 20
TEAM_ROWS = 12
# People cannot read more of a burst; the snapshot has the rest.
GAINS_AT_ONCE = 16


class EventShow(LiveShow):
    """An event for one view, see `backend.live.hub.Show`."""

    pulse_ms = 100
    counts_ms = SNAPSHOT_MS

    def __init__(
        self,
        event_id: int,
        view: View,
        reader: BoardReader,
        plays: Mapping[str, Play],
        presence: Presence,
        database: Database,
        clock: Clock,
    ) -> None:
        super().__init__(event_id, plays, presence, database, clock)
        self._view = view
        self._reader = reader

    def snapshot(self) -> str:
        """Return what is on, with the two boards of the event, as JSON text."""
        try:
            event = service.get(self._event_id)
            state = self._on(event)
            state["media"] = media.shown(event.id)
            state["wall"] = wall.shown(event.id)
            state["boards"] = {
                "players": self._board(event, "players", PLAYER_ROWS),
                "teams": self._board(event, "teams", TEAM_ROWS),
            }
        finally:
            self._database.release()
        return json.dumps(state, ensure_ascii=False)

    def on(self) -> dict[str, Any]:
        """Return the event, the activities that are on, how many play and how many are present.

        Moments are ISO text. Raises `RedisError`.
        """
        return self._on(service.get(self._event_id))

    def _on(self, event: Event) -> dict[str, Any]:
        now = self._clock.now()
        shown = headline(event, now)
        shown["closes_at"] = shown["closes_at"] and to_iso(shown["closes_at"])
        shown["opens_at"] = event.opens_at and to_iso(event.opens_at)
        state: dict[str, Any] = {
            "event": shown,
            "screen": screen_choice.chosen(event),
            "players": self._reader.player_count(event.id),
            "present": self._presence.count(event.id, now),
            "activities": self._live.shown(activities_of(event.id), self._view, now),
            "server_time": to_iso(now),
        }
        if visibility.sees_all(self._view):
            state["moderation"] = {"pending": pending(event.id)}
        return state

    def _board(self, event: Any, scope: str, count: int) -> dict[str, Any]:
        board = self._reader.top(event, EVENT_BOARD, scope, count, self._view)
        shown: dict[str, Any] = {
            "version": board.version,
            "total": board.total,
            "rows": [row._asdict() for row in board.rows],
        }
        if scope == "teams":
            shown["formula"] = formula_sentence(event, "zh")
        return shown

    def forwarded(self, messages: list[Message]) -> list[Message]:
        """Forward gains, unless a freeze hides them, and messages of plays to everybody."""
        told = self._told(messages)
        gains = [message for message in messages if message.type == "gain"][-GAINS_AT_ONCE:]
        if not gains or not self._shows_gains():
            return told
        return sorted(told + gains, key=lambda message: order(message.seq))

    def _told(self, messages: list[Message]) -> list[Message]:
        """Return messages of plays to everybody; messages for single rooms are not for the screen."""
        try:
            told = self._live.forwarded(messages, self._clock.now())
        finally:
            self._database.release()
        return [message for message in told if message.only is None]

    def changes_snapshot(self, message: Message) -> bool:
        """Say whether a message changes what is shown: strokes do not."""
        return self._live.changes_snapshot(message)

    def _shows_gains(self) -> bool:
        try:
            return visibility.shows_gains(service.get(self._event_id), self._view)
        finally:
            self._database.release()
