"""The reconciler: puts standings on the boards that a crash or an outage of Redis kept from them."""

import structlog
from peewee import DatabaseError
from redis import Redis, RedisError

from backend.clock import Clock
from backend.scoring.boards import Boards

log = structlog.get_logger(__name__)


class Reconciler:
    """Call `look` once a second. A restarted Redis may have lost its newest writes, so all boards
    are compared after every restart of Redis or of this process."""

    def __init__(self, boards: Boards, redis: Redis, clock: Clock) -> None:
        self._boards = boards
        self._redis = redis
        self._clock = clock
        self._run_id = ""

    def step(self) -> int:
        """Compare and repair; returns how many standings were put.

        Raises `RedisError` and `peewee.DatabaseError`.
        """
        run_id = str(self._redis.info("server")["run_id"])
        repaired = self._boards.reconcile(self._clock.now(), everything=run_id != self._run_id)
        self._run_id = run_id
        return repaired

    def look(self) -> None:
        """Take a step; if Redis or the database cannot be reached, the next call tries again."""
        try:
            repaired = self.step()
            if repaired:
                log.info("boards_repaired", standings=repaired)
        except RedisError as error:
            self._run_id = ""
            log.warning("board_away", error=str(error))
        except DatabaseError as error:
            log.warning("database_away", error=str(error))
