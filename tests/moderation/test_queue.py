"""The queue over HTTP: what hosts see and decide, and what others see of it."""

import io
import json
from collections import Counter
from datetime import datetime
from functools import partial

import openpyxl
import pytest
from PIL import Image

from backend.events.models import Event
from backend.events.visibility import View, shows_written
from backend.live.feed import Feed
from backend.moderation.models import ModerationItem, ModerationPicture, WritingBlock
from tests.moderation.evening import Evening
from tests.support import Centre, FakeClock, at_once, picture_bytes, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("is_author", [True, False])
def test_what_is_not_approved_is_for_hosts_and_its_author(view: View, is_author: bool) -> None:
    assert shows_written(True, view, is_author)
    alone = view is View.HOST or (view is View.OWN and is_author)
    assert shows_written(False, view, is_author) == alone


def test_what_waits_comes_first_in_first_out(evening: Evening) -> None:
    ids = [evening.upload(picture_bytes(colour=colour)) for colour in ("red", "blue", "green")]
    evening.write("食堂加一个夜宵窗口")
    assert [line["id"] for line in evening.listed()] == ids
    evening.decide(ids[0], "approved")
    evening.decide(ids[1], "rejected", "看不清")
    assert [line["id"] for line in evening.listed()] == ids[2:]
    assert [line["id"] for line in evening.listed("?status=rejected")] == [ids[1]]
    assert len(evening.listed("?status=approved&kind=picture")) == 1
    page = evening.host.ok("GET", f"{evening.queue}?status=all&page_size=2&page=2")
    assert (page["total"], page["pending"]) == (4, 1)
    assert [line["id"] for line in page["items"]] == [ids[1], ids[0]]


def test_line_of_the_queue_says_who_what_and_why(evening: Evening) -> None:
    evening.hide("笨蛋")
    evening.write("组长是笨蛋")
    [line] = evening.listed("?status=all")
    me = evening.phones[0].ok("GET", f"{evening.path}/me")["player"]
    assert line["author"] == {
        "player_id": me["id"],
        "name": me["name"],
        "team": me["team"]["name"],
        "blocked": False,
    }
    assert (line["text"], line["picture_path"]) == ("组长是笨蛋", None)
    assert (line["status"], line["finding"], line["by_host"]) == ("rejected", "listed", False)
    assert evening.decide(line["id"], "approved")["by_host"] is True
    assert evening.listed("?status=approved")[0]["reason"] == ""


@ONE_DATABASE
def test_rejection_needs_a_reason(evening: Evening) -> None:
    item_id = evening.upload(picture_bytes())
    answer = evening.host.put(f"{evening.queue}/{item_id}", {"status": "rejected"})
    refused(answer, 422, "invalid")
    assert answer.json and list(answer.json["errors"]) == ["reason"]
    assert evening.listed()[0]["status"] == "pending"


@ONE_DATABASE
def test_item_of_another_event_is_not_found(evening: Evening, centre: Centre) -> None:
    item_id = evening.upload(picture_bytes())
    other = centre.open_event(evening.host)
    for path in (f"/events/{other['id']}/moderation/{item_id}", f"{evening.queue}/{item_id + 1}"):
        refused(evening.host.put(path, {"status": "approved"}), 404, "not_found")
    path = f"/events/{other['id']}/writing-blocks/{evening.players[0]}"
    refused(evening.host.put(path, {"reason": "刷屏"}), 404, "not_found")
    refused(evening.host.delete(path), 404, "not_found")
    refused(evening.host.get(f"/events/{other['id']}/pictures/{item_id}"), 404, "not_found")


def test_picture_is_its_authors_and_the_hosts_until_it_is_approved(
    evening: Evening, centre: Centre
) -> None:
    item_id = evening.upload(picture_bytes(size=(90, 40)))
    path = f"{evening.path}/pictures/{item_id}"
    author, other = evening.phones
    screen = f"{evening.path}/screen-pictures/{item_id}"
    for phone in (author, evening.host):
        answer = phone.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert Image.open(io.BytesIO(answer.data)).size == (90, 40)
    refused(other.get(path), 404, "not_found")
    refused(evening.host.get(screen), 404, "not_found")
    evening.decide(item_id, "approved")
    assert other.get(path).status_code == 200
    assert evening.host.get(screen).data == other.get(path).data
    refused(centre.guest("stranger").get(path), 403, "not_a_player")
    evening.decide(item_id, "rejected", "换一张")
    refused(other.get(path), 404, "not_found")
    refused(evening.host.get(screen), 404, "not_found")
    assert author.get(path).status_code == 200


def test_text_has_no_picture(evening: Evening) -> None:
    item = evening.write("你好")
    refused(evening.host.get(f"{evening.path}/pictures/{item.id}"), 404, "not_found")


def test_paired_screen_is_shown_approved_pictures(evening: Evening) -> None:
    client = evening.app.test_client()
    item_id = evening.upload(picture_bytes())
    path = f"/api/v1{evening.path}/screen-pictures/{item_id}"
    refused(client.get(path), 403, "screen_not_paired")
    number = evening.event["id"]
    key = Event.get_by_id(number).screen_key
    assert client.get(f"/screen/{number}?key={key}").status_code == 302
    refused(client.get(path), 404, "not_found")
    evening.decide(item_id, "approved")
    assert client.get(path).mimetype == "image/jpeg"


def test_same_file_is_one_item_however_often_it_comes(evening: Evening) -> None:
    data, phone = picture_bytes(), evening.phones[0]
    answers = at_once([partial(phone.uploads, f"{evening.path}/pictures", data)] * 8)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 7}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert evening.upload(data, which=1) != answers[0].json["id"]
    assert (ModerationItem.select().count(), ModerationPicture.select().count()) == (2, 2)


def test_hosts_picture_needs_no_approval(evening: Evening) -> None:
    made = evening.host.upload(f"{evening.path}/pictures", picture_bytes())
    assert made["status"] == "approved"
    assert evening.phones[0].get(made["path"]).status_code == 200
    [line] = evening.listed("?status=all")
    assert line["author"]["name"] == "主持人"


@ONE_DATABASE
def test_file_that_is_no_picture_is_refused(evening: Evening) -> None:
    refused(evening.phones[0].uploads(f"{evening.path}/pictures", b"x"), 422, "bad_picture")
    assert ModerationItem.select().count() == 0


@ONE_DATABASE
def test_pictures_come_from_staff_while_the_event_is_open(evening: Evening, centre: Centre) -> None:
    guest = centre.guest("a-guest")
    centre.join(evening.event, guest)
    path = f"{evening.path}/pictures"
    refused(guest.uploads(path, picture_bytes()), 403, "staff_only")
    evening.host.ok("POST", f"{evening.path}/transitions", {"action": "close"})
    refused(evening.phones[0].uploads(path, picture_bytes()), 409, "event_closed")
    assert evening.host.uploads(path, picture_bytes()).status_code == 201


@ONE_DATABASE
def test_uploads_are_limited(evening: Evening) -> None:
    path, phone = f"{evening.path}/pictures", evening.phones[0]
    answers = [phone.uploads(path, b"x") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [422] * 20 + [429]


def test_blocked_player_uploads_nothing(evening: Evening) -> None:
    block = f"{evening.path}/writing-blocks"
    body = {"reason": "刷屏"}
    first = evening.host.ok("PUT", f"{block}/{evening.players[0]}", body)
    evening.clock.advance(5)
    again = evening.host.ok("PUT", f"{block}/{evening.players[0]}", {"reason": "又刷屏"})
    assert again == first
    assert evening.host.ok("GET", block)["items"] == [first]
    answer = evening.phones[0].uploads(f"{evening.path}/pictures", picture_bytes())
    refused(answer, 403, "writing_blocked")
    for _ in range(2):
        assert evening.host.delete(f"{block}/{evening.players[0]}").status_code == 204
    assert evening.upload(picture_bytes())
    assert [len(evening.lines(f"{verb}_writing")) for verb in ("block", "unblock")] == [1, 1]


def test_blocks_at_once_are_one(evening: Evening) -> None:
    path = f"{evening.path}/writing-blocks/{evening.players[0]}"
    answers = at_once([partial(evening.host.put, path, {"reason": "刷屏"})] * 8)
    assert {answer.status_code for answer in answers} == {200}
    assert WritingBlock.select().count() == 1
    assert len(evening.lines("block_writing")) == 1


def test_queue_marks_whom_a_host_blocked(evening: Evening) -> None:
    evening.upload(picture_bytes())
    evening.host.ok(
        "PUT", f"{evening.path}/writing-blocks/{evening.players[0]}", {"reason": "刷屏"}
    )
    assert evening.listed()[0]["author"]["blocked"] is True


def test_same_decision_at_once_is_taken_once(evening: Evening) -> None:
    path = f"{evening.queue}/{evening.upload(picture_bytes())}"
    answers = at_once([partial(evening.host.put, path, {"status": "approved"})] * 8)
    assert {answer.json["status"] for answer in answers} == {"approved"}
    assert len(evening.lines("moderation_approved")) == 1


def test_hosts_who_differ_leave_one_decision_and_both_lines(evening: Evening) -> None:
    item_id = evening.upload(picture_bytes())
    bodies: list[dict[str, str]] = [
        {"status": "approved"},
        {"status": "rejected", "reason": "看不清"},
    ]
    answers = at_once(
        [partial(evening.host.put, f"{evening.queue}/{item_id}", body) for body in bodies]
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    lines = sorted(
        (line.id, line.action)
        for verb in ("approved", "rejected")
        for line in evening.lines(f"moderation_{verb}")
    )
    assert len(lines) == 2
    assert lines[-1][1] == f"moderation_{ModerationItem.get_by_id(item_id).status}"


def test_feed_tells_that_something_moved_but_not_what(evening: Evening) -> None:
    feed = Feed(evening.app.extensions["linka.redis"])
    item_id = evening.upload(picture_bytes())
    evening.decide(item_id, "rejected", "看不清")
    evening.decide(item_id, "rejected", "看不清")
    told = [
        json.loads(message.data)
        for message in feed.after(evening.event["id"], "0-0")
        if message.type == "moderation"
    ]
    assert told == [{"item_id": item_id, "status": status} for status in ("pending", "rejected")]


@ONE_DATABASE
def test_hosts_stream_counts_what_waits(evening: Evening) -> None:
    evening.upload(picture_bytes())
    assert evening.snapshot(View.HOST)["moderation"] == {"pending": 1}
    assert "moderation" not in evening.snapshot(View.PUBLIC)


@ONE_DATABASE
def test_excel_file_has_all_with_types(evening: Evening) -> None:
    evening.hide("=笨蛋")
    evening.write("=笨蛋")
    item_id = evening.upload(picture_bytes(), which=1)
    evening.decide(item_id, "rejected", "看不清")
    evening.host.ok(
        "PUT", f"{evening.path}/writing-blocks/{evening.players[1]}", {"reason": "刷屏"}
    )
    answer = evening.host.get(f"{evening.queue}.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    rows = list(book["审核记录"].values)
    header, stopped = book["停止发言"].values
    assert dict(zip(header, stopped, strict=True))["原因"] == "刷屏"
    assert rows[0][:7] == ("编号", "类型", "内容", "提交人", "班组", "状态", "检查结果")
    text, picture = (dict(zip(rows[0], row, strict=True)) for row in rows[1:])
    assert (text["内容"], text["状态"], text["检查结果"]) == ("=笨蛋", "未通过", "本地词库命中")
    assert (picture["类型"], picture["内容"], picture["原因"]) == ("图片", None, "看不清")
    assert picture["编号"] == item_id
    assert picture["提交时间"] == datetime(2026, 11, 22, 10, 0, 10)


@ONE_DATABASE
def test_wiped_rehearsal_has_no_trace_of_its_players(centre: Centre, clock: FakeClock) -> None:
    evening = Evening(centre, clock, rehearsal=True)
    evening.upload(picture_bytes())
    evening.host.ok(
        "PUT", f"{evening.path}/writing-blocks/{evening.players[0]}", {"reason": "刷屏"}
    )
    assert evening.host.delete(f"{evening.path}/data").status_code == 204
    for table in (ModerationItem, ModerationPicture, WritingBlock):
        assert table.select().count() == 0
