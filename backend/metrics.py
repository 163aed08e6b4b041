"""The metrics of Linka; `/metrics` shows them for all processes of a machine together.

Each process writes its own files in the folder that `PROMETHEUS_MULTIPROC_DIR` names. Without that
variable, as in tests and in commands, a process has metrics of its own.
"""

import os
from pathlib import Path
from typing import Final

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_SHORT: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

ACKNOWLEDGED: Final = Counter(
    "linka_acknowledged",
    "Answers, replies, ballots and logins that were acknowledged, repeats included",
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
    "When a worker last found the boards equal to the ledger",
    multiprocess_mode="max",
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


def forget(pid: int) -> None:
    """Remove the metrics of a process that ended, such as its number of open sockets."""
    if FOLDER in os.environ:
        mark_process_dead(pid)


def prepare(folder: Path) -> None:
    """Prepare the folder for a new start: remove the files of processes that have ended."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        pid = file.stem.rpartition("_")[2]
        if not Path(f"/proc/{pid}").exists():
            file.unlink(missing_ok=True)
