"""Suggestions: proposed, searched, supported, merged, answered, made into polls."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from backend.activities import polls
from backend.activities.polls.models import PollOption
from backend.activities.polls.suggestions import errors
from backend.activities.polls.suggestions.models import Suggestion, SuggestionSupport
from backend.activities.polls.suggestions.view import Viewer, suggestion_page
from backend.db import Database
from backend.errors import Invalid
from backend.events.lifecycle import EventClosed
from backend.events.models import Activity, Event, Player
from backend.events.players import StaffOnly
from backend.events.visibility import View
from backend.identity.models import AuditLine
from backend.moderation import queue
from backend.moderation.errors import UnknownPicture, WritingBlocked
from backend.moderation.models import ModerationItem
from backend.moderation.words import read_list, replace_list
from backend.offload.process import Offload
from tests.polls.hall import HOST
from tests.polls.suggestion_box import Box
from tests.support import FakeClock

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

NIGHT, BUS, TREE = "食堂加一个夜宵窗口", "三号班车晚十分钟发车", "大厅种一棵树"


@pytest.fixture
def box(database: Database, redis_server: Redis, clock: FakeClock, offload: Offload) -> Box:
    """Return an open event that collects suggestions."""
    return Box(database, redis_server, clock, offload)


# --- proposing


def test_proposer_is_the_first_supporter(box: Box) -> None:
    proposer, other = box.staff(2)
    made = box.propose(proposer, NIGHT)
    [own], [seen] = box.listed(proposer), box.listed(other)
    assert (own["id"], own["supports"], own["own"], own["supported"]) == (made, 1, True, True)
    assert (seen["own"], seen["supported"], seen["moderation"]) == (False, False, None)
    assert own["moderation"] == {"status": "approved", "reason": ""}


def test_same_text_from_the_same_person_is_the_same_suggestion(box: Box) -> None:
    first, second = box.staff(2)
    assert box.propose(first, NIGHT) == box.propose(first, NIGHT)
    assert box.propose(second, NIGHT) != box.propose(first, NIGHT)
    assert (ModerationItem.select().count(), SuggestionSupport.select().count()) == (2, 2)


@ONE_DATABASE
def test_guests_propose_and_second_nothing(box: Box) -> None:
    [guest], [made] = box.guests(), box.box(NIGHT)
    with pytest.raises(StaffOnly):
        box.propose(guest, BUS)
    assert box.tries_to_support(guest, made) == "staff_only"


@ONE_DATABASE
def test_nothing_is_proposed_after_the_end(box: Box) -> None:
    [late], [made] = box.staff(), box.box(NIGHT)
    Event.update(state="closed").execute()
    box.activity = Activity.get_by_id(box.activity.id)
    with pytest.raises(EventClosed):
        box.propose(late, BUS)
    assert box.tries_to_support(late, made) == "event_closed"


@ONE_DATABASE
def test_blocked_writer_proposes_nothing(box: Box) -> None:
    [writer] = box.staff()
    queue.block(box.database, box.event.id, writer, "刷屏", HOST, box.clock.now())
    with pytest.raises(WritingBlocked):
        box.propose(writer, NIGHT)
    assert Suggestion.select().count() == ModerationItem.select().count() == 0


# --- what others see


def test_text_that_is_not_approved_is_its_authors_and_the_hosts(box: Box) -> None:
    replace_list(read_list("词语\n笨蛋".encode()), database=box.database, now=box.clock.now())
    author, other = box.staff(2)
    made = box.propose(author, "组长是笨蛋")
    assert box.listed(other) == []
    assert box.tries_to_support(other, made) == "unknown_suggestion"
    with pytest.raises(errors.UnknownSuggestion):
        box.seen(made, other)
    assert box.listed(author)[0]["moderation"] == {
        "status": "rejected",
        "reason": "含有不能展示的词语",
    }
    assert [one["id"] for one in box.listed()] == [made]
    assert box.similar("组长是笨蛋", other)["items"] == []
    box.judge(box.item(made), "approved")
    assert [one["id"] for one in box.listed(other)] == [made]


def test_picture_is_shown_to_others_once_it_is_approved(box: Box) -> None:
    author, other = box.staff(2)
    picture = box.picture(author)
    made = box.propose(author, TREE, picture)
    path = f"/events/{box.event.id}/pictures/{picture}"
    assert box.seen(made, author)["picture_path"] == path
    assert box.seen(made, other)["picture_path"] is None
    box.judge(picture, "approved")
    assert box.seen(made, other)["picture_path"] == path


@ONE_DATABASE
def test_picture_must_be_ones_own(box: Box) -> None:
    author, thief = box.staff(2)
    picture = box.picture(author)
    made = box.propose(author, TREE, picture)
    for wrong in (picture, box.item(made), 999):
        with pytest.raises(UnknownPicture):
            box.propose(thief, BUS, wrong)


# --- similar ones


@pytest.mark.parametrize("typed", ["食", "", "！！！"])
def test_short_text_is_not_searched(box: Box, typed: str) -> None:
    box.box(NIGHT, BUS)
    assert box.similar(typed) == {"searched": 0, "items": []}


def test_script_and_punctuation_make_no_difference_to_a_search(box: Box) -> None:
    _, bus = box.box(NIGHT, BUS)
    assert [one["id"] for one in box.similar("三號 班車！")["items"]] == [bus]


def test_search_says_how_many_it_looked_at(box: Box) -> None:
    night, bus, _ = box.box(NIGHT, BUS, TREE)
    box.merge(bus, night)
    found = box.similar("食堂夜宵窗口")
    assert found["searched"] == 2
    assert [(one["id"], one["supports"]) for one in found["items"]] == [(night, 2)]
    assert found["items"][0]["likeness"] >= 55


# --- seconding and merging


def test_supporters_are_counted_once_each(box: Box) -> None:
    night, bus = box.box(NIGHT, BUS)
    people = box.staff(3)
    for who in people:
        assert box.support(who, bus) == bus
        assert box.support(who, bus) == bus
    assert [(one["id"], one["supports"]) for one in box.listed(people[0])] == [(bus, 4), (night, 1)]
    assert [one["id"] for one in box.listed(sort="new")] == [bus, night]


def test_merged_suggestion_hands_its_supporters_over_once(box: Box) -> None:
    night, again = box.box(NIGHT, "食堂开夜宵窗口")
    both, one = box.staff(2)
    for who, what in ((both, night), (both, again), (one, again)):
        box.support(who, what)
    before = box.behind(night) | box.behind(again)
    assert box.merge(again, night) == night
    assert box.behind(night) == before
    assert box.behind(again) == set()
    assert [(seen["id"], seen["supports"]) for seen in box.listed(one)] == [(night, 4)]
    assert AuditLine.select().where(AuditLine.action == "merge_suggestion").count() == 1


def test_seconding_a_merged_one_counts_for_its_target(box: Box) -> None:
    night, again = box.box(NIGHT, "食堂开夜宵窗口")
    box.merge(again, night)
    [who] = box.staff()
    assert box.support(who, again) == night
    assert who in box.behind(night)
    seen = box.seen(again, who)
    assert (seen["merged_into"], seen["supports"], seen["supported"]) == (night, 3, True)


@ONE_DATABASE
def test_what_stands_for_a_merged_one_must_be_shown_too(box: Box) -> None:
    night, again = box.box(NIGHT, "食堂开夜宵窗口")
    box.merge(again, night)
    box.judge(box.item(night), "rejected")
    [who] = box.staff()
    assert box.tries_to_support(who, again) == "unknown_suggestion"
    assert who not in box.behind(night)


@pytest.mark.parametrize(
    "order",
    [[(0, 1), (1, 2)], [(1, 2), (0, 1)], [(0, 2), (1, 2)], [(1, 0), (2, 0)], [(0, 1), (2, 1)]],
    ids=str,
)
@ONE_DATABASE
def test_order_of_merges_makes_no_difference(box: Box, order: list[tuple[int, int]]) -> None:
    three = box.box("夜宵窗口", "加夜宵窗口", "开夜宵窗口")
    everybody = set().union(*(box.behind(one) for one in three))
    for gone, into in order:
        box.merge(three[gone], three[into])
    [standing] = box.listed()
    assert standing["supports"] == 3
    assert box.behind(standing["id"]) == everybody
    for one in three:
        assert box.seen(one)["merged_into"] in (None, standing["id"])


def test_repeated_and_mutual_merges_are_harmless(box: Box) -> None:
    night, again, tree = box.box(NIGHT, "食堂开夜宵窗口", TREE)
    assert box.merge(again, night) == night
    assert box.merge(again, night) == night
    assert box.merge(night, again) == night
    assert box.behind(night) == {Suggestion.get_by_id(one).player_id for one in (night, again)}
    with pytest.raises(errors.AlreadyMerged):
        box.merge(again, tree)
    with pytest.raises(Invalid):
        box.merge(night, night)


# --- deciding


def test_decision_is_seen_by_all_and_ends_the_collecting(box: Box) -> None:
    [bus] = box.box(BUS)
    early, late = box.staff(2)
    box.support(early, bus)
    box.clock.advance(60)
    box.decide(bus, "declined", reason="发车时间由车队定", answer="已转给车队")
    seen = box.seen(bus, late)
    assert (seen["status"], seen["reason"], seen["answer"]) == (
        "declined",
        "发车时间由车队定",
        "已转给车队",
    )
    assert seen["answered_at"] == seen["changed_at"] == box.clock.now()
    assert box.tries_to_support(late, bus) == "not_collecting"
    assert box.tries_to_support(early, bus) == ""
    box.decide(bus, "done", reason="不该留下", answer="已转给车队")
    assert box.seen(bus, late)["reason"] == ""


@ONE_DATABASE
def test_same_decision_again_leaves_one_line(box: Box) -> None:
    [bus] = box.box(BUS)
    for _ in range(2):
        box.decide(bus, "adopted", answer="好主意")
    [line] = AuditLine.select().where(AuditLine.action == "decide_suggestion")
    empty = {"status": "collecting", "reason": "", "answer": ""}
    after = {"status": "adopted", "reason": "", "answer": "好主意"}
    assert line.detail == {"before": empty, "after": after}
    assert [one["id"] for one in box.listed(status="adopted")] == [bus]
    assert box.listed(status="collecting") == []


# --- to the vote


def test_best_become_options_of_a_poll_with_one_action(box: Box) -> None:
    night, bus, tree, again = box.box(NIGHT, BUS, TREE, "食堂开夜宵窗口")
    for who in box.staff(2):
        box.support(who, bus)
    box.merge(again, night)
    poll = box.poll_of(2)
    assert [(one.number, one.title) for one in box.options_of(poll)] == [(1, BUS), (2, NIGHT)]
    assert box.seen(bus)["poll"] == {
        "id": poll.id,
        "number": 1,
        "title": "周年庆做什么",
        "state": "draft",
    }
    assert box.seen(tree)["poll"] is None
    assert box.poll_of(3) == poll
    assert PollOption.select().count() == 2


def test_proposers_see_what_became_of_theirs(box: Box) -> None:
    night, bus, again = box.box(NIGHT, BUS, "食堂开夜宵窗口")
    proposer = Suggestion.get_by_id(again).player_id
    stranger = box.staff()[0]
    box.merge(again, night)
    poll = box.poll_of([night, bus])
    [mine] = box.listed(proposer, mine=True)
    assert (mine["merged_into"], mine["supports"]) == (night, 2)
    assert mine["poll"] and mine["poll"]["id"] == poll.id
    assert box.seen(night, stranger)["poll"] is None
    box.does(poll, "open")
    assert box.seen(night, stranger)["poll"]["state"] == "open"
    assert box.listed(stranger, mine=True) == []


@ONE_DATABASE
def test_named_suggestions_come_in_their_order_and_merged_ones_once(box: Box) -> None:
    night, bus, again = box.box(NIGHT, BUS, "食堂开夜宵窗口")
    box.merge(again, night)
    poll = box.poll_of([again, bus, night])
    assert [one.title for one in box.options_of(poll)] == [NIGHT, BUS]
    with pytest.raises(Invalid):
        box.poll_of([night, again], number=2)


@ONE_DATABASE
def test_what_is_not_shown_is_not_put_to_the_vote(box: Box) -> None:
    night, bus, tree = box.box(NIGHT, BUS, TREE)
    box.judge(box.item(night), "rejected")
    box.decide(tree, "declined", reason="没有地方")
    with pytest.raises(errors.UnknownSuggestion):
        box.poll_of([night, bus])
    with pytest.raises(Invalid):
        box.poll_of(5)


@ONE_DATABASE
def test_long_suggestion_has_its_whole_text_below_the_option(box: Box) -> None:
    long = "长" * 200
    [author] = box.staff()
    picture = box.picture(author)
    made = box.propose(author, long, picture)
    [bus] = box.box(BUS)
    box.judge(picture, "approved")
    first, second = box.options_of(box.poll_of([made, bus]))
    assert (len(first.title), first.description, first.picture_id) == (120, long, picture)
    assert (second.title, second.description, second.picture_id) == (BUS, "", None)


def test_proposers_alone_are_told_live(box: Box) -> None:
    night, bus, again = box.box(NIGHT, BUS, "食堂开夜宵窗口")
    box.merge(again, night)
    box.play.tell_proposers(box.activity, [night], "poll")
    assert box.told() == [(night, "poll")]
    assert Suggestion.get_by_id(again).merged_into_id == night
    whose = {Suggestion.get_by_id(one).player_id for one in (night, again)}
    heard = box.play.audience(box.activity.id, {"suggestion_id": night}, box.clock.now())
    assert heard == whose
    assert Suggestion.get_by_id(bus).player_id not in whose


# --- taking away


@ONE_DATABASE
def test_excel_file_has_chinese_headers_and_types(box: Box) -> None:
    night, bus, again = box.box("=夜宵窗口", BUS, "食堂开夜宵窗口")
    [who] = box.staff()
    box.support(who, night)
    box.merge(again, night)
    box.decide(bus, "declined", reason="车队定", answer="谢谢")
    sheets = box.sheets()
    first, second, third = sheets["建议"]
    assert (first["编号"], first["建议"], first["附议人数"]) == (night, "=夜宵窗口", 3)
    assert (second["状态"], second["不采纳理由"], second["答复"]) == ("不采纳", "车队定", "谢谢")
    assert (third["状态"], third["并入编号"], third["附议人数"]) == ("已合并", night, 0)
    assert first["提出时间"] == datetime(2026, 11, 22, 10, 0)
    names = sheets["附议名单"]
    assert [row["建议编号"] for row in names] == [night, night, night, bus]
    assert {row["工号"] for row in names} == {
        player.staff_number for player in Player.select().where(Player.staff_id.is_null(False))
    }


@ONE_DATABASE
def test_wiping_takes_suggestions_and_the_polls_made_of_them(box: Box) -> None:
    night, bus = box.box(NIGHT, BUS)
    kept, made = box.draft(), box.poll_of([night, bus], number=2)
    with box.database.write():
        box.kind.wipe(box.activity)
    assert Suggestion.select().count() == SuggestionSupport.select().count() == 0
    assert box.polls() == [kept]
    assert made not in box.polls()


@ONE_DATABASE
def test_page_has_the_rest_of_the_list(box: Box) -> None:
    ids = box.box(*(f"第{number}条建议" for number in range(5)))
    asked: dict[str, Any] = {"page": 2, "page_size": 2, "mine": False, "sort": "supports"}
    page = suggestion_page(box.activity, Viewer(View.HOST, None), asked)
    assert ([one["id"] for one in page["items"]], page["total"]) == (ids[2:4], 5)


@ONE_DATABASE
@pytest.mark.parametrize(
    ("search", "found"),
    [("班車", [BUS]), ("50%", []), ("同事1", [BUS]), ("，", []), ("", [BUS, TREE])],
)
def test_search_looks_in_texts_and_names(box: Box, search: str, found: list[str]) -> None:
    box.box(BUS, TREE)
    assert [one["text"] for one in box.listed(search=search)] == found


@ONE_DATABASE
def test_list_is_filtered_by_moderation(box: Box) -> None:
    bus, tree = box.box(BUS, TREE)
    box.judge(box.item(tree), "rejected")
    assert [one["id"] for one in box.listed(moderation="rejected")] == [tree]
    assert [one["id"] for one in box.listed(moderation="approved")] == [bus]
    author = Suggestion.get_by_id(bus).player_id
    assert box.listed(author, moderation="rejected") == []


def test_of_polls_the_kind_alone_knows_suggestions() -> None:
    files = [path for path in Path(polls.__file__).parent.glob("*.py") if path.name != "kind.py"]
    assert [path for path in files if "polls.suggestions" in path.read_text("utf-8")] == []
