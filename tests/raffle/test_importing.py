"""Prizes and lists of people from a table: previewed, then imported as they were shown."""

from pathlib import Path
from typing import Any

import pytest

from backend.activities.raffle.models import RaffleList, RafflePrize
from backend.identity.models import Staff
from tests.raffle.evening import Evening
from tests.support import refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

CASES = Path(__file__).parent.parent / "sheets" / "cases"


def csv(header: str, *lines: str) -> bytes:
    return "\n".join([header, *lines]).encode()


def prizes(*lines: str) -> bytes:
    return csv("奖品,数量,可重复中奖", *lines)


def preview(evening: Evening, data: bytes, what: str = "prizes/imports/preview") -> Any:
    return evening.host.upload(f"{evening.path}/{what}", data, "table.csv")


def titles(evening: Evening) -> list[tuple[str, int, bool]]:
    found = evening.host.ok("GET", evening.path)["prizes"]
    return [(prize["title"], prize["stock"], prize["again"]) for prize in found]


def test_prizes_are_added_as_they_were_shown(evening: Evening) -> None:
    data = prizes("三等奖 保温杯,10,", "阳光普照奖,100,是")
    found = preview(evening, data)
    assert found["counts"]["added"] == 2
    assert titles(evening) == []
    path = f"{evening.path}/prizes/imports?agreed={found['agreed']}"
    assert evening.host.upload(path, data) == {"added": 2, "unchanged": 0}
    assert titles(evening) == [("三等奖 保温杯", 10, False), ("阳光普照奖", 100, True)]


@pytest.mark.parametrize(
    "line, problem",
    [
        (",3,", "奖品：没有填写"),
        ("杯子,,", "数量：没有填写"),
        ("杯子,若干,", "数量：“若干”须为 1–1000 的整数"),
        ("杯子,1.5,", "数量：“1.5”须为 1–1000 的整数"),
        ("杯子,3,随便", "可重复中奖：“随便”须为 是 或 否"),
    ],
)
def test_wrong_prize_says_what_is_wrong(evening: Evening, line: str, problem: str) -> None:
    assert preview(evening, prizes(line))["rows"][0]["errors"] == [problem]
    refused(evening.host.uploads(f"{evening.path}/prizes/imports", prizes(line)), 422, "bad_rows")
    assert RafflePrize.select().count() == 0


def test_prize_that_is_there_is_unchanged_or_named(evening: Evening) -> None:
    evening.host.upload(f"{evening.path}/prizes/imports", prizes("杯子,3,"))
    assert preview(evening, prizes("杯子,3,否"))["counts"]["unchanged"] == 1
    [row] = preview(evening, prizes("杯子,4,"))["rows"]
    assert "已有这个奖品（3 份）" in row["errors"][0]


def test_prizes_are_refused_when_one_came_meanwhile(evening: Evening) -> None:
    agreed = preview(evening, prizes("杯子,3,"))["agreed"]
    evening.host.upload(f"{evening.path}/prizes/imports", prizes("杯子,3,"))
    path = f"{evening.path}/prizes/imports?agreed={agreed}"
    refused(evening.host.uploads(path, prizes("杯子,3,")), 409, "import_moved")


def test_list_shows_who_is_meant_before_it_is_imported(evening: Evening) -> None:
    known = Staff.get(Staff.number == "200010")
    data = csv("工号,姓名", "200010,", "NOSUCH,", f"200010,{known.name}")
    found = preview(evening, data, "lists/preview")
    assert known.name in found["rows"][0]["changes"][0]
    assert [row["errors"] for row in found["rows"]] == [
        [],
        ["工号：花名册里没有在职的“NOSUCH”"],
        ["工号：与第 2 行重复"],
    ]
    assert found["agreed"] is None
    assert RaffleList.select().count() == 0


def test_list_is_imported_as_it_was_shown(evening: Evening) -> None:
    agreed = preview(evening, csv("工号", "200010"), "lists/preview")["agreed"]
    path = f"{evening.path}/lists?title=夜班&agreed={agreed}"
    other = evening.host.uploads(path, csv("工号", "200010", "200011"))
    refused(other, 409, "import_moved")
    assert evening.host.upload(path, csv("工号", "200010"))["people"] == 1


def test_list_of_another_program_says_that_hidden_rows_were_not_read(evening: Evening) -> None:
    found = preview(evening, (CASES / "hidden_rows.xlsx").read_bytes(), "lists/preview")
    assert any("没有读取" in note for note in found["notes"])


@pytest.mark.parametrize("what", ["prizes", "lists"])
def test_template_is_read_as_it_is(evening: Evening, what: str) -> None:
    data = evening.host.get(f"{evening.path}/{what}/template.xlsx").data
    path = "prizes/imports/preview" if what == "prizes" else "lists/preview"
    assert preview(evening, data, path)["rows"]
