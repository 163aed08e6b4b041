"""The reconciler: puts standings on the boards that are missing after a crash or an outage of
Redis.

* Once a second: standings of the last seconds, and events without whole boards, which are missing
  after Redis has lost all data.
* After every restart of Redis, an outage, or a failover: the versions of all standings.
* Every ten seconds: everything that the boards of one event show, one event after the other. What
  differs in two comparisons is built anew. After a comparison that took long, the next one comes
  later, so that large events do not keep the process busy.
"""

from contextlib import suppress

import structlog
from peewee import DatabaseError
from redis import Redis, RedisError

from backend import metrics
from backend.clock import Clock
from backend.db import reason
from backend.live.checks import server_ids
from backend.scoring.boards import UNDER_WAY_MS, Boards

log = structlog.get_logger(__name__)

COMPARED_EVERY_MS = 10_000
# The pause after a comparison is at least so many times as long as it took.
PAUSES = 20


class Reconciler:
    """Call `look` once a second. A restarted Redis may have lost its newest writes, so all boards
    are compared after every restart of Redis or of this process."""

    def __init__(self, boards: Boards, redis: Redis, clock: Clock) -> None:
        self._boards = boards
        self._redis = redis
        self._clock = clock
        self._servers: frozenset[str] = frozenset()
        # Standings of before this moment are on the boards.
        self._right_until = clock.now()
        self._compare_at = self._right_until + COMPARED_EVERY_MS
        self._compared: int = 0
        self._suspected: dict[int, set[str]] = {}

    def step(self) -> int:
        """Compare and repair; returns how many standings were put.

        Raises `RedisError` and `peewee.DatabaseError`.
        """
        servers, now = server_ids(self._redis), self._clock.now()
        repaired = self._boards.reconcile(now, everything=servers != self._servers)
        self._servers, self._right_until = servers, now - UNDER_WAY_MS
        self._compare(now)
        return repaired

    def lag_seconds(self) -> float:
        """Return how far the boards are behind: the age of the oldest standing since the last
        successful step; 0 without one. Raises `peewee.DatabaseError`."""
        oldest = self._boards.oldest_change(self._right_until)
        return 0.0 if oldest is None else (self._clock.now() - oldest) / 1000

    def _compare(self, now: int) -> None:
        """Compare what the next event's boards show when it is time, or once more those of a
        suspected event.
        """
        for event_id, before in list(self._suspected.items()):
            if before & set(self._boards.compare(event_id).differences):
                log.warning("boards_wrong", event_id=event_id, differences=sorted(before)[:3])
                self._boards.build(event_id)
            del self._suspected[event_id]
        if now < self._compare_at:
            return
        self._compare_at = now + COMPARED_EVERY_MS
        events = self._boards.open_events()
        following = [event_id for event_id in events if event_id > self._compared] or events
        if following:
            self._compared = following[0]
            differences = set(self._boards.compare(self._compared).differences)
            if differences:
                self._suspected[self._compared] = differences
        took = self._clock.now() - now
        self._compare_at = now + max(COMPARED_EVERY_MS, PAUSES * took)

    def look(self) -> None:
        """Take a step; if Redis or the database cannot be reached, the next call tries again."""
        try:
            repaired = self.step()
            metrics.BOARDS_REPAIRED.inc(repaired)
            metrics.BOARDS_COMPARED.set_to_current_time()
            metrics.BOARD_LAG.set(0)
            if repaired:
                log.info("boards_repaired", standings=repaired)
        except RedisError as error:
            self._servers = frozenset()
            log.warning("board_away", error=str(error))
            self._measure_lag()
        except DatabaseError as error:
            log.warning("database_away", error=reason(error))

    def _measure_lag(self) -> None:
        with suppress(DatabaseError):
            metrics.BOARD_LAG.set(self.lag_seconds())
