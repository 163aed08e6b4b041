"""The rules of a draw: what is committed to, who is picked, and how anybody verifies it. Pure.

Anybody can do the same with a few lines in any language. JSON is written without spaces, in UTF-8:

* pool digest = SHA-256 of `[[number, tag, name], …]`,
* commitment = SHA-256 of `[format, activity, draw, prize, count, pool digest, seed]`,
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
from itertools import count, islice
from typing import Any

FORMAT = "linka-raffle-1"
WON, ABSENT, PASSED = "won", "absent", "passed"
STATUSES = (WON, ABSENT, PASSED)

_WORD = 2**64
_STARS = "**"


@dataclass(frozen=True)
class Entry:
    """Somebody in a pool: a number from 1, a tag that only they can tell is theirs, a masked name."""

    number: int
    tag: str
    name: str


@dataclass(frozen=True)
class Terms:
    """What a draw is for; all of it is committed to."""

    activity: int
    draw: int
    prize: str
    count: int


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def masked(name: str) -> str:
    """Return a name of which the first and, from three characters on, the last can be read."""
    letters = name.strip()
    if len(letters) < 3:
        return letters[:1] + "*"
    return letters[0] + _STARS[: len(letters) - 2] + letters[-1]


def tag_of(salt: str, person: str) -> str:
    """Return a person's tag in one draw: nobody without the draw's salt can tell whose it is."""
    return hmac.digest(bytes.fromhex(salt), person.encode(), hashlib.sha256).hex()[:16]


def pool_digest(pool: Sequence[Entry]) -> str:
    """Return the digest of a pool in the order of its numbers."""
    return hashlib.sha256(_json([[e.number, e.tag, e.name] for e in pool])).hexdigest()


def commitment(terms: Terms, digest: str, seed: str) -> str:
    """Return what is shown before the draw, so that neither seed nor pool can be changed."""
    facts = [FORMAT, terms.activity, terms.draw, terms.prize, terms.count, digest, seed]
    return hashlib.sha256(_json(facts)).hexdigest()


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
    """Return a number below a bound, each as likely as any other."""
    fair = _WORD - _WORD % bound
    return next(number for number in numbers if number < fair) % bound


class NotVerified(Exception):
    """A file does not show a fair draw; the text says why, for people."""


@dataclass(frozen=True)
class Verified:
    """What a file was found to show."""

    terms: Terms
    commitment: str
    people: int
    won: int
    absent: int


def verify(document: Any) -> Verified:
    """Draw again what a file says was drawn; raises `NotVerified`. Needs nothing but the file."""
    try:
        return _verified(document)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise NotVerified("文件不完整，或不是抽奖记录") from None


def _verified(document: Any) -> Verified:
    if document["format"] != FORMAT:
        raise NotVerified("文件不完整，或不是抽奖记录")
    terms = Terms(*(document[name] for name in ("activity", "draw", "prize", "count")))
    pool = [Entry(row["number"], row["tag"], row["name"]) for row in document["pool"]]
    seed, committed = document["seed"], document["commitment"]
    if seed is None:
        raise NotVerified("种子还没有公布，公布之后才能核对")
    if [entry.number for entry in pool] != list(range(1, len(pool) + 1)):
        raise NotVerified("名单的编号不连续")
    if len({entry.tag for entry in pool}) != len(pool):
        raise NotVerified("名单里有重复的人")
    if commitment(terms, pool_digest(pool), seed) != committed:
        raise NotVerified("名单、种子或奖项与事先公布的承诺不一致")
    picks = [(pick["number"], pick["status"]) for pick in document["picks"]]
    drawn = order(seed, committed, document["word"] or "", len(pool))
    if [number for number, _ in picks] != list(islice(drawn, len(picks))):
        raise NotVerified("中奖顺序与重新抽取的结果不一致")
    statuses = [status for _, status in picks]
    if not set(statuses) <= set(STATUSES) or statuses.count(WON) > terms.count:
        raise NotVerified("中奖人数比事先公布的多")
    return Verified(terms, committed, len(pool), statuses.count(WON), statuses.count(ABSENT))
