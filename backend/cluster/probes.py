"""Probes: they ask the cluster again and again, as phones do, and note what came back when."""

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import urllib3

THREADS = 3
PEOPLE = 1000
GAP_SECONDS = 0.25
# As long as a phone waits for an answer.
TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Sample:
    """An answer; `status` is 0 where none came."""

    at: float
    status: int


class Probe:
    """Asks one thing from several threads, so that an answer that takes long does not hide others."""

    def __init__(self, ask: Callable[[], int]) -> None:
        self._ask = ask
        self._ends = threading.Event()
        self._threads = [threading.Thread(target=self._go_on, daemon=True) for _ in range(THREADS)]
        self.samples: list[Sample] = []
        self.last_good = 0.0

    def start(self) -> None:
        """Begin to ask."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ask no more."""
        self._ends.set()
        for thread in self._threads:
            thread.join()

    def _go_on(self) -> None:
        while not self._ends.wait(GAP_SECONDS):
            try:
                status = self._ask()
            except urllib3.exceptions.HTTPError:
                status = 0
            now = time.time()
            self.samples.append(Sample(now, status))
            if status == 200:
                self.last_good = now

    def longest_gap(self, begin: float, end: float) -> float:
        """Return the longest time within a time in which no good answer came."""
        return longest_gap([one.at for one in list(self.samples) if one.status == 200], begin, end)

    def errors(self, begin: float, end: float) -> int:
        """Return how many answers within a time were errors of a server."""
        return sum(one.status >= 500 and begin <= one.at < end for one in list(self.samples))


def longest_gap(moments: Sequence[float], begin: float, end: float) -> float:
    """Return the longest time between two moments that follow each other, from `begin` to `end`."""
    inside = sorted(moment for moment in moments if begin < moment < end)
    return max(later - earlier for earlier, later in pairwise([begin, *inside, end]))


def ready(url: str) -> Probe:
    """Return what asks whether a node can be used: it reads the database and writes to Redis."""
    http = _http()
    return Probe(lambda: http.request("GET", f"{url}/readyz").status)


def logins(url: str, wechat_url: str) -> Probe:
    """Return what logs people in, which writes to the database."""
    http = _http()
    # WeChat limits how often one person logs in.
    people = itertools.cycle(f"probe-{number}" for number in range(PEOPLE))

    def log_in() -> int:
        user = {"user": next(people)}
        codes = http.request("POST", f"{wechat_url}/__emulator__/codes", json=user)
        answer = http.request("POST", f"{url}/api/v1/login", json={"code": codes.json()["code"]})
        return answer.status

    return Probe(log_in)


def _http() -> urllib3.PoolManager:
    return urllib3.PoolManager(retries=False, timeout=TIMEOUT_SECONDS, maxsize=THREADS)
