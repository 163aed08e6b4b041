"""The parts that the app, the worker and the shell have in common."""

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
# Every event that is watched keeps one or two of them busy.
REDIS_CONNECTIONS = 200


def connect_redis(settings: Settings) -> redis.Redis:
    """Return a client that gives up soon, so that a Redis that is away blocks nobody.

    Who finds all its connections taken waits for one, as for an answer.
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
    """Return what scores and what handles whole boards, for the app and for the shell."""
    leaderboard = Leaderboard(client)
    calendar = Calendar(settings.timezone, settings.day_boundary_hour)
    scores = Scorekeeper(database, leaderboard, calendar)
    return scores, Boards(scores, Feed(client))
