"""Passes: the signed cookies of big screens that were let in."""

import secrets
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer

from backend.db import Database
from backend.events.models import Event
from backend.keys import Secret

COOKIE_SECONDS = 7 * 24 * 3600


class ScreenPasses:
    """Signs and reads the cookie of a screen that was let in."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._signer = _signer(secret.key("screen passes"))

    def issue(self, event: Event) -> str:
        """Return the pass for an event; a new screen key makes it worthless."""
        return str(self._signer.dumps([event.id, event.screen_key[:8], secrets.token_hex(8)]))

    def is_for(self, value: str, event_id: int, now: int) -> bool:
        """Return whether a pass was issued for an event, even if the screen key changed since."""
        return self._read(value, now)[:1] == [event_id]

    def admits(self, value: str, event: Event, now: int) -> bool:
        """Return whether a pass is valid for an event."""
        return self._admits(value, event.id, event.screen_key, now)

    def _admits(self, value: str, event_id: int, screen_key: str, now: int) -> bool:
        return self._read(value, now)[:2] == [event_id, screen_key[:8]]

    def still_admits(self, database: Database, value: str, event_id: int, now: int) -> bool:
        """Return whether a pass is valid now: neither expired nor issued before the present screen
        key.

        Code that changes a screen key must call `Revocations.tell(event_id=…)`, which ends open
        streams.
        """
        rows = database.rows(Event.select(Event.screen_key).where(Event.id == event_id))
        return any(self._admits(value, event_id, screen_key, now) for (screen_key,) in rows)

    def holder(self, value: str, now: int) -> str:
        """Return what tells a good pass from all others."""
        return "-".join(str(part) for part in self._read(value, now))

    def _read(self, value: str, now: int) -> list[Any]:
        old = self._secret.old_key("screen passes", now)
        for signer in [self._signer, *([_signer(old)] if old else ())]:
            try:
                return list(signer.loads(value, max_age=COOKIE_SECONDS))
            except BadSignature:
                continue
        return []


def _signer(key: bytes) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="linka screen")


def cookie_name(event_id: int) -> str:
    """Return the cookie of an event's screen."""
    return f"linka_screen_{event_id}"
