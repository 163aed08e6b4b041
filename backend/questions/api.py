"""Question banks over HTTP, for trainers: list, search, import, export to Excel."""

from typing import Any

from flask import Response

from backend.clock import business_day
from backend.events.current import kinds
from backend.identity.current import caller
from backend.questions import importing, service, teaching
from backend.questions.reading import read_for_preview, read_upload
from backend.questions.schemas import (
    BankBody,
    ImportBody,
    ImportQuery,
    LessonsBody,
    LessonsQuery,
    QuestionPageBody,
    QuestionQuery,
)
from backend.sheets import EXCEL
from backend.sheets.preview import ImportPreview
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.i18n import language
from backend.web.imports import TABLE_REFUSED, ImportFile, ImportPreviewBody, shown_preview
from backend.web.tables import excel, read_apart, template

blueprint = Blueprint(
    "questions", __name__, url_prefix="/api/v1/question-banks", description="Question banks"
)

REFUSED = {"c401": "unauthenticated", "c403": "forbidden"}


@blueprint.route("", methods=["GET"])
@blueprint.response(200, BankBody(many=True))
@blueprint.refuses(**REFUSED)
def list_banks() -> list[service.BankSummary]:
    """List the banks. Trainers and hosts."""
    caller().require_any("trainer", "host")
    return service.list_banks()


@blueprint.route("/lessons", methods=["GET"])
@blueprint.arguments(LessonsQuery, location="query")
@blueprint.response(200, LessonsBody)
@blueprint.refuses(**REFUSED)
def list_lessons(query: dict[str, str]) -> dict[str, Any]:
    """Show what is answered wrong most often, by question, topic and team. Trainers.

    Only events that are not rehearsals count; activities whose last sitting is not over are left
    out.
    """
    caller().require("trainer")
    return teaching.shown_lessons(
        *current.database().for_report(
            lambda: teaching.lessons(kinds(), current.now(), query.get("bank"))
        )
    )


@blueprint.route("/template.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**REFUSED)
def download_template() -> Response:
    """Download an Excel file to fill in. Trainers."""
    caller().require("trainer")
    return template("题库", service.TEMPLATE, service.TEMPLATE_NOTES)


@blueprint.route("/<string:bank>/questions", methods=["GET"])
@blueprint.arguments(QuestionQuery, location="query")
@blueprint.response(200, QuestionPageBody)
@blueprint.refuses(**REFUSED, c404="unknown_bank")
def search_questions(query: dict[str, Any], bank: str) -> dict[str, Any]:
    """Search the current questions of a bank, keys included. Trainers."""
    caller().require("trainer")
    found = service.search_questions(bank, **query)
    return {
        "items": found.items,
        "total": found.total,
        "page": query["page"],
        "page_size": query["page_size"],
    }


@blueprint.route("/<string:bank>/questions.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**REFUSED, c404="unknown_bank")
def download_bank(bank: str) -> Response:
    """Download a bank as Excel; importing it again changes nothing. Trainers."""
    caller().require("trainer")
    return excel("题库", lambda: [service.worksheet(bank)])


@blueprint.route("/<string:bank>/imports/preview", methods=["POST"])
@blueprint.arguments(ImportFile, location="files")
@blueprint.response(200, ImportPreviewBody)
@blueprint.refuses(**REFUSED, **TABLE_REFUSED)
def preview_bank_import(files: dict[str, Any], bank: str) -> dict[str, Any]:
    """Show every row of a file, what is wrong with it, and what an import would do; writes nothing.
    Trainers."""
    caller().require("trainer")
    return shown_preview(preview_of_upload(files["file"].read(), bank))


def preview_of_upload(data: bytes, bank: str) -> ImportPreview:
    """Return the preview of an uploaded file; raises `BadSheet` or `Invalid`."""
    return importing.preview(read_apart(read_for_preview, data, _today()), bank)


def _today() -> str:
    settings = current.settings()
    return business_day(current.now(), settings.timezone, settings.day_boundary_hour)


@blueprint.route("/<string:bank>/imports", methods=["POST"])
@blueprint.arguments(ImportFile, location="files")
@blueprint.arguments(ImportQuery, location="query")
@blueprint.response(200, ImportBody)
@blueprint.refuses(**REFUSED, **TABLE_REFUSED, c409="import_moved")
def import_bank(files: dict[str, Any], query: dict[str, Any], bank: str) -> dict[str, Any]:
    """Import questions from Excel or CSV, all or nothing; errors name their rows. Trainers.

    `warnings` also say what of the file was not read: further worksheets, hidden rows.
    """
    trainer = caller()
    trainer.require("trainer")
    parsed = read_apart(read_upload, files["file"].read(), _today())
    if query["dry_run"]:
        diff = importing.compare(parsed, bank)
    else:
        diff = importing.import_questions(
            parsed,
            importing.BankName(bank, query.get("title")),
            database=current.database(),
            now=current.now(),
            actor_id=trainer.account_id,
            agreed=query["agreed"],
        )
    notes = [*diff.notes, *(warning.in_table for warning in diff.warnings)]
    return {
        "added": len(diff.added),
        "changed": len(diff.changed),
        "unchanged": diff.unchanged,
        "warnings": [text.said(language()) for text in notes],
        "expired": list(diff.expired),
        "dry_run": query["dry_run"],
    }
