"""What others see of guesses and drawings: words of the local list are masked and what a host took
out is gone; the rules of guessing and the points are what they were.
"""

import pytest

from backend.identity.models import AuditLine
from backend.moderation.words import read_list, replace_list
from tests.drawing.evening import Evening
from tests.drawing.test_judging import played
from tests.support import refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def hide(evening: Evening, word: str) -> None:
    """Make the local list hold one word."""
    table = f"词语\n{word}".encode()
    replace_list(read_list(table), database=evening.database, now=evening.clock.now())


def test_word_of_the_list_is_masked_in_what_others_see(evening: Evening) -> None:
    hide(evening, "笨蛋")
    turn = evening.begin(3)
    evening.choose(turn)
    guesser = next(player for player in evening.phones if player != turn.drawer_id)
    answer = evening.guess(guesser, turn, "谁画的笨 蛋呀")
    assert answer.json == {"verdict": "wrong"}
    assert [told["text"] for told in evening.told("drawing.said")] == ["谁画的***呀"]


def test_answer_that_stands_on_the_list_is_still_right(evening: Evening) -> None:
    turn = evening.begin(3)
    evening.choose(turn)
    hide(evening, evening.answer(turn))
    guesser = next(player for player in evening.phones if player != turn.drawer_id)
    assert evening.guess(guesser, turn).json["verdict"] == "exact"


def test_blocked_player_guesses_but_is_not_heard(evening: Evening) -> None:
    turn = evening.begin(3)
    evening.choose(turn)
    guesser = next(player for player in evening.phones if player != turn.drawer_id)
    path = f"/events/{evening.event_id}/writing-blocks/{guesser}"
    evening.host.ok("PUT", path, {"reason": "刷屏"})
    assert evening.guess(guesser, turn, "随便说说").json == {"verdict": "wrong"}
    assert evening.told("drawing.said") == []
    assert evening.guess(guesser, turn).json["verdict"] == "exact"


def test_drawing_that_a_host_took_out_is_seen_by_hosts_alone(evening: Evening) -> None:
    one, two, three = played(evening)
    path, viewer = f"{evening.path}/gallery", evening.phones[one.drawer_id]
    screen = evening.centre.app.test_client()
    screen.get(evening.event["screen_path"])
    hung = f"/api/v1/events/{evening.event_id}/gallery/{evening.activity_id}"
    for _ in range(2):
        items = evening.host.ok("PUT", f"{path}/{two.id}", {"hidden": True})["items"]
    assert [item["hidden"] for item in items] == [False, True, False]
    assert [item["turn_id"] for item in viewer.ok("GET", path)["items"]] == [one.id, three.id]
    assert screen.get(f"{hung}/2").json["turn_id"] == three.id
    refused(screen.get(f"{hung}/3"), 404, "not_found")
    refused(viewer.get(f"{path}/{two.id}"), 404, "unknown_turn")
    assert evening.host.ok("GET", f"{path}/{two.id}")["turn_id"] == two.id
    refused(evening.post(one.drawer_id, two, "votes"), 409, "not_in_gallery")
    assert evening.shown()["drawings"] == 2
    evening.host.ok("PUT", f"{path}/{two.id}", {"hidden": False})
    assert len(viewer.ok("GET", path)["items"]) == 3
    assert AuditLine.select().where(AuditLine.action == "hide_drawing").count() == 1


def test_points_stay_when_a_drawing_is_taken_out(evening: Evening) -> None:
    one, *_ = played(evening)
    before = evening.entries()
    evening.host.ok("PUT", f"{evening.path}/gallery/{one.id}", {"hidden": True})
    assert evening.entries() == before
    assert before
