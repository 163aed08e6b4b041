"""The metrics of Linka; `/metrics` shows them for all processes of a machine together.

Each process writes its own files in the folder that `PROMETHEUS_MULTIPROC_DIR` names. Without that
variable, as in tests and in commands, a process has metrics of its own.
"""

import os
from typing import Final

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from backend.metric_files import FOLDER

_SHORT: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

ACKNOWLEDGED: Final = Counter(
    "linka_acknowledged",
    "Answers, replies, ballots, logins and readings of posts that were acknowledged, repeats included",
    ["what"],
)
REQUESTS: Final = Counter("linka_requests", "Answered requests by class of status", ["status"])
BOARD_PUTS_FAILED: Final = Counter(
    "linka_board_puts_failed", "Standings that Redis did not take at once"
)
BOARDS_REPAIRED: Final = Counter(
    "linka_boards_repaired", "Standings that a worker put on their boards later"
)
BOARDS_COMPARED: Final = Gauge(
    "linka_boards_compared_timestamp_seconds",
    "When a worker last found the newest standings on the boards, or put them there",
    multiprocess_mode="max",
)
BOARD_LAG: Final = Gauge(
    "linka_board_lag_seconds",
    "How far the boards are behind: age of the oldest standing that a worker could not compare",
    multiprocess_mode="livemax",
)
FEED_LAG: Final = Histogram(
    "linka_feed_lag_seconds", "Age of a message of a feed when it is read", buckets=_SHORT
)
SOCKETS: Final = Gauge("linka_sockets", "Open sockets of phones", multiprocess_mode="livesum")
STREAMS: Final = Gauge("linka_streams", "Open streams of screens", multiprocess_mode="livesum")
DROPPED: Final = Counter(
    "linka_dropped_to_snapshot", "Readers that were too slow and got a snapshot", ["reader"]
)
LOOP_LAG: Final = Histogram(
    "linka_loop_lag_seconds", "How late a timer of a second fires", buckets=_SHORT
)
POOL_WAIT: Final = Histogram(
    "linka_pool_wait_seconds", "Waits for a free connection to PostgreSQL", buckets=_SHORT
)
POOL_USED: Final = Gauge(
    "linka_pool_used", "Connections to PostgreSQL in use", multiprocess_mode="livesum"
)
REPORT_READS: Final = Counter(
    "linka_report_reads",
    "Reports and lists of hosts by the server that was read, where there is a replica for them",
    ["server"],
)
REDIS_SILENT: Final = Gauge(
    "linka_redis_silent",
    "1 while a Redis does not answer and is left alone",
    ["address"],
    multiprocess_mode="livemax",
)
WAL_BYTES: Final = Gauge(
    "linka_sqlite_wal_bytes", "Size of SQLite's write-ahead log", multiprocess_mode="livemax"
)
WECHAT_ERRORS: Final = Counter(
    "linka_wechat_errors",
    "Calls to WeChat that failed, by errcode, `away` or `unreadable`",
    ["code"],
)


def shown() -> bytes:
    """Return all metrics in the text format of Prometheus."""
    if FOLDER not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)
