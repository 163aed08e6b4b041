"""The state of a round: a function of stored facts and the present moment.

countdown → running → counting → podium. Pauses of the event postpone every moment. Late reports are
taken for a short time while counting; then the round is due to be scored.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from backend.activities.shake.models import ShakeRound
from backend.activities.shake.settings import percents_of
from backend.db import Database
from backend.events import lifecycle
from backend.events.models import Activity, Event
from backend.selection import AllColumns, Selection

COUNTDOWN, RUNNING, COUNTING, PODIUM = "countdown", "running", "counting", "podium"

UNBOUND = "unbound"

COUNTDOWN_MS = 4000
# How long a report of the last moment may take to arrive.
GRACE_MS = 1500
# By then the last reports have reached Redis from every process.
SETTLE_MS = 500

# How old the cached round may be for reports and pulses.
FACTS_MS = 250
# Beyond this age, callers wait until it is read again.
STALE_MS = 2000
_ACTIVITIES_KEPT = 1024


@dataclass(frozen=True)
class RoundState:
    """An activity's newest round with what its rules need.

    `removed` holds {player: status} of who was kicked or banned, or is `unbound`: no longer staff with
    this account, `teams` the names of the teams
    that joined, `earlier` the ids of the rounds before.
    """

    round: ShakeRound
    activity: Activity
    event: Event
    removed: Mapping[int, str] = field(default_factory=dict)
    teams: Mapping[int, str] = field(default_factory=dict)
    earlier: frozenset[int] = frozenset()

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of the activity, checked when it was made."""
        return self.activity.settings

    @cached_property
    def key(self) -> str:
        """How the round's keys in Redis begin, see `counts`."""
        return f"linka:{{e{self.event.id}}}:shake:{self.round.id}-{self.round.begun_at}"

    @property
    def length_ms(self) -> int:
        """The length of the shaking."""
        return int(self.round.seconds) * 1000

    @cached_property
    def percents(self) -> dict[str, int]:
        """What one shake, tap, press or swipe counts, in percent."""
        return percents_of(self.settings, self.round.shown_mode)

    @cached_property
    def lanes(self) -> dict[int, str]:
        """The teams of a tug-of-war with their names: those chosen, or all."""
        chosen = self.round.team_ids or list(self.teams)
        return {team: self.teams[team] for team in chosen if team in self.teams}

    def played_ms(self, now: int) -> int:
        """Return how much of the round was played, less than 0 during the countdown."""
        lead = self.round.starts_at - self.round.begun_at
        return lifecycle.played_ms(self.event.pauses, self.round.begun_at, now) - lead

    def starts_at(self, now: int) -> int:
        """Return when shaking begins or began; pauses postpone it."""
        lead = self.round.starts_at - self.round.begun_at
        return lifecycle.moment_of(self.event.pauses, self.round.begun_at, lead, now)

    def ends_at(self, now: int) -> int:
        """Return when shaking ends or ended; pauses postpone it."""
        whole = self.round.starts_at - self.round.begun_at + self.length_ms
        return lifecycle.moment_of(self.event.pauses, self.round.begun_at, whole, now)

    def is_off(self) -> bool:
        """Return whether nothing is shown: the round was cancelled, or its result was dismissed."""
        return self.round.cancelled_at is not None or self.round.dismissed_at is not None

    def phase(self, now: int) -> str:
        """Return `countdown`, `running`, `counting` or `podium`.

        The end of the event ends the round, too.
        """
        if self.round.scored_at is not None:
            return PODIUM
        if self._is_event_over(now):
            return COUNTING
        played = self.played_ms(now)
        if played < 0:
            return COUNTDOWN
        return RUNNING if played < self.length_ms else COUNTING

    def since(self, now: int) -> int:
        """Return when the phase began."""
        moments = {
            COUNTDOWN: self.round.begun_at,
            RUNNING: self.starts_at(now),
            COUNTING: self.ends_at(now),
            PODIUM: self.round.scored_at or 0,
        }
        return min(moments[self.phase(now)], now)

    def is_due(self, now: int) -> bool:
        """Say whether the round is over and nothing more can arrive, but it is not scored."""
        if self.round.scored_at is not None or self.round.cancelled_at is not None:
            return False
        over_ms = self.length_ms + GRACE_MS + SETTLE_MS
        return self._is_event_over(now) or self.played_ms(now) >= over_ms

    def _is_event_over(self, now: int) -> bool:
        return lifecycle.state(self.event, now) in (lifecycle.CLOSED, lifecycle.ARCHIVED)


_NEWEST = Selection(
    RoundState,
    round=AllColumns(ShakeRound, "r"),
    activity=AllColumns(Activity, "a"),
    event=AllColumns(Event, "e"),
)
_NEWEST_SQL = (
    f"SELECT {_NEWEST} FROM shake_round r JOIN activity a ON a.id = r.activity_id JOIN event e ON e.id = a.event_id"
    " WHERE r.activity_id = ? ORDER BY r.number DESC LIMIT 1"  # nosec B608 # our own names
)
_REMOVED_SQL = f"""
SELECT p.id, CASE WHEN p.status = 'active' THEN '{UNBOUND}' ELSE p.status END FROM player p
WHERE p.event_id = ? AND (p.status <> 'active' OR p.staff_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM staff s WHERE s.id = p.staff_id AND s.active AND s.account_id = p.account_id))
"""  # nosec B608 # our own names

Read = Callable[..., list[tuple[Any, ...]]]


def newest(database: Database, activity_id: int) -> RoundState | None:
    """Read an activity's newest round, None before the first."""
    return _with_people(database.read, _alone(database.read, activity_id))


def newest_alone(database: Database, activity_id: int) -> RoundState | None:
    """Return the same without teams, removed players and earlier rounds, in one statement."""
    return _alone(database.read, activity_id)


def newest_shown(database: Database, activity_id: int) -> RoundState | None:
    """Return the same without removed players and earlier rounds: reading who was removed goes over
    all players of the event."""
    return _with_teams(database.read, _alone(database.read, activity_id))


def newest_in(database: Database, activity_id: int) -> RoundState | None:
    """Return the newest round as the caller's transaction has it."""

    def read(*asked: Any) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = database.sql(*asked).fetchall()
        return rows

    return _with_people(read, _alone(read, activity_id))


def _alone(read: Read, activity_id: int) -> RoundState | None:
    return next(iter(_NEWEST.read(read(_NEWEST_SQL, (activity_id,)))), None)


def _with_teams(read: Read, round_state: RoundState | None) -> RoundState | None:
    if round_state is None:
        return None
    asked = "SELECT team_id, name FROM event_team WHERE event_id = ? ORDER BY id"
    return replace(round_state, teams=_pairs(read(asked, (round_state.event.id,))))


def _with_people(read: Read, round_state: RoundState | None) -> RoundState | None:
    round_state = _with_teams(read, round_state)
    if round_state is None:
        return None
    removed = read(_REMOVED_SQL, (round_state.event.id,))
    rounds = read("SELECT id FROM shake_round WHERE activity_id = ?", (round_state.activity.id,))
    earlier = frozenset(round_id for (round_id,) in rounds) - {round_state.round.id}
    return replace(round_state, removed=_pairs(removed), earlier=earlier)


def _pairs(rows: list[tuple[Any, ...]]) -> dict[int, str]:
    return {int(number): str(text) for number, text in rows}


class RoundStates:
    """A cache of the newest rounds, at most a quarter of a second old.

    Reports come by the thousand: one caller reads an old entry again, and the others use the old
    one meanwhile.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[int, tuple[int, RoundState | None]] = {}
        self._reading = threading.Lock()

    def of(self, activity_id: int, now: int) -> RoundState | None:
        """Return an activity's newest round, None before the first."""
        known = self._known.get(activity_id)
        age = abs(now - known[0]) if known else STALE_MS
        if known and age <= FACTS_MS:
            return known[1]
        if not self._reading.acquire(blocking=age >= STALE_MS):
            return known[1] if known else None
        try:
            known = self._known.get(activity_id)
            if known and abs(now - known[0]) <= FACTS_MS:
                return known[1]
            return self.fresh(activity_id, now)
        finally:
            self._reading.release()

    def fresh(self, activity_id: int, now: int) -> RoundState | None:
        """Read an activity's newest round and cache it."""
        found = newest(self._database, activity_id)
        if len(self._known) >= _ACTIVITIES_KEPT:
            self._known.clear()
        self._known[activity_id] = (now, found)
        return found
