"""Builds the objects that the app, the worker and the command line share."""

import redis

from backend.config import Settings
from backend.db import Database
from backend.live.feed import Feed
from backend.scoring.boards import Boards
from backend.scoring.leaderboard import Leaderboard
from backend.scoring.ledger import Calendar
from backend.scoring.scorekeeper import Scorekeeper


def scoring(
    settings: Settings, database: Database, client: redis.Redis
) -> tuple[Scorekeeper, Boards]:
    """Return the scorekeeper and the boards, for the app and for the command line."""
    leaderboard = Leaderboard(client)
    calendar = Calendar(settings.timezone, settings.day_boundary_hour)
    scores = Scorekeeper(database, leaderboard, calendar)
    return scores, Boards(scores, Feed(client))
