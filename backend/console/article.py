"""The draft of an article about an event, to be pasted into the editor of the official account.

The article is a document of its own: its styles are `style` attributes, because editors keep no
others, and the content security policy of the console's pages forbids these. The document has a
policy of its own, which allows them and no script.
"""

from collections.abc import Callable
from itertools import groupby
from typing import Any

import flask
from flask import Response, request

from backend.clock import local_time
from backend.console.frame import blueprint, event_page
from backend.errors import NotFound
from backend.events.current import hosted
from backend.events.reporting import Exhibit, NamedWinner
from backend.events.visibility import masked_name
from backend.report import current as reports
from backend.report.service import ActivityPart, EventReport
from backend.web import current
from backend.web.pages import shows_frame

PAGE = "/events/<int:event_id>/article"
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'"
)
FULL = "full"
# The largest numbers of places, pictures and counts in an article: longer ones are not read.
PLACES, PICTURES, TALLY_ROWS = 3, 6, 6


@blueprint.route(PAGE)
def article(event_id: int) -> Response:
    """The article, with buttons to copy and download it. The event's hosts."""
    event = hosted(event_id)
    report = reports.report(event)
    pictures = _pictures(report) if report.public else []
    full = request.args.get("names") == FULL
    photos = report.mementos.photos if report.public else []
    shown = {"report": report, "pictures": pictures, "photos": photos, "full": full}
    return shows_frame(event_page("console/article.html", event, **shown))


@blueprint.route(PAGE + "/draft")
def article_draft(event_id: int) -> Response:
    """The article itself, once the event is over and its boards are public. The event's hosts.

    Names are masked as for guests, unless the query asks for whole ones, because everybody can read
    an article.
    """
    event = hosted(event_id)
    report = reports.report(event)
    if not report.public:
        raise NotFound
    name = str if request.args.get("names") == FULL else masked_name
    html = flask.render_template("console/article/draft.html", **_content(report, name))
    return Response(html, headers={"Content-Security-Policy": POLICY})


def _content(report: EventReport, name: Callable[[str], str]) -> dict[str, Any]:
    opened = report.event.opens_at or report.event.began_at
    at = local_time(opened, current.settings().timezone)
    hardest = report.questions[0] if report.questions else None
    return {
        "event": report.event,
        "day": f"{at.year} 年 {at.month} 月 {at.day} 日",
        "report": report,
        "name": name,
        "people": [one for one in report.people[:PLACES] if one.points > 0],
        "teams": [one for one in report.teams[:PLACES] if one.points > 0],
        "parts": [_part(one) for one in report.activities if _was_played(one)],
        "pictures": _pictures(report),
        "prizes": _prizes(report),
        "hardest": hardest if hardest and hardest.percent < 100 else None,
    }


def _was_played(part: ActivityPart) -> bool:
    return any(fact.value for fact in part.report.facts)


def _part(part: ActivityPart) -> dict[str, Any]:
    """Return an activity with its counts that are public and do not name people."""
    tallies = [one for one in part.report.tallies if one.public and not one.of_people and one.rows]
    return {
        "title": part.title,
        "facts": [fact for fact in part.report.facts if fact.value],
        "tallies": [
            {
                "title": one.title,
                "unit": one.unit,
                "rows": one.rows[:TALLY_ROWS],
                "most": max(1, *(count for _, count in one.rows)),
            }
            for one in tallies
        ],
    }


def _pictures(report: EventReport) -> list[tuple[int, Exhibit]]:
    """Return the first pictures of each activity, with the activity's id."""
    return [
        (part.activity.id, one)
        for part in report.activities
        for one in part.report.exhibits[:PICTURES]
    ]


def _prizes(report: EventReport) -> list[tuple[str, list[NamedWinner]]]:
    """Return the prizes of each activity with who won them."""
    return [
        (prize, list(found))
        for part in report.activities
        for prize, found in groupby(part.report.winners, lambda one: one.prize)
    ]
