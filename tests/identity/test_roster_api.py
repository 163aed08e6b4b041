"""The roster over HTTP: a preview that writes nothing, the import that was agreed to, and slips."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask

from backend.identity.invites import InviteCodes
from backend.identity.models import AuditLine, Staff, Team
from tests.support import ADMIN, Centre, Phone, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

CASES = Path(__file__).parent.parent / "sheets" / "cases"
HEADER = "工号,姓名,班组,班次,邀请码"
NEW = "710801,陈敏春,话务一组,早班,Q8VRVN"


@pytest.fixture
def admin(centre: Centre) -> Phone:
    """Return the phone of an admin."""
    return centre.staff(ADMIN)


def csv(*lines: str) -> bytes:
    return "\n".join([HEADER, *lines]).encode()


def preview(admin: Phone, data: bytes, query: str = "") -> Any:
    return admin.upload(f"/staff/imports/preview{query}", data, "roster.csv")


def person(number: str) -> Staff | None:
    return Staff.get_or_none(Staff.number == number)


def test_preview_shows_every_row_and_writes_nothing(admin: Phone) -> None:
    before = Staff.select().count()
    found = preview(admin, csv(NEW, "71,李,一组,早班,Q8VRVM", "710803,王,一组,凌晨,Q8VRVK"))
    assert [row["outcome"] for row in found["rows"]] == ["added", "wrong", "wrong"]
    assert found["rows"][1]["cells"] == ["71", "李", "一组", "早班", "Q8VRVM"]
    assert found["rows"][1]["errors"] == ["工号：“71”须为 4–20 位数字或字母"]
    assert "班次" in found["rows"][2]["errors"][0]
    assert found["agreed"] is None
    assert Staff.select().count() == before


def test_import_writes_what_was_previewed(admin: Phone) -> None:
    agreed = preview(admin, csv(NEW))["agreed"]
    done = admin.upload(f"/staff/imports?agreed={agreed}", csv(NEW), "roster.csv")
    assert done == {"added": 1, "changed": 0, "returned": 0, "left": 0, "unchanged": 0}
    lines = AuditLine.select().where(AuditLine.action == "roster_imported")
    line = lines.order_by(AuditLine.id.desc()).get()
    assert (line.subject, line.detail["added"]) == ("roster.csv", ["710801"])
    assert line.actor_id is not None


def test_import_of_another_file_is_refused(admin: Phone) -> None:
    agreed = preview(admin, csv(NEW))["agreed"]
    other = csv(NEW, "710802,边巴卓玛,话务二组,夜班,CTAZYJ")
    refused(admin.uploads(f"/staff/imports?agreed={agreed}", other), 409, "import_moved")
    assert person("710801") is None


def test_import_after_the_roster_changed_is_refused(admin: Phone) -> None:
    agreed = preview(admin, csv(NEW))["agreed"]
    team = Team.get(Team.name == "话务一组")
    Staff.create(number="710801", name="陈", team=team, invite_digest="x")
    refused(admin.uploads(f"/staff/imports?agreed={agreed}", csv(NEW)), 409, "import_moved")
    assert person("710801").name == "陈"


def test_wrong_rows_are_not_imported_without_a_preview_either(admin: Phone) -> None:
    answer = admin.uploads("/staff/imports", csv(NEW, ",陈,一组,早班,Q8VRVN"))
    refused(answer, 422, "bad_rows")
    assert answer.json["errors"] == {"3": ["工号：没有填写"]}
    assert person("710801") is None


def test_change_of_a_person_is_told_field_by_field(admin: Phone) -> None:
    known = Staff.get(Staff.number == "200010")
    [row] = preview(admin, csv(f"200010,{known.name}改,{known.team.name},,"))["rows"]
    assert row["outcome"] == "changed"
    assert f"姓名：{known.name} → {known.name}改" in row["changes"]


def test_people_who_are_missing_in_the_file_leave_only_when_asked_for(admin: Phone) -> None:
    boss = Staff.get(Staff.number == ADMIN)
    lines = csv(NEW, f"{ADMIN},{boss.name},{boss.team.name},,")
    assert preview(admin, lines)["gone"] == []
    found = preview(admin, lines, "?deactivate_missing=true")
    assert len(found["gone"]) == Staff.select().where(Staff.active).count() - 1
    query = f"?deactivate_missing=true&agreed={found['agreed']}"
    assert admin.upload(f"/staff/imports{query}", lines)["left"] == len(found["gone"])
    refused(admin.uploads("/staff/imports?deactivate_missing=true", b"x"), 422, "bad_sheet")


def test_what_was_agreed_without_leavers_ends_nobody(admin: Phone) -> None:
    boss = Staff.get(Staff.number == ADMIN)
    lines = csv(NEW, f"{ADMIN},{boss.name},{boss.team.name},,")
    agreed = preview(admin, lines)["agreed"]
    query = f"?deactivate_missing=true&agreed={agreed}"
    refused(admin.uploads(f"/staff/imports{query}", lines), 409, "import_moved")
    assert person("200010").active


def test_new_person_without_a_code_is_wrong_unless_codes_are_made(admin: Phone) -> None:
    lines = csv("710801,陈敏春,话务一组,早班,")
    assert preview(admin, lines)["rows"][0]["errors"] == ["邀请码：新员工必须有邀请码"]
    found = preview(admin, lines, "?new_codes=true")
    query = f"?new_codes=true&agreed={found['agreed']}"
    assert admin.upload(f"/staff/imports{query}", lines)["added"] == 1


def test_slips_hold_codes_that_are_valid(admin: Phone, app: Flask) -> None:
    codes = InviteCodes(app.extensions["linka.settings"].secret)
    answer = admin.post("/staff/invite-codes", {"numbers": ["200010"]})
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert set(archive.namelist()) == {"邀请码.xlsx", "邀请码.html"}
    page = archive.read("邀请码.html").decode()
    printed = re.search(r"邀请码 <b>(\w{4}) (\w{4})</b>", page)
    assert printed is not None
    assert codes.fits(person("200010").invite_digest, "200010", printed[1] + printed[2])
    book = openpyxl.load_workbook(io.BytesIO(archive.read("邀请码.xlsx")))
    assert [cell.value for cell in book.active[2]][4] == printed[1] + printed[2]
    assert AuditLine.get(AuditLine.action == "invite_codes_replaced").actor_id is not None


def test_slips_for_nobody_are_refused(admin: Phone) -> None:
    refused(admin.post("/staff/invite-codes", {"numbers": ["NOSUCH"]}), 404, "unknown_numbers")
    Staff.update(active=False).where(Staff.account.is_null()).execute()
    refused(admin.post("/staff/invite-codes", {}), 409, "nobody_to_invite")


def test_admin_finds_people_and_who_has_not_bound(admin: Phone) -> None:
    known = Staff.get(Staff.number == "200010")
    found = admin.ok("GET", f"/staff?words={known.name}")
    assert "200010" in [one["number"] for one in found["items"]]
    bound = Staff.select().where(Staff.account.is_null(False)).count()
    assert admin.ok("GET", "/staff?state=bound")["total"] == bound
    unbound = admin.ok("GET", "/staff?state=unbound&page_size=1")
    assert unbound["total"] == Staff.select().where(Staff.account.is_null()).count()
    assert admin.ok("GET", "/staff?state=left")["total"] == 0


def test_template_can_be_imported_as_it_is_filled_in(admin: Phone) -> None:
    data = admin.get("/staff/template.xlsx").data
    found = preview(admin, data, "?new_codes=true")
    named = ["工号", "姓名", "班组", "班次", "邀请码", "入职日期", "生日"]
    assert found["columns"] == named
    assert found["counts"]["added"] + found["counts"]["changed"] == len(found["rows"]) == 2


@pytest.mark.parametrize(
    "name, outcomes, problem",
    [
        ("merged.xlsx", ["added"] * 4, ""),
        ("invisible_number.xlsx", ["added"], ""),
        ("invisible_shift.xlsx", ["added"], ""),
        ("formula_without_value.xlsx", ["wrong"], "班次"),
    ],
)
def test_workbooks_of_other_programs(
    admin: Phone, name: str, outcomes: list[str], problem: str
) -> None:
    found = preview(admin, (CASES / name).read_bytes())
    assert [row["outcome"] for row in found["rows"]][: len(outcomes)] == outcomes
    assert problem in "".join(found["rows"][0]["errors"])


def test_web_page_that_calls_itself_a_workbook_is_refused(admin: Phone) -> None:
    answer = admin.uploads("/staff/imports/preview", (CASES / "web_page.xls").read_bytes())
    refused(answer, 422, "bad_sheet")
    assert "另存为 .xlsx" in answer.json["message"]
