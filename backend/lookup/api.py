"""Look-ups over HTTP, for people who ask and for editors."""

from typing import Any

from flask import Response

from backend.clock import local_time
from backend.errors import NotFound
from backend.identity.current import caller
from backend.lookup import answering, cards, importing, kinds, questions, view
from backend.lookup.schemas import (
    AskedBody,
    CardBody,
    CardPageBody,
    CardQuery,
    CardRequest,
    LookupAnswerRequest,
    LookupBody,
    LookupImportBody,
    LookupNewsBody,
    LookupQuery,
    LookupTablesBody,
    OwnerRequest,
    OwnQuestionsBody,
    QuestionRequest,
    QuestionsQuery,
    WaitingBody,
    WaitingPageBody,
)
from backend.lookup.tables import RowKind
from backend.sheets import EXCEL
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.imports import (
    TABLE_REFUSED,
    AgreedQuery,
    ImportFile,
    ImportPreviewBody,
    shown_preview,
)
from backend.web.schema import PageQuery
from backend.web.tables import template, uploaded_sheet

blueprint = Blueprint("lookup", __name__, url_prefix="/api/v1/lookup", description="Look-ups")

ASKERS = {"c401": "unauthenticated"}
EDITORS = {"c401": "unauthenticated", "c403": "forbidden"}
LOOK_RATE, ASK_RATE = "60/minute", "20/hour"
CARD, QUESTION, TABLE = (
    "/cards/<int:card_id>",
    "/questions/<int:question_id>",
    "/tables/<string:table>",
)


@blueprint.route("", methods=["GET"])
@blueprint.arguments(LookupQuery, location="query")
@blueprint.response(200, LookupBody)
@blueprint.refuses(**ASKERS, c422="invalid", c429="too_many_requests")
def look_up(query: dict[str, str]) -> dict[str, Any]:
    """Answer a text from tables and cards. Anyone with a token; guests get only cards for guests."""
    who = caller()
    current.limits().hit(LOOK_RATE, "lookups", str(who.account_id))
    zone = current.settings().timezone
    return view.found(query["q"], answering.find(who, query["q"], current.now(), zone))


@blueprint.route("/news", methods=["GET"])
@blueprint.response(200, LookupNewsBody)
@blueprint.refuses(**ASKERS)
def show_lookup_news() -> dict[str, int]:
    """Count the answers that the caller has not seen, and the questions that the caller should
    answer.

    Anyone with a token.
    """
    return questions.news(caller())


@blueprint.route("/questions", methods=["POST"])
@blueprint.arguments(QuestionRequest)
@blueprint.response(201, AskedBody)
@blueprint.alt_response(200, schema=AskedBody, description="It waits already.")
@blueprint.refuses(
    **ASKERS, c403="staff_asks", c409="too_many_waiting", c422="invalid", c429="too_many_requests"
)
def ask_question(body: dict[str, str]) -> tuple[dict[str, Any], int]:
    """Send a question to the person in charge.

    A question that still waits is not sent twice. Staff.
    """
    who = caller()
    current.limits().hit(ASK_RATE, "questions", str(who.account_id))
    today = local_time(current.now(), current.settings().timezone).date()
    question, is_new = questions.ask(current.database(), who, body["text"], today, current.now())
    return view.shown_question(questions.with_names(question.id)), 201 if is_new else 200


@blueprint.route("/questions/mine", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, OwnQuestionsBody)
@blueprint.refuses(**ASKERS)
def list_own_questions(query: dict[str, int]) -> dict[str, Any]:
    """List the caller's questions with their answers, and those that the caller is in charge of.
    Anyone with a token."""
    who, now = caller(), current.now()
    rows, total = questions.of_person(who, query)
    return {
        "items": [view.shown_question(row) for row in rows],
        "total": total,
        **query,
        "for_me": [view.asked_question(row, now) for row in questions.for_person(who)],
    }


@blueprint.route("/questions/seen", methods=["PUT"])
@blueprint.response(204)
@blueprint.refuses(**ASKERS)
def mark_answers_seen() -> None:
    """Store that the caller has seen all answers. Anyone with a token."""
    questions.mark_seen(current.database(), caller(), current.now())


@blueprint.route("/questions", methods=["GET"])
@blueprint.arguments(QuestionsQuery, location="query")
@blueprint.response(200, WaitingPageBody)
@blueprint.refuses(**EDITORS, c422="invalid")
def list_questions(query: dict[str, Any]) -> dict[str, Any]:
    """List the questions that wait, the oldest first, or those that are answered. Trainers, hosts."""
    cards.require_editor(caller())
    return view.listed_questions(query, current.now())


@blueprint.route(QUESTION + "/answer", methods=["PUT"])
@blueprint.arguments(LookupAnswerRequest)
@blueprint.response(200, WaitingBody)
@blueprint.refuses(**EDITORS, c404="not_found", c409="question_answered", c422="invalid")
def answer_question(body: dict[str, Any], question_id: int) -> dict[str, Any]:
    """Answer a question, and make a card of it. Trainers, hosts; the person in charge without a
    card."""
    who, now = caller(), current.now()
    text, as_card = body["answer"], body["as_card"]
    questions.answer(current.database(), who, question_id, text, as_card, now)
    return view.asked_question(questions.with_names(question_id), now)


@blueprint.route(QUESTION + "/card", methods=["POST"])
@blueprint.response(201, WaitingBody)
@blueprint.refuses(**EDITORS, c404="not_found", c409="not_for_a_card", c422="invalid")
def make_card_of_answer(question_id: int) -> dict[str, Any]:
    """Make a card of a question and its answer. Trainers, hosts."""
    now = current.now()
    questions.make_card(current.database(), caller(), question_id, now)
    return view.asked_question(questions.with_names(question_id), now)


@blueprint.route(QUESTION + "/owner", methods=["PUT"])
@blueprint.arguments(OwnerRequest)
@blueprint.response(200, WaitingBody)
@blueprint.refuses(**EDITORS, c404="not_found", c409="question_answered", c422="invalid")
def assign_question(body: dict[str, str], question_id: int) -> dict[str, Any]:
    """Name the person in charge of a question. Trainers, hosts."""
    now = current.now()
    questions.assign(current.database(), caller(), question_id, body["number"], now)
    return view.asked_question(questions.with_names(question_id), now)


@blueprint.route("/cards", methods=["GET"])
@blueprint.arguments(CardQuery, location="query")
@blueprint.response(200, CardPageBody)
@blueprint.refuses(**EDITORS)
def list_cards(query: dict[str, Any]) -> dict[str, Any]:
    """List or search the cards. Trainers, hosts."""
    cards.require_editor(caller())
    return view.listed_cards(query)


@blueprint.route("/cards", methods=["POST"])
@blueprint.arguments(CardRequest)
@blueprint.response(201, CardBody)
@blueprint.refuses(**EDITORS, c422="invalid")
def make_card(body: dict[str, Any]) -> dict[str, Any]:
    """Make a card. Trainers, hosts."""
    who = caller()
    cards.require_editor(who)
    return view.shown_card(cards.make(current.database(), body, who.account_id, current.now()))


@blueprint.route(CARD, methods=["GET"])
@blueprint.response(200, CardBody)
@blueprint.refuses(**EDITORS, c404="not_found")
def show_card(card_id: int) -> dict[str, Any]:
    """Show a card with its synonyms. Trainers, hosts."""
    cards.require_editor(caller())
    return view.shown_card(cards.of_id(card_id))


@blueprint.route(CARD, methods=["PUT"])
@blueprint.arguments(CardRequest)
@blueprint.response(200, CardBody)
@blueprint.refuses(**EDITORS, c404="not_found", c422="invalid")
def change_card(body: dict[str, Any], card_id: int) -> dict[str, Any]:
    """Change a card, or put it away. Trainers, hosts."""
    who = caller()
    cards.require_editor(who)
    changed = cards.change(current.database(), card_id, body, who.account_id, current.now())
    return view.shown_card(changed)


@blueprint.route("/tables", methods=["GET"])
@blueprint.response(200, LookupTablesBody)
@blueprint.refuses(**EDITORS)
def list_lookup_tables() -> dict[str, Any]:
    """List the tables with the days that they have. Trainers, hosts."""
    cards.require_editor(caller())
    today = local_time(current.now(), current.settings().timezone).date().isoformat()
    return {"items": view.tables(today)}


@blueprint.route(TABLE + "/template.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**EDITORS, c404="not_found")
def download_lookup_template(table: str) -> Response:
    """Download an Excel file to fill in: `buses`, `shifts`, `canteen` or `cards`. Trainers, hosts."""
    kind = _kind(table)
    return template(kind.title, kind.template, kind.notes)


@blueprint.route(TABLE + "/imports/preview", methods=["POST"])
@blueprint.arguments(ImportFile, location="files")
@blueprint.response(200, ImportPreviewBody)
@blueprint.refuses(**EDITORS, **TABLE_REFUSED, c404="not_found")
def preview_lookup_import(files: dict[str, Any], table: str) -> dict[str, Any]:
    """Show every row of a file, and what an import would do; writes nothing. Trainers, hosts."""
    kind = _kind(table)
    return shown_preview(importing.preview(kind, uploaded_sheet(files, kind.columns)))


@blueprint.route(TABLE + "/imports", methods=["POST"])
@blueprint.arguments(ImportFile, location="files")
@blueprint.arguments(AgreedQuery, location="query")
@blueprint.response(200, LookupImportBody)
@blueprint.refuses(**EDITORS, **TABLE_REFUSED, c404="not_found", c409="import_moved")
def import_lookup_table(
    files: dict[str, Any], query: dict[str, str | None], table: str
) -> dict[str, int]:
    """Import a table from Excel or CSV, all or nothing; errors name their rows. Trainers, hosts."""
    kind = _kind(table)
    diff = importing.import_rows(
        kind,
        uploaded_sheet(files, kind.columns),
        database=current.database(),
        now=current.now(),
        actor_id=caller().account_id,
        agreed=query["agreed"],
    )
    return {
        "added": len(diff.added),
        "changed": len(diff.changed),
        "gone": len(diff.gone_ids),
        "unchanged": diff.unchanged,
    }


def _kind(name: str) -> RowKind:
    """Return a kind of rows for an editor; raises `Forbidden` or `NotFound`."""
    cards.require_editor(caller())
    if name not in kinds.KINDS:
        raise NotFound
    return kinds.KINDS[name]
