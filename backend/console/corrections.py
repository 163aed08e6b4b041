"""Pages of corrections: the questions that were asked, whole activities, and what a correction
would change.
"""

from typing import Any

import flask
from flask import request

from backend.console.frame import blueprint, event_page
from backend.errors import NotFound
from backend.events.current import hosted, kinds
from backend.events.models import Activity, Event
from backend.questions import marking
from backend.questions.models import Question
from backend.scoring import corrections
from backend.scoring.changes import BoardChange
from backend.scoring.corrections import REKEY, VOID, Ruling, Voiding
from backend.scoring.current import scores
from backend.scoring.models import Correction
from backend.web import current

PAGE = "/events/<int:event_id>/corrections"
SHOWN = 200


@blueprint.route(PAGE, endpoint="corrections")
def corrections_page(event_id: int) -> str:
    """The questions that were asked, those with the fewest right answers first. The event's hosts."""
    event = hosted(event_id)
    return event_page("console/corrections.html", event, **_asked(event))


@blueprint.route(PAGE + "/list")
def corrections_list(event_id: int) -> str:
    """The same list, a fragment. The event's hosts."""
    event = hosted(event_id)
    return flask.render_template("console/corrections/_list.html", event=event, **_asked(event))


@blueprint.route(PAGE + "/<int:question_id>")
def correction(event_id: int, question_id: int) -> str:
    """One question and the possible corrections. The event's hosts."""
    event = hosted(event_id)
    return event_page("console/correction.html", event, **_question(event, question_id))


@blueprint.route(PAGE + "/<int:question_id>/preview")
def correction_preview(event_id: int, question_id: int) -> str:
    """Whom a correction would change, a fragment; it writes nothing. The event's hosts."""
    event = hosted(event_id)
    action = VOID if request.args.get("action") == VOID else REKEY
    key = [] if action == VOID else request.args.getlist("key")
    ruling = Ruling(question_id, action, key, "")
    changes = corrections.preview(scores(), kinds(), event.id, ruling, current.now())
    return flask.render_template(
        "console/corrections/_preview.html", ruling=ruling, **_shown(changes)
    )


@blueprint.route("/events/<int:event_id>/activities/<int:activity_id>/void")
def void_preview(event_id: int, activity_id: int) -> str:
    """Whom voiding an activity would change, a fragment; it writes nothing. The event's hosts."""
    event = hosted(event_id)
    voiding = Voiding(event.id, activity_id)
    changes = corrections.preview_void(scores(), kinds(), voiding, current.now())
    return flask.render_template("console/corrections/_void.html", **_shown(changes))


def _shown(changes: list[BoardChange]) -> dict[str, Any]:
    """Return the first changes, and how many there are."""
    return {
        "changes": changes[:SHOWN],
        "count": len(changes),
        "rescored": sum(one.before.points != one.after.points for one in changes),
    }


def _asked(event: Event) -> dict[str, Any]:
    activities = list(event.activities.order_by(Activity.position, Activity.id))
    found = [
        (activity, asked)
        for activity in activities
        for asked in kinds()[activity.kind].asked(activity)
    ]
    ids = [asked.question_id for _, asked in found]
    questions = {one.id: one for one in Question.select().where(Question.id.in_(ids))}
    found.sort(key=lambda row: row[1].right / row[1].answers if row[1].answers else 1)
    earning = [activity for activity in activities if kinds()[activity.kind].reasons]
    return {"asked": found, "questions": questions, "held": _held(event), "earning": earning}


def _held(event: Event) -> dict[int, Correction]:
    """Return the correction in force for each question that has one."""
    rows = Correction.select().where(Correction.event == event).order_by(Correction.id)
    return {row.question_id: row for row in rows}


def _question(event: Event, question_id: int) -> dict[str, Any]:
    rows = [row for row in _asked(event)["asked"] if row[1].question_id == question_id]
    question = Question.get_or_none(Question.id == question_id)
    if not rows or question is None:
        raise NotFound
    history = Correction.select().where(
        Correction.event == event, Correction.question_id == question_id
    )
    letters = marking.TRUE_FALSE if question.kind == "truefalse" else marking.LETTERS
    return {
        "question": question,
        "asked": rows,
        "options": list(zip(letters, question.options, strict=False)),
        "history": list(history.order_by(Correction.id.desc())),
        "held": _held(event).get(question_id),
    }
