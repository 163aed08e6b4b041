"""Pages for trainers and team leaders: what to teach next, and which members of a team came."""

from flask import request

from backend.console.frame import blueprint, page
from backend.errors import Forbidden
from backend.events.current import kinds
from backend.events.view import shown_participation
from backend.identity.current import caller
from backend.questions.service import list_banks
from backend.questions.teaching import lessons, shown_lessons
from backend.web import current

# How many rows of each list are shown.
MOST = 50


@blueprint.route("/teaching")
def teaching() -> str:
    """What is answered wrong most often. Trainers."""
    caller().require("trainer")
    bank = request.args.get("bank") or None
    found = shown_lessons(
        *current.database().for_report(lambda: lessons(kinds(), current.now(), bank))
    )
    return page("console/teaching.html", banks=list_banks(), bank=bank, lessons=found, most=MOST)


@blueprint.route("/team")
def team() -> str:
    """Which members of the caller's team came to which event. Team leaders."""
    leader = caller()
    leader.require("leader")
    if leader.person is None:
        raise Forbidden
    return page("console/team.html", found=shown_participation(leader.person, current.now()))
