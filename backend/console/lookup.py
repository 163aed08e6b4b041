"""Pages for editors of look-ups: questions that wait, cards, tables."""

from typing import Any

import flask
from flask import request

from backend.clock import local_time
from backend.console.frame import blueprint, page
from backend.identity.current import caller
from backend.lookup import cards, view
from backend.lookup.kinds import KINDS
from backend.lookup.questions import STATES, WAITING
from backend.web import current

PAGE_SIZE = 50
STATE_WORDS = {"waiting": "等回答", "answered": "已回答"}
HINTS = {
    "buses": "文件就是整张时刻表：文件里没有的站会删掉。",
    "shifts": "文件里的人，在文件的第一天到最后一天之间以文件为准；别的人和别的日子不变。",
    "canteen": "文件的第一天到最后一天以文件为准，别的日子不变。",
    "cards": "标题相同的卡片改成文件里的样子，别的卡片不变。",
}


@blueprint.route("/lookup")
def lookup() -> str:
    """Questions that wait, cards, tables and their imports. Editors."""
    cards.require_editor(caller())
    kinds = [(kind, HINTS[kind.name]) for kind in KINDS.values()]
    return page("console/lookup.html", kinds=kinds, **_tables(), **_questions(), **_cards())


@blueprint.route("/lookup/tables")
def lookup_tables() -> str:
    """The tables and the days that they cover, a fragment. Editors."""
    cards.require_editor(caller())
    return flask.render_template("console/lookup/_tables.html", **_tables())


@blueprint.route("/lookup/questions")
def lookup_questions() -> str:
    """A page of questions, a fragment. Editors."""
    cards.require_editor(caller())
    return flask.render_template("console/lookup/_questions.html", **_questions())


@blueprint.route("/lookup/cards")
def lookup_cards() -> str:
    """A page of the cards that were found, a fragment. Editors."""
    cards.require_editor(caller())
    return flask.render_template("console/lookup/_cards.html", **_cards())


@blueprint.route("/lookup/cards/new")
def new_lookup_card() -> str:
    """The form of a new card. Editors."""
    cards.require_editor(caller())
    return page("console/lookup_card.html", card=None)


@blueprint.route("/lookup/cards/<int:card_id>")
def lookup_card(card_id: int) -> str:
    """A card and its synonyms. Editors."""
    cards.require_editor(caller())
    return page("console/lookup_card.html", card=view.shown_card(cards.of_id(card_id)))


def _tables() -> dict[str, Any]:
    today = local_time(current.now(), current.settings().timezone).date().isoformat()
    return {"tables": view.tables(today)}


def _questions() -> dict[str, Any]:
    state = request.args.get("state", WAITING)
    state = state if state in STATES else WAITING
    query = {"state": state, "page": _page_number(), "page_size": PAGE_SIZE}
    found = view.listed_questions(query, current.now())
    return {
        "questions": found["items"],
        "questions_found": found["total"],
        "state": state,
        "state_words": STATE_WORDS,
        "question_pages": _pages(found, flask.url_for("host.lookup_questions")),
    }


def _cards() -> dict[str, Any]:
    words = request.args.get("words", "")[:60]
    query = {"words": words, "page": _page_number(), "page_size": PAGE_SIZE}
    found = view.listed_cards(query)
    return {
        "cards": found["items"],
        "cards_found": found["total"],
        "words": words,
        "card_pages": _pages(found, flask.url_for("host.lookup_cards")),
    }


def _page_number() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), 100_000)


def _pages(found: dict[str, Any], address: str) -> dict[str, Any]:
    last = max(1, -(-found["total"] // PAGE_SIZE))
    return {"number": found["page"], "last": last, "address": address}
