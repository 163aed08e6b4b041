"""What to teach next: shares of wrong answers, from unsealed events that are no rehearsals."""

from typing import Any

import pytest

from backend.events.kinds import TeamAnswers
from backend.questions.models import Question
from backend.questions.teaching import ENOUGH, Lessons, shown_lessons
from tests.support import Centre, FakeClock, Keys, Phone, hunt_of

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def answer(event: dict[str, Any], phone: Phone, *, right: bool) -> None:
    """Answer a question, right or wrong."""
    hunt = hunt_of(event)
    dig = phone.ok("POST", f"{hunt}/digs", {"site": "lake"})
    choice = Keys().right(dig) if right else Keys().wrong(dig)
    phone.ok("POST", f"{hunt}/digs/{dig['id']}/answer", {"choice": choice})


def lessons(centre: Centre, query: str = "") -> dict[str, Any]:
    """Return what a trainer reads."""
    found: dict[str, Any] = centre.staff("900004").ok("GET", f"/question-banks/lessons{query}")
    return found


def test_questions_of_real_events_are_counted(centre: Centre) -> None:
    host, people = centre.host(), centre.people(2)
    for rehearsal in (False, True):
        event = centre.open_event(host, rehearsal=rehearsal)
        centre.join(event, *people)
        answer(event, people[0], right=True)
        answer(event, people[1], right=False)
    found = lessons(centre)
    assert sum(row["answers"] for row in found["questions"]) == 2
    assert sum(row["wrong"] for row in found["questions"]) == 1
    assert found["questions"][0]["wrong_percent"] > 0
    assert found["sealed"] == 0
    assert (found["topics"], found["teams"]) == ([], [])
    assert lessons(centre, "?bank=no-such-bank")["questions"] == []


def test_running_sittings_are_sealed(centre: Centre, clock: FakeClock) -> None:
    host, shift = centre.host(), "早班"
    event = centre.open_event(host, "hunt-three-shifts")
    player = centre.people(1, shift)[0]
    centre.join(event, player)
    answer(event, player, right=False)
    found = lessons(centre)
    assert (found["questions"], found["sealed"]) == ([], 1)


def test_topics_and_teams_need_enough_answers(centre: Centre) -> None:
    question = Question.select().first()
    found = Lessons()
    for team, answers in (("早班第一组", ENOUGH), ("早班第二组", ENOUGH - 1)):
        row = TeamAnswers(question.id, team, answers, wrong=2)
        found.questions[question.id].add(row)
        found.topics[question.topic].add(row)
        found.teams[team, question.topic].add(row)
    shown = shown_lessons(found, {question.id: question})
    assert [(row["team"], row["wrong_percent"]) for row in shown["teams"]] == [("早班第一组", 40.0)]
    assert [row["answers"] for row in shown["topics"]] == [2 * ENOUGH - 1]
