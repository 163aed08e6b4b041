"""A round from the host's start to the podium."""

import pytest

from backend.activities.shake.models import ShakeResult
from backend.events.players import StaffOnly
from tests.shake.evening import Evening
from tests.support import ENDS, end_rights

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


def test_round_says_what_each_way_to_shake_counts(evening: Evening) -> None:
    evening.settle(cap_per_second=9, tap_percent=150, press_percent=400)
    begun = evening.begin()
    shown = evening.shown()
    assert begun["percents"] == {"shake": 100, "tap": 150, "press": 400, "swipe": 0}
    assert begun["cap_per_second"] == 9
    assert shown and shown["round"]["percents"] == begun["percents"]
    assert shown["round"]["cap_per_second"] == 9


def test_nobody_waits_while_somebody_else_reads_the_facts(evening: Evening) -> None:
    round_states = evening.play._round_states
    round_id = evening.begin()["id"]
    now = evening.clock.now()
    with round_states._reading:
        found = round_states.of(evening.activity_id, now + 1000)
    assert found is not None and found.round.id == round_id


def test_facts_are_read_once_in_a_while(evening: Evening) -> None:
    round_states = evening.play._round_states
    evening.begin()
    now = evening.clock.now()
    found = round_states.of(evening.activity_id, now)
    assert round_states.of(evening.activity_id, now + 250) is found
    assert round_states.of(evening.activity_id, now + 251) is not found


@pytest.mark.parametrize("mode", ["race", "tug", "luck", "draw"])
def test_every_mode_is_shown_over_http_at_every_phase(evening: Evening, mode: str) -> None:
    people = [one for team in evening.people_of_teams(2, 1) for one in team]
    round_id = evening.begin(mode)["id"]
    phases = []
    for seconds in (0, 4, 20, 10, 10):
        evening.clock.advance(seconds)
        if seconds == 20:
            for one in people:
                evening.report(one, round_id, 50)
        seen = people[0].phone.ok("GET", evening.path)
        assert (seen["round"]["id"], seen["own"]["round_id"]) == (round_id, round_id)
        phases.append(seen["phase"])
    assert phases == ["countdown", "running", "running", "counting", "podium"]
    assert seen["own"]["count"] == 50
    podium = seen["podium"]
    assert (podium["shakers"], bool(podium["rows"]), bool(podium["teams"])) == (
        3,
        mode != "tug",
        mode == "tug",
    )


def test_rounds_follow_one_another_and_add_up(evening: Evening) -> None:
    ann, bob = evening.shakers(2)
    for number in range(1, 4):
        evening.played([(ann, 50 + number), (bob, 52)])
        evening.clock.advance(1)
    assert (evening.points(ann), evening.points(bob)) == (20 + 30 + 30, 30 + 30 + 20)
    assert evening.differences() == []


@pytest.mark.parametrize("how", ENDS)
def test_who_is_no_longer_staff_does_not_shake_and_earns_nothing(
    evening: Evening, how: str
) -> None:
    ann, bob = evening.shakers(2)
    round_id = evening.start(seconds=20)
    for shaker in (ann, bob):
        evening.report(shaker, round_id, 9)
    end_rights(evening.centre.app.extensions["linka.database"], bob.id, how)
    evening.clock.advance(1)
    with pytest.raises(StaffOnly):
        evening.report(bob, round_id, 12)
    evening.report(ann, round_id, 12)
    evening.clock.advance(25)
    evening.advance()
    assert [row.player_id for row in ShakeResult.select()] == [ann.id]
