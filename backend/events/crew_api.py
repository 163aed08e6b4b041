"""The crew of an evening over HTTP: duties, tasks, and one's own tasks."""

from typing import Any

from backend.errors import Forbidden
from backend.events import crew
from backend.events.current import hosted
from backend.events.schemas import (
    CrewBody,
    CrewMemberBody,
    CrewTaskBody,
    NewCrewMember,
    NewCrewTask,
    OwnCrewTaskBody,
    TickRequest,
)
from backend.events.view import shown_crew, shown_crew_member, shown_crew_task, shown_own_task
from backend.identity import audit
from backend.identity.current import caller
from backend.web import current
from backend.web.blueprint import Blueprint

blueprint = Blueprint("crew", __name__, url_prefix="/api/v1", description="The crew of an evening")

CREW = "/events/<int:event_id>/crew"
MEMBERS, TASKS = CREW + "/members", CREW + "/tasks"
TASK = TASKS + "/<int:task_id>"
REFUSALS = {"c401": "unauthenticated", "c403": "forbidden"}


@blueprint.route("/crew/tasks", methods=["GET"])
@blueprint.response(200, OwnCrewTaskBody(many=True))
@blueprint.refuses(**REFUSALS)
def list_own_tasks() -> list[dict[str, Any]]:
    """List the caller's tasks in events that are not archived. Staff."""
    person = caller().person
    if person is None:
        raise Forbidden
    return [shown_own_task(task, current.now()) for task in crew.own_tasks(person.staff_id)]


@blueprint.route(CREW, methods=["GET"])
@blueprint.response(200, CrewBody)
@blueprint.refuses(**REFUSALS, c404="not_found")
def get_crew(event_id: int) -> dict[str, Any]:
    """Show the crew of an event and its tasks. Its hosts."""
    hosted(event_id)
    return shown_crew(event_id, current.now())


@blueprint.route(MEMBERS, methods=["POST"])
@blueprint.arguments(NewCrewMember)
@blueprint.response(201, CrewMemberBody)
@blueprint.refuses(**REFUSALS, c404="not_found, unknown_staff")
def add_crew_member(body: dict[str, str], event_id: int) -> dict[str, Any]:
    """Give a member of staff a duty; again changes nothing. Its hosts."""
    hosted(event_id)
    by, now = caller().account_id, current.now()
    member = crew.add_member(
        current.database(), event_id, body["staff_number"], body["duty"], by, now
    )
    return shown_crew_member(member)


@blueprint.route(MEMBERS + "/<int:member_id>", methods=["DELETE"])
@blueprint.response(204)
@blueprint.refuses(**REFUSALS, c404="not_found")
def remove_crew_member(event_id: int, member_id: int) -> None:
    """Remove a member of staff from a duty. Its hosts."""
    hosted(event_id)
    by = caller().account_id
    crew.remove_member(current.database(), event_id, member_id, by, current.now())


@blueprint.route(TASKS, methods=["POST"])
@blueprint.arguments(NewCrewTask)
@blueprint.response(201, CrewTaskBody)
@blueprint.refuses(**REFUSALS, c404="not_found, unknown_staff")
def add_crew_task(body: dict[str, Any], event_id: int) -> dict[str, Any]:
    """Make a task of the crew. Its hosts."""
    hosted(event_id)
    draft, by = crew.TaskDraft(**body), caller().account_id
    task = crew.add_task(current.database(), event_id, draft, by, current.now())
    return shown_crew_task(task, current.now())


@blueprint.route(TASK, methods=["PUT"])
@blueprint.arguments(NewCrewTask)
@blueprint.response(200, CrewTaskBody)
@blueprint.refuses(**REFUSALS, c404="not_found, unknown_staff")
def change_crew_task(body: dict[str, Any], event_id: int, task_id: int) -> dict[str, Any]:
    """Change a task of the crew; whether it is done stays. Its hosts."""
    hosted(event_id)
    draft, by = crew.TaskDraft(**body), caller().account_id
    task = crew.change_task(current.database(), event_id, task_id, draft, by, current.now())
    return shown_crew_task(task, current.now())


@blueprint.route(TASK, methods=["DELETE"])
@blueprint.response(204)
@blueprint.refuses(**REFUSALS, c404="not_found")
def remove_crew_task(event_id: int, task_id: int) -> None:
    """Remove a task of the crew. Its hosts."""
    hosted(event_id)
    crew.remove_task(current.database(), event_id, task_id, caller().account_id, current.now())


@blueprint.route(TASK + "/done", methods=["PUT"])
@blueprint.arguments(TickRequest)
@blueprint.response(200, CrewTaskBody)
@blueprint.refuses(**REFUSALS, c404="not_found")
def tick_crew_task(body: dict[str, bool], event_id: int, task_id: int) -> dict[str, Any]:
    """Mark a task as done or as open; a repeat changes nothing. Its owner, and its hosts."""
    audit.about(event_id)
    task = crew.tick(current.database(), event_id, task_id, body["done"], caller(), current.now())
    return shown_crew_task(task, current.now())
