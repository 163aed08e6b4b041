"""Collects reports of phones in this process and sends them to Redis.

A report raises a number in memory and waits until Redis has it. Reports that come in the meantime
share the next round trip. What is acknowledged is in Redis, even if this process ends. While Redis
is away, reports are not acknowledged, but their numbers stay in memory and are sent when it is
back.
"""

import json
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from redis import RedisError

from backend.activities.shake.counts import CLOSED, WHOLE, Call, Counts, PlayerCount, mark_of
from backend.activities.shake.errors import ShakeRoundOver
from backend.events.play import Speaker
from backend.gathering import Gathering

log = structlog.get_logger(__name__)

RETRY_SECONDS = 1.0
# Counts that could not be sent for this long are dropped: ten minutes.
MOST_RETRIES = 600


class ShakeTally:
    """The counts of one round that were reported to this process."""

    def __init__(self, counts: Counts, key: str) -> None:
        self.key = key
        self._counts = counts
        self._marks: dict[int, PlayerCount] = {}
        self._unsent: set[int] = set()
        self._heard_at = 0
        self._heard = time.monotonic()
        self._mark = WHOLE
        self._server = ""
        self._is_closed = False
        self._retries = 0
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._keeping: Gathering[None, None] = Gathering(self._keep)

    def put(self, speaker: Speaker, count: int, rate: int | None, now: int) -> int:
        """Raise a player's count and return it; a lower one changes nothing. See `keep`."""
        player_id = speaker.player_id
        with self._lock:
            known = self._marks.get(player_id)
            if known is not None and count <= known.count and (rate or 0) <= (known.rate or 0):
                return known.count
            self._marks[player_id] = known = _raised(known, speaker, count, rate)
            self._unsent.add(player_id)
            self._heard_at, self._heard = now, time.monotonic()
        return known.count

    def count_of(self, player_id: int) -> int:
        """Return a player's count as this process knows it, 0 without one."""
        known = self._marks.get(player_id)
        return known.count if known else 0

    def keep(self) -> None:
        """Wait until Redis has every count that was put before this call.

        Raises `RedisError`; the counts then stay here, and a timer tries again. Raises
        `ShakeRoundOver` when the counts were closed before.
        """
        self._keeping.do(None)
        if self._is_closed:
            raise ShakeRoundOver

    def _keep(self, callers: Sequence[None]) -> Sequence[None]:
        try:
            self.send()
        except RedisError:
            self._try_later()
            raise
        return callers

    def send(self, *more: Call) -> list[Any]:
        """Send raised counts to Redis, and make further calls in the same round trip.

        Returns the replies of these calls; the first value of each must be the mark. Raises
        `RedisError`; the counts then stay here.
        """
        with self._sending:
            replies = self._exchange(more)
            if self._is_behind(replies) or self._has_moved():
                # Redis may lack counts, so all counts are sent again.
                replies = self._exchange(more)
            return replies[len(replies) - len(more) :]

    def _exchange(self, more: Iterable[Call]) -> list[Any]:
        with self._lock:
            taken, self._unsent = self._unsent, set()
            marks = [self._marks[player_id] for player_id in taken]
        try:
            raising = self._counts.raising(self.key, marks, self._moment())
            replies = self._counts.run([*raising, *more])
        except BaseException:
            # After a failover the new primary may lack the newest writes of the old one.
            with self._lock:
                self._unsent = set(self._marks)
            raise
        self._retries = 0
        self._is_closed |= CLOSED in map(mark_of, replies[: len(raising)])
        return replies

    def _moment(self) -> int:
        """Return the present moment, estimated from the last report."""
        return self._heard_at + int((time.monotonic() - self._heard) * 1000)

    def _is_behind(self, replies: Iterable[Any]) -> bool:
        """Return whether Redis lost counts since the last time; all counts are then marked as
        unsent."""
        marks = [mark_of(reply[0] if isinstance(reply, list) else reply) for reply in replies]
        if all(mark in (WHOLE, CLOSED, self._mark) for mark in marks):
            return False
        self._mark = marks[0] or WHOLE
        with self._lock:
            self._unsent = set(self._marks)
        return bool(self._marks)

    def _has_moved(self) -> bool:
        """Return whether another server has taken the place of the one before; all counts are then
        marked as unsent."""
        before, self._server = self._server, self._counts.server_of(self.key)
        if before in ("", self._server):
            return False
        with self._lock:
            self._unsent = set(self._marks)
        return bool(self._marks)

    def _set_timer(self, seconds: float) -> None:
        """Send after a while; the caller holds the lock."""
        self._timer = threading.Timer(seconds, self._send_now)
        self._timer.daemon = True
        self._timer.start()

    def _send_now(self) -> None:
        with self._lock:
            self._timer = None
        try:
            self.send()
        except RedisError as error:
            log.warning("shake_counts_wait", key=self.key, error=str(error))
            self._try_later()

    def _try_later(self) -> None:
        with self._lock:
            self._retries += 1
            if self._retries < MOST_RETRIES and self._timer is None:
                self._set_timer(RETRY_SECONDS)

    def close(self) -> None:
        """Stop the timer."""
        with self._lock:
            timer, self._timer = self._timer, None
            self._retries = MOST_RETRIES
        if timer is not None:
            timer.cancel()
            timer.join()


def _raised(
    known: PlayerCount | None, speaker: Speaker, count: int, rate: int | None
) -> PlayerCount:
    if known is None:
        card = json.dumps([speaker.name, speaker.team_name], ensure_ascii=False)
        return PlayerCount(speaker.player_id, count, rate, speaker.team_id, card)
    if rate is None or (known.rate is not None and known.rate > rate):
        rate = known.rate
    return PlayerCount(known.player_id, max(known.count, count), rate, known.team_id, known.card)


class Tallies:
    """The tally of each activity's newest round in this process."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self._tallies: dict[int, ShakeTally] = {}
        self._lock = threading.Lock()

    def of(self, activity_id: int, key: str) -> ShakeTally:
        """Return the tally of a round; the tally of the activity's previous round is removed."""
        known = self._tallies.get(activity_id)
        if known is not None and known.key == key:
            return known
        with self._lock:
            known = self._tallies.get(activity_id)
            if known is None or known.key != key:
                if known is not None:
                    known.close()
                known = self._tallies[activity_id] = ShakeTally(self.counts, key)
        return known

    def forget(self, activity_id: int, key: str) -> None:
        """Remove a round that is scored or cancelled, if it is still known."""
        with self._lock:
            known = self._tallies.get(activity_id)
            if known is None or known.key != key:
                return
            del self._tallies[activity_id]
        known.close()

    def close(self) -> None:
        """Send what is left, and stop the timers."""
        with self._lock:
            tallies, self._tallies = list(self._tallies.values()), {}
        for tally in tallies:
            tally.close()
            try:
                tally.send()
            except RedisError as error:
                log.warning("shake_counts_lost", key=tally.key, error=str(error))
