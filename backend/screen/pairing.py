"""How a screen is let in: by the event's screen key, or by a six-digit code that a host approves.

Redis keys: `linka:pairing:<secret>` (a hash) and `linka:pairing-code:<code>` (the secret), both for
five minutes.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from redis import Redis

from backend.db import Database
from backend.errors import NotFound
from backend.events.models import Event
from backend.keys import Secret

LIFETIME_SECONDS = 300
COOKIE_SECONDS = 7 * 24 * 3600


class UnknownPairingCode(NotFound):
    """No screen of this event shows this code, or not any more."""

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
        """Let a screen wait, under a code that no other one shows."""
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

    def approve(self, event_id: int, code: str) -> None:
        """Let the screen with this code in; raises `UnknownPairingCode`."""
        secret = self._redis.get(_code_key(code))
        if not isinstance(secret, bytes):
            raise UnknownPairingCode
        key = _key(secret.decode())
        if self._redis.hget(key, "event_id") != str(event_id).encode():
            raise UnknownPairingCode
        self._redis.hset(key, "status", "approved")
        self._redis.delete(_code_key(code))

    def status(self, secret: str) -> tuple[int, str]:
        """Return (event id, `waiting` or `approved`); raises `NotFound` when it is over."""
        found: Any = self._redis.hmget(_key(secret), "event_id", "status")
        event_id, status = found
        if event_id is None or status is None:
            raise NotFound
        return int(event_id), status.decode()


def _key(secret: str) -> str:
    return f"linka:pairing:{secret}"


def _code_key(code: str) -> str:
    return f"linka:pairing-code:{code}"


class ScreenPasses:
    """Signs and reads the cookie of a screen that was let in."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._signer = _signer(secret.key("screen passes"))

    def issue(self, event: Event) -> str:
        """Return the pass for an event; a new screen key makes it worthless."""
        return str(self._signer.dumps([event.id, event.screen_key[:8], secrets.token_hex(8)]))

    def is_for(self, value: str, event_id: int, now: int) -> bool:
        """Say whether a pass was issued for an event, whatever became of its screen key since."""
        return self._read(value, now)[:1] == [event_id]

    def admits(self, value: str, event: Event, now: int) -> bool:
        """Say whether a pass is good for an event."""
        return self._read(value, now)[:2] == [event.id, event.screen_key[:8]]

    def still_admits(self, database: Database, value: str, event_id: int, now: int) -> bool:
        """Say whether a pass is good at this moment: not after its time, nor with a new screen key.

        Whoever changes a screen key calls `Revocations.tell(event_id=…)`, which ends open streams.
        """
        rows = database.read(
            f"SELECT {Event.columns('e')} FROM event e WHERE e.id = ?", (event_id,)
        )
        return bool(rows) and self.admits(value, Event.from_row(rows[0]), now)

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


def same_key(sent: str, key: str) -> bool:
    """Compare screen keys in constant time."""
    return secrets.compare_digest(sent.encode(), key.encode())
