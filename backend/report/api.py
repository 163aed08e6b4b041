"""The report of an event as a file."""

from flask import Response

from backend.events.current import hosted
from backend.report import current as reports
from backend.report import sheets
from backend.sheets import EXCEL
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.tables import excel

blueprint = Blueprint("report", __name__, url_prefix="/api/v1/events", description="活动报道")


@blueprint.route("/<int:event_id>/report.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(c401="unauthenticated", c403="forbidden", c404="not_found")
def download_report(event_id: int) -> Response:
    """Download the report of an event as Excel. Its hosts."""
    event, timezone = hosted(event_id), current.settings().timezone
    return excel(
        "活动报道", lambda: sheets.worksheets(reports.computed(event), timezone), sheets.NOTES
    )
