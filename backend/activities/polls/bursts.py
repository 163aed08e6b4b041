"""Bursts of ballots: many from one address, or many at all, within a minute. Flagged, never dropped.

Ballots are counted in Redis, in a hash per poll whose fields are a minute and an address. Addresses
are hashed with a key that Redis alone holds, another for each poll, and fields of past minutes are
deleted once they were examined. What is flagged is written to the database as a count, of an
anonymous poll without the minute: so a flag identifies neither a ballot nor a person.

The keys of poll 7 of event 42 are `linka:{e42}:poll:7:bursts` and `linka:{e42}:poll:7:bursts:key`.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from redis import Redis, RedisError

from backend.activities.polls.models import Poll, PollFlag
from backend.db import Database
from backend.scoring.ledger import Calendar

log = structlog.get_logger(__name__)

ADDRESS, MINUTE = "address", "minute"
MINUTE_MS = 60_000
KEPT_SECONDS = 90 * 86_400
_EVERYBODY = "*"
_KEYS_KNOWN = 1000


@dataclass(frozen=True)
class _Count:
    """A number of ballots within a minute, from one address or from all."""

    field: str
    ballots: int

    @property
    def minute(self) -> int:
        return int(self.field.partition(":")[0])

    @property
    def address(self) -> str:
        return self.field.partition(":")[2]

    @property
    def kind(self) -> str:
        return MINUTE if self.address == _EVERYBODY else ADDRESS


class Bursts:
    """Counts ballots by minute and address. Build one per process."""

    def __init__(self, database: Database, redis: Redis, calendar: Calendar) -> None:
        self._database = database
        self._redis = redis
        self._calendar = calendar
        self._keys: dict[str, bytes] = {}

    def note(self, event_id: int, poll_id: int, address: str, now: int) -> None:
        """Count a ballot; if Redis cannot be reached, it is not counted."""
        name, minute = _name(event_id, poll_id), now // MINUTE_MS
        try:
            hashed = _hashed(self._key(name), address)
            with self._redis.pipeline(transaction=False) as pipe:
                pipe.hincrby(name, f"{minute}:{hashed}", 1)
                pipe.hincrby(name, f"{minute}:{_EVERYBODY}", 1)
                pipe.expire(name, KEPT_SECONDS)
                pipe.execute()
        except RedisError as error:
            log.warning("bursts_away", error=str(error))

    def flag(self, poll: Poll, settings: dict[str, Any], now: int) -> None:
        """Store bursts and drop the counts of past minutes, unless Redis cannot be reached."""
        name = _name(poll.activity.event_id, poll.id)
        try:
            counts = list(self._counts(name))
            if not counts:
                return
            self._write(poll, self._key(name), [one for one in counts if _is_burst(one, settings)])
            over = [one.field for one in counts if one.minute < now // MINUTE_MS - 1]
            if over:
                self._redis.hdel(name, *over)
        except RedisError as error:
            log.warning("bursts_away", error=str(error))

    def _counts(self, name: str) -> Iterator[_Count]:
        found: Any = self._redis.hgetall(name)
        for field, ballots in found.items():
            yield _Count(field.decode(), int(ballots))

    def _write(self, poll: Poll, key: bytes, bursts: list[_Count]) -> None:
        if not bursts:
            return
        with self._database.write():
            for one in bursts:
                minute_at = one.minute * MINUTE_MS
                PollFlag.insert(
                    poll=poll,
                    mark=_hashed(key, one.field),
                    kind=one.kind,
                    address=one.address if one.kind == ADDRESS else "",
                    day=self._calendar.day(minute_at),
                    minute_at=None if poll.anonymous else minute_at,
                    ballots=one.ballots,
                ).on_conflict(
                    conflict_target=[PollFlag.poll, PollFlag.mark],
                    preserve=[PollFlag.ballots],
                    where=PollFlag.ballots < one.ballots,
                ).execute()

    def _key(self, name: str) -> bytes:
        """Return the key of a poll, which the first process that needs it creates."""
        if name not in self._keys:
            self._redis.set(f"{name}:key", secrets.token_bytes(32), nx=True, ex=KEPT_SECONDS)
            found: Any = self._redis.get(f"{name}:key")
            if len(self._keys) >= _KEYS_KNOWN:
                self._keys.clear()
            self._keys[name] = found or b""
        return self._keys[name]


def _name(event_id: int, poll_id: int) -> str:
    return f"linka:{{e{event_id}}}:poll:{poll_id}:bursts"


def _hashed(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()[:16]


def _is_burst(one: _Count, settings: dict[str, Any]) -> bool:
    limit = "burst_in_minute" if one.kind == MINUTE else "burst_from_address"
    return one.ballots >= int(settings[limit])
