"""The list of a player's own wrong questions, and the statistics of a whole centre."""

from typing import Any

import pytest

from backend.questions.models import Question
from tests.hunt.evening import PIT, Evening
from tests.support import OTHER_HOST, TRAINER, Phone, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def wrong_list(evening: Evening, phone: Phone) -> list[dict[str, Any]]:
    """Return a player's wrong-question list."""
    items: list[dict[str, Any]] = phone.ok("GET", f"{evening.path}/wrong-questions")["items"]
    return items


def test_wrong_question_is_listed_with_its_key_and_explanation(evening: Evening) -> None:
    question, player = evening.ask("C"), evening.digger()
    dig = evening.dig(player)
    answer = evening.answer(player, dig, "A")
    assert wrong_list(evening, player) == [
        {
            "question_id": question.id,
            "topic": "淘金",
            "stem": "第1题？",
            "options": dig["question"]["options"],
            "choice": answer["choice"],
            "key": answer["key"],
            "explanation": "第1题的解析。",
            "answered_at": answer["answered_at"],
        }
    ]
    assert answer["choice"] != answer["key"]


def test_right_and_unanswered_questions_are_not_listed(evening: Evening) -> None:
    evening.ask(), evening.ask()
    player = evening.digger()
    evening.play(player, "B")
    evening.dig(player)
    evening.clock.advance(40)
    assert wrong_list(evening, player) == []


def test_list_is_the_players_own(evening: Evening) -> None:
    evening.ask()
    player, other = evening.diggers(2)
    evening.play(player, "A")
    assert (len(wrong_list(evening, player)), wrong_list(evening, other)) == (1, [])


def test_question_answered_right_later_leaves_the_list(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    evening.play(player, "A")
    assert len(wrong_list(evening, player)) == 1
    evening.play(player, "B")
    assert wrong_list(evening, player) == []


def test_question_answered_wrong_again_comes_back_once(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    answers = [evening.play(player, letters) for letters in "ABAC"]
    listed = wrong_list(evening, player)
    assert [item["answered_at"] for item in listed] == [answers[-1]["answered_at"]]
    assert [len(item["choice"]) for item in listed] == [1]


def test_newest_wrong_question_is_first(evening: Evening) -> None:
    evening.ask(), evening.ask(), evening.ask()
    player = evening.digger()
    asked = []
    for _ in range(3):
        evening.clock.advance(1)
        dig = evening.dig(player)
        asked.append(dig["question"]["id"])
        evening.answer(player, dig, "A")
    assert [item["question_id"] for item in wrong_list(evening, player)] == asked[::-1]


def test_voided_question_leaves_the_list(evening: Evening) -> None:
    question, player = evening.ask(), evening.digger()
    evening.play(player, "A")
    evening.correct(question)
    assert wrong_list(evening, player) == []


def test_new_key_moves_questions_on_and_off_the_list(evening: Evening) -> None:
    question = evening.ask("B")
    player, other = evening.diggers(2)
    evening.play(player, "A"), evening.play(other, "B")
    evening.correct(question, "A")
    assert wrong_list(evening, player) == []
    listed = wrong_list(evening, other)[0]
    texts = {option["key"]: option["text"] for option in listed["options"]}
    assert (texts[listed["key"][0]], texts[listed["choice"][0]]) == ("选项A", "选项B")


@pytest.fixture
def played(evening: Evening) -> Evening:
    """Return an evening on which two teams answered questions of two topics."""
    evening.settle(
        sites=[{**PIT, "key": "north", "topic": "北"}, {**PIT, "key": "south", "topic": "南"}]
    )
    evening.ask(topic="北"), evening.ask(topic="南")
    numbers = evening.centre.numbers()
    first, second, *_ = dict.fromkeys(evening.centre.roster[n]["班组"] for n in numbers)
    phones = [evening.digger(team=team) for team in (first, first, second)]
    for phone, north, south in zip(phones, "BAA", "BBA", strict=True):
        evening.play(phone, north, "north")
        evening.play(phone, south, "south")
    return evening


def statistics(evening: Evening) -> dict[str, Any]:
    """Return the statistics as the host sees them."""
    found: dict[str, Any] = evening.host.ok("GET", f"{evening.path}/statistics")
    return found


def test_statistics_by_question_name_what_is_known_least_first(played: Evening) -> None:
    rows = statistics(played)["questions"]
    told = [(row["code"], row["topic"], row["answered"], row["correct"]) for row in rows]
    assert told == [("F-1", "北", 3, 1), ("F-2", "南", 3, 2)]
    assert rows[0]["stem"] == "第1题？"


def test_statistics_by_topic(played: Evening) -> None:
    assert statistics(played)["topics"] == [
        {"topic": "北", "answered": 3, "correct": 1},
        {"topic": "南", "answered": 3, "correct": 2},
    ]


def test_statistics_by_team_and_topic(played: Evening) -> None:
    rows = statistics(played)["teams"]
    by_team: dict[str, dict[str, tuple[int, int]]] = {}
    for row in rows:
        told = (row["answered"], row["correct"])
        by_team.setdefault(row["team"], {})[row["topic"]] = told
    assert sorted(by_team.values(), key=str) == [
        {"北": (1, 0), "南": (1, 0)},
        {"北": (2, 1), "南": (2, 2)},
    ]


def test_statistics_follow_corrections(played: Evening) -> None:
    played.correct(Question.get(topic="北"), "A")
    played.correct(Question.get(topic="南"))
    assert statistics(played)["topics"] == [{"topic": "北", "answered": 3, "correct": 2}]


def test_statistics_of_a_hunt_that_nobody_played_are_empty(evening: Evening) -> None:
    assert statistics(evening) == {"questions": [], "topics": [], "teams": []}


def test_statistics_are_for_its_hosts_and_for_trainers(played: Evening) -> None:
    path = f"{played.path}/statistics"
    assert played.centre.staff(TRAINER).get(path).status_code == 200
    assert played.centre.staff(OTHER_HOST).get(path).status_code == 200
    refused(played.digger().get(path), 403, "forbidden")
    refused(played.centre.guest().get(path), 403, "forbidden")
    refused(played.host.get("/hunts/999999/statistics"), 404, "not_found")
