"""Which questions may be drawn: current ones that have neither expired nor been voided."""

from collections.abc import Sequence
from typing import Any

from peewee import JOIN, fn

from backend.db import Database
from backend.errors import Sentence
from backend.events.preflight import BANKS, GREEN, YELLOW, PreflightLine, of_lacks
from backend.questions.models import Question, QuestionBank
from backend.scoring import corrections
from backend.web.forms import Choice


def of_banks(banks: Sequence[str], day: str) -> Any:
    """Return the query of the current questions of banks that have not expired on a business day.

    Voided questions are included: see `corrections.not_to_be_drawn`.
    """
    return (
        Question.select()
        .join(QuestionBank)
        .where(
            QuestionBank.name.in_(list(banks)),
            Question.current,
            Question.expires_on.is_null() | (Question.expires_on >= day),
        )
    )


# The condition of `of_banks`, without the time that peewee takes to write it.
_IDS_SQL = """
SELECT q.id, q.topic FROM question q JOIN question_bank b ON b.id = q.bank_id
WHERE b.name IN ({marks}) AND q.current AND (q.expires_on IS NULL OR q.expires_on >= ?)
"""


def ids_and_topics(database: Database, banks: Sequence[str], day: str) -> Sequence[tuple[int, str]]:
    """Return (id, topic) of the questions that `of_banks` finds, in no order."""
    marks = ", ".join("?" * len(banks))
    return database.read(_IDS_SQL.format(marks=marks), (*banks, day)) if banks else []


def banks_to_choose() -> list[Choice]:
    """Return all question banks, with how many current questions they have."""
    count = fn.COUNT(Question.id)
    rows = (
        QuestionBank.select(QuestionBank, count.alias("questions"))
        .join(Question, JOIN.LEFT_OUTER, on=(Question.bank == QuestionBank.id) & Question.current)
        .group_by(QuestionBank.id)
        .order_by(QuestionBank.id)
    )
    return [Choice(row.name, f"{row.title or row.name}（{row.questions} 题）") for row in rows]


def titles(banks: Sequence[str]) -> list[str]:
    """Return what question banks are called, in this order; one that does not exist by its name."""
    rows = QuestionBank.select().where(QuestionBank.name.in_(list(banks)))
    known = {row.name: row.title or row.name for row in rows}
    return [known.get(name, name) for name in banks]


def topics_to_choose(banks: Sequence[str]) -> list[Choice]:
    """Return the topics of the current questions of banks."""
    return [Choice(topic, topic) for topic in sorted(_topics(banks, ""))]


def lacks(banks: Sequence[str], topics: Sequence[str], day: str) -> list[Sentence]:
    """Return sentences about banks that do not exist, and topics without a usable question on a
    business day."""
    known = {
        row.name
        for row in QuestionBank.select(QuestionBank.name).where(QuestionBank.name.in_(list(banks)))
    }
    found = [
        Sentence(f"没有题库“{name}”。", f"There is no question bank “{name}”.")
        for name in dict.fromkeys(banks)
        if name not in known
    ]
    if not known:
        return found
    current = _topics(banks, "")
    usable = _topics(banks, day)
    if not usable:
        found.append(_none("题库里", "The banks have", current, day))
    for topic in dict.fromkeys(topics):
        if usable and topic not in usable:
            expired = topic in current
            found.append(_none(f"主题“{topic}”", f"Topic “{topic}” has", expired, day))
    return found


def preflight(
    about: Sentence, banks: Sequence[str], day: str, lacks: Sequence[Sentence]
) -> list[PreflightLine]:
    """Return preflight lines about the questions of an activity.

    They say what it lacks, how many questions can be asked on a business day, and how many have
    expired by then.
    """
    found = of_lacks(about, lacks, BANKS)
    usable = _drawable(banks, day).count()
    expired = of_banks(banks, "").count() - of_banks(banks, day).count()
    if usable and not found:
        text = Sentence(
            f"{day} 有 {usable} 道题可用。", f"{usable} questions can be asked on {day}."
        )
        found.append(PreflightLine(GREEN, about, text, BANKS))
    if usable and expired:
        text = Sentence(
            f"有 {expired} 道题到 {day} 已过有效期，不会出。",
            f"{expired} questions have expired by {day} and are not asked.",
        )
        found.append(PreflightLine(YELLOW, about, text, BANKS))
    return found


def _topics(banks: Sequence[str], day: str) -> set[str]:
    found = _drawable(banks, day).select(Question.topic).distinct()
    return {topic for (topic,) in found.tuples()}


def _drawable(banks: Sequence[str], day: str) -> Any:
    """Return the query of the questions of banks that can be drawn on a business day."""
    voided = corrections.not_to_be_drawn(None)
    found = of_banks(banks, day)
    return found.where(Question.id.not_in(voided)) if voided else found


def _none(zh: str, en: str, expired: object, day: str) -> Sentence:
    """Return the sentence that there is no question, or that all have expired before the day."""
    if expired:
        return Sentence(
            f"{zh}的题到 {day} 已全部过期。", f"{en} no question that is valid on {day}."
        )
    return Sentence(f"{zh}没有可用的题。", f"{en} no usable question.")
