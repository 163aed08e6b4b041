"""What the console shows hosts of polls and suggestions."""

import pytest
from redis import Redis
from werkzeug.datastructures import MultiDict

from backend.activities.polls import panel
from backend.activities.polls.errors import UnknownPoll
from backend.activities.polls.suggestions import panel as suggestions_panel
from backend.activities.polls.suggestions.models import Suggestion
from backend.db import Database
from backend.offload.process import Offload
from tests.polls.hall import Hall
from tests.polls.suggestion_box import Box
from tests.support import FakeClock

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
BUS, LATE_BUS, TREE = "三号班车晚十分钟发车", "三号班车晚十五分钟发车", "大厅种一棵树"


@pytest.fixture
def box(database: Database, redis_server: Redis, clock: FakeClock, offload: Offload) -> Box:
    """Return a hall that collects suggestions."""
    return Box(database, redis_server, clock, offload)


def asked(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    """Return a query string as the server reads it."""
    return MultiDict(pairs)


# --- polls


def test_overview_says_which_poll_is_on_the_screen(hall: Hall) -> None:
    hall.draft()
    poll = hall.open(title="第二个")
    found = panel.overview(hall.activity)
    assert [(one["number"], one["state"]) for one in found["polls"]] == [(1, "draft"), (2, "open")]
    assert (found["on_screen"], found["number"], found["has_closed"]) == (poll.id, 3, False)


def test_poll_says_how_many_have_not_voted_and_not_who(hall: Hall) -> None:
    poll = hall.open()
    people = hall.staff(4)
    hall.guests(1)
    hall.cast(poll, people[0], 1)
    found = panel.one(hall.activity, poll.id, hall.play, hall.clock.now())
    assert (found["missing"], found["is_shown"], found["runoff"]) == (3, True, None)
    assert "同事" not in str(found)
    closed = hall.does(poll, "close")
    assert panel.one(hall.activity, closed.id, hall.play, hall.clock.now())["missing"] is None


def test_results_of_few_anonymous_ballots_are_not_the_hosts_either(hall: Hall) -> None:
    poll = hall.open()
    hall.vote(poll, 0, 0, 1, 1)
    hall.count()
    found = panel.one(hall.activity, poll.id, hall.play, hall.clock.now())
    assert found["poll"]["turnout"]["valid"] == 4
    assert found["poll"]["results"] == {"state": "too_few"}


def test_poll_of_another_activity_is_unknown(hall: Hall) -> None:
    with pytest.raises(UnknownPoll):
        panel.one(hall.activity, 999, hall.play, hall.clock.now())


def test_final_previews_who_goes_on(hall: Hall) -> None:
    heats = [hall.open(title=title, anonymous=False) for title in ("甲组", "乙组", "丙组")]
    hall.vote(heats[0], 0, 0, 1, 1, 2)
    hall.vote(heats[1], 2)
    for heat in heats[:2]:
        hall.does(heat, "close")
    found = panel.final(hall.activity, asked(("heats", str(heats[0].id)), ("first", "1")))
    assert [heat["title"] for heat in found["heats"]] == ["甲组", "乙组"]
    assert [heat["is_chosen"] for heat in found["heats"]] == [True, False]
    titles = [option["title"] for option in found["heats"][0]["through"]]
    assert (titles, found["entries"]) == (["节目甲", "节目乙"], 2)
    assert [option["title"] for option in found["heats"][0]["others"]] == ["节目丙"]


def test_final_of_few_anonymous_ballots_is_refused_with_a_reason(hall: Hall) -> None:
    heat = hall.open()
    hall.vote(heat, 0)
    hall.does(heat, "close")
    [shown] = panel.final(hall.activity, asked())["heats"]
    assert (shown["through"], shown["refused"]) == ([], "匿名投票不足 5 票，不公布结果。")


# --- suggestions


def test_suggestions_are_listed_with_what_was_merged_into_them(box: Box) -> None:
    bus, late, tree = box.box(BUS, LATE_BUS, TREE)
    box.merge(late, bus)
    found = suggestions_panel.listing(box.activity, asked())
    assert [one["id"] for one in found["items"]] == [bus, tree]
    assert found["items"][0]["merged"] == [LATE_BUS]
    assert found["items"][0]["item_id"] == box.item(bus)
    assert found["counts"] == {"collecting": 2, "adopted": 0, "done": 0, "declined": 0}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"search": "班车"}, [BUS]),
        ({"moderation": "rejected"}, [TREE]),
        ({"status": "adopted"}, [BUS]),
        ({"status": "没有", "sort": "没有", "page": "x"}, [BUS, TREE]),
    ],
)
def test_filters_of_suggestions(box: Box, query: dict[str, str], found: list[str]) -> None:
    bus, tree = box.box(BUS, TREE)
    box.decide(bus, "adopted")
    box.judge(box.item(tree), "rejected")
    listed = suggestions_panel.listing(box.activity, asked(*query.items()))
    assert [one["text"] for one in listed["items"]] == found


def test_merge_previews_supporters_once_each(box: Box) -> None:
    bus, late = box.box(BUS, LATE_BUS)
    box.support(Suggestion.get_by_id(bus).player_id, late)
    shown = suggestions_panel.merging(box.activity, late, "", box.database, box.offload)
    [other] = shown["others"]
    assert (other["id"], shown["suggestion"]["supports"], other["supports"]) == (bus, 2, 1)
    assert other["together"] == 2
    searched = suggestions_panel.merging(box.activity, late, "没有", box.database, box.offload)
    assert searched["others"] == []


def test_what_is_decided_or_not_approved_is_not_offered_for_a_vote(box: Box) -> None:
    bus, late, tree = box.box(BUS, LATE_BUS, TREE)
    box.decide(late, "declined", reason="车队排不开")
    box.judge(box.item(tree), "rejected")
    offered = suggestions_panel.to_vote(box.activity)
    assert [one["id"] for one in offered["items"]] == [bus]
    assert (offered["total"], offered["number"]) == (1, 1)
