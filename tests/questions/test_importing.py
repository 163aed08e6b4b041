"""Question banks from files: every rule of a row, and versions that never change once asked."""

import io
import threading
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from backend.config import Settings, load_settings
from backend.db import Database
from backend.errors import Invalid
from backend.identity.models import AuditLine
from backend.questions import service
from backend.questions.commands import questions as questions_command
from backend.questions.importing import BankDiff, BankName, import_questions
from backend.questions.models import Question, QuestionBank
from backend.questions.reading import QuestionDraft, QuestionFile, read_questions
from backend.sheets import BadRows
from tests.sheets.books import book, sheet, styles
from tests.sheets.books import row as cells

TODAY = "2026-11-22"
BANK = BankName("business")
HEADER = "编号,题型,主题,难度,题干,选项A,选项B,选项C,选项D,选项E,选项F,答案,解析,来源,有效期,审核人"
ROW = {
    "编号": "B-1",
    "题型": "单选",
    "主题": "资费",
    "难度": "2",
    "题干": "1GB 等于多少 MB？",
    "选项A": "1000",
    "选项B": "1024",
    "选项C": "2048",
    "答案": "B",
    "解析": "按二进制换算。",
}


def csv(*rows: dict[str, str]) -> bytes:
    names = HEADER.split(",")
    lines = [",".join(row.get(name, "") for name in names) for row in rows]
    return "\n".join([HEADER, *lines]).encode("utf-8-sig")


def row(**changes: str) -> dict[str, str]:
    return {**ROW, **changes}


def many(count: int, **changes: str) -> list[dict[str, str]]:
    return [row(编号=f"B-{at:04d}", 题干=f"第 {at} 题？", **changes) for at in range(count)]


def read(*rows: dict[str, str]) -> QuestionFile:
    return read_questions(csv(*rows), TODAY)


def only(**changes: str) -> QuestionDraft:
    parsed = read(row(**changes))
    assert not parsed.errors
    return parsed.drafts[0]


def load(database: Database, *rows: dict[str, str], now: int = 1_000) -> BankDiff:
    return import_questions(read(*rows), BANK, database=database, now=now)


def versions(code: str = "B-1") -> list[tuple[int, bool, str]]:
    found = Question.select().where(Question.code == code).order_by(Question.version)
    return [(question.version, question.current, question.stem) for question in found]


# --- rows

TRUEFALSE = {"题型": "判断", "选项A": "", "选项B": "", "选项C": ""}


@pytest.mark.parametrize(
    "changes, error",
    [
        ({"编号": ""}, "编号：没有填写"),
        ({"编号": "x" * 41}, "编号：太长"),
        ({"题型": "填空"}, "题型：不认识“填空”，须为 单选、多选、判断"),
        ({"题型": ""}, "题型：没有填写"),
        ({"主题": ""}, "主题：没有填写"),
        ({"难度": "6"}, "难度：“6”须为 1–5 的整数"),
        ({"难度": "2.5"}, "难度："),
        ({"难度": ""}, "难度：没有填写"),
        ({"题干": ""}, "题干：没有填写"),
        ({"题干": "长" * 1001}, "题干：太长"),
        ({"选项B": ""}, "选项B：空着，后面的选项却有内容"),
        ({"选项B": "", "选项C": ""}, "选项B：至少要有两个选项"),
        ({"选项C": "１０２４"}, "选项C：与选项B相同"),
        ({"选项A": "长" * 201}, "选项A：太长"),
        ({"答案": ""}, "答案：没有填写"),
        ({"答案": "D"}, "答案：选了 D，却没有这个选项"),
        ({"答案": "G"}, "答案：“G”须由选项字母 A–F 组成"),
        ({"答案": "对"}, "答案：“对”须由选项字母 A–F 组成"),
        ({"答案": "、"}, "答案：“、”须由选项字母 A–F 组成"),
        ({"答案": "AB"}, "答案：单选题只能有一个答案"),
        ({"题型": "多选", "答案": "A"}, "答案：多选题至少要有两个答案"),
        ({"题型": "多选", "答案": "ABA"}, "答案：“ABA”里有重复的字母"),
        ({"题型": "多选", "答案": "ADE"}, "答案：选了 D、E，却没有这个选项"),
        ({**TRUEFALSE, "答案": "也许"}, "答案：判断题的答案须为 对 或 错，不能是“也许”"),
        ({**TRUEFALSE, "答案": "A"}, "答案：判断题的答案须为 对 或 错"),
        ({**TRUEFALSE, "选项A": "可以", "答案": "对"}, "选项A：判断题不用填选项"),
        ({**TRUEFALSE, "选项A": "对", "选项B": "正确", "答案": "对"}, "选项A：判断题不用填选项"),
        ({"解析": "长" * 2001}, "解析：太长"),
        ({"有效期": "2026-13-01"}, "有效期：“2026-13-01”不是日期"),
        ({"有效期": "明年"}, "有效期：“明年”不是日期"),
        ({"有效期": "11月28日"}, "有效期：“11月28日”没有写年份"),
        ({"有效期": "11-28"}, "有效期：“11-28”没有写年份"),
        ({"有效期": "2026年11月"}, "有效期：“2026年11月”没有写哪一天"),
        ({"有效期": "46000"}, "有效期：“46000”是日期在 Excel 里的序号，应该是 2025-12-09"),
    ],
)
def test_wrong_row_is_told_in_chinese(changes: dict[str, str], error: str) -> None:
    (told,) = read(row(**changes)).errors
    assert told.in_table.zh.startswith(f"第 2 行 {error}")


def test_every_wrong_cell_of_a_row_is_told() -> None:
    assert len(read(row(编号="", 主题="", 难度="9", 答案="Z", 有效期="x")).errors) == 5


def test_invisible_characters_around_an_answer_make_no_difference() -> None:
    draft = only(
        编号="\u2060B-1", 答案="\u202dB\u202c", 题型="单\u200b选", 选项A="\u202e1000\u202c"
    )
    assert (draft.code, draft.key, draft.options[0]) == ("B-1", ("B",), "1000")


def test_code_and_stem_given_twice_are_refused() -> None:
    parsed = read(row(), row(题干="另一题？"), row(编号="B-2", 题干="1GB等于多少MB?"))
    assert [error.in_table.zh for error in parsed.errors] == [
        "第 3 行 编号：与第 2 行重复",
        "第 4 行 题干：与第 2 行重复",
    ]


@pytest.mark.parametrize("answer", ["ACB", "a、b、c", "A,B,C", "Ｂ Ａ Ｃ", "A；B；C"])
def test_letters_of_an_answer_are_sorted(answer: str) -> None:
    quoted = f'"{answer}"'
    assert only(题型="多选题", 答案=quoted).key == ("A", "B", "C")


@pytest.mark.parametrize("answer", ["对", "正确", "√", "T", "true", "Ｔ", "是"])
def test_many_ways_to_say_true(answer: str) -> None:
    draft = only(**TRUEFALSE, 答案=answer)
    assert (draft.kind, draft.options, draft.key) == ("truefalse", ("对", "错"), ("T",))


@pytest.mark.parametrize("answer", ["错", "错误", "×", "X", "F", "FALSE", "否"])
def test_many_ways_to_say_false(answer: str) -> None:
    assert only(**TRUEFALSE, 答案=answer).key == ("F",)


def test_truefalse_may_be_written_with_options_and_a_letter() -> None:
    assert only(题型="判断", 选项A="错误", 选项B="正确", 选项C="", 答案="A").key == ("F",)


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-05",
        "2027/1/5",
        "2027.1.5",
        "2027年1月5日",
        "２０２７年１月５日",
        "20270105",
        "2027年1月5日 星期二",
        "2027/1/5 周二",
        "2027-01-05 0:00:00",
        "2027-01-05 00:00:00",
        "2027/1/5 18:30",
        "2027年1月5日 18时30分",
    ],
)
def test_expiry_is_a_date_however_it_is_written(text: str) -> None:
    assert only(有效期=text).expires_on == "2027-01-05"


def test_options_are_read_as_they_are_seen() -> None:
    columns = ("编号", "题型", "主题", "难度", "题干", "答案", "选项A", "选项B", "选项C")
    options = (f'<c r="{at}2" s="{style}"><v>{value}</v></c>' for at, style, value in OPTIONS)
    data = book(
        sheet(cells(1, *columns), cells(2, "P-1", "单选", "指标", "1", "是哪个？", "B", *options)),
        styles=styles("0%", "h:mm", '"¥"0.00'),
    )
    parsed = read_questions(data, TODAY)
    assert not parsed.errors
    assert parsed.drafts[0].options == ("80%", "7:30", "¥19.00")


OPTIONS = (("G", 1, 0.8), ("H", 2, 0.3125), ("I", 3, 19))


def test_option_that_was_never_calculated_is_an_error_and_not_left_out() -> None:
    columns = ("编号", "题型", "主题", "难度", "题干", "答案", "选项A", "选项B", "选项C")
    formula = '<c r="I2"><f>A1</f><v/></c>'
    row_ = cells(2, "P-1", "单选", "指标", "1", "是哪个？", "B", "甲", "乙", formula)
    (error,) = read_questions(book(sheet(cells(1, *columns), row_)), TODAY).errors
    assert error.in_table.zh == "第 2 行 选项C：公式没有结果，请在 Excel 里打开并保存"


def test_expired_question_is_taken_with_a_warning() -> None:
    parsed = read(row(有效期="2026-11-21"))
    assert not parsed.errors
    assert [warning.in_table.zh for warning in parsed.warnings] == [
        "第 2 行 有效期：2026-11-21 已过有效期"
    ]
    assert not read(row(有效期=TODAY)).warnings


def test_missing_explanation_is_a_warning() -> None:
    assert read(row(解析="")).warnings[0].column == "解析"


def test_excel_numbers_and_dates_are_understood() -> None:
    book = openpyxl.Workbook()
    book.active.append(["编号", "题型", "主题", "难度", "题干", "选项A", "选项B", "答案", "有效期"])
    book.active.append([101.0, "单选", "资费", 3.0, "几？", 1024.0, 1000, "A", "2027-01-05"])
    data = io.BytesIO()
    book.save(data)
    (draft,) = read_questions(data.getvalue(), TODAY).drafts
    assert (draft.code, draft.difficulty, draft.options) == ("101", 3, ("1024", "1000"))


def test_gbk_csv_is_the_same_paper() -> None:
    data = csv(row()).decode("utf-8-sig").encode("gb18030")
    assert read_questions(data, TODAY) == read(row())


# --- versions


def test_new_questions_are_version_one(database: Database) -> None:
    diff = load(database, row(), row(编号="B-2", 题干="另一题？"))
    assert len(diff.added) == 2
    question = Question.get(Question.code == "B-1")
    assert (question.version, question.current, question.created_at) == (1, True, 1_000)
    assert (question.options, question.key) == (["1000", "1024", "2048"], ["B"])
    assert QuestionBank.get().title == "business"


def test_same_content_is_unchanged(database: Database) -> None:
    load(database, row())
    diff = load(database, row(), now=2_000)
    assert (diff.unchanged, diff.added, diff.changed) == (1, (), ())
    assert versions() == [(1, True, ROW["题干"])]
    assert AuditLine.select().count() == 1


def test_changed_content_is_a_new_version_and_the_old_row_stays(database: Database) -> None:
    load(database, row())
    old = Question.get()
    diff = load(database, row(题干="1GB 是多少 MB？", 答案="A"), now=2_000)
    assert diff.changed[0].columns == ("题干", "答案")
    assert versions() == [(1, False, ROW["题干"]), (2, True, "1GB 是多少 MB？")]
    kept = Question.get_by_id(old.id)
    assert (kept.key, kept.digest, kept.created_at) == (["B"], old.digest, 1_000)


def test_going_back_to_an_old_text_is_a_third_version(database: Database) -> None:
    for stem in ("一？", "二？", "一？"):
        load(database, row(题干=stem))
    assert versions() == [(1, False, "一？"), (2, False, "二？"), (3, True, "一？")]


def test_question_that_was_retired_comes_back_as_a_new_version(database: Database) -> None:
    load(database, row())
    Question.update(current=False).execute()
    load(database, row())
    assert [(version, current) for version, current, _ in versions()] == [(1, False), (2, True)]


def test_codes_that_the_file_lacks_stay(database: Database) -> None:
    load(database, row())
    load(database, row(编号="B-2", 题干="另一题？"))
    assert versions() == [(1, True, ROW["题干"])]


def test_import_says_what_has_expired_in_the_whole_bank(database: Database) -> None:
    assert load(database, row(编号="B-1", 有效期="2026-11-21")).expired == ("B-1",)
    more = row(编号="B-2", 题干="另一题？", 有效期="2026-11-20")
    last = row(编号="B-3", 题干="再一题？", 有效期=TODAY)
    assert load(database, more, last).expired == ("B-1", "B-2")
    assert load(database, row(编号="B-1", 有效期=TODAY)).expired == ("B-2",)


def test_same_stem_under_another_code_of_the_bank_is_a_warning(database: Database) -> None:
    load(database, row())
    diff = load(database, row(编号="B-9"))
    assert diff.warnings[0].in_table.zh == "第 2 行 题干：与题库里 B-1 的题干相同"


def test_formula_error_is_told_with_what_else_is_wrong() -> None:
    told = read(row(编号="B-2", 答案="F"), row(题干="#NAME?")).errors
    assert [(error.row, error.column) for error in told] == [(2, "答案"), (3, "题干")]


@pytest.mark.parametrize(
    "changes, columns",
    [
        ({"题干": "#REF!", "难度": "9", "有效期": "x"}, ["题干", "难度", "有效期"]),
        ({"选项C": "#N/A", "答案": "C"}, ["选项C"]),
        ({"选项B": "#N/A", "选项C": "", "答案": "D"}, ["选项B", "答案"]),
        ({"题型": "#REF!", "选项B": "", "主题": ""}, ["题型", "选项B", "主题"]),
        ({"答案": "#VALUE!", "选项C": "1000"}, ["答案", "选项C"]),
        ({"编号": "#REF!", "题干": "另一题？"}, ["编号"]),
    ],
    ids=["three-wrong", "answer-names-it", "two-options", "kind", "answer", "code"],
)
def test_row_with_a_formula_error_tells_its_other_errors(
    changes: dict[str, str], columns: list[str]
) -> None:
    told = read(row(**changes), row(编号="B-2", 题干="第二题？")).errors
    assert [(error.row, error.column) for error in told] == [(2, column) for column in columns]


def test_row_with_a_formula_error_tells_what_it_repeats() -> None:
    told = read(row(), row(编号="B-2", 题干="另一题？"), row(编号="#REF!")).errors
    assert [error.in_table.zh for error in told][1:] == ["第 4 行 题干：与第 2 行重复"]


def test_two_cells_with_formula_errors_do_not_repeat_each_other() -> None:
    told = read(row(编号="#REF!"), row(编号="#REF!", 题干="另一题？")).errors
    assert [(error.row, error.column) for error in told] == [(2, "编号"), (3, "编号")]


def test_one_wrong_row_keeps_all_rows_out(database: Database) -> None:
    with pytest.raises(BadRows) as refused:
        load(database, row(), row(编号="B-2", 题干="另一题？", 答案="F"))
    assert list(refused.value.fields or {}) == ["3"]
    assert (Question.select().count(), QuestionBank.select().count()) == (0, 0)


@pytest.mark.parametrize("name", ["", " business", "x" * 61])
def test_bad_name_of_a_bank_is_refused(database: Database, name: str) -> None:
    with pytest.raises(Invalid):
        import_questions(read(row()), BankName(name), database=database, now=1)


def test_title_is_kept_unless_given(database: Database) -> None:
    for title in ("业务题库", None):
        import_questions(read(row()), BankName("business", title), database=database, now=1)
    assert QuestionBank.get().title == "业务题库"


def test_banks_do_not_share_codes(database: Database) -> None:
    load(database, row())
    import_questions(read(row(题干="别的？")), BankName("centre"), database=database, now=1)
    assert [(version, current) for version, current, _ in versions()] == [(1, True), (1, True)]


def test_twelve_hundred_questions_are_written_and_rewritten(database: Database) -> None:
    written: list[int] = []
    load(database, *many(1_200))
    parsed = read(*many(1_200, 解析="更清楚的解析。"))
    import_questions(parsed, BANK, database=database, now=2, on_written=written.append)
    assert sum(written) == 1_200
    assert Question.select().where(Question.current, Question.version == 2).count() == 1_200
    assert Question.select().count() == 2_400


def test_eight_imports_at_once_leave_consistent_versions(database: Database) -> None:
    papers = [read(*many(30, 解析=f"第 {at} 种解析。")) for at in range(4)] * 2
    barrier = threading.Barrier(len(papers))
    failures: list[BaseException] = []

    def run(parsed: QuestionFile) -> None:
        barrier.wait()
        try:
            import_questions(parsed, BANK, database=database, now=1)
        except BaseException as error:  # noqa: BLE001 - a thread's failure must fail the test
            failures.append(error)
        finally:
            database.release()

    threads = [threading.Thread(target=run, args=(parsed,)) for parsed in papers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert QuestionBank.select().count() == 1
    for code in (f"B-{at:04d}" for at in range(30)):
        found = versions(code)
        assert [version for version, _, _ in found] == list(range(1, len(found) + 1))
        assert [current for _, current, _ in found] == [False] * (len(found) - 1) + [True]


# --- trainers


def test_exported_bank_imports_as_unchanged(database: Database) -> None:
    rows = [
        row(来源="《手册》", 有效期="2027-01-05", 审核人="培训组"),
        row(编号="B-2", 题型="多选", 题干="=1+1 得几？", 选项A="+1", 选项B="-1", 答案="CA"),
        row(编号="B-3", 题干="对吗？", **TRUEFALSE, 答案="错"),
        row(编号="004", 题干='"多行\n题干？"', 选项D="0012", 选项E="@我", 选项F="六", 答案="F"),
    ]
    load(database, *rows)
    parsed = read_questions(service.export("business"), TODAY)
    diff = import_questions(parsed, BANK, database=database, now=2)
    assert (diff.unchanged, diff.added, diff.changed) == (4, (), ())


def test_template_imports_without_errors(database: Database) -> None:
    parsed = read_questions(service.template(), TODAY)
    assert not parsed.errors
    assert [draft.kind for draft in parsed.drafts] == ["single", "multiple", "truefalse"]


def test_export_of_an_unknown_bank_is_refused(database: Database) -> None:
    with pytest.raises(service.UnknownBank):
        service.export("nothing")


def test_trainer_searches_current_questions(database: Database) -> None:
    load(
        database,
        row(),
        *many(12),
        row(编号="B-9", 主题="宽带", 题干="100% 对吗？", **TRUEFALSE, 答案="T"),
    )
    load(database, row(题干="2GB 等于多少 MB？"))
    assert service.search_questions("business").total == 14
    assert [q.code for q in service.search_questions("business", words="2gb MB").items] == ["B-1"]
    assert [q.code for q in service.search_questions("business", words="0%").items] == ["B-9"]
    assert [q.code for q in service.search_questions("business", topic="宽带").items] == ["B-9"]
    assert service.search_questions("business", kind="single").total == 13
    second = service.search_questions("business", words="第", page=2, page_size=5)
    assert ([q.code for q in second.items][0], second.total) == ("B-0005", 12)


def test_versions_of_a_question_are_kept(database: Database) -> None:
    load(database, row())
    load(database, row(题干="新？"))
    versions = Question.select().order_by(Question.version.desc())
    assert [version.version for version in versions] == [2, 1]


def test_banks_are_listed_with_their_current_questions(database: Database) -> None:
    load(database, row())
    load(database, row(题干="新？"))
    QuestionBank.create(name="empty", title="空题库")
    assert service.list_banks() == [
        service.BankSummary("business", "business", 1),
        service.BankSummary("empty", "空题库", 0),
    ]


# --- the commands


@dataclass
class FixedClock:
    at: int = 1_800_000_000_000

    def now(self) -> int:
        return self.at


@dataclass
class Shell:
    database: Database
    settings: Settings = field(default_factory=lambda: load_settings({}))
    clock: FixedClock = field(default_factory=FixedClock)


def run(database: Database, *arguments: object) -> Result:
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(questions_command, words, obj=Shell(database))


def test_command_tells_what_of_a_file_it_did_not_read(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "题库.xlsx"
    columns = ("编号", "题型", "主题", "难度", "题干", "答案")
    single, other = (
        sheet(cells(1, *columns), cells(2, code, "判断", "业务", "1", f"{code} 对吗？", "对"))
        for code in ("P-1", "P-2")
    )
    file.write_bytes(book(single, other, titles=("单选题", "判断题")))
    result = run(database, "import", file)
    assert "提醒：只读了第一张工作表“单选题”，没有读取：“判断题”。" in result.output
    assert "新增 1 题" in result.output


def test_command_names_the_bank_after_the_file(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "客服业务.csv"
    file.write_bytes(csv(row(), row(编号="B-2", 题干="过期？", 有效期="2020-01-01")))
    result = run(database, "import", file)
    assert result.exit_code == 0
    assert "题库“客服业务”：新增 2 题，新版本 0 题，未变 0 题。" in result.output
    assert "提醒：第 3 行 有效期：2020-01-01 已过有效期" in result.output
    assert service.list_banks() == [service.BankSummary("客服业务", "客服业务", 2)]


def test_command_tells_which_columns_changed(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "bank.csv"
    file.write_bytes(csv(row()))
    run(database, "import", file, "--bank", "business", "--title", "业务")
    file.write_bytes(csv(row(难度="5")))
    assert "试运行" in run(database, "import", file, "--bank", "business", "--dry-run").output
    assert len(versions()) == 1
    result = run(database, "import", file, "--bank", "business")
    assert "B-1 → 第 2 版（难度）" in result.output


def test_command_prints_errors_row_by_row(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "bank.csv"
    file.write_bytes(csv(row(答案="F"), row(编号="B-2")))
    result = run(database, "import", file)
    assert result.exit_code == 1
    assert "第 2 行 答案：选了 F，却没有这个选项" in result.output
    assert "共 2 处错误，题库没有任何改动。" in result.output
    assert Question.select().count() == 0


def test_commands_write_a_template_and_an_export(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "模板.xlsx"
    assert run(database, "template", file).exit_code == 0
    assert run(database, "import", file, "--bank", "business").exit_code == 0
    refused = run(database, "export", "business", file)
    assert (refused.exit_code, "--force" in refused.output) == (1, True)
    assert run(database, "export", "business", file, "--force").exit_code == 0
    assert "未变 3 题" in run(database, "import", file, "--bank", "business").output
    assert run(database, "export", "nothing", tmp_path / "x.xlsx").exit_code == 1


def test_command_imports_a_big_file(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "big.csv"
    file.write_bytes(csv(*many(600)))
    assert "新增 600 题" in run(database, "import", file).output
