"""Polls over HTTP: a contest from draft to Excel, and who sees what of it."""

import json
from datetime import datetime
from typing import Any

import pytest

from backend.activities.polls.api import REFUSED_BALLOTS_RATE
from backend.events.visibility import View
from backend.phones.show import PhoneShow
from tests.polls.contest import Contest, picture_of
from tests.polls.hall import receipt
from tests.support import refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def told(contest: Contest) -> tuple[list[int], list[int]]:
    """Return the activities that phones are told are over, and those that are open off the screen."""
    parts = ("plays", "presence", "database", "clock", "sockets")
    extensions = [contest.host.app.extensions[f"linka.{part}"] for part in parts]
    state = json.loads(PhoneShow(contest.event_id, *extensions).snapshot())
    return state["played"], state["open"]


def test_contest_from_draft_to_excel(contest: Contest) -> None:
    path = contest.make(anonymous=False, guests_allowed=True)
    first, second, _ = contest.options(path)
    voters = [*contest.staff, contest.guest]
    for phone, choice in zip(voters, [first, first, second, first], strict=True):
        contest.clock.advance(1)
        body = {"choice": [choice], "receipt": receipt()}
        said = phone.ok("POST", f"{path}/ballots", body)
        assert said == phone.ok("POST", f"{path}/ballots", body)
        assert said["choice"] == [choice]
    body = {"choice": [second], "receipt": receipt()}
    refused(contest.guest.post(f"{path}/ballots", body), 409, "already_voted")
    assert contest.guest.ok("GET", path)["results"] == {"state": "hidden"}
    assert told(contest) == ([], [])
    contest.act(path, "dismiss")
    assert told(contest) == ([], [contest.activity_id])
    contest.act(path, "close")
    assert told(contest) == ([contest.activity_id], [])
    contest.act(path, "show", display="race")
    seen = contest.guest.ok("GET", path)
    assert (seen["display"], seen["turnout"]["valid"]) == ("race", 4)
    assert [(row["votes"], row["guest_votes"]) for row in seen["results"]["rows"]] == [
        (3, 1),
        (1, 0),
        (0, 0),
    ]

    book = contest.sheets(f"{path}/results.xlsx")
    header, *rows = book["结果"]
    assert header[:5] == ("名次", "编号", "名称", "票数", "得票率（%）")
    assert rows[0] == (1, 1, "=格桑花开", 3, 75, 2, 1, None, "当选")
    assert rows[2][7] == "是"
    facts = dict(book["汇总"][1:])
    assert (facts["有效票"], facts["其中亲友"], facts["未计入：重复投票"]) == (4, 1, 1)
    assert isinstance(facts["结束时间"], datetime)
    header, *rows = contest.sheets(f"{path}/ballots.xlsx")["选票"]
    assert header == ("时间", "姓名", "工号", "班组", "身份", "选择")
    assert [row[5] for row in rows] == ["=格桑花开", "=格桑花开", "北京的金山上", "=格桑花开"]
    assert [row[4] for row in rows] == ["员工", "员工", "员工", "亲友"]
    assert all(isinstance(row[0], datetime) and isinstance(row[1], str) for row in rows)


def test_rounds_of_a_ranked_poll_are_in_its_excel(contest: Contest) -> None:
    path = contest.make(anonymous=False, method="ranked")
    first, second, third = contest.options(path)
    for phone, choice in zip(contest.staff, [[first], [first], [second, third]], strict=True):
        phone.ok("POST", f"{path}/ballots", {"choice": choice, "receipt": receipt()})
    contest.act(path, "close")
    rounds = contest.sheets(f"{path}/results.xlsx")["各轮计票"]
    assert rounds[0] == ("轮次", "名称", "票数", "结果")
    assert rounds[1:4] == [
        (1, "=格桑花开", 2, None),
        (1, "北京的金山上", 1, None),
        (1, "洗衣歌", 0, "出局"),
    ]


def test_anonymous_poll_has_no_ballots_to_take_away(contest: Contest) -> None:
    path = contest.make()
    refused(contest.host.get(f"{path}/ballots.xlsx"), 409, "poll_is_anonymous")
    assert contest.sheets(f"{path}/results.xlsx")["结果"][1:] == []


def test_anonymous_ballot_is_shown_to_who_has_its_receipt(contest: Contest) -> None:
    path, [ann, bob, _], secret = contest.make(), contest.staff, receipt()
    choice = contest.options(path)[:1]
    ann.ok("POST", f"{path}/ballots", {"choice": choice, "receipt": secret})
    own = f"{path}/ballots/own"
    assert ann.ok("GET", own) == {"ballots_left": 0, "ballots": []}
    shown = ann.ok("GET", own, None, Ballot_Receipts=f"{receipt()},{secret}")
    assert shown == {"ballots_left": 0, "ballots": [{"choice": choice, "key": None}]}
    assert bob.ok("GET", own)["ballots_left"] == 1
    refused(ann.call("GET", own, headers={"Ballot-Receipts": "short"}), 422, "invalid")


def test_entries_are_searched_and_drafts_are_not_seen(contest: Contest) -> None:
    path, [ann, *_] = contest.make(entry_order="random"), contest.staff
    assert [one["number"] for one in ann.ok("GET", f"{path}/entries?search=2")["items"]] == [2]
    found = ann.ok("GET", f"{path}/entries?search=早班")
    assert [(one["number"], found["total"]) for one in found["items"]] == [(1, 1)]
    assert ann.ok("GET", f"{path}/entries?page_size=2&page=2")["total"] == 3
    draft = contest.host.ok("POST", f"{contest.path}/polls", {"title": "草稿"})
    refused(ann.get(f"{contest.path}/polls/{draft['id']}"), 404, "unknown_poll")
    listed = [poll["id"] for poll in ann.ok("GET", contest.path)["items"]]
    assert draft["id"] not in listed and len(listed) == 1
    assert draft["id"] in [poll["id"] for poll in contest.host.ok("GET", contest.path)["items"]]


def test_hidden_results_are_in_nothing_that_others_read(contest: Contest) -> None:
    path = contest.make(anonymous=False, guests_allowed=True)
    body = {"choice": contest.options(path)[:1], "receipt": receipt()}
    contest.staff[0].ok("POST", f"{path}/ballots", body)
    contest.act(path, "close")
    reads = [contest.path, path, f"{path}/entries", f"{path}/ballots/own"]
    for phone in (contest.staff[1], contest.guest):
        said = "".join(phone.get(read).text for read in reads)
        assert "votes" not in said and '"valid":1' in said
        refused(phone.get(f"{path}/results.xlsx"), 403, "forbidden")
    play = contest.host.app.extensions["linka.plays"]["polls"]
    activity_id = int(contest.path.rpartition("/")[2])
    for eyes in (View.PUBLIC, View.OWN):
        assert "votes" not in str(play.shown(activity_id, eyes, contest.clock.now()))
    assert "votes" in str(play.shown(activity_id, View.HOST, contest.clock.now()))


def test_entry_has_a_picture_of_its_event(contest: Contest) -> None:
    body = {"title": "合唱", "entries": [{"title": "甲", "picture_id": 999}]}
    refused(contest.host.post(f"{contest.path}/polls", body), 422, "unknown_picture")
    uploaded = picture_of(contest)
    body["entries"] = [{"title": "甲", "picture_id": uploaded}]
    [option] = contest.host.ok("POST", f"{contest.path}/polls", body)["options"]
    assert contest.host.get(option["picture_path"]).mimetype == "image/jpeg"


@pytest.mark.parametrize(
    "facts",
    [
        {"method": "single", "most_choices": 2},
        {"daily_quota": 0},
        {"entries": [{"title": ""}]},
        {"entries": [{"title": "甲", "video_url": "http://v.example.cn/1.mp4"}]},
        {"entries": [{"title": "甲", "video_url": "javascript:alert(1)"}]},
        {"entries": [{"title": "甲", "video_url": "https://v.example.cn/\x00"}]},
        {"entries": [{"title": "甲", "picture_id": 2**60}]},
        {"entries": [{"title": "甲\x01"}]},
        {"entries": ["甲"]},
        {"number": 99},
    ],
)
def test_draft_that_cannot_be_is_refused(contest: Contest, facts: dict[str, Any]) -> None:
    refused(contest.host.post(f"{contest.path}/polls", {"title": "题", **facts}), 422, "invalid")


def test_refused_ballots_are_rated_and_keep_nobody_else(contest: Contest) -> None:
    path = contest.make()
    ann, bob = contest.staff[:2]
    rate = int(REFUSED_BALLOTS_RATE.partition("/")[0])
    bad = {"choice": [999_999], "receipt": receipt()}
    statuses = [ann.post(f"{path}/ballots", bad).status_code for _ in range(rate + 2)]
    assert statuses == [422] * rate + [429] * 2
    good = {"choice": contest.options(path)[:1], "receipt": receipt()}
    refused(ann.post(f"{path}/ballots", good), 429, "too_many_requests")
    assert bob.post(f"{path}/ballots", {**good, "receipt": receipt()}).status_code == 200
