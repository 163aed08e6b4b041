"""Micro-lessons: the first answer counts, and its points are in the ledger of the season once."""

from typing import Any

import pytest

from backend.posts.models import LessonAnswer, PostQuestion
from backend.questions.marking import BASE_POINTS
from backend.questions.models import Question
from backend.scoring.models import ScoreEntry
from tests.posts.conftest import Desk
from tests.support import Centre, Phone, at_once, refused


def _questions(count: int) -> list[Question]:
    return list(Question.select().where(Question.current).order_by(Question.id).limit(count))


def _lesson(desk: Desk, count: int = 2, **facts: Any) -> tuple[int, list[Question]]:
    found = _questions(count)
    names = [f"{question.bank.name}:{question.code}" for question in found]
    return desk.publish(questions=names, **facts), found


def _answer(phone: Phone, post_id: int, question: Question, choice: list[str]) -> Any:
    body = {"question_id": question.id, "choice": choice}
    return phone.post(f"/posts/{post_id}/lesson/answers", body)


def _wrong(question: Question) -> list[str]:
    letters = "TF" if question.kind == "truefalse" else "AB"
    return [next(letter for letter in letters if [letter] != question.key)]


@pytest.fixture
def season(centre: Centre) -> int:
    """Return an open event that takes points."""
    return int(centre.open_event(centre.host())["id"])


def test_an_answer_is_judged_explained_and_earns_once(
    centre: Centre, desk: Desk, season: int
) -> None:
    post_id, (first, second) = _lesson(desk, season_id=season)
    reader = centre.staff("200003")
    lesson = reader.ok("GET", f"/posts/{post_id}/lesson")
    assert "explanation" not in str(lesson)
    assert reader.ok("GET", f"/posts/{post_id}")["lesson"] == {"questions": 2, "answered": 0}
    result = _answer(reader, post_id, first, first.key).json["result"]
    assert (result["is_right"], result["key"]) == (True, first.key)
    assert (result["explanation"], result["points"]) == (
        first.explanation,
        BASE_POINTS[first.difficulty],
    )
    # The second answer to the same question is the first one.
    assert _answer(reader, post_id, first, _wrong(first)).json["result"] == result
    wrong = _answer(reader, post_id, second, _wrong(second)).json["result"]
    assert (wrong["is_right"], wrong["points"]) == (False, 0)
    assert reader.ok("GET", f"/posts/{post_id}")["lesson"]["answered"] == 2
    [entry] = ScoreEntry.select()
    assert (entry.event_id, entry.points, entry.reason) == (season, result["points"], "lesson")
    me = reader.ok("GET", f"/events/{season}/me")
    assert me["standing"]["points"] == result["points"]


def test_answers_at_the_same_moment_earn_once(centre: Centre, desk: Desk, season: int) -> None:
    post_id, [question] = _lesson(desk, 1, season_id=season)
    reader = centre.staff("200003")
    calls = [lambda: _answer(reader, post_id, question, question.key)] * 5
    assert {answer.status_code for answer in at_once(calls)} == {200}
    assert (LessonAnswer.select().count(), ScoreEntry.select().count()) == (1, 1)


def test_the_next_version_of_a_question_earns_nothing_again(
    centre: Centre, desk: Desk, season: int
) -> None:
    post_id, [question] = _lesson(desk, 1, season_id=season)
    reader = centre.staff("200003")
    _answer(reader, post_id, question, question.key)
    newer = Question.get_by_id(question.id)
    newer.id, newer.version = None, 2
    newer.save(force_insert=True)
    PostQuestion.update(question=newer.id).execute()
    assert _answer(reader, post_id, newer, newer.key).json["result"]["points"] == 0
    assert ScoreEntry.select().count() == 1


def test_without_a_season_that_is_on_a_lesson_earns_nothing(
    centre: Centre, desk: Desk, season: int
) -> None:
    reader = centre.staff("200003")
    plain, [question] = _lesson(desk, 1)
    assert _answer(reader, plain, question, question.key).json["result"]["points"] == 0
    closed, _ = _lesson(desk, 1, season_id=season)
    centre.host().ok("POST", f"/events/{season}/transitions", {"action": "close"})
    assert _answer(reader, closed, question, question.key).json["result"]["points"] == 0
    assert ScoreEntry.select().count() == 0


def test_only_staff_answer_only_questions_of_the_post(centre: Centre, desk: Desk) -> None:
    post_id, [question] = _lesson(desk, 1, audience=["everyone"])
    reader, other = centre.staff("200003"), _questions(2)[1]
    refused(_answer(centre.guest(), post_id, question, ["A"]), 403, "staff_only")
    refused(_answer(reader, post_id, other, ["A"]), 404, "not_found")
    refused(_answer(reader, post_id, question, ["Z"]), 422, "invalid")
    assert LessonAnswer.select().count() == 0


def test_a_writer_names_questions_that_there_are(desk: Desk, season: int) -> None:
    names = [f"{question.bank.name}:{question.code}" for question in _questions(11)]
    text = {"column_id": 1, "title": "题", "body": "文"}
    for wrong in ({"questions": names}, {"season_id": 999}):
        refused(desk.phone.post("/posts", {**text, **wrong}), 422, "invalid")
    mixed = ["business:no", names[0], "没有冒号"]
    answer = desk.phone.post("/posts", {**text, "questions": mixed})
    refused(answer, 422, "invalid")
    assert answer.json["errors"]["questions"] == [
        "第 1 道：没有这道题，或者已作废：business:no。",
        "第 3 道：没有这道题，或者已作废：没有冒号。",
    ]
    post_id = desk.draft(questions=names[:3], season_id=season)["id"]
    path = f"/posts/{post_id}/source"
    assert desk.phone.ok("GET", path)["questions"] == names[:3]
    assert desk.phone.ok("PUT", path, {"version": 1, "questions": []})["questions"] == []
