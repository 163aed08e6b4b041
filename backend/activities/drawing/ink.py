"""Keeps the drawing of a running turn and the players' signs of life in Redis.

Keys of event 42: `linka:{e42}:ink:<turn>`, the list of operations as JSON;
`linka:{e42}:ink:<turn>:points`, how many points they hold; `linka:{e42}:drawing:<activity>:here`, a
sorted set of players by the moment of their last sign of life, with `KNOWN_SINCE` by that of the
first sign of all; `…:said:<player>:<second>`, how much somebody (or `all` of a hall) said in a
second; `…:tries:<turn>:<player>`, how often a player guessed wrong in a turn, and when last.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from redis import Redis, RedisError

from backend.activities.drawing.errors import DrawingFull, StrokesMissing
from backend.activities.drawing.rules import FREE_GUESSES, LONGEST_WAIT_MS, WAIT_STEP_MS
from backend.activities.drawing.strokes import OPS_PER_TURN, POINTS_PER_TURN, Op, weight

log = structlog.get_logger(__name__)

KEPT_SECONDS = 86_400
# In the hall hundreds guess at once; phones and the screen show no more of it.
SAID_PER_SECOND = 5
WRITTEN_PER_SECOND = 3
# Stands for a player's id: the moment since which signs of life are known. Redis may have lost
# earlier ones.
KNOWN_SINCE = 0

# KEYS: ink, points, here. ARGV: place of the first operation, points, most operations, most points,
# seconds to keep, player, now, operations… Returns {-1 gap | -2 full | place of the first new one,
# length}. A repeat adds nothing: operations that are there already are skipped.
_ADD = """
local length = redis.call('LLEN', KEYS[1])
local at, sent = tonumber(ARGV[1]), #ARGV - 7
redis.call('ZADD', KEYS[3], 'NX', ARGV[7], '0')
redis.call('ZADD', KEYS[3], ARGV[7], ARGV[6])
redis.call('EXPIRE', KEYS[3], ARGV[5])
if at > length then return {-1, length} end
local known = length - at
if known >= sent then return {length, length} end
local points = tonumber(redis.call('GET', KEYS[2]) or '0') + tonumber(ARGV[2])
if at + sent > tonumber(ARGV[3]) or points > tonumber(ARGV[4]) then return {-2, length} end
for place = 8 + known, #ARGV do redis.call('RPUSH', KEYS[1], ARGV[place]) end
redis.call('SET', KEYS[2], points)
redis.call('EXPIRE', KEYS[1], ARGV[5])
redis.call('EXPIRE', KEYS[2], ARGV[5])
return {length, at + sent}
"""

# KEYS: ink, points. ARGV: points of all operations, seconds to keep, operations… Appends the
# operations that are missing, and returns how many there were before.
_RESTORE = """
local length = redis.call('LLEN', KEYS[1])
if length >= #ARGV - 2 then return length end
for place = 3 + length, #ARGV do redis.call('RPUSH', KEYS[1], ARGV[place]) end
redis.call('SET', KEYS[2], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[2])
return length
"""

# KEYS: said, tries. ARGV: now, most in a second, free guesses, step, longest wait, 1 for a wrong guess,
# seconds to keep. Returns 0 if the player may write, else how many ms are left to wait.
_WRITE = """
local wrong = tonumber(redis.call('HGET', KEYS[2], 'wrong') or '0')
local at = tonumber(redis.call('HGET', KEYS[2], 'at') or '0')
local wait = math.min(math.max(wrong - ARGV[3], 0) * ARGV[4], tonumber(ARGV[5]))
local left = at + wait - ARGV[1]
if left > 0 then return left end
local count = redis.call('INCR', KEYS[1])
redis.call('EXPIRE', KEYS[1], 10)
if count > tonumber(ARGV[2]) then return 1000 end
if ARGV[6] == '1' then
  redis.call('HINCRBY', KEYS[2], 'wrong', 1)
  redis.call('HSET', KEYS[2], 'at', ARGV[1])
  redis.call('EXPIRE', KEYS[2], ARGV[7])
end
return 0
"""


@dataclass(frozen=True)
class AddedOps:
    """Operations that are new: the place of the first, and the length of the drawing after them."""

    first: int
    count: int
    ops: list[Op]


class Ink:
    """Drawings and signs of life in Redis.

    Every method raises `RedisError`, except `seen` and `sign_of`: while Redis is away there are no
    signs of life, and nobody counts as vanished.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._add = redis.register_script(_ADD)
        self._restore = redis.register_script(_RESTORE)
        self._write = redis.register_script(_WRITE)

    def add(
        self,
        event_id: int,
        activity_id: int,
        turn_id: int,
        player_id: int,
        at: int,
        ops: Sequence[Op],
        now: int,
    ) -> AddedOps:
        """Add operations, of which the first is the `at`-th of the drawing; atomic, and a repeat
        changes nothing. Raises `StrokesMissing` or `DrawingFull`."""
        ink = _ink(event_id, turn_id)
        keys = [ink, f"{ink}:points", _here(event_id, activity_id)]
        limits = (OPS_PER_TURN, POINTS_PER_TURN, KEPT_SECONDS)
        first, count = self._add(keys, [at, weight(ops), *limits, player_id, now, *_texts(ops)])
        if first == -1:
            raise StrokesMissing(count)
        if first == -2:
            raise DrawingFull
        return AddedOps(first, count, list(ops[first - at :]))

    def ops(self, event_id: int, turn_id: int) -> list[Op]:
        """Return the whole drawing."""
        texts: Any = self._redis.lrange(_ink(event_id, turn_id), 0, -1)
        return [json.loads(text) for text in texts]

    def since(self, event_id: int, lengths: Mapping[int, int]) -> dict[int, list[Op]]:
        """Return `{turn: operations}` of several drawings, of each from its number in `lengths` on."""
        if not lengths:
            return {}
        with self._redis.pipeline(transaction=False) as pipe:
            for turn_id, length in lengths.items():
                pipe.lrange(_ink(event_id, turn_id), length, -1)
            found = pipe.execute()
        return {
            turn_id: [json.loads(text) for text in texts]
            for turn_id, texts in zip(lengths, found, strict=True)
        }

    def restore(self, event_id: int, turn_id: int, ops: Sequence[Op]) -> bool:
        """Append the operations of a drawing that Redis lacks; atomic.

        Returns whether any were missing.
        """
        ink = _ink(event_id, turn_id)
        before = self._restore([ink, f"{ink}:points"], [weight(ops), KEPT_SECONDS, *_texts(ops)])
        return int(before) < len(ops)

    def drop(self, event_id: int, turn_id: int) -> None:
        """Delete a drawing that is stored in the database."""
        ink = _ink(event_id, turn_id)
        self._redis.delete(ink, f"{ink}:points")

    def here(self, event_id: int, activity_id: int, player_id: int, now: int) -> None:
        """Note a sign of life."""
        key = _here(event_id, activity_id)
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.zadd(key, {str(KNOWN_SINCE): now}, nx=True)
            pipe.zadd(key, {str(player_id): now})
            pipe.expire(key, KEPT_SECONDS)
            pipe.execute()

    def seen(self, event_id: int, activity_id: int) -> dict[int, int]:
        """Return {player: last sign of life}, and that of `KNOWN_SINCE`; empty when none is known."""
        try:
            rows: Any = self._redis.zrange(_here(event_id, activity_id), 0, -1, withscores=True)
        except RedisError as error:
            log.warning("signs_away", error=str(error))
            return {}
        return {int(player): int(at) for player, at in rows}

    def sign_of(self, event_id: int, activity_id: int, player_id: int) -> dict[int, int]:
        """Return the same for one player only; empty when nobody gave any."""
        key = _here(event_id, activity_id)
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                for member in (KNOWN_SINCE, player_id):
                    pipe.zscore(key, str(member))
                scores = pipe.execute()
        except RedisError as error:
            log.warning("signs_away", error=str(error))
            return {}
        return {
            member: int(at)
            for member, at in zip((KNOWN_SINCE, player_id), scores, strict=True)
            if at is not None
        }

    def may_say(self, event_id: int, activity_id: int, now: int) -> bool:
        """Count one thing said to the whole hall, and say whether it is few enough this second."""
        return self._count(_said(event_id, activity_id, "all", now)) <= SAID_PER_SECOND

    def wait_ms(
        self,
        event_id: int,
        activity_id: int,
        turn_id: int,
        player_id: int,
        now: int,
        *,
        is_wrong_guess: bool,
    ) -> int:
        """Count one thing that a player wrote, and return 0; or how long they must wait first.

        Atomic. A few a second are allowed; wrong guesses in a turn make the next one wait, see
        `rules.guess_wait_ms`. What must wait is not counted.
        """
        said = _said(event_id, activity_id, player_id, now)
        tries = f"linka:{{e{event_id}}}:drawing:{activity_id}:tries:{turn_id}:{player_id}"
        arguments = (
            *(now, WRITTEN_PER_SECOND, FREE_GUESSES, WAIT_STEP_MS, LONGEST_WAIT_MS),
            *(int(is_wrong_guess), KEPT_SECONDS),
        )
        return int(self._write([said, tries], arguments))

    def _count(self, key: str) -> int:
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.incr(key)
            pipe.expire(key, 10)
            return int(pipe.execute()[0])


def _texts(ops: Sequence[Op]) -> list[str]:
    return [json.dumps(op, separators=(",", ":")) for op in ops]


def _said(event_id: int, activity_id: int, who: int | str, now: int) -> str:
    return f"linka:{{e{event_id}}}:drawing:{activity_id}:said:{who}:{now // 1000}"


def _ink(event_id: int, turn_id: int) -> str:
    return f"linka:{{e{event_id}}}:ink:{turn_id}"


def _here(event_id: int, activity_id: int) -> str:
    return f"linka:{{e{event_id}}}:drawing:{activity_id}:here"
