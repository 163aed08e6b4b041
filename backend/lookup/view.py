"""What phones and editors are shown of look-ups."""

from collections.abc import Mapping
from typing import Any

from backend.identity.models import Staff
from backend.lookup import questions
from backend.lookup.answering import FoundAnswers
from backend.lookup.models import TABLES, LookupCard, LookupQuestion
from backend.lookup.tables import TITLES, imported
from backend.web.paging import paged


def found(text: str, result: FoundAnswers) -> dict[str, Any]:
    """Return the answers to a text."""
    return {
        "text": text,
        "answers": [
            {
                "kind": answer.kind,
                "title": answer.title,
                "rows": [
                    {"label": row.label, "text": row.text, "is_now": row.is_now}
                    for row in answer.rows
                ],
                "text": answer.text,
                "notice": answer.notice,
                "choices": list(answer.choices),
                "attachments": list(answer.attachments),
                "owner": answer.owner,
                "card_id": answer.card_id,
            }
            for answer in result.answers
        ],
        "similar": list(result.similar),
    }


def shown_card(card: LookupCard) -> dict[str, Any]:
    """Return a card as editors see it."""
    names = ("id", "title", "text", "synonyms", "attachments", "expires_on", "for_guests", "active")
    return {
        **{name: getattr(card, name) for name in names},
        "owner": _person(card.owner) if card.owner_id else None,
        "updated_at": card.updated_at,
    }


def listed_cards(query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of cards by title; cards that are shown come before those put away."""
    asked = {name: query[name] for name in ("page", "page_size")}
    cards = (
        LookupCard.select(LookupCard, Staff.id, Staff.number, Staff.name)
        .left_outer_join(Staff)
        .order_by(LookupCard.active.desc(), LookupCard.title)
    )
    if query["words"]:
        words = query["words"]
        cards = cards.where(LookupCard.title.contains(words) | LookupCard.text.contains(words))
    rows, total = paged(cards, asked)
    return {"items": [shown_card(card) for card in rows], "total": total, **asked}


def shown_question(question: LookupQuestion) -> dict[str, Any]:
    """Return a question as the person who asked sees it; from a row of `questions.with_names`."""
    return {
        "id": question.id,
        "text": question.text,
        "asked_at": question.asked_at,
        "promised_at": question.promised_at,
        "owner": question.owner_name or "",
        "answer": question.answer,
        "answered_at": question.answered_at,
        "answered_by": question.writer_name or "",
        "is_new": question.answered_at is not None and question.seen_at is None,
    }


def asked_question(question: LookupQuestion, now: int) -> dict[str, Any]:
    """Return a question as those who may answer it see it."""
    return {
        **shown_question(question),
        "asker": question.asker_name or "",
        "asker_number": question.asker_number or "",
        "owner_number": question.owner_number or "",
        "is_late": question.answered_at is None and question.promised_at < now,
        "card_id": question.card_id,
    }


def listed_questions(query: Mapping[str, Any], now: int) -> dict[str, Any]:
    """Return a page of all questions in a state."""
    asked = {name: query[name] for name in ("page", "page_size")}
    rows, total = questions.listed(query["state"], asked)
    return {"items": [asked_question(row, now) for row in rows], "total": total, **asked}


def tables(today: str) -> list[dict[str, Any]]:
    """Return each table: when it was imported, which days it covers, whether it has ended."""
    found_tables = []
    for name in TABLES:
        table = imported(name)
        found_tables.append(
            {
                "name": name,
                "title": TITLES[name],
                "imported_at": table and table.imported_at,
                "from_day": table.from_day if table else "",
                "until_day": table.until_day if table else "",
                "is_old": bool(table and table.until_day and table.until_day < today),
            }
        )
    return found_tables


def _person(person: Staff) -> dict[str, str]:
    return {"number": person.number, "name": person.name}
