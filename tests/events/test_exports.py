"""Who took part, and the audit, as Excel; the audit in words."""

import io
from typing import Any

import openpyxl
import pytest

from backend.identity.models import Staff
from tests.support import Centre, Phone

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


class Evening:
    """An open event with two players of the roster and a guest."""

    def __init__(self, centre: Centre) -> None:
        self.host = centre.host()
        self.event = centre.open_event(self.host)
        self.path = f"/events/{self.event['id']}"
        phones: list[Phone] = [*centre.people(2), centre.guest()]
        self.players = [player["id"] for player in centre.join(self.event, *phones)]

    def rows(self, name: str, title: str) -> list[dict[str, Any]]:
        """Return the rows of a worksheet that the host downloads."""
        data = self.host.get(f"{self.path}/{name}.xlsx").data
        head, *rows = openpyxl.load_workbook(io.BytesIO(data))[title].iter_rows(values_only=True)
        return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.fixture
def evening(centre: Centre) -> Evening:
    """Return the evening."""
    return Evening(centre)


def test_everybody_on_the_roster_is_there_or_missing(evening: Evening) -> None:
    there = evening.rows("participants", "参与人员")
    missing = evening.rows("participants", "未参加")
    assert [row["身份"] for row in there] == ["员工", "员工", "亲友"]
    numbers = [row["工号"] for row in [*there[:2], *missing]]
    active = [staff.number for staff in Staff.select().where(Staff.active)]
    assert sorted(numbers) == sorted(active)


def test_who_left_the_centre_is_not_missing(evening: Evening) -> None:
    gone = evening.rows("participants", "未参加")[0]["工号"]
    Staff.update(active=False).where(Staff.number == gone).execute()
    assert gone not in [row["工号"] for row in evening.rows("participants", "未参加")]


def test_teams_are_counted(evening: Evening) -> None:
    rows = evening.rows("participants", "班组参与")
    assert sum(row["参加人数"] for row in rows) == 2
    assert all(row["在册人数"] == row["参加人数"] + row["未参加人数"] for row in rows)


def test_status_is_in_words(evening: Evening) -> None:
    evening.host.ok("PUT", f"{evening.path}/players/{evening.players[0]}", {"status": "banned"})
    assert evening.rows("participants", "参与人员")[0]["状态"] == "已禁止"


def test_audit_says_who_did_what_to_whom_and_what_changed(evening: Evening) -> None:
    body = {"status": "kicked", "reason": "重复登录"}
    evening.host.ok("PUT", f"{evening.path}/players/{evening.players[0]}", body)
    line = evening.rows("audit", "操作记录")[-1]
    name = evening.rows("participants", "参与人员")[0]["姓名"]
    assert (line["操作"], line["对象"]) == ("移出活动", name)
    assert (line["之前"], line["之后"]) == ("状态：正常", "状态：已移出")
    assert line["说明"] == "原因：重复登录"
    assert line["工号"] == "900002"


def test_audit_of_a_transition_says_what_held_before(evening: Evening) -> None:
    evening.host.ok("POST", f"{evening.path}/transitions", {"action": "freeze"})
    line = evening.rows("audit", "操作记录")[-1]
    assert (line["之前"], line["之后"]) == ("封榜：否", "封榜：是")


def test_audit_is_filtered_by_action(evening: Evening) -> None:
    for action in ("pause", "resume"):
        evening.host.ok("POST", f"{evening.path}/transitions", {"action": action})
    page = evening.host.ok("GET", f"{evening.path}/audit?action=pause")
    assert [line["action"] for line in page["items"]] == ["pause"]
    assert page["total"] == 1
