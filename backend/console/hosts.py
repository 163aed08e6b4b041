"""Which hosts have the run page of an event open, so that two hosts know of each other.

Redis key `linka:{e42}:hosts`: a sorted set of accounts by their last sign of life.
"""

from redis import Redis, RedisError

from backend.identity.models import Account, Staff

# The page sends a sign of life at least every 20 seconds.
GONE_MS = 60_000


class OpenRunPages:
    """The open run pages. While Redis cannot be reached, there seem to be none."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def note(self, event_id: int, account_id: int, now: int) -> list[int]:
        """Store a sign of life of a host and return the accounts of the other hosts."""
        key = f"linka:{{e{event_id}}}:hosts"
        try:
            with self._redis.pipeline() as pipe:
                pipe.zadd(key, {str(account_id): now})
                pipe.zremrangebyscore(key, "-inf", now - GONE_MS)
                pipe.zrange(key, 0, -1)
                pipe.expire(key, GONE_MS // 1000)
                there = pipe.execute()[2]
        except RedisError:
            return []
        return [int(one) for one in there if int(one) != account_id]


def names_of(account_ids: list[int]) -> list[str]:
    """Return the names of hosts: those of the roster, else those that they have in WeChat."""
    rows = (
        Account.select(Account.nickname, Staff.name)
        .left_outer_join(Staff, on=(Staff.account == Account.id))
        .where(Account.id.in_(account_ids))
        .order_by(Account.id)
        .tuples()
    )
    return [name or nickname or "另一位主持人" for nickname, name in rows]
