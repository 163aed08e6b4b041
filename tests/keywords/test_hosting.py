"""Actions of hosts on words, and what players, screens and hosts are shown at each time."""

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from backend.activities.keywords.kind import Keywords
from backend.events.visibility import View
from backend.live.feed import Feed
from tests.keywords.evening import WORD, Evening
from tests.support import as_json, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def everything_told(evening: Evening) -> str:
    """Return all that a player and a screen are shown, and the feed, as text."""
    player = evening.player()
    feed: Feed = Feed(evening.centre.app.extensions["linka.redis"])
    event_id = evening.event["id"]
    told: list[Any] = [
        player.ok("GET", evening.path),
        player.ok("GET", f"/events/{event_id}"),
        evening.shown(),
        evening.shown(View.HOST),
        [message.data for message in feed.after(event_id, "0-0")],
    ]
    return as_json(told)


def test_nobody_hears_of_a_word_before_it_is_announced(evening: Evening) -> None:
    word_id = evening.prepare(others=["生日快乐"])
    evening.announce("林卡")
    told = everything_told(evening)
    assert WORD not in told and "生日快乐" not in told and "林卡" in told
    listed = evening.host.ok("GET", f"{evening.path}/words")
    assert [(word["text"], word["state"]) for word in listed] == [
        (WORD, "prepared"),
        ("林卡", "open"),
    ]
    evening.open(word_id)
    assert WORD in everything_told(evening)


def test_other_spellings_are_never_told(evening: Evening) -> None:
    evening.announce(others=["生日快乐"])
    assert "生日快乐" not in everything_told(evening)


def test_decoy_looks_like_any_other_word_while_one_is_open(evening: Evening) -> None:
    decoy = evening.prepare("美多送金子", decoy=True, points=20, places=20)
    word = evening.prepare(points=20, places=20)
    evening.open(decoy, word)
    evening.reply(evening.player(), "美多送金子")
    same = {"id", "number", "text"}
    first, second = (
        {name: value for name, value in evening.word(one).items() if name not in same}
        for one in (decoy, word)
    )
    assert first == second
    assert first["decoy"] is None
    evening.host.ok("POST", f"{evening.path}/close", {"word_ids": [decoy, word]})
    assert [(evening.word(one)["decoy"], evening.word(one)["caught"]) for one in (decoy, word)] == [
        (True, 1),
        (False, None),
    ]


def test_host_sees_which_words_are_decoys(evening: Evening) -> None:
    decoy = evening.announce("美多送金子", decoy=True)
    assert evening.word(decoy, View.HOST)["decoy"] is True


def test_hits_are_shown_with_names_in_the_order_of_places(evening: Evening) -> None:
    word_id = evening.announce(places=3)
    phones = evening.people(3)
    names = [
        phone.ok("GET", f"/events/{evening.event['id']}/me")["player"]["name"] for phone in phones
    ]
    for phone in phones:
        evening.reply(phone)
    word = evening.word(word_id)
    assert [(hit["place"], hit["name"]) for hit in word["hits"]] == list(enumerate(names, 1))
    assert (word["taken"], word["state"]) == (3, "gone")
    assert evening.shown()["phase"] == "over"  # type: ignore[index]


def test_phones_and_screens_are_told_of_announcements_hits_and_the_end(evening: Evening) -> None:
    feed = Feed(evening.centre.app.extensions["linka.redis"])

    def told() -> int:
        messages = feed.after(evening.event["id"], "0-0")
        return sum(message.type == "activity" for message in messages)

    evening.announce(seconds=10)
    assert told() == 1
    evening.play.advance(evening.activity_id, evening.clock.now())
    assert evening.outcome(evening.player()) == "hit"
    assert told() == 2
    evening.clock.advance(10)
    evening.play.advance(evening.activity_id, evening.clock.now())
    evening.play.advance(evening.activity_id, evening.clock.now())
    assert told() == 3


def test_result_is_seen_off_and_the_next_word_comes(evening: Evening) -> None:
    word_id = evening.announce(seconds=10)
    refused(evening.host.post(f"{evening.path}/dismiss"), 409, "words_open")
    evening.clock.advance(10)
    for _ in range(2):
        evening.host.ok("POST", f"{evening.path}/dismiss")
        assert evening.shown() is None
    second = evening.announce("林卡")
    shown = evening.shown()
    assert shown and [word["id"] for word in shown["words"]] == [second]
    assert word_id != second


def test_same_word_prepared_again_is_the_first_one(evening: Evening) -> None:
    first = evening.preparing(points=10)
    again = evening.preparing(points=10)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    refused(evening.preparing(points=11), 409, "word_taken")


@pytest.mark.parametrize("other", ["週年快樂", "周年快樂！", "zhounian kuaile"])
def test_two_words_are_never_written_the_same_way(evening: Evening, other: str) -> None:
    evening.prepare(pinyin=True)
    refused(evening.preparing("另一个", others=[other]), 409, "word_taken")


@pytest.mark.parametrize(
    "body", [{"text": "！！"}, {"text": "好", "others": ["🎉"]}, {"text": "啊" * 21}]
)
def test_word_that_nobody_could_reply_is_refused(evening: Evening, body: dict[str, Any]) -> None:
    refused(evening.host.post(f"{evening.path}/words", body), 422, "invalid")


def test_word_is_removed_only_before_it_is_announced(evening: Evening) -> None:
    word_id = evening.prepare()
    path = f"{evening.path}/words/{word_id}"
    evening.host.ok("DELETE", path)
    refused(evening.host.delete(path), 404, "unknown_word")
    again = evening.announce()
    refused(evening.host.delete(f"{evening.path}/words/{again}"), 409, "word_announced")


def test_opening_and_closing_again_changes_nothing(evening: Evening) -> None:
    word_id = evening.announce(seconds=30)
    evening.clock.advance(5)
    evening.open(word_id)
    assert evening.word(word_id)["left_ms"] == 25_000
    for _ in range(2):
        evening.host.ok("POST", f"{evening.path}/close", {"word_ids": [word_id]})
    assert evening.word(word_id)["state"] == "over"
    other = evening.prepare("林卡")
    body = {"word_ids": [other]}
    refused(evening.host.post(f"{evening.path}/close", body), 409, "word_not_announced")
    body = {"word_ids": [other, 999_999]}
    refused(evening.host.post(f"{evening.path}/open", body), 404, "unknown_word")


def test_template_prepares_its_words(evening: Evening) -> None:
    event = evening.centre.open_event(evening.host, "anniversary")
    (activity_id,) = [a["id"] for a in event["activities"] if a["kind"] == "keywords"]
    listed = evening.host.ok("GET", f"/keywords/{activity_id}/words")
    assert [(word["text"], word["points"], word["decoy"]) for word in listed] == [
        ("周年快乐", 20, False),
        ("扎西德勒", 30, False),
        ("心中有客户", 10, False),
        ("美多送金子", 20, True),
    ]


def test_template_with_the_same_word_twice_is_refused(evening: Evening) -> None:
    words = [{"text": "周年快乐"}, {"text": "周年快樂"}]
    with pytest.raises(Exception, match="same way"):
        Keywords().check({"words": words})


def test_wiped_rehearsal_has_its_words_again(evening: Evening) -> None:
    evening.announce()
    evening.reply(evening.player())
    evening.host.ok("DELETE", f"/events/{evening.event['id']}/data")
    listed = evening.host.ok("GET", f"{evening.path}/words")
    assert [(word["state"], word["taken"]) for word in listed] == [("prepared", 0)]
    assert evening.shown() is None


def test_hits_are_handed_on_as_excel(evening: Evening) -> None:
    evening.announce("=1+1", points=30)
    evening.announce("幌子", decoy=True)
    ann, bob = evening.people(2)
    evening.reply(ann, "1＋1")
    evening.clock.advance(1)
    evening.reply(bob, "11")
    evening.reply(bob, "幌子")
    answer = evening.host.get(f"{evening.path}/hits.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    header, *rows = sheet.iter_rows(values_only=True)
    assert header == ("关键词", "名次", "姓名", "工号", "班组", "得分", "回复时间")
    players = [
        phone.ok("GET", f"/events/{evening.event['id']}/me")["player"] for phone in (ann, bob)
    ]
    assert rows == [
        (
            "=1+1",
            place,
            player["name"],
            player["staff_number"],
            player["team"]["name"],
            30,
            datetime(2026, 11, 22, 10, 0, place - 1),
        )
        for place, player in enumerate(players, 1)
    ]
    assert sheet["A2"].data_type == "s"
