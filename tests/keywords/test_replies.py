"""The results of replies."""

from typing import Any

import pytest

from backend.activities.keywords.models import KeywordHit
from backend.activities.keywords.service import WRONG_RATE
from backend.events.models import Player
from backend.events.play import Speaker, speaker_of
from backend.events.players import StaffOnly
from tests.keywords.evening import WORD, Evening
from tests.support import ENDS, Phone, end_rights, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_hit_is_told_at_once_and_earns(evening: Evening) -> None:
    word_id = evening.announce(points=30, places=2)
    ann, bob = evening.people(2)
    assert evening.reply(ann, " 周年　快樂！") == {
        "outcome": "hit",
        "word_id": word_id,
        "place": 1,
        "points": 30,
        "message": "回复成功！“周年快乐”第 1 位",
    }
    assert evening.reply(bob)["place"] == 2
    assert [evening.points(phone) for phone in (ann, bob)] == [30, 30]
    assert evening.differences() == []


def test_invisible_characters_in_a_reply_make_no_difference(evening: Evening) -> None:
    evening.announce()
    assert evening.outcome(evening.player(), "周年\u3164快\u202e乐") == "hit"


def test_repeat_gets_the_first_answer(evening: Evening) -> None:
    word_id = evening.announce()
    ann = evening.player()
    first = evening.reply(ann)
    evening.clock.advance(1)
    assert evening.reply(ann, "周年快樂") == first
    evening.host.ok("POST", f"{evening.path}/close", {"word_ids": [word_id]})
    evening.host_does("close")
    assert evening.reply(ann) == first
    assert len(evening.entries()) == 1


def test_who_comes_after_the_last_place_is_told_kindly(evening: Evening) -> None:
    evening.announce(places=1)
    ann, bob = evening.people(2)
    evening.reply(ann)
    assert evening.outcome(bob) == "places_gone"
    assert "名额" in evening.reply(bob)["message"]
    assert evening.points(bob) == 0


def test_reply_after_the_time_is_too_late(evening: Evening) -> None:
    evening.announce(seconds=10)
    ann, bob = evening.people(2)
    evening.clock.advance(9.999)
    assert evening.outcome(ann) == "hit"
    evening.clock.advance(0.001)
    assert evening.outcome(bob) == "too_late"


def test_pause_costs_no_time(evening: Evening) -> None:
    evening.announce(seconds=10)
    ann = evening.player()
    evening.host_does("pause")
    refused(evening.replying(ann), 409, "event_paused")
    evening.clock.advance(100)
    evening.host_does("resume")
    evening.clock.advance(9)
    assert evening.outcome(ann) == "hit"


def test_word_closed_by_the_host_is_over(evening: Evening) -> None:
    word_id = evening.announce()
    ann = evening.player()
    evening.host.ok("POST", f"{evening.path}/close", {"word_ids": [word_id]})
    assert evening.outcome(ann) == "too_late"


def test_word_that_was_not_announced_is_as_wrong_as_any(evening: Evening) -> None:
    evening.prepare()
    ann = evening.player()
    secret, nonsense = evening.reply(ann), evening.reply(ann, "天气真好")
    assert secret == nonsense
    assert secret["outcome"] == "wrong"


def test_several_words_have_points_of_their_own(evening: Evening) -> None:
    evening.announce("林卡", points=10)
    evening.announce("美多", points=25)
    ann = evening.player()
    assert [evening.reply(ann, text)["points"] for text in ("美多", "林卡")] == [25, 10]
    assert evening.points(ann) == 35


def test_other_spellings_and_pinyin_mean_the_same_word(evening: Evening) -> None:
    evening.announce(others=["生日快乐"], pinyin=True, places=9)
    phones = evening.people(4)
    texts = ("生日快樂", "zhounian kuaile", "shēng rì kuài lè", "周年快乐")
    assert [evening.reply(*one)["place"] for one in zip(phones, texts, strict=True)] == [1, 2, 3, 4]
    assert evening.outcome(phones[0], "周年快乐") == "hit"
    assert evening.places() == [1, 2, 3, 4]


def test_one_person_wins_no_more_often_than_the_cap(evening: Evening) -> None:
    evening.settle(hits_per_person=1)
    evening.announce("林卡")
    evening.announce("美多")
    ann = evening.player()
    assert evening.outcome(ann, "林卡") == "hit"
    assert evening.outcome(ann, "美多") == "enough"
    assert evening.outcome(ann, "林卡") == "hit"
    own = ann.ok("GET", evening.path)["own"]
    assert own["hits_left"] == 0
    assert [(hit["text"], hit["hit_at"]) for hit in own["hits"]] == [
        ("林卡", "2026-11-22T02:00:00.000Z")
    ]


def test_decoy_says_so_earns_nothing_and_costs_nothing(evening: Evening) -> None:
    evening.settle(hits_per_person=1)
    evening.announce("美多送金子", decoy=True, points=500)
    evening.announce()
    ann = evening.player()
    caught = evening.reply(ann, "美多送金子")
    assert (caught["outcome"], caught["points"], caught["place"]) == ("decoy", None, None)
    assert "幌子" in caught["message"]
    assert evening.reply(ann, "美多送金子") == caught
    assert evening.entries() == []
    assert evening.outcome(ann) == "hit"


def test_wrong_words_are_not_written_and_soon_too_many(evening: Evening) -> None:
    evening.announce()
    ann, bob = evening.people(2)
    most = int(WRONG_RATE.partition("/")[0])
    for number in range(most):
        assert evening.outcome(ann, f"猜{number}") == "wrong"
    refused(evening.replying(ann), 429, "too_many_requests")
    assert evening.outcome(bob) == "hit"
    assert KeywordHit.select().count() == 1


def test_right_words_never_count_as_too_many(evening: Evening) -> None:
    evening.announce()
    ann = evening.player()
    most = int(WRONG_RATE.partition("/")[0])
    assert {evening.outcome(ann) for _ in range(most + 5)} == {"hit"}


def test_guest_is_asked_to_bind_first(evening: Evening) -> None:
    evening.announce()
    guest = evening.centre.guest()
    evening.centre.join(evening.event, guest)
    refused(evening.replying(guest), 403, "staff_only")
    assert guest.ok("GET", evening.path)["words"][0]["taken"] == 0


def test_kicked_player_wins_nothing(evening: Evening) -> None:
    evening.announce()
    ann = evening.player()
    player = ann.ok("GET", f"/events/{evening.event['id']}/me")["player"]
    speaker = speaker_of(Player.get_by_id(player["id"]))
    path = f"/events/{evening.event['id']}/players/{player['id']}"
    evening.host.ok("PUT", path, {"status": "kicked"})
    refused(evening.replying(ann), 403, "kicked")
    with pytest.raises(Exception, match="kicked"):
        evening.play.hear_reply(
            speaker, evening.activity_id, {"text": "周年快乐"}, evening.clock.now()
        )
    assert evening.places() == []


def test_reply_from_another_event_finds_nothing(evening: Evening) -> None:
    evening.announce()
    other = evening.centre.open_event(evening.host)
    stranger = evening.centre.staff("200900")
    (player,) = evening.centre.join(other, stranger)
    refused(evening.replying(stranger), 403, "not_a_player")
    speaker = speaker_of(Player.get_by_id(player["id"]))
    with pytest.raises(Exception, match="not_found"):
        evening.play.hear_reply(
            speaker, evening.activity_id, {"text": "周年快乐"}, evening.clock.now()
        )


def test_reply_needs_no_request_and_no_socket(evening: Evening) -> None:
    """The service takes a player and a text: what the official account will hand over."""
    evening.announce(points=20)
    ann = evening.player()
    player = ann.ok("GET", f"/events/{evening.event['id']}/me")["player"]
    speaker = speaker_of(Player.get_by_id(player["id"]))
    said: dict[str, Any] = evening.play.hear_reply(
        speaker, evening.activity_id, {"text": "周年快乐"}, evening.clock.now()
    )
    assert said == evening.reply(ann)


def test_nothing_counts_after_the_end_of_the_event(evening: Evening) -> None:
    evening.announce(seconds=600)
    ann = evening.player()
    evening.host_does("close")
    refused(evening.replying(ann), 409, "event_closed")


def test_points_wait_for_the_reveal_while_frozen(evening: Evening) -> None:
    evening.announce()
    ann: Phone = evening.player()
    evening.host_does("freeze")
    evening.clock.advance(1)
    assert (evening.reply(ann)["outcome"], evening.reply(ann)["points"]) == ("hit", None)
    own = ann.ok("GET", evening.path)["own"]
    assert [(hit["place"], hit["points"]) for hit in own["hits"]] == [(1, None)]


@pytest.mark.parametrize("how", ENDS)
def test_who_is_no_longer_staff_wins_nothing(evening: Evening, how: str) -> None:
    evening.announce(places=3)
    evening.announce("林卡")
    ann, bob = (
        speaker_of(Player.get_by_id(player["id"]))
        for player in evening.centre.join(evening.event, *evening.people(2))
    )

    def hear(who: Speaker, text: str) -> dict[str, Any]:
        now = evening.clock.now()
        return evening.play.hear_reply(who, evening.activity_id, {"text": text}, now)

    first = hear(ann, "林卡")
    for one in (ann, bob):
        end_rights(evening.centre.app.extensions["linka.database"], one.player_id, how)
    assert hear(ann, "林卡") == first
    for who, text in ((ann, WORD), (bob, WORD), (bob, "什么都不是")):
        with pytest.raises(StaffOnly):
            hear(who, text)
    assert len(evening.entries()) == 1
