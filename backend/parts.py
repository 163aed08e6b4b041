"""The parts that the app, the worker and the shell have in common."""

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.activities.contest.play import ContestPlay
from backend.activities.drawing.play import DrawingPlay
from backend.activities.keywords.play import KeywordsPlay
from backend.activities.polls.play import PollsPlay
from backend.activities.raffle.play import RafflePlay
from backend.activities.shake.play import ShakePlay
from backend.config import Settings
from backend.db import Database
from backend.events.play import Play
from backend.keys import Secret
from backend.live import embedded
from backend.live.feed import Feed
from backend.scoring.boards import Boards
from backend.scoring.leaderboard import Leaderboard
from backend.scoring.ledger import Calendar
from backend.scoring.scorekeeper import Scorekeeper
from backend.web.limits import Limits

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


def plays(scores: Scorekeeper, feed: Feed, client: redis.Redis, secret: Secret) -> dict[str, Play]:
    """Return the kinds that are played live, for the app and for the worker."""
    built: list[Play] = [
        ContestPlay(scores, feed),
        ShakePlay(scores, feed, client),
        DrawingPlay(scores, feed, client),
        KeywordsPlay(scores, feed, Limits(client)),
        RafflePlay(feed, client),
        PollsPlay(scores, feed, client, secret),
    ]
    return {play.kind: play for play in built}
