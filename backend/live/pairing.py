"""Admits a browser by a six-digit code that it shows and that an entitled person approves.

Redis keys, both for five minutes: `linka:pairing:<secret>` (a hash with what the browser asks for
and, once approved, what it is granted) and `linka:pairing-code:<code>` (the secret).
"""

import secrets
from dataclasses import dataclass
from typing import Any

from redis import Redis

from backend.errors import NotFound

LIFETIME_SECONDS = 300


class UnknownPairingCode(NotFound):
    """No browser that asks for this shows this code now."""

    slug = "unknown_pairing_code"
    zh = "没有屏幕在等待这个配对码，请核对屏幕上的数字。"
    en = "No screen is waiting with this code."


@dataclass(frozen=True)
class Pairing:
    """A browser that waits for approval."""

    code: str
    secret: str
    expires_at: int


class Pairings:
    """The browsers that wait. Every method raises `RedisError` when Redis is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def begin(self, asked: str, now: int) -> Pairing:
        """Register a browser that asks for something, under a code that no other browser shows."""
        secret = secrets.token_urlsafe(24)
        while True:
            code = f"{secrets.randbelow(1_000_000):06d}"
            if self._redis.set(_code_key(code), secret, nx=True, ex=LIFETIME_SECONDS):
                break
        with self._redis.pipeline() as pipe:
            pipe.hset(_key(secret), mapping={"asked": asked})
            pipe.expire(_key(secret), LIFETIME_SECONDS)
            pipe.execute()
        return Pairing(code, secret, now + LIFETIME_SECONDS * 1000)

    def approve(self, asked: str, code: str, granted: str) -> None:
        """Grant something to the browser with this code, once; raises `UnknownPairingCode`."""
        secret = self._redis.get(_code_key(code))
        if not isinstance(secret, bytes):
            raise UnknownPairingCode
        key = _key(secret.decode())
        if self._redis.hget(key, "asked") != asked.encode():
            raise UnknownPairingCode
        if not self._redis.delete(_code_key(code)):
            raise UnknownPairingCode
        self._redis.hset(key, mapping={"granted": granted})
        self._redis.expire(key, LIFETIME_SECONDS)

    def status(self, secret: str) -> tuple[str, str | None]:
        """Return (what was asked for, what was granted or None).

        Raises `NotFound` when it has expired.
        """
        found: Any = self._redis.hmget(_key(secret), "asked", "granted")
        asked, granted = found
        if asked is None:
            raise NotFound
        return asked.decode(), granted and granted.decode()

    def finish(self, secret: str) -> bool:
        """Remove an approved browser; of several concurrent calls one returns True."""
        return bool(self._redis.delete(_key(secret)))


def _key(secret: str) -> str:
    return f"linka:pairing:{secret}"


def _code_key(code: str) -> str:
    return f"linka:pairing-code:{code}"


def same_key(sent: str, key: str) -> bool:
    """Compare secrets in constant time."""
    return secrets.compare_digest(sent.encode(), key.encode())
