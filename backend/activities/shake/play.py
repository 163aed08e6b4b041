"""A shake as it is played live, see `backend.events.play.Play`."""

from collections.abc import Mapping
from typing import Any

import structlog
from redis import Redis, RedisError

from backend.activities.shake import errors, rules, scoring
from backend.activities.shake import view as views
from backend.activities.shake.counts import Counts, Reading, reading_of, top_of
from backend.activities.shake.rounds import (
    COUNTING,
    GRACE_MS,
    PODIUM,
    RUNNING,
    Ground,
    Grounds,
    newest,
    newest_alone,
)
from backend.activities.shake.schemas import SpokenShakeReport
from backend.activities.shake.tally import Tallies, Tally
from backend.events import lifecycle, players, visibility
from backend.events.play import Play, Speaker, Word
from backend.events.visibility import View
from backend.live.feed import Feed
from backend.scoring.scorekeeper import Scorekeeper

log = structlog.get_logger(__name__)

REPORT, PULSE = "shake.report", "shake.pulse"


class ShakePlay(Play):
    """Hears reports, shows rounds, and scores those that are over. Build one per process."""

    def __init__(self, scores: Scorekeeper, feed: Feed, redis: Redis) -> None:
        self._scores = scores
        self._database = scores.database
        self._feed = feed
        self._counts = Counts(redis)
        self._tallies = Tallies(self._counts)
        self._grounds = Grounds(scores.database)
        self._phases: dict[int, tuple[int, str]] = {}
        self.words = {
            REPORT: Word(
                SpokenShakeReport(),
                self.hear_report,
                "How often this phone was shaken in this round, all in all; repeats are harmless."
                " Acknowledged with what counts: `{round_id, accepted}`.",
            )
        }
        self.told = {
            PULSE: "The lanes of a round while it is on, ten times a second on screens, twice on phones:"
            " `{activity_id, round_id, mode, left_ms, shakers, lanes}`."
        }

    def hear_report(
        self, speaker: Speaker, activity_id: int, data: Mapping[str, Any], now: int
    ) -> dict[str, Any]:
        """Take the cumulative count of a phone; returns what counts of it and of those before.

        For staff who play in the event and were not sent away. Touches neither SQL nor Redis while
        the round is known. Raises `UnknownRound`, `StaffOnly`, `NotInRound`, `Kicked`, `Banned`,
        `RoundNotStarted`, `RoundOver`, `RoundCancelled`, or what `lifecycle.require_playing` does.
        """
        ground = self._round(activity_id, data["round_id"], now)
        _require_may_shake(ground, speaker)
        played = _require_on(ground, now)
        count, how = data["count"], data["how"]
        value = rules.accepted(
            count,
            ground.percents[how],
            ground.settings["cap_per_second"],
            played,
            ground.round.seconds,
        )
        rate = rules.claimed_rate(count, how, min(played, ground.length_ms))
        tally = self._tally(ground)
        if value or rate is not None:
            accepted = tally.put(speaker, value, rate, now)
        else:
            accepted = tally.count_of(speaker.player_id)
        return {"round_id": ground.round.id, "accepted": accepted}

    def _round(self, activity_id: int, round_id: int, now: int) -> Ground:
        ground = self._grounds.of(activity_id, now)
        if ground is None or (ground.round.id != round_id and round_id not in ground.earlier):
            raise errors.UnknownRound
        if ground.round.id != round_id:
            raise errors.RoundOver
        return ground

    def _tally(self, ground: Ground) -> Tally:
        return self._tallies.of(ground.activity.id, ground.key)

    def began(self, activity_id: int, now: int) -> Ground | None:
        """Make a round that a host has just begun known; returns it."""
        ground = self._grounds.fresh(activity_id, now)
        if ground is not None:
            try:
                self._counts.open(ground.key)
            except RedisError as error:
                log.warning("shake_counts_away", error=str(error))
            self._tell(ground)
        return ground

    def changed(self, activity_id: int, now: int) -> Ground | None:
        """Make what a host did to a round known; returns the round."""
        ground = self._grounds.fresh(activity_id, now)
        if ground is not None:
            self._tell(ground)
        return ground

    def _tell(self, ground: Ground) -> None:
        self._feed.publish(ground.event.id, "activity", activity_id=ground.activity.id)

    def shown(self, activity_id: int, view: View, now: int) -> dict[str, Any] | None:
        """Return what all see of the newest round; hosts also who is implausibly fast.

        None before the first round, after a cancelled one, and when a result was seen off.
        """
        ground = newest(self._database, activity_id)
        if ground is None or ground.is_off():
            return None
        found = views.shown(ground, view, now)
        if visibility.sees_all(view):
            found["flagged"] = self.flagged(ground)
        return found

    def flagged(self, ground: Ground) -> list[dict[str, Any]] | None:
        """Return who claimed more than a hand can do, for hosts; None while Redis is away."""
        if ground.round.scored_at is not None:
            return views.flagged_rows(views.flagged(ground))
        try:
            return views.flagged_rows(self._counts.flagged(ground.key))
        except RedisError:
            return None

    def own(self, activity_id: int, player_id: int, now: int) -> dict[str, Any] | None:
        """Return a player's own count in the newest round, and what it brought once scored."""
        ground = newest_alone(self._database, activity_id)
        if ground is None or ground.is_off():
            return None
        if ground.phase(now) == PODIUM:
            return {"round_id": ground.round.id, **views.own_result(ground, player_id)}
        return {"round_id": ground.round.id, "count": self._count_of(ground, player_id)}

    def _count_of(self, ground: Ground, player_id: int) -> int:
        here = self._tally(ground).count_of(player_id)
        try:
            return max(here, self._counts.count_of(ground.key, player_id))
        except RedisError:
            return here

    def pulse(self, activity_id: int, now: int) -> tuple[str, dict[str, Any]] | None:
        """Return the lanes while one shakes and while late reports come in; raises `RedisError`."""
        ground = self._grounds.of(activity_id, now)
        if ground is None or ground.is_off() or ground.phase(now) not in (RUNNING, COUNTING):
            return None
        call = self._counts.asking_top(ground.key, views.LANES + len(ground.removed))
        top = top_of(self._tally(ground).send(call)[0])
        return PULSE, views.lanes(ground, top, now)

    def advance(self, activity_id: int, now: int) -> None:
        """Score the newest round when it is due, and tell of a phase that began by itself.

        While Redis is away the round waits: the counts come from the processes that heard them.
        """
        ground = self._grounds.of(activity_id, now)
        if ground is None or ground.is_off():
            return
        self._tell_of_phase(ground, now)
        if not ground.is_due(now):
            return
        fresh = self._grounds.fresh(activity_id, now)
        if fresh is not None and fresh.is_due(now):
            self._score(fresh, now)

    def _tell_of_phase(self, ground: Ground, now: int) -> None:
        phase = (ground.round.id, ground.phase(now))
        before, self._phases[ground.activity.id] = self._phases.get(ground.activity.id), phase
        if before != phase and phase[1] in (RUNNING, COUNTING):
            self._tell(ground)

    def _score(self, ground: Ground, now: int) -> None:
        try:
            reading = self._everything(ground)
            if reading.mark is None:
                self._counts.note_loss(ground.key, now)
        except RedisError as error:
            log.warning("shake_round_waits", round_id=ground.round.id, error=str(error))
            return
        if not scoring.may_be_scored(reading, now):
            return
        if scoring.score_round(self._scores, ground, reading, now):
            self._grounds.fresh(ground.activity.id, now)
            self._tallies.forget(ground.activity.id)
            self._tell(ground)

    def _everything(self, ground: Ground) -> Reading:
        calls = self._counts.asking_everything(ground.key)
        return reading_of(*self._tally(ground).send(*calls))

    def close(self) -> None:
        """Send what was reported and not sent; no timer is left."""
        self._tallies.close()


def _require_may_shake(ground: Ground, speaker: Speaker) -> None:
    """Raise unless a player of this event may shake in this round."""
    if speaker.event_id != ground.event.id:
        raise errors.UnknownRound
    removed = ground.removed.get(speaker.player_id)
    if removed is not None:
        players.require_active(removed)
    if removed is not None or not speaker.is_staff:
        raise players.StaffOnly
    if ground.round.mode == rules.TUG and speaker.team_id not in ground.lanes:
        raise errors.NotInRound


def _require_on(ground: Ground, now: int) -> int:
    """Return how much of the round was played; raises unless reports count at this moment."""
    if ground.round.cancelled_at is not None:
        raise errors.RoundCancelled
    if ground.round.scored_at is not None:
        raise errors.RoundOver
    lifecycle.require_playing(ground.event, now)
    played = ground.played_ms(now)
    if played < 0:
        raise errors.RoundNotStarted
    if played > ground.length_ms + GRACE_MS:
        raise errors.RoundOver
    return played
