"""A round from the host's start to the podium."""

import pytest

from tests.shake.evening import Evening

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_nothing_is_on_before_the_first_round(evening: Evening) -> None:
    assert evening.shown() is None
    assert evening.pulse() is None
    evening.advance()
    shaker = evening.shaker()
    assert evening.play.own(evening.activity_id, shaker.id, evening.clock.now()) is None


def test_round_goes_from_countdown_to_podium(evening: Evening) -> None:
    ann, bob, cai = evening.shakers(3)
    began = evening.clock.now()
    round_id = evening.begin(seconds=20)["id"]
    shown = evening.shown()
    assert shown and shown["phase"] == "countdown"
    assert shown["round"]["starts_at"] == began + 4000
    assert shown["round"]["ends_at"] == began + 24_000
    evening.clock.advance(4)
    assert evening.phase() == "running"
    evening.clock.advance(10)
    assert [evening.report(ann, round_id, 60), evening.report(bob, round_id, 70)] == [60, 70]
    pulse = evening.pulse()
    assert pulse and (pulse["left_ms"], pulse["shakers"]) == (10_000, 2)
    assert [(lane["player_id"], lane["count"]) for lane in pulse["lanes"]] == [
        (bob.id, 70),
        (ann.id, 60),
    ]
    assert pulse["lanes"][0]["name"] == bob.speaker.name
    assert evening.own(ann) == {"round_id": round_id, "count": 60}
    evening.clock.advance(10)
    assert evening.phase() == "counting"
    evening.advance()
    assert evening.phase() == "counting"
    evening.clock.advance(2)
    evening.advance()
    shown = evening.shown()
    assert shown and shown["phase"] == "podium"
    assert [(row["place"], row["player_id"], row["points"]) for row in shown["podium"]["rows"]] == [
        (1, bob.id, 30),
        (2, ann.id, 20),
    ]
    assert evening.own(cai)["place"] is None
    assert evening.own(ann) == {
        "round_id": round_id,
        "count": 60,
        "value": 60,
        "place": 2,
        "points": 20,
        "won": False,
    }
    assert evening.entries() == [
        (ann.id, f"shake:{round_id}:{ann.id}", 20),
        (bob.id, f"shake:{round_id}:{bob.id}", 30),
    ]
    assert (evening.points(ann), evening.points(bob), evening.points(cai)) == (20, 30, 0)
    assert evening.differences() == []
