"""The counts of a round in Redis, shared by all processes.

The keys of round 7 of event 42 start with `linka:{e42}:shake:7-<begun_at>`, which no other round can
have, not even one that takes its id after a wipe:

* itself: a sorted set of counts by player. Its member `begun` is the mark of a whole set: its score
  is -1, or, where Redis lost what it had, the negative moment at which that was noticed. Its member
  `closed` says that the counts were read to be scored: no count is taken any more.
* `:rates`: a sorted set of implausible rates by player. These players add nothing to their teams.
* `:cards`: a hash of names, player → `[name, team]`.
* `:totals`, `:people`: hashes by team, of the sum of its counts and of those who shook.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from redis import Redis
from redis.commands.core import Script

from backend.live.trips import RoundTrips
from backend.offload.steps import chunks

KEPT_SECONDS = 7 * 86_400
WHOLE = -1
# In place of a mark: the counts are closed, and the call changed nothing.
CLOSED = 0
_AT_ONCE = 2000

# ARGV: moment, seconds to keep, then groups of five. Only a higher count changes anything, so that
# a repeat changes nothing. Returns the mark, or 0 where the counts are closed.
_RAISE = """
if redis.call('ZSCORE', KEYS[1], 'closed') then return '0' end
local key, mark = KEYS[1], redis.call('ZSCORE', KEYS[1], 'begun')
if not mark then
  mark = '-' .. ARGV[1]
  redis.call('ZADD', key, mark, 'begun')
end
for i = 3, #ARGV, 5 do
  local player, count, rate, team, card = unpack(ARGV, i, i + 4)
  local before = tonumber(redis.call('ZSCORE', key, player) or '0')
  local more = tonumber(count) - before
  local excluded = redis.call('ZSCORE', key .. ':rates', player)
  if rate ~= '' then
    redis.call('ZADD', key .. ':rates', 'GT', rate, player)
    if not excluded and before > 0 and team ~= '' then
      redis.call('HINCRBY', key .. ':totals', team, -before)
      redis.call('HINCRBY', key .. ':people', team, -1)
    end
    excluded = true
  end
  if more > 0 then
    redis.call('ZADD', key, count, player)
    if team ~= '' and not excluded then
      redis.call('HINCRBY', key .. ':totals', team, more)
      if before == 0 then redis.call('HINCRBY', key .. ':people', team, 1) end
    end
  end
  if card ~= '' and (before == 0 or rate ~= '') then
    redis.call('HSET', key .. ':cards', player, card)
  end
end
for _, name in ipairs({'', ':rates', ':cards', ':totals', ':people'}) do
  redis.call('EXPIRE', key .. name, ARGV[2])
end
return mark
"""

# ARGV: how many rows. Returns mark, members, [player, count…], [card…], totals and people by team.
# Players with an implausible rate come behind all others.
_TOP = """
local key, most = KEYS[1], 2 * ARGV[1]
local excluded = redis.call('ZCARD', key .. ':rates')
local found = redis.call('ZREVRANGEBYSCORE', key, '+inf', 1, 'WITHSCORES', 'LIMIT', 0,
                         ARGV[1] + excluded)
local rows, behind = {}, {}
for i = 1, #found, 2 do
  local last = excluded > 0 and redis.call('ZSCORE', key .. ':rates', found[i])
  local into = last and behind or rows
  into[#into + 1], into[#into + 2] = found[i], found[i + 1]
end
for i = 1, #behind do rows[#rows + 1] = behind[i] end
for i = #rows, most + 1, -1 do rows[i] = nil end
local cards = {}
for i = 1, #rows, 2 do cards[#cards + 1] = redis.call('HGET', key .. ':cards', rows[i]) end
return {redis.call('ZSCORE', key, 'begun'), redis.call('ZCOUNT', key, 1, '+inf'), rows, cards,
        redis.call('HGETALL', key .. ':totals'), redis.call('HGETALL', key .. ':people')}
"""

# Returns mark and [player, count…].
_ALL = """
return {redis.call('ZSCORE', KEYS[1], 'begun'),
        redis.call('ZRANGEBYSCORE', KEYS[1], 1, '+inf', 'WITHSCORES')}
"""

# The same, and closes the counts.
_CLOSE = "redis.call('ZADD', KEYS[1], -1, 'closed')" + _ALL

# Returns mark, [player, rate…], [card…]: the fastest first.
_FLAGGED = """
local key = KEYS[1]
local rates = redis.call('ZREVRANGE', key .. ':rates', 0, -1, 'WITHSCORES')
local cards = {}
for i = 1, #rates, 2 do cards[#cards + 1] = redis.call('HGET', key .. ':cards', rates[i]) end
return {redis.call('ZSCORE', key, 'begun'), rates, cards}
"""

Call = tuple[Script, str, Iterable[Any]]


@dataclass(frozen=True, slots=True)
class PlayerCount:
    """A player's count in this process; the names are sent to Redis once."""

    player_id: int
    count: int
    rate: int | None
    team_id: int | None
    card: str

    def arguments(self) -> tuple[Any, ...]:
        """Return the five arguments that the script takes."""
        rate = "" if self.rate is None else self.rate
        return self.player_id, self.count, rate, self.team_id or "", self.card


@dataclass(frozen=True, slots=True)
class CountRow:
    """A leading player; or one who is implausibly fast, with the rate as `count`."""

    player_id: int
    name: str
    team: str | None
    count: int


@dataclass(frozen=True)
class LeadingCounts:
    """The leading players; `teams` is {team: (sum of counts, people)}."""

    mark: int | None
    shakers: int
    rows: Sequence[CountRow]
    teams: dict[int, tuple[int, int]]


@dataclass(frozen=True)
class Reading:
    """All data of a round in Redis; `mark` is None if there is none."""

    mark: int | None
    counts: dict[int, int]
    flagged: Sequence[CountRow]


class Counts:
    """Writes and reads the counts of all rounds. Every method raises `RedisError`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._trips = RoundTrips(redis)
        self._raise = redis.register_script(_RAISE)
        self._top = redis.register_script(_TOP)
        self._all = redis.register_script(_ALL)
        self._close = redis.register_script(_CLOSE)
        self._flagged = redis.register_script(_FLAGGED)

    def open(self, key: str) -> None:
        """Mark the counts of a round that has just begun as complete."""
        with self._redis.pipeline() as pipe:
            pipe.zadd(key, {"begun": WHOLE}, nx=True)
            pipe.expire(key, KEPT_SECONDS)
            pipe.execute()

    def run(self, calls: Sequence[Call]) -> list[Any]:
        """Run calls in one round trip and return their replies."""
        return self._trips.run_all(calls) if calls else []

    def server_of(self, key: str) -> str:
        """Return the address of the server that got the last call about a round."""
        return self._trips.server_of(key)

    def raising(self, key: str, marks: Sequence[PlayerCount], now: int) -> list[Call]:
        """Return the calls that send counts to Redis; the reply to each is the mark."""
        calls: list[Call] = []
        for some in chunks(marks, _AT_ONCE):
            arguments = [now, KEPT_SECONDS]
            for mark in some:
                arguments += mark.arguments()
            calls.append((self._raise, key, arguments))
        return calls

    def note_loss(self, key: str, now: int) -> None:
        """Mark a round whose counts Redis lost, so that all processes send theirs again."""
        self._trips.run(self._raise, key, [now, KEPT_SECONDS])

    def asking_top(self, key: str, rows: int) -> Call:
        """Return the call for the first players and all teams; `top_of` reads its reply."""
        return self._top, key, [rows]

    def asking_everything(self, key: str) -> list[Call]:
        """Return the calls for all data of a round; `reading_of` reads their replies."""
        return [(self._all, key, []), (self._flagged, key, [])]

    def closing(self, key: str) -> list[Call]:
        """Return the same calls, of which the first also closes the counts: whatever comes later is
        refused, so that nothing is acknowledged that is not scored."""
        return [(self._close, key, []), (self._flagged, key, [])]

    def flagged(self, key: str) -> list[CountRow]:
        """Return players who claimed an implausible rate, the fastest first."""
        return _flagged_of(self._trips.run(self._flagged, key, []))

    def count_of(self, key: str, player_id: int) -> int:
        """Return a player's count, 0 without one."""
        found: Any = self._redis.zscore(key, str(player_id))
        return int(found or 0)


def mark_of(reply: bytes | None) -> int | None:
    """Read a mark."""
    return None if reply is None else int(float(reply))


def top_of(reply: Any) -> LeadingCounts:
    """Read the reply to `asking_top`."""
    mark, shakers, flat, cards, totals, people = reply
    sums, heads = _numbers(totals), _numbers(people)
    teams = {team: (total, heads.get(team, 0)) for team, total in sums.items()}
    return LeadingCounts(mark_of(mark), int(shakers), _rows(flat, cards), teams)


def reading_of(everything: Any, flagged: Any) -> Reading:
    """Read the replies to `asking_everything`."""
    mark, flat = everything
    return Reading(mark_of(mark), _numbers(flat), _flagged_of(flagged))


def _flagged_of(reply: Any) -> list[CountRow]:
    _, rates, cards = reply
    return _rows(rates, cards)


def _numbers(flat: Sequence[bytes]) -> dict[int, int]:
    return {
        int(member): int(float(score)) for member, score in zip(flat[::2], flat[1::2], strict=True)
    }


def _rows(flat: Sequence[bytes], cards: Sequence[bytes | None]) -> list[CountRow]:
    rows = zip(_numbers(flat).items(), cards, strict=True)
    return [CountRow(player_id, *_names(card), number) for (player_id, number), card in rows]


def _names(card: bytes | None) -> tuple[str, str | None]:
    name, team = json.loads(card) if card else ("", None)
    return name, team
