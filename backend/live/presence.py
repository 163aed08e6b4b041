"""Presence: who is here, over all processes; a phone that reconnects is counted once.

Keys of event 42: `linka:{e42}:present`, a sorted set of players by the moment of their last sign of
life, and `linka:{e42}:present:line`, {player: the newest of their connections}.
"""

from typing import Any

from redis import Redis

from backend.live.trips import Trips

# Somewhat more than the silence after which a socket is closed.
GONE_MS = 80_000

# ARGV: player, connection, now.
_ENTER = """
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[1] .. ':line', ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], 86400)
redis.call('EXPIRE', KEYS[1] .. ':line', 86400)
"""
_LEAVE = """
if redis.call('HGET', KEYS[1] .. ':line', ARGV[1]) == ARGV[2] then
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('HDEL', KEYS[1] .. ':line', ARGV[1])
end
"""


class Presence:
    """Who is here. Every method raises `RedisError`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._trips = Trips(redis)
        self._enter = redis.register_script(_ENTER)
        self._leave = redis.register_script(_LEAVE)

    def enter(self, event_id: int, player_id: int, connection: str, now: int) -> None:
        """Note a sign of life of a player on a connection."""
        self._trips.run(self._enter, _key(event_id), (player_id, connection, now))

    def leave(self, event_id: int, player_id: int, connection: str) -> None:
        """Forget a player, unless they have come back on another connection since."""
        self._trips.run(self._leave, _key(event_id), (player_id, connection))

    def count(self, event_id: int, now: int) -> int:
        """Return how many players are here."""
        return int(self._redis.zcount(_key(event_id), now - GONE_MS, "+inf"))

    def players(self, event_id: int, now: int) -> set[int]:
        """Return the players who are here."""
        found: Any = self._redis.zrangebyscore(_key(event_id), now - GONE_MS, "+inf")
        return {int(player_id) for player_id in found}


def _key(event_id: int) -> str:
    return f"linka:{{e{event_id}}}:present"
