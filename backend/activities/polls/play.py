"""The live play of polls, see `backend.events.play.Play`."""

from collections.abc import Mapping
from typing import Any

from redis import Redis

from backend.activities.polls import reminders, service, tallies
from backend.activities.polls import view as views
from backend.activities.polls.ballots import BallotIntake, CastBallot, TakenBallot
from backend.activities.polls.bursts import Bursts
from backend.activities.polls.models import Poll, PollTally
from backend.activities.polls.persons import Persons
from backend.events import lifecycle
from backend.events.models import Activity, Player
from backend.events.play import Play
from backend.events.visibility import View
from backend.keys import Secret
from backend.live.feed import Feed
from backend.scoring.scorekeeper import Scorekeeper

REMINDER = "polls.reminder"
# How often a poll is counted, and searched for bursts, at most.
COUNT_MS = 1_000
FLAG_MS = 10_000


class PollsPlay(Play):
    """Takes ballots and shows polls. Build one per process."""

    moving = frozenset({REMINDER})

    def __init__(self, scores: Scorekeeper, feed: Feed, redis: Redis, secret: Secret) -> None:
        self._database = scores.database
        self._calendar = scores.calendar
        self._feed = feed
        self._persons = Persons(secret)
        self._intake = BallotIntake(scores.database, scores.calendar, self._persons)
        self.bursts = Bursts(scores.database, redis, scores.calendar)
        self._counted_at: dict[int, int] = {}
        self._flagged_at: dict[int, int] = {}
        self.told = {
            REMINDER: "Told to those alone who have not voted: `{activity_id, poll_id, title}`.",
        }

    def cast(self, given: CastBallot, address: str) -> TakenBallot:
        """Take a ballot that came from an address, see `BallotIntake.cast`."""
        taken = self._intake.cast(given)
        if taken.is_new:
            self.bursts.note(taken.event_id, taken.poll_id, address, given.at)
        return taken

    def act(
        self, activity: Activity, poll_id: int, action: str, display: str | None, by: int, now: int
    ) -> Poll:
        """Apply an action of a host to a poll, see `service`, and notify viewers."""
        at = (self._database, activity.id, poll_id)
        if action == "open":
            poll = service.open_poll(*at, by, now)
        elif action == "close":
            poll = service.close_poll(*at, by, now)
            self.bursts.flag(poll, activity.settings, now)
        elif action == "show":
            poll = service.show_results(*at, display, by, now)
        elif action == "hide":
            poll = service.hide_results(*at, by, now)
        elif action == "stage":
            poll = service.stage_poll(*at, by, now)
        else:
            poll = service.dismiss_poll(*at, by, now)
        self.tell(activity)
        return poll

    def day(self, now: int) -> str:
        """Return the business day."""
        return self._calendar.day(now)

    def tell(self, activity: Activity) -> None:
        """Tell screens and phones that something has changed."""
        self._feed.publish(activity.event_id, "activity", activity_id=activity.id)

    def shown(self, activity_id: int, view: View, now: int) -> dict[str, Any] | None:
        """Return the poll that is on the screen, as all see it; None while there is none."""
        poll = views.staged(activity_id)
        return None if poll is None else views.on_screen(poll, view, now)

    def was_played(self, activity_id: int) -> bool:
        """Return whether a poll was closed."""
        return _has(activity_id, service.CLOSED)

    def is_open(self, activity_id: int) -> bool:
        """Return whether a poll that is off the screen is open."""
        return _has(activity_id, service.OPEN)

    def own(self, activity_id: int, player_id: int, now: int) -> dict[str, Any] | None:
        """Return how many ballots a player has left in the poll that is on, and named ones."""
        poll = views.staged(activity_id)
        player = Player.get_or_none(Player.id == player_id)
        if poll is None or player is None:
            return None
        return {"poll_id": poll.id, **self.own_ballots(poll, player, [], now)}

    def own_ballots(
        self, poll: Poll, player: Player, receipts: list[str], now: int
    ) -> dict[str, Any]:
        """Return a player's own part of a poll, see `view.own`."""
        names = self._persons.names_of(poll, player)
        return views.own(poll, player, names, self.day(now), receipts)

    def audience(
        self, activity_id: int, data: Mapping[str, Any], now: int
    ) -> frozenset[int] | None:
        """Return the players who have not voted, who alone get the reminder."""
        poll = Poll.get_or_none(Poll.id == data["poll_id"])
        return frozenset() if poll is None else reminders.not_voted(poll, self.day(now))

    def remind(self, activity_id: int, poll_id: int, by: int, now: int) -> int:
        """Remind those who have not voted and return how many they are, see `reminders.begin`."""
        poll, is_due = reminders.begin(self._database, activity_id, poll_id, by, now)
        missing = reminders.not_voted(poll, self.day(now))
        if is_due:
            facts = {"activity_id": activity_id, "poll_id": poll_id, "title": poll.title}
            self._feed.publish(poll.activity.event_id, REMINDER, **facts)
        return len(missing)

    def missing(self, poll: Poll, now: int) -> int:
        """Return how many players may vote and have not; with a daily quota, today."""
        return len(reminders.not_voted(poll, self.day(now)))

    def advance(self, activity_id: int, now: int) -> None:
        """Count open polls and flag bursts; close those whose event is over."""
        activity = Activity.with_event(activity_id)
        if activity is None:
            return
        polls = list(Poll.select().where(Poll.activity == activity_id, Poll.state == service.OPEN))
        is_over = lifecycle.state(activity.event, now) in (lifecycle.CLOSED, lifecycle.ARCHIVED)
        for poll in polls:
            self.look_for_bursts(poll, activity, now)
            if is_over:
                service.close_poll(self._database, activity_id, poll.id, None, now)
                self.tell(activity)
            elif self._is_due(self._counted_at, poll.id, now, COUNT_MS):
                self._count(poll, activity)

    def look_for_bursts(self, poll: Poll, activity: Activity, now: int) -> None:
        """Flag bursts, every ten seconds at most."""
        if self._is_due(self._flagged_at, poll.id, now, FLAG_MS):
            self.bursts.flag(poll, activity.settings, now)

    def _count(self, poll: Poll, activity: Activity) -> None:
        tally = PollTally.get_or_none(PollTally.poll == poll)
        if poll.casts == (tally.casts if tally else 0):
            return
        with self._database.write():
            tallies.count(service.locked(activity.id, poll.id))
        self.tell(activity)

    def _is_due(self, last: dict[int, int], poll_id: int, now: int, every_ms: int) -> bool:
        if abs(now - last.get(poll_id, 0)) < every_ms:
            return False
        if len(last) >= 1000:
            last.clear()
        last[poll_id] = now
        return True


def _has(activity_id: int, state: str) -> bool:
    found = Poll.select().where(Poll.activity == activity_id, Poll.state == state)
    return bool(found.exists())
