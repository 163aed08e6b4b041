"""Answers that do not count: each is refused with a slug of its own, and nothing is written."""

from typing import Any

import pytest

from backend.activities.hunt.models import Dig
from backend.events.models import Event, Player
from tests.hunt.evening import RIGHT, Evening
from tests.support import Phone, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def refused_with_nothing_written(
    evening: Evening, phone: Phone, dig: dict[str, Any], choice: Any, status: int, slug: str
) -> None:
    """Assert that an answer is refused and that no row and no board differs from before."""
    before = evening.written()
    refused(evening.sending(phone, dig, choice), status, slug)
    assert evening.written() == before


@pytest.mark.parametrize("seconds", [40, 41, 3000])
def test_answer_at_or_after_the_deadline_is_refused(evening: Evening, seconds: int) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    evening.clock.advance(seconds)
    refused_with_nothing_written(evening, player, dig, ["A"], 409, "deadline_passed")


@pytest.mark.parametrize(
    ("action", "slug"),
    [("close", "event_closed"), ("pause", "event_paused")],
)
def test_answer_while_closed_or_paused_is_refused(evening: Evening, action: str, slug: str) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    evening.host_does(action)
    refused_with_nothing_written(evening, player, dig, ["A"], 409, slug)


def test_answer_after_the_planned_end_is_refused(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    Event.update(closes_at=evening.clock.now() + 20_000).execute()
    evening.clock.advance(20)
    refused_with_nothing_written(evening, player, dig, ["A"], 409, "event_closed")


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_answer_before_the_opening_is_refused(evening: Evening, state: str) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    Event.update(state=state, opens_at=evening.clock.now() + 60_000).execute()
    refused_with_nothing_written(evening, player, dig, ["A"], 409, "event_not_open")


@pytest.mark.parametrize("status", ["kicked", "banned"])
def test_answer_by_a_removed_player_is_refused(evening: Evening, status: str) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    path = f"/events/{evening.event['id']}/players/{evening.player_id(player)}"
    evening.host.ok("PUT", path, {"status": status})
    refused_with_nothing_written(evening, player, dig, ["A"], 403, status)


@pytest.mark.parametrize("status", ["kicked", "banned"])
def test_removed_player_is_not_told_an_answer_again(evening: Evening, status: str) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    answer = evening.answer(player, dig, "B")
    path = f"/events/{evening.event['id']}/players/{evening.player_id(player)}"
    evening.host.ok("PUT", path, {"status": status})
    for choice in (answer["choice"], ["A", "B"]):
        refused_with_nothing_written(evening, player, dig, choice, 403, status)
    evening.host.ok("PUT", path, {"status": "active"})
    evening.host_does("close")
    again = evening.answer(player, dig, "B")
    assert (again["verdict"], again["key"]) == (answer["verdict"], answer["key"])


def test_player_who_was_kicked_and_came_back_can_answer(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    path = f"/events/{evening.event['id']}/players/{evening.player_id(player)}"
    evening.host.ok("PUT", path, {"status": "kicked"})
    evening.centre.join(evening.event, player)
    assert evening.answer(player, dig, "B")["points"] == RIGHT
    assert evening.differences() == []


def test_answer_by_a_guest_is_refused(evening: Evening) -> None:
    question, guest = evening.ask(), evening.centre.guest()
    seat = evening.centre.join(evening.event, guest)[0]
    # No request of a guest opens a question: only the row itself can be tried.
    made = Dig.create(
        activity=evening.activity_id,
        player=seat["id"],
        site="pit",
        question=question,
        option_order="ABCD",
        opened_at=evening.clock.now(),
        limit_seconds=40,
        day="2026-11-22",
        slot=1,
    )
    refused_with_nothing_written(evening, guest, {"id": made.id}, ["A"], 403, "staff_only")
    assert Player.get_by_id(seat["id"]).staff_id is None


def test_answer_without_a_token_is_refused(evening: Evening) -> None:
    evening.ask()
    dig = evening.dig(evening.digger())
    nobody = Phone(evening.centre.app, "nobody")
    refused_with_nothing_written(evening, nobody, dig, ["A"], 401, "unauthenticated")


def test_answer_to_somebody_elses_question_is_refused(evening: Evening) -> None:
    evening.ask()
    player, other = evening.diggers(2)
    dig = evening.dig(player)
    for thief in (other, evening.host, evening.centre.guest()):
        refused_with_nothing_written(evening, thief, dig, ["A"], 404, "not_your_question")
    assert evening.answer(player, dig, "B")["verdict"] == "correct"


def test_answer_to_a_question_that_nobody_opened_is_refused(evening: Evening) -> None:
    player = evening.digger()
    refused_with_nothing_written(evening, player, {"id": 999}, ["A"], 404, "not_your_question")


def test_answer_by_way_of_another_hunt_is_refused(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    before = evening.written()
    for hunt in (evening.another_hunt(), "/hunts/999999"):
        path = f"{hunt}/digs/{dig['id']}/answer"
        refused(player.post(path, {"choice": ["A"]}), 404, "not_your_question")
    assert evening.written() == before


@pytest.mark.parametrize(
    ("kind", "choice"),
    [
        ("single", ["E"]),
        ("single", ["F"]),
        ("single", ["T"]),
        ("single", ["A", "B"]),
        ("multiple", ["A", "E"]),
        ("truefalse", ["A"]),
        ("truefalse", ["T", "F"]),
    ],
)
def test_choice_that_was_not_offered_is_refused(evening: Evening, kind: str, choice: Any) -> None:
    evening.ask({"single": "A", "multiple": "AB", "truefalse": "T"}[kind], kind=kind)
    player = evening.digger()
    refused_with_nothing_written(evening, player, evening.dig(player), choice, 422, "bad_choice")


@pytest.mark.parametrize("choice", [[], ["Z"], ["a"], "A", [7], None, [None], list("ABCDEFT")])
def test_choice_that_is_none_is_refused(evening: Evening, choice: list[str]) -> None:
    evening.ask()
    player = evening.digger()
    refused_with_nothing_written(evening, player, evening.dig(player), choice, 422, "invalid")
