"""The micro-lesson of a post: questions of the banks, answered once by each person, with an
explanation.
"""

from collections.abc import Sequence
from typing import Any

from backend.db import Database
from backend.errors import Invalid, NotFound, Sentence
from backend.events.players import StaffOnly
from backend.identity.principal import Principal
from backend.posts import season
from backend.posts.models import LessonAnswer, Post, PostQuestion
from backend.questions.marking import BASE_POINTS, LETTERS, TRUE_FALSE, key_fits, verdict
from backend.questions.models import Question, QuestionBank
from backend.questions.reading import TRUEFALSE_OPTIONS
from backend.scoring import corrections
from backend.scoring.scorekeeper import Scorekeeper

MOST_QUESTIONS = 10
_CHOICE = Sentence("请从这道题的选项里选。", "Choose among the options of the question.")


def named(names: Sequence[str]) -> tuple[list[Question], list[Sentence]]:
    """Return the current questions that are named as `bank:code`, once each, and a sentence for each
    name that is wrong, with its place.
    """
    found: dict[int, Question] = {}
    wrong = []
    voided = corrections.not_to_be_drawn(None)
    for place, name in enumerate(names, 1):
        bank, _, code = name.partition(":")
        question = (
            Question.select(Question, QuestionBank)
            .join(QuestionBank)
            .where(QuestionBank.name == bank, Question.code == code, Question.current)
            .first()
        )
        if question is None or question.id in voided:
            wrong.append(
                Sentence(
                    f"第 {place} 道：没有这道题，或者已作废：{name}。",
                    f"Question {place}: there is none, or it is void: {name}.",
                )
            )
        else:
            found[question.id] = question
    return list(found.values()), wrong


def stored(written: Sequence[str]) -> list[Question]:
    """Return the current questions that a writer names as `bank:code`; raises `Invalid`."""
    found, wrong = named(written)
    if len(found) > MOST_QUESTIONS:
        wrong.append(
            Sentence(f"最多 {MOST_QUESTIONS} 道题。", f"{MOST_QUESTIONS} questions at most.")
        )
    if wrong:
        raise Invalid(fields={"questions": wrong})
    return found


def written(post: Post) -> list[str]:
    """Return the questions of a post in the form in which writers name them."""
    return [f"{question.bank.name}:{question.code}" for question in questions_of(post)]


def replace(post: Post, questions: Sequence[Question]) -> None:
    """Replace the questions of a post, in the caller's transaction; answers are kept."""
    PostQuestion.delete().where(PostQuestion.post == post).execute()
    for position, question in enumerate(questions):
        PostQuestion.create(post=post, question=question, position=position)


def questions_of(post: Post) -> list[Question]:
    """Return the questions of a post in their order."""
    return list(
        Question.select(Question, QuestionBank)
        .join(QuestionBank)
        .switch(Question)
        .join(PostQuestion, on=(PostQuestion.question == Question.id))
        .where(PostQuestion.post == post)
        .order_by(PostQuestion.position)
    )


def shown(post: Post, who: Principal) -> dict[str, Any]:
    """Return the questions as the caller may see them: key and explanation after the caller's
    answer.
    """
    given = {row.question_id: row for row in _answers(post, who)}
    items = [_question(question, given.get(question.id)) for question in questions_of(post)]
    return {
        "items": items,
        "answered": sum(item["result"] is not None for item in items),
        "right": sum(bool(item["result"] and item["result"]["is_right"]) for item in items),
        "points": sum(item["result"]["points"] for item in items if item["result"]),
    }


def summary(post: Post, who: Principal) -> dict[str, int] | None:
    """Return how many questions a post has, and how many the caller answered; None if it has none."""
    ids = [row.question_id for row in PostQuestion.select().where(PostQuestion.post == post)]
    if not ids:
        return None
    answered = sum(row.question_id in ids for row in _answers(post, who))
    return {"questions": len(ids), "answered": answered}


def answer(
    database: Database,
    scores: Scorekeeper,
    who: Principal,
    post: Post,
    given: dict[str, Any],
    now: int,
) -> dict[str, Any]:
    """Judge an answer `{question_id, choice}`; the first one counts, a repeat gets its result.

    A right answer earns the points of the question's difficulty in the season of the post. Raises
    `StaffOnly`, `NotFound` and `Invalid`.
    """
    if who.person is None:
        raise StaffOnly
    question = next((one for one in questions_of(post) if one.id == given["question_id"]), None)
    if question is None:
        raise NotFound
    choice, staff_id = sorted(set(given["choice"])), who.person.staff_id
    if not key_fits(question.kind, len(question.options), choice):
        raise Invalid(fields={"choice": [_CHOICE]})
    is_right = verdict(question.key, choice)
    player = season.seat_of(database, scores, post.season_id, who, now) if is_right else None
    totals = None
    with database.write():
        made = LessonAnswer.insert_new(
            post=post.id,
            question=question.id,
            staff=staff_id,
            choice=choice,
            is_right=is_right,
            points=0,
            answered_at=now,
        )
        if made is not None and player is not None:
            points = season.SeasonPoints(
                season.LESSON,
                f"lesson:{post.id}:{question.bank_id}/{question.code}:{staff_id}",
                BASE_POINTS[question.difficulty],
                question.stem[:60],
            )
            totals = season.award(scores, player, points, now)
            if totals is not None:
                LessonAnswer.update(points=points.points).where(LessonAnswer.id == made).execute()
        kept = LessonAnswer.get(
            LessonAnswer.post == post,
            LessonAnswer.question == question,
            LessonAnswer.staff == staff_id,
        )
    if player is not None and totals is not None:
        season.show(scores, player, totals)
    return _question(question, kept)


def _answers(post: Post, who: Principal) -> list[LessonAnswer]:
    if who.person is None:
        return []
    return list(
        LessonAnswer.select().where(
            LessonAnswer.post == post, LessonAnswer.staff == who.person.staff_id
        )
    )


def _question(question: Question, given: LessonAnswer | None) -> dict[str, Any]:
    texts = question.options or list(TRUEFALSE_OPTIONS)
    letters = TRUE_FALSE if question.kind == "truefalse" else LETTERS
    return {
        "id": question.id,
        "kind": question.kind,
        "topic": question.topic,
        "stem": question.stem,
        "options": [{"key": key, "text": text} for key, text in zip(letters, texts, strict=False)],
        "result": given
        and {
            "choice": given.choice,
            "is_right": given.is_right,
            "key": question.key,
            "explanation": question.explanation,
            "points": given.points,
        },
    }
