"""The crew of an evening: duties, tasks from the template, and who may tick them off."""

from typing import Any

import pytest

from backend.clock import to_iso
from backend.events.models import CrewMember, CrewTask
from backend.identity.models import AuditLine
from tests.support import Centre, FakeClock, Phone, at_once, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

TASK = {"title": "领取奖品", "duty": "后勤", "minutes": -60}
OWNER = "200001"


class Crew:
    """An event with tasks, its host, and the phone of an owner."""

    def __init__(self, centre: Centre) -> None:
        self.host = centre.host()
        self.owner, self.other = centre.people(2)
        self.event = self.host.ok("POST", "/events", {"template": "evening"})
        self.path = f"/events/{self.event['id']}/crew"

    def task(self, **more: Any) -> dict[str, Any]:
        """Make a task for the owner."""
        made: dict[str, Any] = self.host.ok(
            "POST", f"{self.path}/tasks", {**TASK, "owner": OWNER, **more}
        )
        return made

    def tick(self, phone: Phone, task: dict[str, Any], done: bool = True) -> Any:
        """Tick a task off, or open it again."""
        return phone.put(f"{self.path}/tasks/{task['id']}/done", {"done": done})


@pytest.fixture
def crew(centre: Centre) -> Crew:
    """Return the crew of an evening that has not been opened."""
    return Crew(centre)


def test_tasks_come_from_the_template_by_their_time(crew: Crew) -> None:
    found = crew.host.ok("GET", crew.path)
    assert found["duties"] == ["文娱", "后勤", "微信平台"]
    minutes = [task["minutes"] for task in found["tasks"]]
    assert (len(minutes), minutes) == (9, sorted(minutes))
    assert {task["state"] for task in found["tasks"]} == {"open"}
    assert {task["due_at"] for task in found["tasks"]} == {None}


def test_time_follows_from_the_opening(crew: Crew, clock: FakeClock) -> None:
    task = crew.task()
    crew.host.ok("POST", f"/events/{crew.event['id']}/transitions", {"action": "open"})
    found = next(one for one in crew.host.ok("GET", crew.path)["tasks"] if one["id"] == task["id"])
    assert (found["due_at"], found["state"]) == (to_iso(clock.now() - 3_600_000), "late")


def test_owner_ticks_off_and_opens_again(crew: Crew, clock: FakeClock) -> None:
    task = crew.task()
    first = crew.tick(crew.owner, task).json["done_at"]
    clock.advance(5)
    assert first == crew.tick(crew.owner, task).json["done_at"] == to_iso(clock.now() - 5000)
    assert crew.tick(crew.owner, task, done=False).json["state"] == "open"
    actions = [line.action for line in AuditLine.select().where(AuditLine.action ** "crew_task_%")]
    assert actions == ["crew_task_added", "crew_task_done", "crew_task_reopened"]


def test_owner_reads_own_tasks_alone(crew: Crew) -> None:
    crew.task()
    crew.task(owner=None)
    (own,) = crew.owner.ok("GET", "/crew/tasks")
    assert (own["title"], own["event"]["id"]) == ("领取奖品", crew.event["id"])
    assert crew.other.ok("GET", "/crew/tasks") == []
    crew.host.ok("POST", f"/events/{crew.event['id']}/transitions", {"action": "archive"})
    assert crew.owner.ok("GET", "/crew/tasks") == []


def test_nobody_else_ticks_off_or_learns_of_tasks(crew: Crew, centre: Centre) -> None:
    task = crew.task()
    for phone in (crew.other, centre.guest()):
        refused(crew.tick(phone, task), 403, "forbidden")
        refused(crew.tick(phone, {"id": 999}), 403, "forbidden")
    refused(crew.tick(crew.host, {"id": 999}), 404, "not_found")
    assert CrewTask.get_by_id(task["id"]).done_at is None


def test_task_of_another_event_is_not_reached(crew: Crew, centre: Centre) -> None:
    task = crew.task()
    elsewhere = crew.host.ok("POST", "/events", {"template": "hunt"})["id"]
    path = f"/events/{elsewhere}/crew/tasks/{task['id']}"
    refused(crew.owner.put(f"{path}/done", {"done": True}), 403, "forbidden")
    for answer in (crew.host.put(path, TASK), crew.host.delete(path)):
        refused(answer, 404, "not_found")


def test_change_keeps_the_tick_and_is_written_down(crew: Crew) -> None:
    task = crew.task()
    crew.tick(crew.owner, task)
    changed = crew.host.ok("PUT", f"{crew.path}/tasks/{task['id']}", {**TASK, "minutes": 30})
    assert (changed["minutes"], changed["owner"], changed["state"]) == (30, None, "done")
    line = AuditLine.get(AuditLine.action == "crew_task_changed")
    assert (line.detail["before"]["owner"], line.detail["after"]["owner"]) == (OWNER, None)
    assert line.event_id == crew.event["id"]


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({**TASK, "duty": "导演"}, 422, "invalid"),
        ({**TASK, "title": ""}, 422, "invalid"),
        ({**TASK, "owner": "999999"}, 404, "unknown_staff"),
    ],
)
def test_wrong_tasks_are_refused(crew: Crew, body: dict[str, Any], status: int, slug: str) -> None:
    refused(crew.host.post(f"{crew.path}/tasks", body), status, slug)


def test_duty_is_given_once_and_taken_back(crew: Crew) -> None:
    body = {"staff_number": OWNER, "duty": "文娱"}
    made = at_once([lambda: crew.host.ok("POST", f"{crew.path}/members", body)] * 4)
    assert {one["id"] for one in made} == {made[0]["id"]}
    assert crew.host.ok("GET", crew.path)["members"] == [made[0]]
    assert crew.host.delete(f"{crew.path}/members/{made[0]['id']}").status_code == 204
    assert CrewMember.select().count() == 0


def test_crew_outlives_the_way_to_the_evening(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host, "evening", rehearsal=True)
    path = f"/events/{event['id']}"
    host.ok("POST", f"{path}/crew/members", {"staff_number": OWNER, "duty": "文娱"})
    host.ok("POST", f"{path}/evening", {})
    found = host.ok("GET", f"{path}/crew")
    assert (len(found["tasks"]), len(found["members"])) == (9, 1)
