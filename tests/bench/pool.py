"""Reads from PostgreSQL over a network: the shared pool against a connection for each thread."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from backend.postgres import FOR_REQUESTS, PostgresDatabase, connect
from tests.bench.figures import Figure, Repeat
from tests.bench.installation import Installation
from tests.bench.live import LiveScenario
from tests.bench.scenarios import require
from tests.faults.proxy import Proxy, server_address, through

READ = "SELECT id, name FROM staff ORDER BY id LIMIT 20"
ROWS = 20

Read = Callable[[], list[Any]]


class PoolWait(LiveScenario):
    """Reads a second at ten milliseconds a round trip.

    A lock around a read would permit a tenth of them.
    """

    name = "pool_wait"
    postgresql = True
    target = 0.8
    readers = 10
    seconds = 4.0
    round_trip_seconds = 0.01

    def measure(
        self, place: Installation, bare_port: int, step: Callable[[], object]
    ) -> list[Figure]:
        """Measure connections that each belong to one thread, and the pool that threads share."""
        proxy = Proxy(server_address(place.settings.database_url))
        proxy.delay_seconds = self.round_trip_seconds
        url = through(place.settings.database_url, proxy.port)
        pool = PostgresDatabase(url, FOR_REQUESTS, self.readers)
        repeats = []
        try:
            for _ in range(self.repeats):
                bare = self._rate(lambda: _own_connection(url))
                step()
                repeats.append(Repeat(bare, self._rate(lambda: _pooled(pool))))
                step()
        finally:
            pool.close_all()
            proxy.close()
        return [Figure(self.name, self.target, repeats, unit="reads/s")]

    def _rate(self, open_read: Callable[[], AbstractContextManager[Read]]) -> float:
        """Return how many reads a second all readers make together."""
        ready = threading.Barrier(self.readers)

        def work() -> int:
            with open_read() as read:
                require(len(read()) == ROWS, "a read has too few rows")
                ready.wait(20)
                ends_at = time.monotonic() + self.seconds
                count = 0
                while time.monotonic() < ends_at:
                    read()
                    count += 1
            return count

        with ThreadPoolExecutor(self.readers) as threads:
            working = [threads.submit(work) for _ in range(self.readers)]
            return sum(one.result() for one in working) / self.seconds


@contextmanager
def _own_connection(url: str) -> Iterator[Read]:
    """Open a connection of the thread's own."""
    with connect(url, FOR_REQUESTS.statement_seconds) as connection:
        yield lambda: connection.execute(READ).fetchall()


@contextmanager
def _pooled(pool: PostgresDatabase) -> Iterator[Read]:
    """Take a connection from the pool for each read, as a request does."""

    def read() -> list[Any]:
        try:
            rows: list[Any] = pool.execute_sql(READ).fetchall()
            return rows
        finally:
            pool.close()

    yield read
