"""Probes send the cluster the same request again and again, as phones do, and record the answers."""

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
# How long a phone waits for an answer.
TIMEOUT_SECONDS = 10

_look = urllib3.PoolManager(retries=False, timeout=2)


@dataclass(frozen=True)
class ProbeAnswer:
    """An answer; `status` is 0 if none came."""

    at: float
    status: int


class Probe:
    """Sends one request from several threads, so that a slow answer does not hide the others."""

    def __init__(self, ask: Callable[[], int]) -> None:
        self._ask = ask
        self._ends = threading.Event()
        self._threads = [threading.Thread(target=self._go_on, daemon=True) for _ in range(THREADS)]
        self.samples: list[ProbeAnswer] = []
        self.last_good = 0.0

    def start(self) -> None:
        """Begin to send requests."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop sending requests."""
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
            self.samples.append(ProbeAnswer(now, status))
            if status == 200:
                self.last_good = now

    def longest_gap(self, begin: float, end: float) -> float:
        """Return the longest time in a period in which no good answer came."""
        return longest_gap([one.at for one in list(self.samples) if one.status == 200], begin, end)

    def errors(self, begin: float, end: float) -> int:
        """Return how many answers in a period were server errors."""
        return sum(one.status >= 500 and begin <= one.at < end for one in list(self.samples))

    def unanswered(self, begin: float, end: float) -> int:
        """Return how many requests in a period had no answer."""
        return sum(one.status == 0 and begin <= one.at < end for one in list(self.samples))


def longest_gap(moments: Sequence[float], begin: float, end: float) -> float:
    """Return the longest time between two consecutive moments, from `begin` to `end`."""
    inside = sorted(moment for moment in moments if begin < moment < end)
    return max(later - earlier for earlier, later in pairwise([begin, *inside, end]))


def is_ready(port: int) -> bool:
    """Return whether a node on a port of this machine is ready."""
    return answers(f"http://127.0.0.1:{port}/readyz")


def answers(url: str) -> bool:
    """Return whether an address answers 200."""
    try:
        return bool(_look.request("GET", url).status == 200)
    except urllib3.exceptions.HTTPError:
        return False


def ready(url: str) -> Probe:
    """Return a request that asks whether a node is ready.

    The node reads the database and writes to Redis.
    """
    http = _http()
    return Probe(lambda: http.request("GET", f"{url}/readyz").status)


def logins(url: str, wechat_url: str) -> Probe:
    """Return a request that logs somebody in, which writes to the database."""
    http = _http()
    # WeChat limits how often one person can log in.
    people = itertools.cycle(f"probe-{number}" for number in range(PEOPLE))

    def log_in() -> int:
        user = {"user": next(people)}
        codes = http.request("POST", f"{wechat_url}/__emulator__/codes", json=user)
        answer = http.request("POST", f"{url}/api/v1/login", json={"code": codes.json()["code"]})
        return answer.status

    return Probe(log_in)


def _http() -> urllib3.PoolManager:
    return urllib3.PoolManager(retries=False, timeout=TIMEOUT_SECONDS, maxsize=THREADS)
