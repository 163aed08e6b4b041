"""Admits screens: by the event's screen key, or by a six-digit code that a host approves.

Redis keys: `linka:pairing:<secret>` (a hash) and `linka:pairing-code:<code>` (the secret), both for
five minutes.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from redis import Redis

from backend.errors import NotFound
from backend.events.models import Event

LIFETIME_SECONDS = 300


class UnknownPairingCode(NotFound):
    """No screen of this event shows this code now."""

    slug = "unknown_pairing_code"
    zh = "没有大屏在等待这个配对码，请核对屏幕上的数字。"
    en = "No screen is waiting with this code."


@dataclass(frozen=True)
class Pairing:
    """A screen that waits to be let in."""

    code: str
    secret: str
    expires_at: int


class Pairings:
    """The screens that wait. Every method raises `RedisError` when Redis is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def begin(self, event_id: int, now: int) -> Pairing:
        """Register a waiting screen under a code that no other screen shows."""
        secret = secrets.token_urlsafe(24)
        while True:
            code = f"{secrets.randbelow(1_000_000):06d}"
            if self._redis.set(_code_key(code), secret, nx=True, ex=LIFETIME_SECONDS):
                break
        with self._redis.pipeline() as pipe:
            pipe.hset(_key(secret), mapping={"event_id": event_id, "status": "waiting"})
            pipe.expire(_key(secret), LIFETIME_SECONDS)
            pipe.execute()
        return Pairing(code, secret, now + LIFETIME_SECONDS * 1000)

    def approve(self, event: Event, code: str) -> None:
        """Admit the screen with this code until the event has a new screen key; raises
        `UnknownPairingCode`."""
        secret = self._redis.get(_code_key(code))
        if not isinstance(secret, bytes):
            raise UnknownPairingCode
        key = _key(secret.decode())
        if self._redis.hget(key, "event_id") != str(event.id).encode():
            raise UnknownPairingCode
        self._redis.hset(key, mapping={"status": "approved", "screen_key": event.screen_key[:8]})
        self._redis.delete(_code_key(code))

    def status(self, secret: str) -> tuple[int, str, str]:
        """Return (event id, `waiting` or `approved`, the beginning of the screen key that the event
        had when it was approved); raises `NotFound` when it is over."""
        found: Any = self._redis.hmget(_key(secret), "event_id", "status", "screen_key")
        event_id, status, key = found
        if event_id is None or status is None:
            raise NotFound
        return int(event_id), status.decode(), (key or b"").decode()


def _key(secret: str) -> str:
    return f"linka:pairing:{secret}"


def _code_key(code: str) -> str:
    return f"linka:pairing-code:{code}"


def same_key(sent: str, key: str) -> bool:
    """Compare screen keys in constant time."""
    return secrets.compare_digest(sent.encode(), key.encode())
