"""The audit says which host moved a contest on, and from which state to which."""

import pytest

from backend.identity.models import AuditLine
from tests.contest.evening import ContestEvening

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_each_action_of_a_host_is_recorded_once(evening: ContestEvening) -> None:
    path = f"/contests/{evening.activity_id}/actions"
    for action, position in (("begin", None), ("begin", None), ("next", 1), ("next", 1)):
        evening.host.ok("POST", path, {"action": action, "position": position})
    lines = AuditLine.select().where(AuditLine.action.startswith("contest_"))
    assert [(line.action, line.event_id) for line in lines.order_by(AuditLine.id)] == [
        ("contest_begin", evening.event["id"]),
        ("contest_next", evening.event["id"]),
    ]
    assert lines.order_by(AuditLine.id.desc()).first().detail == {
        "before": {"phase": "lobby", "position": 0},
        "after": {"phase": "question", "position": 1},
    }
