"""The pacemaker: does what has become due in games that are played live."""

import time
from collections.abc import Callable, Mapping

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


class Pacemaker:
    """Looks five times a second. Any number of them may be at work: whatever is due is done once."""

    def __init__(self, plays: Mapping[str, Play], database: Database, clock: Clock) -> None:
        self._plays = plays
        self._database = database
        self._clock = clock

    def step(self) -> None:
        """Advance every game of an open event; raises `RedisError` and `peewee.DatabaseError`."""
        now = self._clock.now()
        query = (
            Activity.select(Activity, Event)
            .join(Event)
            .where(
                Activity.kind.in_(list(self._plays)),
                Event.state.in_([lifecycle.SCHEDULED, lifecycle.OPEN]),
            )
            .order_by(Activity.id)
        )
        try:
            due = [
                activity
                for activity in query
                if lifecycle.state(activity.event, now) == lifecycle.OPEN
            ]
            for activity in due:
                self._advance(activity)
        finally:
            self._database.release()

    def _advance(self, activity: Activity) -> None:
        try:
            self._plays[activity.kind].advance(activity.id, self._clock.now())
        except LinkaError as refusal:
            # A host was faster: what was due is no longer.
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
