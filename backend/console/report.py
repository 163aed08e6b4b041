"""The page of an event's report: its figures, charts and pictures."""

from typing import Any

import flask
from flask import Response

from backend.clock import local_time
from backend.console.frame import blueprint, event_page
from backend.errors import NotFound
from backend.events.current import hosted, kinds
from backend.events.models import Activity
from backend.identity import audit
from backend.report import current as reports
from backend.report.service import EventReport
from backend.web import current

PAGE = "/events/<int:event_id>/report"
# How many rows a page shows; the file has all.
TEAMS, BEST, QUESTIONS, LESSONS, EXHIBITS, TALLY_ROWS = 24, 10, 15, 8, 24, 20
# From these values on a question discriminates well, or poorly; see `report.answers`.
GOOD, POOR = 0.3, 0.2


@blueprint.route(PAGE)
def report(event_id: int) -> str:
    """The page of an event's report, which loads its contents, because these take time. Its hosts."""
    return event_page("console/report.html", hosted(event_id))


@blueprint.route(PAGE + "/contents")
def report_contents(event_id: int) -> str:
    """The contents of the report, a fragment. The event's hosts."""
    event = hosted(event_id)
    found = reports.report(event)
    return flask.render_template(
        "console/report/_contents.html",
        event=event,
        report=found,
        charts=charts(found, current.settings().timezone),
        most={"lessons": LESSONS, "exhibits": EXHIBITS, "questions": QUESTIONS},
        quality=quality,
        is_imported=audit.IMPORTED in audit.actions_of(event_id),
    )


@blueprint.route(PAGE + "/pictures/<int:activity_id>/<int:key>")
def report_picture(event_id: int, activity_id: int, key: int) -> Response:
    """A picture of the gallery. The event's hosts."""
    activity = Activity.of(activity_id, event=hosted(event_id))
    found = activity and kinds()[activity.kind].exhibit(activity, key)
    if not found:
        raise NotFound
    mimetype = "image/png" if found.startswith(b"\x89PNG") else "image/jpeg"
    return Response(found, mimetype=mimetype)


def quality(discrimination: float | None) -> str:
    """Return a word for how well a question discriminates between people who know more and less."""
    if discrimination is None:
        return ""
    if discrimination < 0:
        return "要检查"
    return "好" if discrimination >= GOOD else "差" if discrimination < POOR else "一般"


def charts(found: EventReport, zone: str) -> dict[str, Any]:
    """Return what `report.js` draws, by name; charts without data are left out."""
    came = [one for one in found.attendance.teams if one.came]
    drawn: dict[str, Any] = {}
    if came:
        drawn["teams"] = _shares(came[:TEAMS])
        drawn["shifts"] = _shares(found.attendance.shifts)
    if found.course.spans:
        drawn["time"] = _time(found, zone)
    if len(found.course.stages) > 1:
        drawn["ranks"] = _ranks(found, zone)
    if found.questions:
        drawn["questions"] = {
            "kind": "questions",
            "rows": [
                {"name": one.stem, "value": one.percent, "answers": one.answers}
                for one in found.questions[:QUESTIONS]
            ],
        }
    return drawn


def tally_chart(rows: Any, unit: str) -> dict[str, Any]:
    """Return the bar chart of counts."""
    shown = [{"name": label, "value": count} for label, count in rows[:TALLY_ROWS]]
    return {"kind": "tally", "unit": unit, "rows": shown}


blueprint.add_app_template_global(tally_chart, "tally_chart")


def _shares(shares: Any) -> dict[str, Any]:
    rows = [
        {"name": one.name, "value": one.came, "of": one.heads, "percent": one.percent}
        for one in shares
    ]
    return {"kind": "shares", "rows": rows}


def _time(found: EventReport, zone: str) -> dict[str, Any]:
    spans = found.course.spans
    long = spans[-1].at - spans[0].at > 86_400_000
    pattern = "%m-%d %H:%M" if long else "%H:%M"
    width = found.course.width
    marks: dict[int, list[str]] = {}
    for one in found.landmarks:
        at = (one.at - spans[0].at) // width
        if 0 <= at < len(spans):
            marks.setdefault(at, []).append(one.title)
    return {
        "kind": "time",
        "labels": [f"{local_time(one.at, zone):{pattern}}" for one in spans],
        "points": [one.points for one in spans],
        "joined": [one.joined for one in spans],
        "marks": [{"at": at, "titles": titles} for at, titles in marks.items()],
    }


def _ranks(found: EventReport, zone: str) -> dict[str, Any]:
    course = found.course
    titles = {part.activity.id: part.title for part in found.activities}
    days = len({stage.day for stage in course.stages})
    best = found.people[:BEST]
    return {
        "kind": "ranks",
        "labels": [
            f"{titles.get(stage.activity_id, '')} {stage.day[5:]}"
            if days > 1
            else titles.get(stage.activity_id, "")
            for stage in course.stages
        ],
        "rows": [
            {
                "name": place.name,
                "team": place.team,
                "ranks": [order.get(place.player_id or 0) for order in course.ranks[:-1]]
                + [place.rank],
            }
            for place in best
        ],
    }
