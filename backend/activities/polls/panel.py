"""What the hosts' console shows of polls: the part that the query names."""

from typing import Any

from werkzeug.datastructures import MultiDict

from backend.activities.polls import following, rules, service, view
from backend.activities.polls.drafts import METHOD_NAMES, MOST_OPTIONS, MOST_RANKED, ORDER_NAMES
from backend.activities.polls.models import Poll
from backend.activities.polls.play import PollsPlay
from backend.activities.polls.rules import FEWEST
from backend.errors import LinkaError
from backend.events.models import Activity
from backend.events.visibility import View

STATE_NAMES = {service.DRAFT: "草稿", service.OPEN: "投票中", service.CLOSED: "已截止"}
REFUSAL_NAMES = {
    "duplicate": "重复投票",
    "quota": "超出当日票数",
    "closed": "不在投票时间内",
    "not_allowed": "没有资格",
    "invalid": "选票无效",
}


def panel(
    activity: Activity, asked: MultiDict[str, str], play: PollsPlay, now: int
) -> dict[str, Any]:
    """Return the part that a query names: `overview` (the default), `poll`, `edit`, `wording` or
    `final`.

    Raises `UnknownPoll`.
    """
    part, poll_id = asked.get("part", ""), asked.get("poll", None, int)
    if part == "edit":
        found = editor(activity, poll_id, now)
    elif part == "final":
        found = final(activity, asked)
    elif part in ("poll", "wording"):
        found = one(activity, poll_id or 0, play, now)
    else:
        part, found = "overview", overview(activity)
    return {
        "part": part,
        "is_form": part in ("edit", "wording", "final"),
        "states": STATE_NAMES,
        "methods": METHOD_NAMES,
        "orders": ORDER_NAMES,
        "refusals": REFUSAL_NAMES,
        "unlimited": {rules.MULTIPLE: MOST_OPTIONS, rules.RANKED: MOST_RANKED},
        **found,
    }


def overview(activity: Activity) -> dict[str, Any]:
    """Return a row for each poll, and the number of the next one."""
    polls = list(Poll.select().where(Poll.activity == activity).order_by(Poll.number))
    staged = view.staged(activity.id)
    return {
        "polls": [view.summary(poll) for poll in polls],
        "on_screen": staged and staged.id,
        "number": next_number(activity),
        "has_closed": any(poll.state == service.CLOSED for poll in polls),
        "fewest": FEWEST,
    }


def next_number(activity: Activity) -> int:
    """Return the number of the next poll."""
    numbers = [poll.number for poll in Poll.select(Poll.number).where(Poll.activity == activity)]
    return max(numbers, default=0) + 1


def one(activity: Activity, poll_id: int, play: PollsPlay, now: int) -> dict[str, Any]:
    """Return a poll with what a host can do about it; raises `UnknownPoll`."""
    poll = service.get(activity.id, poll_id)
    detail = view.detail(poll, View.HOST, None, now)
    staged = view.staged(activity.id)
    return {
        "poll": detail,
        "is_shown": staged is not None and staged.id == poll.id,
        "flags": view.flags(poll),
        "missing": play.missing(poll, now) if poll.state == service.OPEN else None,
        "runoff": Poll.get_or_none(Poll.runoff_of == poll),
        "before": poll.runoff_of,
        "fewest": FEWEST,
    }


def editor(activity: Activity, poll_id: int | None, now: int) -> dict[str, Any]:
    """Return what the form of a poll needs, without `poll_id` that of a new one.

    Raises `UnknownPoll`.
    """
    poll = None if poll_id is None else service.get(activity.id, poll_id)
    return {
        "poll": poll and view.detail(poll, View.HOST, None, now),
        "number": next_number(activity),
    }


def final(activity: Activity, asked: MultiDict[str, str]) -> dict[str, Any]:
    """Return the polls from which a final can be made, and who advances from the chosen ones."""
    first = min(max(asked.get("first", 2, int), 1), 100)
    chosen = set(asked.getlist("heats", int))
    closed = Poll.select().where(Poll.activity == activity, Poll.state == service.CLOSED)
    heats = [_heat(poll, first) for poll in closed.order_by(Poll.number)]
    return {
        "heats": [{**heat, "is_chosen": heat["id"] in chosen} for heat in heats],
        "first": first,
        "number": next_number(activity),
        "entries": sum(len(heat["through"]) for heat in heats if heat["id"] in chosen),
    }


def _heat(poll: Poll, first: int) -> dict[str, Any]:
    """Return who advances from a heat, and who may get a 直通卡.

    `refused` says why nobody advances.
    """
    try:
        through, refused = following.qualified(poll, first), ""
    except LinkaError as refusal:
        through, refused = [], refusal.message("zh")
    going = {option.id for option in through}
    return {
        "id": poll.id,
        "number": poll.number,
        "title": poll.title,
        "through": [{"id": option.id, "title": option.title} for option in through],
        "others": [
            {"id": option.id, "title": option.title}
            for option in view.options_of(poll)
            if option.id not in going
        ],
        "refused": refused,
    }
