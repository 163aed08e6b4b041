"""Lets the test players of rehearsals play, by the same services as everybody."""

import time
from collections.abc import Mapping
from random import Random

import structlog
from peewee import DatabaseError
from redis import RedisError

from backend.clock import Clock
from backend.errors import LinkaError
from backend.events import lifecycle, players, service
from backend.events.kinds import Kinds, StandIn, Tools
from backend.events.models import Activity, Event, Player
from backend.events.play import Play
from backend.identity import principal
from backend.identity.models import Staff
from backend.live.presence import Presence

log = structlog.get_logger(__name__)

# How long a test player waits between two actions, in seconds.
QUICKEST, SLOWEST = 1.5, 6.0
STEP_SECONDS = 0.5
# How many act in a step at most, so that the machine has time for real phones.
MOST_A_STEP = 40


class Crowd:
    """The test players of all open rehearsals. One process plays them, in a thread of its own."""

    def __init__(self, kinds: Kinds, plays: Mapping[str, Play], tools: Tools, clock: Clock) -> None:
        self._kinds = kinds
        self._plays = plays
        self._tools = tools
        self._database = tools.scores.database
        self._presence = Presence(tools.redis)
        self._clock = clock
        self._random = Random()  # nosec B311 # a game, not a secret
        # {person of the roster: when they act next}.
        self._next_at: dict[int, int] = {}

    def step(self) -> int:
        """Let the test players act whose time has come; returns how many did something.

        Raises `RedisError` and `peewee.DatabaseError`.
        """
        now, acted = self._clock.now(), 0
        try:
            for event in self._on():
                due = [one for one in _people(event) if self._next_at.get(one.id, 0) <= now]
                # Those who have waited longest, so that on a slow machine everybody acts.
                due.sort(key=lambda one: self._next_at.get(one.id, 0))
                activities = list(event.activities)
                for person in due[:MOST_A_STEP]:
                    pause = self._random.uniform(QUICKEST, SLOWEST)
                    self._next_at[person.id] = now + int(pause * 1000)
                    acted += self._act(event, activities, person)
        finally:
            self._database.release()
        return acted

    def _on(self) -> list[Event]:
        """Return the rehearsals that are open and not paused."""
        now = self._clock.now()
        ids = Staff.select(Staff.test_event_id).where(Staff.test_event_id.is_null(False))
        found = Event.select().where(Event.rehearsal, Event.id.in_(ids))
        return [
            event
            for event in found
            if lifecycle.state(event, now) == lifecycle.OPEN and not lifecycle.is_paused(event)
        ]

    def _act(self, event: Event, activities: list[Activity], person: Staff) -> bool:
        """Let a test player join the event, or act in one of its activities."""
        now = self._clock.now()
        player = Player.get_or_none(Player.event == event, Player.staff_id == person.id)
        if player is None:
            return self._join(event.id, person.account_id, now)
        self._presence.enter(event.id, player.id, f"test-{player.id}", now)
        self._random.shuffle(activities)
        # An activity for the whole hall comes before one that people play alone.
        activities.sort(key=lambda activity: not self._is_for_a_hall(activity))
        return any(self._play(activity, player, now) for activity in activities)

    def _is_for_a_hall(self, activity: Activity) -> bool:
        play = self._plays.get(activity.kind)
        return play is not None and play.is_for_a_hall

    def _join(self, event_id: int, account_id: int, now: int) -> bool:
        """Take a seat; the event is locked, so that nobody joins while it becomes the real event."""
        try:
            with self._database.write():
                event = service.locked(event_id)
                if not event.rehearsal:
                    return False
                who = principal.of_account(self._database, account_id)
                player = players.join(self._database, self._tools.scores, event.join_code, who, now)
        except LinkaError as refusal:
            log.info("test_player_refused", event_id=event_id, reason=refusal.slug)
            return False
        self._tools.scores.introduce(player)
        return True

    def _play(self, activity: Activity, player: Player, now: int) -> bool:
        play = self._plays.get(activity.kind)
        seat = StandIn(activity, player, play, self._tools, self._random, now)
        try:
            return self._kinds[activity.kind].stand_in(seat)
        except LinkaError as refusal:
            # The same refusals as for a person: time was up, or nothing is left to do.
            log.debug("test_player_refused", activity_id=activity.id, reason=refusal.slug)
            return False

    def run(self) -> None:
        """Play until the process ends."""
        while True:
            try:
                self.step()
            except (RedisError, DatabaseError) as error:
                log.warning("crowd_stumbled", error=str(error))
            time.sleep(STEP_SECONDS)


def _people(event: Event) -> list[Staff]:
    return list(Staff.select().where(Staff.test_event_id == event.id).order_by(Staff.id))
