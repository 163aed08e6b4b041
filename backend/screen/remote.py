"""What hosts see while they run an event: what is on, and the next step.

The remote on the phone and the console show the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redis import RedisError

from backend.events import agenda, lifecycle, screen_choice
from backend.events.kinds import Kinds
from backend.events.live_activities import activities_of
from backend.events.models import Activity, AgendaStep, Event, Player
from backend.events.play import Play
from backend.events.service import may_reopen
from backend.events.steps import (
    NO_ACTIVITY,
    VOIDED,
    HostStep,
    HostSteps,
    begin_reveal,
    board_steps,
    clock_steps,
    close,
    event_steps,
)
from backend.events.view import headline
from backend.events.visibility import View
from backend.live.presence import Presence
from backend.moderation.view import pending

# The hosts' names of the views that are neither a board nor an activity.
VIEWS = {
    screen_choice.WELCOME: "欢迎画面和加入码",
    screen_choice.ARRIVALS: "签到墙",
    screen_choice.AGENDA: "流程",
    screen_choice.SUGGESTIONS: "征集建议",
    screen_choice.SLIDES: "图片和文章",
    screen_choice.PODIUM: "前三名",
    screen_choice.NOTICE: "通知",
}
# The name of a phase for which the kind has no word.
GOING_ON = "进行中"


@dataclass(frozen=True)
class _EventNow:
    """An event at one moment.

    It has the headline with the two facts more that `event_steps` needs, the choice for the screen,
    the activities in their order, those that are on by id as hosts see them (the latest first), the
    numbers of players and of connected phones, and the `agenda` steps that are not done.
    """

    event: Mapping[str, Any]
    choice: Mapping[str, Any]
    activities: Sequence[Activity]
    on: Mapping[int, dict[str, Any]]
    players: int
    present: int | None
    agenda: Sequence[AgendaStep]
    now: int


class Remote:
    """What hosts can do in events. Build one per process."""

    def __init__(self, kinds: Kinds, plays: Mapping[str, Play], presence: Presence) -> None:
        self._kinds = kinds
        self._plays = plays
        self._presence = presence

    def shown(self, event: Event, chosen_id: int | None, now: int) -> dict[str, Any]:
        """Return what a host sees, for `StepsBody`.

        `chosen_id` is the activity that the host has chosen. Any other number means the activity on
        the screen, else that of the agenda's current step, else the first one with a next step.
        """
        facts = self._look(event, now)
        chosen, steps = self._chosen(facts, chosen_id)
        steps = event_steps(facts.event, facts.players) or steps
        is_on = chosen is not None and chosen.id in facts.on
        onward = None if is_on else _onward(facts, chosen)
        main = steps.main or onward
        return {
            "event": facts.event,
            "players": facts.players,
            "present": facts.present,
            "pending": pending(event.id),
            "screen": self._screen(facts),
            "screen_choice": facts.choice,
            "activity_id": chosen and chosen.id,
            "activities": [self._activity(facts, activity) for activity in facts.activities],
            "title": steps.title,
            "text": steps.text,
            "clock": steps.clock,
            "main": main,
            "waits": "" if main else steps.waits,
            "groups": _groups(facts.event, steps, main, onward),
        }

    def _look(self, event: Event, now: int) -> _EventNow:
        activities = activities_of(event.id)
        on = {}
        for activity in activities:
            activity.event = event
            play = None if activity.voided_at else self._plays.get(activity.kind)
            state = play.shown(activity.id, View.HOST, now) if play else None
            if state is not None:
                on[activity.id] = state
        latest_first = sorted(on.items(), key=lambda item: item[1]["since"], reverse=True)
        playing = Player.select().where(Player.event == event, Player.status == "active")
        return _EventNow(
            event={
                **headline(event, now),
                "opens_ahead": event.opens_at is not None and event.opens_at > now,
                "may_reopen": may_reopen(event, now),
            },
            choice=screen_choice.chosen(event),
            activities=activities,
            on=dict(latest_first),
            players=playing.count(),
            present=self._present(event.id, now),
            agenda=[step for step in agenda.steps_of(event.id) if step.done_at is None],
            now=now,
        )

    def _present(self, event_id: int, now: int) -> int | None:
        try:
            return self._presence.count(event_id, now)
        except RedisError:
            return None

    def _chosen(self, facts: _EventNow, chosen_id: int | None) -> tuple[Activity | None, HostSteps]:
        """Return the activity that a host runs now, and its steps."""
        by_id = {activity.id: activity for activity in facts.activities}
        at = facts.agenda[0] if facts.agenda else None
        for activity_id in (chosen_id, *facts.on, at and at.activity_id):
            if activity_id in by_id:
                return by_id[activity_id], self._steps(facts, by_id[activity_id])
        if at is not None:
            return None, HostSteps(agenda.title_of(at), "这一项没有对应的环节，讲完按下一项。")
        found = [(activity, self._steps(facts, activity)) for activity in facts.activities]
        to_do = [one for one in found if one[1].main is not None]
        return next(iter(to_do or found), (None, NO_ACTIVITY))

    def _steps(self, facts: _EventNow, activity: Activity) -> HostSteps:
        if activity.voided_at:
            return VOIDED
        kind = self._kinds[activity.kind]
        return kind.steps(activity, facts.on.get(activity.id), facts.present, facts.now)

    def _activity(self, facts: _EventNow, activity: Activity) -> dict[str, Any]:
        phase = facts.on[activity.id]["phase"] if activity.id in facts.on else None
        return {
            "id": activity.id,
            "kind": activity.kind,
            "title": activity.title,
            "phase": phase,
            "phase_text": self._phase_text(activity, phase) if phase else _idle_text(activity),
        }

    def _phase_text(self, activity: Activity, phase: str) -> str:
        return self._kinds[activity.kind].phases.get(phase, GOING_ON)

    def _screen(self, facts: _EventNow) -> str:
        """Return what the big screen shows, in words."""
        event = facts.event
        if event["reveal"]:
            return f"揭榜，第 {event['reveal']['step']} / {event['reveal']['of']} 步"
        if event["state"] in (lifecycle.CLOSED, lifecycle.ARCHIVED):
            if facts.choice["shows"] in screen_choice.AFTER_THE_END:
                return VIEWS[facts.choice["shows"]]
            return "封榜，静候揭榜" if event["frozen"] else "最终榜单"
        if facts.choice["shows"] in VIEWS:
            return VIEWS[facts.choice["shows"]]
        is_before = event["state"] in (lifecycle.DRAFT, lifecycle.SCHEDULED)
        if is_before and facts.choice["shows"] != screen_choice.BOARD:
            return VIEWS[screen_choice.WELCOME]
        staged = _staged(facts)
        if staged is None:
            return "榜单（封榜中）" if event["frozen"] else "榜单"
        activity = next(one for one in facts.activities if one.id == staged)
        return f"{activity.title} · {self._phase_text(activity, facts.on[staged]['phase'])}"


def _idle_text(activity: Activity) -> str | None:
    """Return the label of an activity that is not on; None if there is nothing to say."""
    return "已作废" if activity.voided_at else None


def _staged(facts: _EventNow) -> int | None:
    """Return the activity on the screen; None if the screen shows a board."""
    if facts.choice["shows"] == screen_choice.BOARD:
        return None
    chosen = facts.choice["activity_id"]
    return chosen if chosen in facts.on else next(iter(facts.on), None)


def _onward(facts: _EventNow, chosen: Activity | None) -> HostStep | None:
    """Return the step that follows an activity without a next step that is not on.

    The agenda continues; a frozen board waits for its ceremony; after the last step the event ends.
    """
    state, paused = facts.event["state"], facts.event["paused"]
    goes_on = state == lifecycle.OPEN and not paused and not facts.event["reveal"]
    at = facts.agenda[0] if facts.agenda else None
    is_here = at is not None and at.activity_id in (None, chosen and chosen.id)
    if goes_on and at is not None and is_here and len(facts.agenda) > 1:
        return _tick(facts, at, f"下一项：{agenda.title_of(facts.agenda[1])}")
    if facts.event["frozen"] and goes_on:
        return begin_reveal(facts.event)
    if goes_on and at is not None and is_here:
        return _tick(facts, at, f"完成：{agenda.title_of(at)}")
    return close(facts.event) if goes_on and at is None and facts.activities else None


def _tick(facts: _EventNow, step: AgendaStep, text: str) -> HostStep:
    path = f"/events/{facts.event['id']}/agenda/steps/{step.id}/done"
    return HostStep(f"tick-{step.id}", text, path, {"done": True})


def _groups(
    event: Mapping[str, Any], steps: HostSteps, main: HostStep | None, onward: HostStep | None
) -> list[dict[str, Any]]:
    """Return the other steps in named groups; empty groups are left out.

    An activity that could be played once more, or not at all, does not hold up the agenda: the step
    to its next line is among them.
    """
    ticks = [onward] if onward and onward.id.startswith("tick-") else []
    groups = {
        "流程": ticks,
        "这个环节": steps.others,
        "榜单": board_steps(event),
        "整个活动": clock_steps(event),
    }
    rest = {
        name: [step for step in found if main is None or step.id != main.id]
        for name, found in groups.items()
    }
    return [{"name": name, "steps": found} for name, found in rest.items() if found]
