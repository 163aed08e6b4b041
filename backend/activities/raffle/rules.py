"""The rules of a draw: what is committed to, and who is picked. Pure; see `verifying` for the record.

Anybody can do the same with a few lines in any language. JSON is written without spaces, in UTF-8:

* pool digest = SHA-256 of `[[number, tag, name], …]`,
* commitment = SHA-256 of
  `[format, activity, draw, prize, count, waiting seconds, pool digest, seed]`; records of the
  earlier format `linka-raffle-1` have no waiting seconds,
* the key is HMAC-SHA-256(seed as bytes, `[commitment, word]`), the word empty when there is none,
* the stream is HMAC-SHA-256(key, 8 bytes of counter 0, 1, 2, …), read as big-endian numbers of
  64 bits; a number below n is one of these modulo n, those at or above the largest multiple of n
  are passed over,
* the order of all numbers of the pool is a shuffle: the i-th is swapped with the (i + a number
  below what is left)-th, from the front.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from backend.events import visibility

FORMAT, FORMAT_WITHOUT_CALLS = "linka-raffle-2", "linka-raffle-1"
WON, ABSENT, PASSED = "won", "absent", "passed"
STATUSES = (WON, ABSENT, PASSED)

# The waiting time after a call.
WAITING_SECONDS, LEAST_WAITING_SECONDS = 60, 30
# The longest waiting time in a rehearsal, whose draws are wiped.
REHEARSAL_WAITING_SECONDS = 5
# From how many no-shows, or people passed over, verifying warns: at least this number, and more
# than this share of them and the winners.
MANY, MANY_SHARE = 2, 0.2

_WORD = 2**64

masked = visibility.masked_name


@dataclass(frozen=True)
class PoolEntry:
    """A person in a pool: a number from 1, a tag that only they can recognise, a masked name."""

    number: int
    tag: str
    name: str


@dataclass(frozen=True)
class DrawTerms:
    """The terms of a draw, all of which are in the commitment. `waiting_seconds` is null in records
    of the format without calls."""

    activity: int
    draw: int
    prize: str
    count: int
    waiting_seconds: int | None

    @property
    def format(self) -> str:
        """The format of the record."""
        return FORMAT_WITHOUT_CALLS if self.waiting_seconds is None else FORMAT


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def tag_of(salt: str, person: str) -> str:
    """Return a person's tag in one draw, which cannot be linked to them without the draw's salt."""
    return hmac.digest(bytes.fromhex(salt), person.encode(), hashlib.sha256).hex()[:16]


def pool_digest(pool: Sequence[PoolEntry]) -> str:
    """Return the digest of a pool in the order of its numbers."""
    return hashlib.sha256(_json([[e.number, e.tag, e.name] for e in pool])).hexdigest()


def commitment(terms: DrawTerms, digest: str, seed: str) -> str:
    """Return the commitment, which is shown before the draw, so that neither seed nor pool can be
    changed later."""
    facts = [terms.format, terms.activity, terms.draw, terms.prize, terms.count]
    waiting = [] if terms.waiting_seconds is None else [terms.waiting_seconds]
    return hashlib.sha256(_json([*facts, *waiting, digest, seed])).hexdigest()


def order(seed: str, committed: str, word: str, size: int) -> Iterator[int]:
    """Yield the numbers 1 to `size` in the order in which they are picked, each once."""
    key = hmac.digest(bytes.fromhex(seed), _json([committed, word]), hashlib.sha256)
    numbers = _stream(key)
    left = list(range(1, size + 1))
    for place in range(size):
        other = place + _below(size - place, numbers)
        left[place], left[other] = left[other], left[place]
        yield left[place]


def _stream(key: bytes) -> Iterator[int]:
    for counter in count():
        block = hmac.digest(key, counter.to_bytes(8, "big"), hashlib.sha256)
        for start in range(0, len(block), 8):
            yield int.from_bytes(block[start : start + 8], "big")


def _below(bound: int, numbers: Iterator[int]) -> int:
    """Return a number below a bound, all equally likely."""
    fair = _WORD - _WORD % bound
    return next(number for number in numbers if number < fair) % bound


def are_many(won: int, without: int) -> bool:
    """Return whether so many people who were drawn got no prize that verifying warns."""
    return without >= MANY and without > MANY_SHARE * (won + without)
