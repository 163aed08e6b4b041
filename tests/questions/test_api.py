"""Question banks over HTTP: for trainers alone."""

import io
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from backend.questions.reading import MAX_UPLOADED
from backend.sheets.errors import ERRORS_SHOWN
from tests.sheets.books import book, row, sheet
from tests.support import FIXTURES, TRAINER, Centre, Phone, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

CASES = Path(__file__).parent.parent / "sheets" / "cases"


def upload(phone: Phone, bank: str, data: bytes, query: str = "") -> TestResponse:
    return phone.app.test_client().post(
        f"/api/v1/question-banks/{bank}/imports{query}",
        data={"file": (io.BytesIO(data), "questions.csv")},
        headers={"Authorization": f"Bearer {phone.token}"},
    )


def test_trainer_finds_a_question_with_its_key(centre: Centre) -> None:
    trainer = centre.staff(TRAINER)
    banks = {bank["name"]: bank["questions"] for bank in trainer.ok("GET", "/question-banks")}
    assert banks.keys() == {"business", "centre"}
    found = trainer.ok("GET", "/question-banks/business/questions?words=次月&page_size=5")
    assert 0 < found["total"] < banks["business"]
    assert all("次月" in q["stem"] + q["explanation"] for q in found["items"])
    assert found["items"][0]["key"]


@pytest.mark.parametrize(
    "path",
    ["", "/template.xlsx", "/business/questions", "/business/questions.xlsx"],
)
def test_players_see_no_bank(centre: Centre, path: str) -> None:
    refused(centre.people(1)[0].get(f"/question-banks{path}"), 403, "forbidden")


def test_player_may_not_import(centre: Centre) -> None:
    refused(upload(centre.people(1)[0], "mine", b"x"), 403, "forbidden")


def test_downloaded_bank_imports_as_unchanged(centre: Centre) -> None:
    trainer = centre.staff(TRAINER)
    workbook = trainer.get("/question-banks/centre/questions.xlsx")
    answer = upload(trainer, "centre", workbook.data)
    assert answer.json["unchanged"] >= 50
    assert (answer.json["added"], answer.json["changed"]) == (0, 0)


def test_dry_run_writes_nothing(centre: Centre) -> None:
    trainer = centre.staff(TRAINER)
    data = (FIXTURES / "questions" / "centre.csv").read_bytes()
    assert upload(trainer, "new", data, "?dry_run=true").json["added"] >= 50
    refused(trainer.get("/question-banks/new/questions"), 404, "unknown_bank")


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
def test_import_warns_of_a_question_that_the_bank_has_under_another_code(
    centre: Centre, query: str
) -> None:
    trainer = centre.staff(TRAINER)
    header, first, *_ = (FIXTURES / "questions" / "centre.csv").read_text("utf-8-sig").splitlines()
    code, _, rest = first.partition(",")
    again = f"{header}\n{code}-2,{rest}\n".encode()
    warnings = upload(trainer, "centre", again, query).json["warnings"]
    assert f"第 2 行 题干：与题库里 {code} 的题干相同" in warnings


def test_import_tells_what_of_a_file_it_did_not_read(centre: Centre) -> None:
    columns = ("编号", "题型", "主题", "难度", "题干", "答案")
    hidden = row(3, "P-2", "判断", "业务", "1", "二对吗？", "对", attributes='hidden="1"')
    data = book(sheet(row(1, *columns), row(2, "P-1", "判断", "业务", "1", "对吗？", "对"), hidden))
    answer = upload(centre.staff(TRAINER), "new", data).json
    assert answer["added"] == 1
    assert answer["warnings"][0] == "第 3 行是隐藏的或被筛选掉的，没有读取。"


def test_wrong_row_is_named_and_nothing_is_written(centre: Centre) -> None:
    trainer = centre.staff(TRAINER)
    lines = (FIXTURES / "questions" / "centre.csv").read_text("utf-8-sig").splitlines()
    lines[2] = lines[2].replace("单选", "问答", 1).replace("多选", "问答", 1)
    lines[2] = lines[2].replace("判断", "问答", 1)
    answer = upload(trainer, "new", "\n".join(lines).encode())
    refused(answer, 422, "bad_rows")
    assert any("3" in field for field in answer.json["errors"])
    refused(trainer.get("/question-banks/new/questions"), 404, "unknown_bank")


def table(rows: int, kind: str = "判断") -> bytes:
    """Return a file of so many questions."""
    lines = [f"X{number},{kind},主题,1,题干{number},对" for number in range(rows)]
    return "\n".join(["编号,题型,主题,难度,题干,答案", *lines]).encode()


def test_upload_of_too_many_questions_is_refused(centre: Centre) -> None:
    trainer = centre.staff(TRAINER)
    answer = upload(trainer, "new", table(MAX_UPLOADED + 1), "?dry_run=true")
    refused(answer, 422, "bad_sheet")
    answer = upload(trainer, "new", table(MAX_UPLOADED), "?dry_run=true")
    assert answer.json["added"] == MAX_UPLOADED


def test_refusal_names_the_first_of_many_wrong_rows(centre: Centre) -> None:
    answer = upload(centre.staff(TRAINER), "new", table(1_000, "问答"))
    refused(answer, 422, "bad_rows")
    assert list(answer.json["errors"]) == [str(row) for row in range(2, ERRORS_SHOWN + 2)]


def test_file_that_is_no_table_is_refused(centre: Centre) -> None:
    refused(upload(centre.staff(TRAINER), "new", b"\x89PNG\r\n\x1a\n"), 422, "bad_sheet")


def preview(trainer: Phone, bank: str, data: bytes) -> dict[str, Any]:
    return trainer.upload(f"/question-banks/{bank}/imports/preview", data, "questions.csv")


def test_preview_shows_right_and_wrong_rows_and_writes_nothing(centre: Centre) -> None:
    trainer = centre.staff(TRAINER)
    found = preview(trainer, "new", table(2) + "\nX9,问答,主题,1,题干九,对\n".encode())
    assert [row["outcome"] for row in found["rows"]] == ["added", "added", "wrong"]
    assert found["rows"][2]["cells"][:2] == ["X9", "问答"]
    assert found["rows"][2]["errors"] == ["题型：不认识“问答”，须为 单选、多选、判断"]
    assert found["rows"][0]["warnings"] == ["解析：没有解析，答错的人看不到原因"]
    assert found["agreed"] is None
    refused(trainer.get("/question-banks/new/questions"), 404, "unknown_bank")


def test_import_that_was_agreed_to_is_done_once_as_it_was_shown(centre: Centre) -> None:
    trainer = centre.staff(TRAINER)
    agreed = preview(trainer, "new", table(3))["agreed"]
    refused(upload(trainer, "new", table(4), f"?agreed={agreed}"), 409, "import_moved")
    refused(trainer.get("/question-banks/new/questions"), 404, "unknown_bank")
    assert upload(trainer, "new", table(3), f"?agreed={agreed}").json["added"] == 3
    # By now the same file would add nothing.
    refused(upload(trainer, "new", table(3), f"?agreed={agreed}"), 409, "import_moved")


def test_preview_names_the_columns_that_change(centre: Centre) -> None:
    trainer = centre.staff(TRAINER)
    upload(trainer, "new", table(1))
    [row] = preview(trainer, "new", table(1).replace("对".encode(), "错".encode()))["rows"]
    assert (row["outcome"], row["changes"]) == ("changed", ["第 2 版：答案"])


@pytest.mark.parametrize(
    "name, count",
    [("carriage_return", 1), ("invisible_answer", 1), ("formats", 4), ("several_sheets", 3)],
)
def test_workbooks_of_other_programs_are_previewed(centre: Centre, name: str, count: int) -> None:
    found = preview(centre.staff(TRAINER), "new", (CASES / f"{name}.xlsx").read_bytes())
    assert [row["outcome"] for row in found["rows"]][:count] == ["added"] * count


def test_formula_without_a_value_is_wrong_beside_its_row(centre: Centre) -> None:
    data = (CASES / "formula_in_option.xlsx").read_bytes()
    found = preview(centre.staff(TRAINER), "new", data)
    assert [row["outcome"] for row in found["rows"]] == ["wrong"]
    assert "选项D" in "".join(found["rows"][0]["errors"])
