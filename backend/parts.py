"""Builds the objects that the app, the worker and the command line share."""

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.config import Settings
from backend.db import Database
from backend.live import embedded
from backend.live.feed import Feed
from backend.scoring.boards import Boards
from backend.scoring.leaderboard import Leaderboard
from backend.scoring.ledger import Calendar
from backend.scoring.scorekeeper import Scorekeeper

REDIS_SECONDS = 2
# Each watched event uses one or two connections all the time.
REDIS_CONNECTIONS = 200


def connect_redis(settings: Settings) -> redis.Redis:
    """Return a client with short timeouts, so that a Redis that cannot be reached blocks no
    request.

    When the pool is exhausted, callers wait up to the timeout.
    """
    pool = redis.BlockingConnectionPool.from_url(
        embedded.url_of(settings),
        max_connections=REDIS_CONNECTIONS,
        timeout=REDIS_SECONDS,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=1,
        retry=Retry(NoBackoff(), 1),
    )
    return redis.Redis.from_pool(pool)


def scoring(
    settings: Settings, database: Database, client: redis.Redis
) -> tuple[Scorekeeper, Boards]:
    """Return the scorekeeper and the boards, for the app and for the command line."""
    leaderboard = Leaderboard(client)
    calendar = Calendar(settings.timezone, settings.day_boundary_hour)
    scores = Scorekeeper(database, leaderboard, calendar)
    return scores, Boards(scores, Feed(client))
