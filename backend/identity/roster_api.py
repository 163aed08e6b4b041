"""The roster over HTTP, for admins: list, import in two steps, slips of invite codes."""

from typing import Any

from flask import Response

from backend.identity import roster
from backend.identity.current import caller, revocations
from backend.identity.invites import InviteCodes
from backend.identity.roster import Roster, RosterDiff
from backend.identity.schemas import (
    InviteCodesRequest,
    RosterImportBody,
    RosterImportQuery,
    RosterPreviewQuery,
    StaffPage,
    StaffQuery,
)
from backend.identity.slips import slips_archive
from backend.sheets import EXCEL
from backend.sheets.preview import ImportPreview
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.downloads import download
from backend.web.imports import TABLE_REFUSED, ImportFile, ImportPreviewBody, shown_preview
from backend.web.tables import read_apart

blueprint = Blueprint("roster", __name__, url_prefix="/api/v1/staff", description="The roster")

ADMINS = {"c401": "unauthenticated", "c403": "forbidden"}
INCOMPLETE = {**TABLE_REFUSED, "c422": TABLE_REFUSED["c422"] + ", roster_incomplete"}
ZIP = "application/zip"


@blueprint.route("", methods=["GET"])
@blueprint.arguments(StaffQuery, location="query")
@blueprint.response(200, StaffPage)
@blueprint.refuses(**ADMINS)
def list_staff(query: dict[str, Any]) -> dict[str, Any]:
    """List or search the people of the roster, by team. Admins only."""
    caller().require("admin")
    people, total = roster.search_staff(**query)
    return {
        "items": people,
        "total": total,
        "page": query["page"],
        "page_size": query["page_size"],
    }


@blueprint.route("/template.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**ADMINS)
def download_roster_template() -> Response:
    """Download an Excel file to fill in. Admins only."""
    caller().require("admin")
    return download(roster.roster_template(), "员工名册模板.xlsx", EXCEL)


@blueprint.route("/imports/preview", methods=["POST"])
@blueprint.arguments(ImportFile, location="files")
@blueprint.arguments(RosterPreviewQuery, location="query")
@blueprint.response(200, ImportPreviewBody)
@blueprint.refuses(**ADMINS, **INCOMPLETE)
def preview_roster_import(files: dict[str, Any], query: dict[str, Any]) -> dict[str, Any]:
    """Show every row of a file, what is wrong with it, and what an import would do; writes nothing.
    Admins only."""
    caller().require("admin")
    return shown_preview(preview_of_upload(files["file"].read(), query))


def preview_of_upload(data: bytes, query: dict[str, Any]) -> ImportPreview:
    """Return the preview of an uploaded roster; raises `BadSheet` or `RosterIncomplete`."""
    return roster.preview(*_read(data, query))


@blueprint.route("/imports", methods=["POST"])
@blueprint.arguments(ImportFile, location="files")
@blueprint.arguments(RosterImportQuery, location="query")
@blueprint.response(200, RosterImportBody)
@blueprint.refuses(**ADMINS, **INCOMPLETE, c409="import_moved, roster_moved")
def import_roster(files: dict[str, Any], query: dict[str, Any]) -> dict[str, int]:
    """Import the roster from Excel or CSV, all or nothing; errors name their rows. Admins only."""
    admin = caller()
    admin.require("admin")
    people, diff = _read(files["file"].read(), query)
    roster.preview(people, diff).require(query["agreed"])
    done = roster.apply(
        people,
        diff,
        database=current.database(),
        codes=_codes(),
        now=current.now(),
        source=files["file"].filename or "roster",
        actor_id=admin.account_id,
    )
    if done.deactivates and done.left:
        revocations().tell(roster.accounts_of([leaver.number for leaver in done.left]))
    return {
        "added": len(done.added),
        "changed": len(done.changed),
        "returned": len(done.reactivated),
        "left": len(done.left) if done.deactivates else 0,
        "unchanged": done.unchanged,
    }


def _read(data: bytes, query: dict[str, Any]) -> tuple[Roster, RosterDiff]:
    people = read_apart(roster.read_roster, data)
    if query["new_codes"]:
        people, _ = roster.with_new_codes(people)
    return people, roster.compare(people, _codes(), deactivate_missing=query["deactivate_missing"])


@blueprint.route("/invite-codes", methods=["POST"])
@blueprint.arguments(InviteCodesRequest)
@blueprint.response(200, content_type=ZIP)
@blueprint.refuses(
    **ADMINS,
    c404="unknown_numbers",
    c409="nobody_to_invite",
    c422="too_demanding, invalid",
    c503="busy",
)
def replace_invite_codes(body: dict[str, Any]) -> Response:
    """Replace the invite codes of people and download them. Admins only.

    The download is a ZIP file with a printable page of slips and a sheet. Earlier codes become
    invalid.
    """
    admin = caller()
    admin.require("admin")
    slips = roster.new_slips(body["numbers"])
    if not slips:
        raise roster.NobodyToInvite
    current.database().release()
    archive = current.offload().long.run(slips_archive, slips)
    roster.replace_codes(
        slips,
        database=current.database(),
        codes=_codes(),
        now=current.now(),
        actor_id=admin.account_id,
    )
    return download(archive, "邀请码.zip", ZIP)


def _codes() -> InviteCodes:
    return InviteCodes(current.settings().secret)
