"""Tickets: a phone opens its socket with one instead of its token, because a socket's address may
be logged."""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from redis import Redis

LIFETIME_SECONDS = 60


@dataclass(frozen=True)
class Ticket:
    """Whose socket it will be."""

    event_id: int
    account_id: int
    token_version: int


class Tickets:
    """Single-use and valid for a minute. Every method raises `RedisError`.

    Redis key `linka:ticket:<sha256 of the ticket>`.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def issue(self, ticket: Ticket) -> str:
        """Return a new ticket."""
        text = secrets.token_urlsafe(24)
        self._redis.set(_key(text), json.dumps(asdict(ticket)), ex=LIFETIME_SECONDS)
        return text

    def take(self, text: str) -> Ticket | None:
        """Use a ticket up; None when there is no such ticket any more."""
        found: Any = self._redis.getdel(_key(text))
        return Ticket(**json.loads(found)) if found else None


def _key(text: str) -> str:
    return f"linka:ticket:{hashlib.sha256(text.encode()).hexdigest()}"
