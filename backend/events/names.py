"""Masks the names of staff in everything that guests are shown."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from backend.db import Database
from backend.events.models import Player
from backend.events.visibility import masked_name
from backend.live.feed import Message
from backend.live.hub import Show


def masked_for_guests(database: Database, event_id: int, shown: Any) -> Any:
    """Return data with the names of an event's staff masked.

    It masks every value under the key `name`, so that no view can forget it.
    """
    names = sorted({name for name in _names(shown) if name})
    if not names:
        return shown
    # Without a condition on the person, by whose index SQLite would read all seats of the event.
    seats = Player.select(Player.name, Player.staff_id).where(
        Player.event == event_id, Player.name.in_(names)
    )
    of_staff = {name for name, staff_id in database.rows(seats) if staff_id is not None}
    return _masked(shown, of_staff)


def _names(shown: Any) -> Iterator[str]:
    if isinstance(shown, dict):
        if isinstance(shown.get("name"), str):
            yield shown["name"]
        for value in shown.values():
            yield from _names(value)
    elif isinstance(shown, list):
        for value in shown:
            yield from _names(value)


def _masked(shown: Any, staff: set[str]) -> Any:
    if isinstance(shown, list):
        return [_masked(value, staff) for value in shown]
    if not isinstance(shown, dict):
        return shown
    return {
        key: masked_name(value)
        if key == "name" and isinstance(value, str) and value in staff
        else _masked(value, staff)
        for key, value in shown.items()
    }


class GuestShow:
    """A `backend.live.hub.Show` for guests: the same, with masked names."""

    def __init__(self, show: Show, event_id: int, database: Database) -> None:
        self._show = show
        self._event_id = event_id
        self._database = database
        self.pulse_ms = show.pulse_ms
        self.counts_ms = show.counts_ms

    def snapshot(self) -> str:
        """Return the whole state as JSON text; raises `RedisError`."""
        return self._text(self._show.snapshot())

    def forwarded(self, messages: list[Message]) -> list[Message]:
        """Return those messages of the feed that are handed on."""
        return [self._message(message) for message in self._show.forwarded(messages)]

    def changes_snapshot(self, message: Message) -> bool:
        """Say whether a message changes the snapshot."""
        return self._show.changes_snapshot(message)

    def beat(self) -> str:
        """Return the sign of life as JSON text."""
        return self._show.beat()

    def pulse(self) -> list[Message]:
        """Return the pulses of the show; raises `RedisError`."""
        return [self._message(message) for message in self._show.pulse()]

    def _message(self, message: Message) -> Message:
        return replace(message, data=self._text(message.data))

    def _text(self, text: str) -> str:
        if '"name"' not in text:
            return text
        try:
            shown = masked_for_guests(self._database, self._event_id, json.loads(text))
        finally:
            self._database.release()
        return json.dumps(shown, ensure_ascii=False)
