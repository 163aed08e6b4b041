"""The player's own clock: what stops it, and for how long."""

from typing import Any

import pytest

from backend.activities.hunt.models import Dig, Snooze
from backend.clock import to_iso
from tests.hunt.evening import RIGHT, Evening
from tests.support import refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_pause_stops_the_clock_to_the_millisecond(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    evening.clock.advance(13.25)
    evening.host_does("pause")
    evening.clock.advance(500.125)
    assert evening.hunt(player)["current_dig"]["seconds_left"] == 27
    evening.host_does("resume")
    evening.clock.advance(26.749)
    assert evening.hunt(player)["current_dig"]["state"] == "open"
    evening.clock.advance(0.001)
    assert evening.hunt(player)["current_dig"] is None
    refused(evening.answering(player, dig, "B"), 409, "deadline_passed")


def test_question_is_hidden_in_a_pause_and_comes_back_with_the_time_that_was_left(
    evening: Evening,
) -> None:
    question = evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    evening.clock.advance(10)
    evening.host_does("pause")
    path = f"{evening.path}/digs/{dig['id']}"
    for shown in (evening.hunt(player)["current_dig"], player.ok("GET", path)):
        assert (shown["question"], shown["state"], shown["seconds_left"]) == (None, "open", 30)
    for answer in (
        player.get(evening.path),
        player.get(path),
        evening.digging(player),
        player.post(f"{path}/snooze"),
        evening.answering(player, dig, "B"),
    ):
        assert question.stem not in answer.text
        assert question.options[1] not in answer.text
    evening.clock.advance(500)
    evening.host_does("resume")
    assert evening.hunt(player)["current_dig"] == {**dig, **_moved(evening, dig)}


def _moved(evening: Evening, dig: dict[str, Any]) -> dict[str, Any]:
    """Return what a pause changes about a dig that was opened ten seconds before it."""
    moved = evening.clock.now() + (dig["seconds_left"] - 10) * 1000
    return {"seconds_left": dig["seconds_left"] - 10, "deadline_at": to_iso(moved)}


def test_answered_question_is_shown_in_a_pause(evening: Evening) -> None:
    question = evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    evening.answer(player, dig, "B")
    evening.host_does("pause")
    shown = player.ok("GET", f"{evening.path}/digs/{dig['id']}")
    assert shown["question"]["stem"] == question.stem


def test_answer_in_the_last_moment_after_a_pause_counts(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    for seconds in (10, 10, 10):
        evening.clock.advance(seconds)
        evening.host_does("pause")
        evening.later(7200)
        evening.host_does("resume")
    evening.clock.advance(9.999)
    assert evening.answer(player, dig, "B")["points"] == RIGHT


def test_deadline_is_shown_as_it_moves(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    assert evening.dig(player)["deadline_at"] == "2026-11-22T02:00:40.000Z"
    evening.clock.advance(10)
    evening.host_does("pause")
    evening.clock.advance(60)
    assert evening.hunt(player)["current_dig"]["deadline_at"] == "2026-11-22T02:01:40.000Z"


def test_pause_costs_no_speed(evening: Evening) -> None:
    evening.settle(scoring="speed")
    evening.ask()
    player, other = evening.diggers(2)
    digs = [evening.dig(phone) for phone in (player, other)]
    evening.clock.advance(10)
    without = evening.answer(other, digs[1], "B")
    evening.host_does("pause")
    evening.clock.advance(600)
    evening.host_does("resume")
    assert evening.answer(player, digs[0], "B")["points"] == without["points"] == RIGHT + 30


def test_pause_before_the_question_gives_no_time(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    evening.host_does("pause")
    evening.clock.advance(600)
    evening.host_does("resume")
    dig = evening.dig(player)
    evening.clock.advance(40)
    refused(evening.answering(player, dig, "B"), 409, "deadline_passed")


def test_snooze_gives_three_minutes(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    evening.clock.advance(15)
    snoozed = evening.snoozing(player, dig).json
    assert (snoozed["snoozed"], snoozed["seconds_left"]) == (True, 205)
    assert snoozed["deadline_at"] == "2026-11-22T02:03:40.000Z"
    evening.clock.advance(204.999)
    assert evening.answer(player, dig, "B")["points"] == RIGHT


def test_snoozed_question_has_a_deadline_too(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    evening.snoozing(player, dig)
    evening.clock.advance(220)
    refused(evening.answering(player, dig, "B"), 409, "deadline_passed")


@pytest.mark.parametrize(("call_seconds", "points"), [(0, 70), (1, 70), (180, 70), (190, 60)])
def test_call_costs_no_speed_and_gives_none(
    evening: Evening, call_seconds: int, points: int
) -> None:
    evening.settle(scoring="speed")
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    evening.clock.advance(10)
    evening.snoozing(player, dig)
    evening.clock.advance(call_seconds)
    assert evening.answer(player, dig, "B")["points"] == points


def test_pause_during_a_call_counts_for_neither(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    evening.snoozing(player, dig)
    evening.clock.advance(100)
    evening.host_does("pause")
    evening.clock.advance(1000)
    evening.host_does("resume")
    assert evening.hunt(player)["current_dig"]["seconds_left"] == 120
    evening.clock.advance(119.999)
    assert evening.answer(player, dig, "B")["points"] == RIGHT


def test_snooze_is_given_once_per_event(evening: Evening) -> None:
    evening.ask()
    player, other = evening.diggers(2)
    assert evening.hunt(player)["snooze_left"] is True
    first = evening.dig(player)
    evening.snoozing(player, first)
    evening.answer(player, first, "B")
    second = evening.dig(player)
    assert evening.hunt(player)["snooze_left"] is False
    refused(evening.snoozing(player, second), 409, "snooze_used")
    assert evening.hunt(player)["current_dig"]["seconds_left"] == 40
    assert evening.hunt(other)["snooze_left"] is True


def test_snooze_of_another_hunt_of_the_event_is_the_same_one(evening: Evening) -> None:
    evening.ask()
    player, second = evening.digger(), evening.another_hunt()
    evening.snoozing(player, evening.dig(player))
    refused(evening.snoozing(player, evening.dig(player, hunt=second), second), 409, "snooze_used")
    assert player.ok("GET", second)["snooze_left"] is False


def test_pressing_again_for_the_same_question_gives_no_more(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    evening.clock.advance(5)
    evening.snoozing(player, dig)
    evening.clock.advance(10)
    assert evening.snoozing(player, dig).json["seconds_left"] == 205
    assert (Dig.get().snoozed_ms, Snooze.select().count()) == (5000, 1)


@pytest.mark.parametrize("seconds", [40, 100])
def test_snooze_after_the_deadline_is_refused(evening: Evening, seconds: int) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    evening.clock.advance(seconds)
    before = evening.written()
    refused(evening.snoozing(player, dig), 409, "deadline_passed")
    assert evening.written() == before
    assert evening.hunt(player)["snooze_left"] is True


@pytest.mark.parametrize(("action", "slug"), [("pause", "event_paused"), ("close", "event_closed")])
def test_snooze_while_paused_or_closed_is_refused(evening: Evening, action: str, slug: str) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    evening.host_does(action)
    before = evening.written()
    refused(evening.snoozing(player, dig), 409, slug)
    assert evening.written() == before


def test_snooze_of_an_answered_question_is_refused(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    evening.answer(player, dig, "B")
    refused(evening.snoozing(player, dig), 409, "already_answered")
    assert evening.hunt(player)["snooze_left"] is True


def test_snooze_of_a_voided_question_is_refused(evening: Evening) -> None:
    question, player = evening.ask(), evening.digger()
    dig = evening.dig(player)
    evening.correct(question)
    refused(evening.snoozing(player, dig), 409, "question_voided")
    assert evening.hunt(player)["snooze_left"] is True


def test_snooze_of_somebody_elses_question_is_refused(evening: Evening) -> None:
    evening.ask()
    player, other = evening.diggers(2)
    dig = evening.dig(player)
    refused(evening.snoozing(other, dig), 404, "not_your_question")
    assert Snooze.select().count() == 0


def test_length_of_the_snooze_is_a_setting(evening: Evening) -> None:
    evening.settle(snooze_seconds=60, question_seconds=20)
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    assert dig["seconds_left"] == 20
    assert evening.snoozing(player, dig).json["seconds_left"] == 80
