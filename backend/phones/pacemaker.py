"""The pacemaker: does what has become due in games that are played live."""

import time
from collections.abc import Callable, Collection, Mapping

import structlog
from peewee import DatabaseError
from redis import RedisError

from backend.clock import Clock
from backend.db import Database
from backend.errors import LinkaError
from backend.events import lifecycle
from backend.events.models import Activity, Event
from backend.events.play import Play

log = structlog.get_logger(__name__)

STEPS_A_SECOND = 5
LINGER_MS = 60_000
_PLAYED = (lifecycle.OPEN, lifecycle.CLOSED)


class Pacemaker:
    """Advances games five times a second. Several may run at once, because each due action is done
    once.

    Events that closed lately are included, because their last round may not be scored yet.
    """

    def __init__(self, plays: Mapping[str, Play], database: Database, clock: Clock) -> None:
        self._plays = plays
        self._database = database
        self._clock = clock
        self._open_at: dict[int, int] = {}
        self._has_looked = False

    def step(self) -> None:
        """Advance the games of events; raises `RedisError` and `peewee.DatabaseError`."""
        now = self._clock.now()
        try:
            for activity in self._due(now):
                self._advance(activity)
            self._has_looked = True
        finally:
            self._database.release()

    def _due(self, now: int) -> list[Activity]:
        """Return the games of open and lately closed events, without voided ones.

        The first call includes all closed events.
        """
        known = [event_id for event_id, at in self._open_at.items() if now - at < LINGER_MS]
        states = [lifecycle.SCHEDULED, lifecycle.OPEN]
        if not self._has_looked:
            states.append(lifecycle.CLOSED)
        is_one = f"state IN ({_marks(states)})"
        if known:
            is_one += f" OR id IN ({_marks(known)})"
        now_in = {
            event.id: lifecycle.state(event, now) for event in Event.find(is_one, *states, *known)
        }
        self._open_at = {event_id: self._open_at[event_id] for event_id in known}
        self._open_at |= {one: now for one, state in now_in.items() if state == lifecycle.OPEN}
        played = [one for one, state in now_in.items() if state in _PLAYED]
        if not played:
            return []
        is_game = (
            f"event_id IN ({_marks(played)}) AND kind IN ({_marks(self._plays)})"
            " AND voided_at IS NULL ORDER BY id"
        )
        return Activity.find(is_game, *played, *self._plays)

    def _advance(self, activity: Activity) -> None:
        try:
            self._plays[activity.kind].advance(activity.id, self._clock.now())
        except LinkaError as refusal:
            # A host has done it meanwhile.
            log.info("nothing_due", activity_id=activity.id, reason=refusal.slug)

    def run(self, look: Callable[[], object]) -> None:
        """Work for ever; `look` is called once a second."""
        while True:
            look()
            for _ in range(STEPS_A_SECOND):
                try:
                    self.step()
                except (RedisError, DatabaseError) as error:
                    log.warning("pacemaker_stumbled", error=str(error))
                time.sleep(1 / STEPS_A_SECOND)


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))
