"""Questions that no card answered.

A question waits for a person in charge until a promised time. The answer reaches the person who
asked, and can become a card. The person in charge is the owner of the card that is most similar to
the question, or the person whom an editor names; if there is none, any editor.
"""

from datetime import date
from typing import Any

from backend.clock import DAY_MS
from backend.db import Database
from backend.errors import Forbidden, NotFound
from backend.identity import audit
from backend.identity.models import Account, Staff
from backend.identity.principal import Principal
from backend.lookup import cards
from backend.lookup.asking import phrase
from backend.lookup.errors import (
    NotAnswered,
    QuestionAnswered,
    QuestionsOfStaff,
    TooManyWaiting,
)
from backend.lookup.models import LookupCard, LookupQuestion
from backend.web.paging import paged

# The promised time for an answer, and how many questions of one person may wait at once.
PROMISE_MS = DAY_MS
MOST_WAITING = 10
WAITING, ANSWERED = "waiting", "answered"
STATES = (WAITING, ANSWERED)
_is_waiting = LookupQuestion.answered_at.is_null()


def ask(
    database: Database, who: Principal, text: str, today: date, now: int
) -> tuple[LookupQuestion, bool]:
    """Store a question of a member of staff; returns it, and whether it is new.

    A question that the person has already asked and that still waits is not stored again. Raises
    `QuestionsOfStaff` or `TooManyWaiting`.
    """
    if not who.is_staff:
        raise QuestionsOfStaff
    asked = phrase(text)
    key = asked.text or text
    owner = cards.nearest_owner(asked, today)
    with database.write():
        Account.lock(who.account_id)
        mine = LookupQuestion.select().where(LookupQuestion.account == who.account_id, _is_waiting)
        there = mine.where(LookupQuestion.waiting_key == key).first()
        if there is not None:
            return there, False
        if mine.count() >= MOST_WAITING:
            raise TooManyWaiting(most=MOST_WAITING)
        made = LookupQuestion.create(
            account=who.account_id,
            text=text,
            waiting_key=key,
            owner=owner,
            asked_at=now,
            promised_at=now + PROMISE_MS,
        )
    return made, True


def may_answer(who: Principal, question: LookupQuestion) -> bool:
    """Return whether a caller may answer: editors may, and the person in charge."""
    is_owner = who.person is not None and question.owner_id == who.person.staff_id
    return is_owner or cards.is_editor(who)


def answer(
    database: Database, who: Principal, question_id: int, text: str, as_card: bool, now: int
) -> LookupQuestion:
    """Answer a question; with `as_card`, which only editors may use, the answer also becomes a
    card.

    Raises `NotFound`, `Forbidden`, `QuestionAnswered`, or `Invalid` if the title of the card is
    taken.
    """
    with database.write():
        question = _locked(question_id)
        if not may_answer(who, question):
            raise Forbidden
        if as_card:
            cards.require_editor(who)
        if question.answered_at is not None:
            raise QuestionAnswered
        question.change(
            answer=text,
            answered_at=now,
            answered_by=who.person.staff_id if who.person else None,
            waiting_key=None,
        )
        audit.record(who.account_id, "question_answered", f"lookup_question:{question_id}", now)
        if as_card:
            _make_card(database, question, who, now)
    return question


def make_card(database: Database, who: Principal, question_id: int, now: int) -> LookupQuestion:
    """Make a card of an answer: its title is the question. Editors.

    Raises `NotFound`, `NotAnswered`, or `Invalid` if the title is taken.
    """
    cards.require_editor(who)
    with database.write():
        question = _locked(question_id)
        if question.answered_at is None or question.card_id is not None:
            raise NotAnswered
        _make_card(database, question, who, now)
    return question


def _make_card(database: Database, question: LookupQuestion, who: Principal, now: int) -> None:
    title = question.text[: cards.LONGEST_TITLE]
    owner = question.owner or question.answered_by
    facts = {
        "title": title,
        "text": question.answer,
        "synonyms": [],
        "attachments": [],
        "owner_number": owner.number if owner and owner.active else "",
        "expires_on": "",
        "for_guests": False,
        "active": True,
    }
    card: LookupCard = cards.make(database, facts, who.account_id, now)
    question.change(card=card.id)


def assign(
    database: Database, who: Principal, question_id: int, number: str, now: int
) -> LookupQuestion:
    """Set the person in charge of a question by 工号; an empty one means nobody. For editors.

    Raises `NotFound`, `QuestionAnswered`, or `Invalid` if nobody has the 工号.
    """
    cards.require_editor(who)
    owner = cards.owner_of(number)
    with database.write():
        question = _locked(question_id)
        if question.answered_at is not None:
            raise QuestionAnswered
        question.change(owner=owner)
        subject = f"lookup_question:{question_id}"
        audit.record(who.account_id, "question_assigned", subject, now, owner=number)
    return question


def mark_seen(database: Database, who: Principal, now: int) -> None:
    """Store that a person has seen the answers to their questions; keeps the first moment."""
    with database.write():
        LookupQuestion.update(seen_at=now).where(_unseen(who)).execute()


def news(who: Principal) -> dict[str, int]:
    """Return how many answers a person has not seen, and how many questions the person should
    answer.
    """
    return {
        "answers": LookupQuestion.select().where(_unseen(who)).count(),
        "waiting": _for_person(who).count() if who.person is not None else 0,
    }


def of_person(who: Principal, query: dict[str, Any]) -> tuple[list[LookupQuestion], int]:
    """Return a page of the questions of a person, the newest first, and how many there are."""
    mine = LookupQuestion.account == who.account_id
    return paged(_questions().where(mine).order_by(LookupQuestion.id.desc()), query)


def for_person(who: Principal) -> list[LookupQuestion]:
    """Return the waiting questions of a person in charge, the oldest first."""
    if who.person is None:
        return []
    return list(_for_person(who).order_by(LookupQuestion.id))


def listed(state: str, query: dict[str, Any]) -> tuple[list[LookupQuestion], int]:
    """Return a page of all questions in a state: waiting ones the oldest first, answered ones the
    newest first.
    """
    if state == WAITING:
        return paged(_questions().where(_is_waiting).order_by(LookupQuestion.id), query)
    done = _questions().where(~_is_waiting)
    return paged(done.order_by(LookupQuestion.answered_at.desc(), LookupQuestion.id.desc()), query)


def _unseen(who: Principal) -> Any:
    return (
        (LookupQuestion.account == who.account_id)
        & LookupQuestion.answered_at.is_null(False)
        & LookupQuestion.seen_at.is_null()
    )


def _for_person(who: Principal) -> Any:
    assert who.person is not None
    return _questions().where(_is_waiting, LookupQuestion.owner == who.person.staff_id)


def _questions() -> Any:
    """Return the query of questions with the names of the person who asked, the one in charge and
    the one who answered.
    """
    asker, owner, writer = Staff.alias("asker"), Staff.alias("owner"), Staff.alias("writer")
    return (
        LookupQuestion.select(
            LookupQuestion,
            asker.name.alias("asker_name"),
            asker.number.alias("asker_number"),
            owner.name.alias("owner_name"),
            owner.number.alias("owner_number"),
            writer.name.alias("writer_name"),
        )
        .left_outer_join(asker, on=(asker.account == LookupQuestion.account))
        .switch(LookupQuestion)
        .left_outer_join(owner, on=(owner.id == LookupQuestion.owner))
        .switch(LookupQuestion)
        .left_outer_join(writer, on=(writer.id == LookupQuestion.answered_by))
        .objects()
    )


def with_names(question_id: int) -> LookupQuestion:
    """Return a question with the columns that lists have; raises `NotFound`."""
    found: LookupQuestion | None = _questions().where(LookupQuestion.id == question_id).first()
    if found is None:
        raise NotFound
    return found


def _locked(question_id: int) -> LookupQuestion:
    question = LookupQuestion.lock(question_id)
    if question is None:
        raise NotFound
    return question
