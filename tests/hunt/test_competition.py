"""People who may read the keys of a hunt play out of competition: they are told before, and have no
points and no place."""

from typing import Any

import pytest

from backend.activities.hunt.models import HuntAnswer, Treasure
from backend.events.competition import NOTICE
from backend.events.models import OutOfCompetition
from backend.identity import grants
from backend.scoring.models import ScoreEntry
from tests.hunt.evening import RIGHT, Evening
from tests.hunt.test_treasures import BELL
from tests.support import ADMIN, HOST, TRAINER, Phone, at_once

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def joined(evening: Evening, number: str) -> Phone:
    """Return the phone of somebody with a role, who has joined."""
    phone = evening.centre.staff(number)
    evening.centre.join(evening.event, phone)
    return phone


def give(
    evening: Evening, phone: Phone, role: str, event_id: int = 0, *, back: bool = False
) -> None:
    """Give somebody a role, or take it back."""
    change = grants.revoke if back else grants.grant
    change(
        role,
        phone.user.removeprefix("staff-"),
        event_id,
        database=evening.centre.app.extensions["linka.database"],
        now=evening.clock.now(),
    )


def board(evening: Evening) -> dict[str, Any]:
    """Return the board of the hunt alone."""
    path = f"/events/{evening.event['id']}/leaderboards/activity-{evening.activity_id}"
    found: dict[str, Any] = evening.host.ok("GET", path)
    return found


@pytest.mark.parametrize("number", [HOST, TRAINER, ADMIN])
def test_who_may_read_the_keys_earns_nothing_and_takes_no_place(
    evening: Evening, number: str
) -> None:
    evening.settle(treasures=[BELL])
    evening.ask()
    other, reader = evening.digger(), joined(evening, number)
    evening.play(other, "B")
    hunt = evening.hunt(reader)
    assert (hunt["out_of_competition"], hunt["notice"]) == (True, NOTICE)
    dig = evening.dig(reader)
    answer = evening.answer(reader, dig, "B")
    assert (answer["verdict"], answer["counted"], answer["points"]) == ("correct", False, 0)
    assert (answer["breakdown"], answer["treasure"], answer["score"]["points"]) == ([], None, 0)
    assert evening.answer(reader, dig, "B") == answer
    assert evening.receipts(reader)["items"] == []
    assert Treasure.get().claimed == 1
    shown = board(evening)
    me = reader.ok("GET", f"/events/{evening.event['id']}/me")["player"]
    assert [row["rank"] for row in shown["rows"]] == [1]
    assert shown["rows"][0]["points"] == RIGHT + 50
    assert shown["out_of_competition"] == [
        {"id": me["id"], "name": me["name"], "team": me["team"]["name"]}
    ]
    assert evening.differences() == []


@ONE_DATABASE
def test_others_are_told_nothing_and_count(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    give(evening, player, "host", evening.event["id"] + 1)
    hunt = evening.hunt(player)
    assert (hunt["out_of_competition"], hunt["notice"]) == (False, None)
    answer = evening.play(player, "B")
    assert (answer["counted"], answer["points"]) == (True, RIGHT)
    assert board(evening)["out_of_competition"] == []


@ONE_DATABASE
def test_host_of_this_event_alone_is_out_in_it_alone(evening: Evening) -> None:
    evening.ask()
    player, other = evening.digger(), evening.beside()
    other.centre.join(other.event, player)
    give(evening, player, "host", evening.event["id"])
    assert evening.play(player, "B")["counted"] is False
    assert other.play(player, "B")["counted"] is True


@ONE_DATABASE
def test_right_that_comes_later_ends_the_counting_and_takes_nothing_back(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    first = evening.dig(player)
    counted = evening.answer(player, first, "B")
    open_dig = evening.dig(player)
    give(evening, player, "trainer")
    assert evening.answer(player, open_dig, "B")["counted"] is False
    assert evening.points(player) == RIGHT
    again = evening.answer(player, first, "B")
    assert (again["counted"], again["points"]) == (True, counted["points"])
    give(evening, player, "trainer", back=True)
    assert evening.hunt(player)["out_of_competition"] is True
    assert evening.play(player, "B")["counted"] is False
    assert evening.differences() == []


@ONE_DATABASE
def test_who_opened_a_question_with_the_right_stays_out_without_it(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    give(evening, player, "trainer")
    dig = evening.dig(player)
    give(evening, player, "trainer", back=True)
    assert evening.answer(player, dig, "B")["counted"] is False


@ONE_DATABASE
def test_correction_gives_an_uncounted_answer_no_points(evening: Evening) -> None:
    question = evening.ask("A")
    player, reader = evening.digger(), joined(evening, TRAINER)
    evening.play(player, "B")
    evening.play(reader, "B")
    body = {"question_id": question.id, "action": "rekey", "key": ["B"], "reason": "答案有误"}
    corrected = evening.host.ok("POST", f"/events/{evening.event['id']}/corrections", body)
    assert corrected == {"rescored": 1}
    assert (evening.points(player), evening.points(reader)) == (RIGHT, 0)
    assert evening.differences() == []


@ONE_DATABASE
def test_hosts_see_who_is_out_of_what(evening: Evening) -> None:
    evening.ask()
    player, reader = evening.digger(), joined(evening, TRAINER)
    for phone in (player, reader):
        evening.play(phone, "B")
    items = evening.host.ok("GET", f"/events/{evening.event['id']}/players")["items"]
    assert [item["out_of_competition"] for item in items] == [[], [evening.activity_id]]


def test_answers_at_the_same_moment_put_a_player_out_once(evening: Evening) -> None:
    evening.ask()
    reader = joined(evening, TRAINER)
    dig = evening.dig(reader)
    answers = at_once([lambda: evening.answer(reader, dig, "B") for _ in range(4)])
    assert answers == [answers[0]] * 4
    assert (HuntAnswer.select().count(), OutOfCompetition.select().count()) == (1, 1)
    assert ScoreEntry.select().count() == 0


@ONE_DATABASE
def test_wiped_rehearsal_puts_nobody_out(evening: Evening) -> None:
    evening.ask()
    evening.play(joined(evening, TRAINER), "B")
    evening.host.ok("DELETE", f"/events/{evening.event['id']}/data")
    assert OutOfCompetition.select().count() == 0


@ONE_DATABASE
def test_statistics_leave_out_who_knows_the_keys(evening: Evening) -> None:
    evening.ask()
    for phone in (evening.digger(), joined(evening, TRAINER)):
        evening.play(phone, "A")
    found = evening.host.ok("GET", f"{evening.path}/statistics")
    assert [row["answered"] for row in found["questions"]] == [1]
