"""The live play of the shake, see `backend.events.play.Play`."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from redis import Redis, RedisError

from backend.activities.shake import errors, rules, scoring
from backend.activities.shake import view as views
from backend.activities.shake.counts import Call, Counts, Reading, reading_of, top_of
from backend.activities.shake.models import ShakeRound
from backend.activities.shake.rounds import (
    COUNTING,
    GRACE_MS,
    PODIUM,
    RUNNING,
    RoundState,
    RoundStates,
    newest_alone,
    newest_shown,
)
from backend.activities.shake.schemas import ShakeReportMessage
from backend.activities.shake.tally import ShakeTally, Tallies
from backend.events import lifecycle, players, visibility
from backend.events.play import PhoneMessage, Play, Speaker
from backend.events.visibility import View
from backend.live.feed import Feed
from backend.scoring.scorekeeper import Scorekeeper

log = structlog.get_logger(__name__)

REPORT, PULSE = "shake.report", "shake.pulse"


class ShakePlay(Play):
    """Takes reports, shows rounds, and scores those that are over. Build one per process."""

    def __init__(self, scores: Scorekeeper, feed: Feed, redis: Redis) -> None:
        self._scores = scores
        self._database = scores.database
        self._feed = feed
        self._counts = Counts(redis)
        self._tallies = Tallies(self._counts)
        self._round_states = RoundStates(scores.database)
        self._phases: dict[int, tuple[int, str]] = {}
        self.messages = {
            REPORT: PhoneMessage(
                ShakeReportMessage(),
                self.hear_report,
                "How often this phone was shaken in this round, all in all; repeats are harmless."
                " Acknowledged with what counts: `{round_id, accepted}`.",
            )
        }
        self.told = {
            PULSE: "The lanes of a round while it is on, ten times a second on screens, twice on phones:"
            " `{activity_id, round_id, mode, left_ms, shakers, lanes, more}`."
        }

    def hear_report(
        self, speaker: Speaker, activity_id: int, data: Mapping[str, Any], now: int
    ) -> dict[str, Any]:
        """Take the cumulative count of a phone; returns how much of all its reports counts.

        For staff who play in the event and were neither kicked nor banned. The returned count is
        stored in Redis. SQL is read only while this process does not know the round. Raises
        `RedisError`, `UnknownRound`, `StaffOnly`, `NotInRound`, `Kicked`, `Banned`,
        `RoundNotStarted`, `ShakeRoundOver`, `RoundCancelled`, or what `lifecycle.require_playing`
        raises.
        """
        round_state = self._round(activity_id, data["round_id"], now)
        _require_may_shake(round_state, speaker)
        played = _require_on(round_state, now)
        count, how = data["count"], data["how"]
        value = rules.accepted(
            count,
            round_state.percents[how],
            round_state.settings["cap_per_second"],
            played,
            round_state.round.seconds,
        )
        rate = rules.claimed_rate(count, how, min(played, round_state.length_ms))
        tally = self._tally(round_state)
        if value or rate is not None:
            accepted = tally.put(speaker, value, rate, now)
        else:
            accepted = tally.count_of(speaker.player_id)
        tally.keep()
        return {"round_id": round_state.round.id, "accepted": accepted}

    def _round(self, activity_id: int, round_id: int, now: int) -> RoundState:
        round_state = self._round_states.of(activity_id, now)
        if round_state is None or (
            round_state.round.id != round_id and round_id not in round_state.earlier
        ):
            raise errors.UnknownRound
        if round_state.round.id != round_id:
            raise errors.ShakeRoundOver
        return round_state

    def _tally(self, round_state: RoundState) -> ShakeTally:
        return self._tallies.of(round_state.activity.id, round_state.key)

    def began(self, activity_id: int, now: int) -> RoundState | None:
        """Publish a round that a host has just begun; returns it."""
        round_state = self._round_states.fresh(activity_id, now)
        if round_state is not None:
            try:
                self._counts.open(round_state.key)
            except RedisError as error:
                log.warning("shake_counts_away", error=str(error))
            self._tell(round_state)
        return round_state

    def changed(self, activity_id: int, now: int) -> RoundState | None:
        """Publish a change of a round by a host; returns the round."""
        round_state = self._round_states.fresh(activity_id, now)
        if round_state is not None:
            self._tell(round_state)
        return round_state

    def _tell(self, round_state: RoundState) -> None:
        self._feed.publish(round_state.event.id, "activity", activity_id=round_state.activity.id)

    def shown(self, activity_id: int, view: View, now: int) -> dict[str, Any] | None:
        """Return what everybody sees of the newest round; for hosts with implausibly fast players.

        None before the first round, after a cancelled one, and after a result was dismissed.
        """
        round_state = newest_shown(self._database, activity_id)
        if round_state is None or round_state.is_off():
            return None
        found = views.shown(round_state, view, now)
        if visibility.sees_all(view):
            found["flagged"] = self.flagged(round_state)
        return found

    def was_played(self, activity_id: int) -> bool:
        """Return whether a round was scored."""
        scored = ShakeRound.select().where(
            ShakeRound.activity == activity_id, ShakeRound.scored_at.is_null(False)
        )
        return bool(scored.exists())

    def flagged(self, round_state: RoundState) -> list[dict[str, Any]] | None:
        """Return the players who claimed more than a hand can do, for hosts; None if Redis cannot
        be reached."""
        if round_state.round.scored_at is not None:
            return views.flagged_rows(views.flagged(round_state))
        try:
            return views.flagged_rows(self._counts.flagged(round_state.key))
        except RedisError:
            return None

    def own(self, activity_id: int, player_id: int, now: int) -> dict[str, Any] | None:
        """Return a player's own count in the newest round, and the result after scoring."""
        round_state = newest_alone(self._database, activity_id)
        if round_state is None or round_state.is_off():
            return None
        if round_state.phase(now) == PODIUM:
            # Phones ask every process, and another one has scored.
            self._tallies.forget(activity_id, round_state.key)
            return {"round_id": round_state.round.id, **views.own_result(round_state, player_id)}
        return {"round_id": round_state.round.id, "count": self._count_of(round_state, player_id)}

    def _count_of(self, round_state: RoundState, player_id: int) -> int:
        here = self._tally(round_state).count_of(player_id)
        try:
            return max(here, self._counts.count_of(round_state.key, player_id))
        except RedisError:
            return here

    def pulse(self, activity_id: int, now: int) -> tuple[str, dict[str, Any]] | None:
        """Return the lanes while players shake and while late reports come in; raises `RedisError`."""
        round_state = self._round_states.of(activity_id, now)
        if (
            round_state is None
            or round_state.is_off()
            or round_state.phase(now) not in (RUNNING, COUNTING)
        ):
            return None
        call = self._counts.asking_top(round_state.key, views.LANES + len(round_state.removed))
        top = top_of(self._tally(round_state).send(call)[0])
        return PULSE, views.lanes(round_state, top, now)

    def lanes(self, activity_id: int, now: int) -> dict[str, Any] | None:
        """Return the lanes while people shake.

        None at other times, and while Redis cannot be reached.
        """
        try:
            found = self.pulse(activity_id, now)
        except RedisError:
            return None
        return found and found[1]

    def advance(self, activity_id: int, now: int) -> None:
        """Score the newest round when it is due, and publish a phase that has begun.

        While Redis cannot be reached, scoring waits, because the counts come from several
        processes.
        """
        round_state = self._round_states.of(activity_id, now)
        if round_state is None or round_state.is_off():
            return
        self._tell_of_phase(round_state, now)
        if not round_state.is_due(now):
            return
        fresh = self._round_states.fresh(activity_id, now)
        if fresh is not None and fresh.is_due(now):
            self._score(fresh, now)

    def _tell_of_phase(self, round_state: RoundState, now: int) -> None:
        phase = (round_state.round.id, round_state.phase(now))
        before, self._phases[round_state.activity.id] = (
            self._phases.get(round_state.activity.id),
            phase,
        )
        if before != phase and phase[1] in (RUNNING, COUNTING):
            self._tell(round_state)

    def _score(self, round_state: RoundState, now: int) -> None:
        try:
            reading = self._read(round_state, self._counts.asking_everything(round_state.key))
            if reading.mark is None:
                self._counts.note_loss(round_state.key, now)
            if not scoring.may_be_scored(reading, now):
                return
            reading = self._read(round_state, self._counts.closing(round_state.key))
        except RedisError as error:
            log.warning("shake_round_waits", round_id=round_state.round.id, error=str(error))
            return
        if scoring.score_round(self._scores, round_state, reading, now):
            self._round_states.fresh(round_state.activity.id, now)
            self._tallies.forget(round_state.activity.id, round_state.key)
            self._tell(round_state)

    def _read(self, round_state: RoundState, calls: Sequence[Call]) -> Reading:
        return reading_of(*self._tally(round_state).send(*calls))

    def close(self) -> None:
        """Send reports that were not sent, and stop the timers."""
        self._tallies.close()


def _require_may_shake(round_state: RoundState, speaker: Speaker) -> None:
    """Raise unless a player of this event may shake in this round."""
    if speaker.event_id != round_state.event.id:
        raise errors.UnknownRound
    removed = round_state.removed.get(speaker.player_id)
    if removed is not None:
        players.require_active(removed)
    if removed is not None or not speaker.is_staff:
        raise players.StaffOnly
    if round_state.round.mode == rules.TUG and speaker.team_id not in round_state.lanes:
        raise errors.NotInRound


def _require_on(round_state: RoundState, now: int) -> int:
    """Return how much of the round was played; raises unless reports count at this moment."""
    if round_state.round.cancelled_at is not None:
        raise errors.RoundCancelled
    if round_state.round.scored_at is not None:
        raise errors.ShakeRoundOver
    lifecycle.require_playing(round_state.event, now)
    played = round_state.played_ms(now)
    if played < 0:
        raise errors.RoundNotStarted
    if played > round_state.length_ms + GRACE_MS:
        raise errors.ShakeRoundOver
    return played
