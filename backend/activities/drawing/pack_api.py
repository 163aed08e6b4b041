"""Word packs over HTTP: list, import in two steps, export to Excel."""

from typing import Any

from flask import Response

from backend.activities.drawing import packs
from backend.activities.drawing.packs import PackDiff, PackSummary
from backend.activities.drawing.schemas import PackBody, PackImportBody, PackImportQuery
from backend.errors import Forbidden
from backend.identity.current import caller
from backend.identity.principal import Principal
from backend.sheets import EXCEL
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.imports import TABLE_REFUSED, ImportFile, ImportPreviewBody, shown_preview
from backend.web.tables import excel, read_apart, template

blueprint = Blueprint(
    "word_packs", __name__, url_prefix="/api/v1/word-packs", description="Word packs of 你画我猜"
)

REFUSED = {"c401": "unauthenticated", "c403": "forbidden"}


def _editor() -> Principal:
    """Return the caller, who must have a role for all events to change packs."""
    who = caller()
    if not (who.has("trainer") or who.has("host")):
        raise Forbidden
    return who


@blueprint.route("", methods=["GET"])
@blueprint.response(200, PackBody(many=True))
@blueprint.refuses(**REFUSED)
def list_packs() -> list[PackSummary]:
    """List the packs. Trainers and hosts."""
    caller().require_any("trainer", "host")
    return packs.list_packs()


@blueprint.route("/template.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**REFUSED)
def download_pack_template() -> Response:
    """Download an Excel file to fill in. Trainers, and hosts of all events."""
    _editor()
    return template("词库", packs.TEMPLATE, packs.TEMPLATE_NOTES)


@blueprint.route("/<string:pack>/words.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**REFUSED, c404="unknown_pack")
def download_pack(pack: str) -> Response:
    """Download a pack as Excel; importing it again changes nothing. Trainers, and hosts of all
    events."""
    _editor()
    return excel("词库", lambda: [packs.worksheet(pack)])


@blueprint.route("/<string:pack>/imports/preview", methods=["POST"])
@blueprint.arguments(ImportFile, location="files")
@blueprint.response(200, ImportPreviewBody)
@blueprint.refuses(**REFUSED, **TABLE_REFUSED)
def preview_pack_import(files: dict[str, Any], pack: str) -> dict[str, Any]:
    """Show every row of a file, and what an import would do; writes nothing. Trainers, and hosts of
    all events."""
    _editor()
    found = read_apart(packs.read_upload, files["file"].read())
    return shown_preview(packs.preview(found, pack))


@blueprint.route("/<string:pack>/imports", methods=["POST"])
@blueprint.arguments(ImportFile, location="files")
@blueprint.arguments(PackImportQuery, location="query")
@blueprint.response(200, PackImportBody)
@blueprint.refuses(**REFUSED, **TABLE_REFUSED, c409="import_moved")
def import_pack(files: dict[str, Any], query: dict[str, Any], pack: str) -> PackDiff:
    """Replace the words of a pack from Excel or CSV, all or nothing. Trainers, and hosts of all
    events."""
    editor = _editor()
    found = read_apart(packs.read_upload, files["file"].read())
    return packs.import_pack(
        found,
        pack,
        database=current.database(),
        now=current.now(),
        title=query["title"],
        actor_id=editor.account_id,
        agreed=query["agreed"],
    )
