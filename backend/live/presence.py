"""Presence: which players have a socket open, over all processes; a phone that reconnects is
counted once.

Keys of event 42: `linka:{e42}:present`, a sorted set of players by the moment of their last sign of
life, and `linka:{e42}:present:line`, {player: their connections, the newest last}.
"""

from typing import Any

from redis import Redis

from backend.live.trips import RoundTrips

# Somewhat more than the silence after which a socket is closed.
GONE_MS = 80_000

# A mini program may hold five sockets, and one that reconnects leaves old ones behind.
MOST_CONNECTIONS = 3

# ARGV: player, connection, now, '1' for a connection that opens, how many there may be. Returns the
# connections that have lost their place.
_ENTER = """
local known, lines, gone = false, {}, {}
for line in string.gmatch(redis.call('HGET', KEYS[1] .. ':line', ARGV[1]) or '', '%S+') do
  lines[#lines + 1] = line
  known = known or line == ARGV[2]
end
if not known then
  if ARGV[4] == '0' and #lines >= tonumber(ARGV[5]) then return {ARGV[2]} end
  lines[#lines + 1] = ARGV[2]
  while #lines > tonumber(ARGV[5]) do gone[#gone + 1] = table.remove(lines, 1) end
  redis.call('HSET', KEYS[1] .. ':line', ARGV[1], table.concat(lines, ' '))
end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
redis.call('EXPIRE', KEYS[1], 86400)
redis.call('EXPIRE', KEYS[1] .. ':line', 86400)
return gone
"""
_LEAVE = """
local lines = {}
for line in string.gmatch(redis.call('HGET', KEYS[1] .. ':line', ARGV[1]) or '', '%S+') do
  if line ~= ARGV[2] then lines[#lines + 1] = line end
end
if #lines > 0 then
  redis.call('HSET', KEYS[1] .. ':line', ARGV[1], table.concat(lines, ' '))
else
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('HDEL', KEYS[1] .. ':line', ARGV[1])
end
"""


class Presence:
    """Which players are present. Every method raises `RedisError`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._trips = RoundTrips(redis)
        self._enter = redis.register_script(_ENTER)
        self._leave = redis.register_script(_LEAVE)

    def enter(
        self, event_id: int, player_id: int, connection: str, now: int, *, opens: bool = True
    ) -> list[str]:
        """Note a sign of life of a player on a connection, which `opens` or was opened before.

        Returns the connections that have lost their place to newer ones, the oldest first.
        """
        arguments = (player_id, connection, now, int(opens), MOST_CONNECTIONS)
        gone: Any = self._trips.run(self._enter, _key(event_id), arguments)
        return [line.decode() for line in gone]

    def leave(self, event_id: int, player_id: int, connection: str) -> None:
        """Forget a connection, and with their last one the player."""
        self._trips.run(self._leave, _key(event_id), (player_id, connection))

    def count(self, event_id: int, now: int) -> int:
        """Return how many players are present."""
        return int(self._redis.zcount(_key(event_id), now - GONE_MS, "+inf"))

    def players(self, event_id: int, now: int) -> set[int]:
        """Return the players who are present."""
        found: Any = self._redis.zrangebyscore(_key(event_id), now - GONE_MS, "+inf")
        return {int(player_id) for player_id in found}


def _key(event_id: int) -> str:
    return f"linka:{{e{event_id}}}:present"
