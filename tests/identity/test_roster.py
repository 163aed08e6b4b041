"""The roster: the changes that a file makes, refusals, and warnings."""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.config import Settings, load_settings
from backend.db import Database
from backend.identity.commands import roster as roster_command
from backend.identity.invites import InviteCodes
from backend.identity.models import Account, AuditLine, Staff, Team
from backend.identity.roster import RosterDiff, RosterMoved, apply, compare, read_roster
from backend.keys import Secret
from backend.sheets import BadRows, BadSheet, Column, write_sheet
from tests.sheets.books import book, row, sheet

SECRET = "a secret key of more than 32 characters"
CODES = InviteCodes(Secret(SECRET))
HEADER = "工号,姓名,班组,班次,邀请码"
COLUMNS = [Column(name) for name in HEADER.split(",")]
CHEN = "200001,陈敏春,话务一组,早班,Q8VRVN"
BIANBA = "200002,边巴卓玛,话务二组,夜班,CTAZYJ"


def csv(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines]).encode()


def errors(*lines: str, header: str = HEADER) -> list[str]:
    return [error.in_table.zh for error in read_roster(csv(*lines, header=header)).errors]


def load(
    database: Database, *lines: str, deactivate: bool = False, header: str = HEADER
) -> RosterDiff:
    people = read_roster(csv(*lines, header=header))
    diff = compare(people, CODES, deactivate_missing=deactivate)
    return apply(people, diff, database=database, codes=CODES, now=1_000, source="roster.csv")


def person(number: str) -> Staff:
    return Staff.get(Staff.number == number)


# --- spellings


def test_number_shift_and_code_with_invisible_characters_are_those_without(
    database: Database,
) -> None:
    load(database, "\u202d710801\u202c,不\u3164可见一,测试\u200b丙组,早班\u200e,\ufeffKQ0800")
    found = person("710801")
    assert (found.name, found.team.name, found.shift) == ("不可见一", "测试丙组", "早班")
    assert CODES.fits(found.invite_digest, "710801", "KQ0800")


def test_team_that_is_typed_otherwise_is_the_team_that_is_there(database: Database) -> None:
    load(database, "200001,陈敏春,1组,早班,Q8VRVN")
    diff = load(
        database,
        "200001,陈敏春,１ 组,早班,",
        "200002,边巴卓玛,2 组,夜班,CTAZYJ",
        "200003,陈,2组,夜班,CTAZYK",
    )
    assert (len(diff.added), diff.changed, diff.unchanged) == (2, (), 1)
    assert sorted(team.name for team in Team.select()) == ["1组", "2 组"]


# --- rows


@pytest.mark.parametrize(
    "line, error",
    [
        (",陈,一组,早班,Q8VRVN", "第 2 行 工号：没有填写"),
        ("123,陈,一组,早班,Q8VRVN", "第 2 行 工号：“123”须为 4–20 位数字或字母"),
        (f"{'1' * 21},陈,一组,早班,Q8VRVN", "须为 4–20 位数字或字母"),
        ("20-01,陈,一组,早班,Q8VRVN", "须为 4–20 位数字或字母"),
        ("工号一二三,陈,一组,早班,Q8VRVN", "须为 4–20 位数字或字母"),
        ("200001,,一组,早班,Q8VRVN", "第 2 行 姓名：没有填写"),
        (f"200001,{'长' * 41},一组,早班,Q8VRVN", "第 2 行 姓名：须在 40 个字以内"),
        ("200001,陈,,早班,Q8VRVN", "第 2 行 班组：没有填写"),
        ("200001,陈,一组,早,Q8VRVN", "第 2 行 班次：“早”不在可选班次里"),
        ("200001,陈,一组,早班,Q8V", "第 2 行 邀请码：须为 4–20 位"),
        ("200001,陈,一组,早班,Q8 VRVN", "第 2 行 邀请码：须为 4–20 位"),
        ("200001,陈,一组,早班,82751", "只有数字的须为 6–20 位"),
    ],
)
def test_wrong_row_is_told_with_its_number_and_column(line: str, error: str) -> None:
    assert error in errors(line)[0]


def test_every_wrong_cell_of_every_row_is_told() -> None:
    told = errors("1,,,下午班,x", CHEN, "200002,边巴,二组,,")
    assert len(told) == 5
    assert {text[:5] for text in told} == {"第 2 行"}


def test_formula_error_is_told_with_what_else_is_wrong() -> None:
    told = errors("#REF!,陈,一组,早班,Q8VRVN", "200002,,二组,夜班,CTAZYJ")
    assert told == [
        "第 2 行 工号：是公式错误 #REF!，请先在 Excel 里改正",
        "第 3 行 姓名：没有填写",
    ]


def test_row_with_a_formula_error_is_told_with_its_other_errors() -> None:
    told = errors("200001,,#N/A,大夜,Q8VRVN", "200001,边巴,二组,夜班,CTAZYJ")
    assert [text.partition("（")[0] for text in told] == [
        "第 2 行 班组：是公式错误 #N/A，请先在 Excel 里改正",
        "第 2 行 姓名：没有填写",
        "第 2 行 班次：“大夜”不在可选班次里",
        "第 3 行 工号：与第 2 行重复",
    ]


def test_number_given_twice_is_refused_whatever_its_case_and_width() -> None:
    assert errors("a2001,陈,一组,早班,Q8VRVN", "Ａ2001,边巴,二组,夜班,CTAZYJ") == [
        "第 3 行 工号：与第 2 行重复"
    ]


def test_no_error_repeats_an_invite_code() -> None:
    assert "SECRET" not in "".join(errors("200001,陈,一组,早班,SECRET CODE", CHEN, CHEN))


def test_longest_names_are_taken(database: Database) -> None:
    load(database, f"20000000000000000001,{'长' * 40},{'组' * 40},行政班,{'X' * 20}")
    assert Team.get().name == "组" * 40


def test_excel_floats_are_numbers_of_staff(database: Database) -> None:
    data = write_sheet("名册", COLUMNS, [[200001.0, "陈敏春", "话务一组", "早班", 123456.0]])
    people = read_roster(data)
    assert [entry.number for entry in people.entries] == ["200001"]
    assert people.entries[0].code == "123456"


def test_gbk_csv_is_the_same_roster() -> None:
    text = csv(CHEN, BIANBA).decode()
    assert read_roster(text.encode("gb18030")) == read_roster(text.encode("utf-8-sig"))


def test_roster_without_a_team_column_is_refused() -> None:
    with pytest.raises(BadSheet) as refused:
        read_roster("工号,姓名\n200001,陈".encode())
    assert "班组" in refused.value.message("zh")


# --- the diff


def test_first_import_adds_people_and_teams(database: Database) -> None:
    diff = load(database, CHEN, BIANBA)
    assert [entry.number for entry in diff.added] == ["200001", "200002"]
    assert (person("200001").team.name, person("200001").shift) == ("话务一组", "早班")
    stored = person("200001").invite_digest
    assert CODES.fits(stored, " 200001", "q8vrvn ")


def test_comparing_writes_nothing(database: Database) -> None:
    compare(read_roster(csv(CHEN)), CODES)
    assert (Staff.select().count(), Team.select().count(), AuditLine.select().count()) == (0, 0, 0)


def test_same_file_again_changes_nothing(database: Database) -> None:
    load(database, CHEN, BIANBA)
    diff = load(database, CHEN, BIANBA)
    assert diff.is_empty
    assert diff.unchanged == 2
    assert AuditLine.select().count() == 1


def test_changed_fields_are_told_old_and_new(database: Database) -> None:
    load(database, CHEN)
    (change,) = load(database, "200001,陈敏,话务三组,,NEWCODE").changed
    told = {item.column: (item.old, item.new) for item in change.fields}
    assert told == {
        "姓名": ("陈敏春", "陈敏"),
        "班组": ("话务一组", "话务三组"),
        "班次": ("早班", ""),
        "邀请码": ("（旧）", "（新）"),
    }
    assert (person("200001").name, person("200001").team.name) == ("陈敏", "话务三组")
    assert CODES.fits(person("200001").invite_digest, "200001", "NEWCODE")


def test_columns_that_are_absent_or_empty_leave_a_person_as_is(database: Database) -> None:
    load(database, CHEN)
    before = person("200001").invite_digest
    assert load(database, "200001,陈敏春,话务一组,早班,").is_empty
    load(database, "200001,陈敏,话务一组", header="工号,姓名,班组")
    assert (person("200001").shift, person("200001").invite_digest) == ("早班", before)


WITH_DAYS = f"{HEADER},入职日期,生日"


def test_birthday_is_stored_without_its_year(database: Database) -> None:
    written = ("05-03", "5月3日", "5月3号", "1990-05-03", "1990年5月3日", "5/3", "")
    lines = [
        f"{200001 + at},陈,话务一组,早班,Q8VRVN,2026/11/2,{birthday}"
        for at, birthday in enumerate(written)
    ]
    load(database, *lines, header=WITH_DAYS)
    people = list(Staff.select().order_by(Staff.number))
    assert [one.birthday for one in people] == ["05-03"] * 6 + [""]
    assert {one.entered_on for one in people} == {"2026-11-02"}
    load(database, "200001,陈敏,话务一组", header="工号,姓名,班组")
    assert (person("200001").birthday, person("200001").entered_on) == ("05-03", "2026-11-02")
    assert "1990" not in str(list(AuditLine.select().dicts()))


@pytest.mark.parametrize("birthday", ["13-01", "02-30", "1990", "五月初三", "05-03-90"])
def test_wrong_birthday_is_told(birthday: str) -> None:
    line = f"200001,陈,话务一组,早班,Q8VRVN,下周一,{birthday}"
    assert [text[:10] for text in errors(line, header=WITH_DAYS)] == [
        "第 2 行 入职日期",
        "第 2 行 生日：须",
    ]


def test_new_person_needs_an_invite_code(database: Database) -> None:
    diff = compare(read_roster(csv("200001,陈,一组,早班,")), CODES)
    assert [error.in_table.zh for error in diff.errors] == ["第 2 行 邀请码：新员工必须有邀请码"]


def test_missing_people_stay_unless_asked(database: Database) -> None:
    load(database, CHEN, BIANBA)
    diff = load(database, CHEN)
    assert [leaver.number for leaver in diff.left] == ["200002"]
    assert diff.is_empty
    assert person("200002").active


def test_missing_people_leave_when_asked_and_come_back(database: Database) -> None:
    load(database, CHEN, BIANBA)
    load(database, CHEN, deactivate=True)
    assert not person("200002").active
    assert load(database, CHEN, deactivate=True).is_empty
    diff = load(database, CHEN, "200002,边巴卓玛,话务三组,夜班,")
    assert [change.number for change in diff.reactivated] == ["200002"]
    assert (person("200002").active, person("200002").team.name) == (True, "话务三组")


def test_import_leaves_bindings_alone(database: Database) -> None:
    load(database, CHEN)
    account = Account.create(
        appid="wx",
        openid="o",
        session_key="",
        session_key_updated_at=1,
        created_at=1,
        last_login_at=1,
    )
    Staff.update(account=account, bound_at=5).execute()
    (change,) = load(database, "200001,陈敏,话务一组,早班,NEWCODE").changed
    assert change.bound
    assert (person("200001").account_id, person("200001").bound_at) == (account.id, 5)


# --- applying


def test_one_wrong_row_keeps_all_rows_out(database: Database) -> None:
    with pytest.raises(BadRows) as refused:
        load(database, CHEN, "200002,,二组,夜班,CTAZYJ")
    assert refused.value.field_texts("zh") == {"3": ["姓名：没有填写"]}
    assert refused.value.field_texts("en") == {"3": ["姓名: is empty"]}
    assert (Staff.select().count(), Team.select().count(), AuditLine.select().count()) == (0, 0, 0)


def test_roster_that_moved_since_the_diff_is_not_overwritten(database: Database) -> None:
    people = read_roster(csv(CHEN))
    agreed = compare(people, CODES)
    load(database, "200001,别人,话务一组,早班,Q8VRVN")
    with pytest.raises(RosterMoved):
        apply(people, agreed, database=database, codes=CODES, now=2, source="x")
    assert person("200001").name == "别人"


def test_of_imports_at_once_one_is_written_and_the_others_are_told(database: Database) -> None:
    people = read_roster(csv(CHEN, BIANBA))
    agreed = compare(people, CODES)
    barrier = threading.Barrier(6)
    outcomes: list[str] = []

    def run() -> None:
        barrier.wait()
        try:
            apply(people, agreed, database=database, codes=CODES, now=1, source="x")
            outcomes.append("written")
        except RosterMoved:
            outcomes.append("moved")
        finally:
            database.release()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["moved"] * 5 + ["written"]
    assert (Staff.select().count(), AuditLine.select().count()) == (2, 1)


def test_audit_line_says_who_and_what_without_codes(database: Database) -> None:
    load(database, CHEN, BIANBA)
    load(database, "200001,陈敏春,话务三组,早班,NEWCODE", deactivate=True)
    first, second = AuditLine.select().order_by(AuditLine.id)
    assert (first.action, first.subject, first.actor_id) == ("roster_imported", "roster.csv", None)
    assert first.detail["added"] == ["200001", "200002"]
    assert second.detail["changed"] == {"200001": ["班组", "邀请码"]}
    assert second.detail["deactivated"] == ["200002"]


def test_twelve_hundred_people_are_written_many_at_a_time(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    lines = [f"{200001 + at},员工{at},第{at % 42}组,早班,CODE{at}" for at in range(1_200)]
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        load(database, *lines)
        load(database, *[line.replace("早班", "夜班") for line in lines])
    assert 0 < len([record for record in caplog.records if record.name == "peewee"]) < 60
    assert Staff.select().where(Staff.shift == "夜班").count() == 1_200


# --- the command


@dataclass
class FixedClock:
    at: int = 1_000

    def now(self) -> int:
        return self.at


@dataclass
class Shell:
    database: Database
    settings: Settings = field(
        default_factory=lambda: replace(load_settings({}), secret_key=SECRET)
    )
    clock: FixedClock = field(default_factory=FixedClock)
    revoked: list[int] = field(default_factory=list)

    def tell_revoked(self, account_ids: Iterable[int]) -> None:
        self.revoked += account_ids


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "名册.csv"
    path.write_bytes(csv(CHEN, BIANBA))
    return path


def run(database: Database, *arguments: object, typed: str = "") -> Result:
    words = ["import", *map(str, arguments)]
    return CliRunner().invoke(roster_command, words, obj=Shell(database), input=typed)


def test_command_shows_the_diff_and_applies_it_when_confirmed(
    database: Database, file: Path
) -> None:
    result = run(database, file, typed="y\n")
    assert result.exit_code == 0
    assert "边巴卓玛" in result.output
    assert "已写入。新增 2 人" in result.output
    assert Staff.select().count() == 2


@pytest.mark.parametrize(("typed", "code"), [("n\n", 1), ("", 2)], ids=["no", "no answer"])
def test_command_writes_nothing_without_a_yes(
    database: Database, file: Path, typed: str, code: int
) -> None:
    result = run(database, file, typed=typed)
    assert result.exit_code == code
    assert "--yes" in result.stderr
    assert Staff.select().count() == 0


def test_command_needs_no_answer_with_yes(database: Database, file: Path) -> None:
    assert run(database, file, "--yes").exit_code == 0
    assert "无需写入" in run(database, file, "--yes").output


def test_command_writes_nothing_in_a_dry_run(database: Database, file: Path) -> None:
    result = run(database, file, "--dry-run")
    assert (result.exit_code, Staff.select().count()) == (0, 0)
    assert "新增 2 人" in result.output


def test_command_deactivates_when_asked(database: Database, file: Path) -> None:
    run(database, file, "--yes")
    file.write_bytes(csv(CHEN))
    result = run(database, file, "--yes", "--deactivate-missing")
    assert "离职 1 人" in result.output
    assert not person("200002").active


def test_command_tells_the_server_whose_rights_have_ended(database: Database, file: Path) -> None:
    run(database, file, "--yes")
    openid = {"appid": "a", "openid": "o", "session_key": "", "session_key_updated_at": 1}
    account = Account.create(**openid, created_at=1, last_login_at=1)
    Staff.update(account=account).where(Staff.number == "200002").execute()
    file.write_bytes(csv(CHEN))
    shell = Shell(database)
    words = ["import", str(file), "--yes", "--deactivate-missing"]
    assert CliRunner().invoke(roster_command, words, obj=shell).exit_code == 0
    assert shell.revoked == [account.id]


def test_shift_of_merged_cells_is_that_of_each_of_their_rows() -> None:
    people = [row(at, f"20000{at}", "陈", "一组", "夜班" if at == 2 else "") for at in (2, 3, 4)]
    merged = '<mergeCells><mergeCell ref="D2:D4"/></mergeCells>'
    entries = read_roster(book(sheet(row(1, *HEADER.split(",")), *people, after=merged))).entries
    assert [entry.shift for entry in entries] == ["夜班"] * 3


def test_shift_that_was_never_calculated_is_an_error_and_not_cleared() -> None:
    formula = '<c r="D2"><f>IF(1,"夜班","")</f><v/></c>'
    person_ = row(2, "200002", "陈", "一组", formula)
    (error,) = read_roster(book(sheet(row(1, *HEADER.split(",")), person_))).errors
    assert error.in_table.zh == "第 2 行 班次：公式没有结果，请在 Excel 里打开并保存"


def workbook(*titles: str, hidden: bool = False) -> bytes:
    """Return a roster of one person in the first of these worksheets."""
    last = row(3, "200002", "边巴卓玛", "二组", "夜班", "CTAZYJ")
    if hidden:
        last = last.replace("<row ", '<row hidden="1" ')
    first = sheet(row(1, *HEADER.split(",")), row(2, *CHEN.split(",")), last if hidden else "")
    return book(first, *[first] * (len(titles) - 1), titles=titles)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (workbook("早班", "夜班"), "没有读取：“夜班”。"),
        (workbook("名册", hidden=True), "第 3 行是隐藏的或被筛选掉的，没有读取。"),
    ],
)
def test_nobody_is_missing_from_a_file_that_was_read_in_part(
    database: Database, file: Path, data: bytes, told: str
) -> None:
    run(database, file, "--yes")
    part = file.with_suffix(".xlsx")
    part.write_bytes(data)
    result = run(database, part, "--yes", "--deactivate-missing")
    assert result.exit_code == 1
    assert "不能把文件里没有的人设为离职" in result.output
    assert told in result.output
    assert person("200002").active
    assert f"提醒：{told}" in run(database, part, "--yes").output.replace(
        "只读了第一张工作表“早班”，", ""
    )


def test_command_prints_errors_row_by_row(database: Database, file: Path) -> None:
    file.write_bytes(csv(CHEN, "2,边巴,二组,夜班,CTAZYJ", "200003,,三组,夜班,"))
    result = run(database, file, "--yes")
    assert result.exit_code == 1
    assert "第 3 行 工号：" in result.output
    assert "第 4 行 姓名：没有填写" in result.output
    assert "共 3 处错误，名册没有任何改动。" in result.output
    assert Staff.select().count() == 0


def test_command_refuses_a_file_that_is_no_table(database: Database, file: Path) -> None:
    file.write_bytes(b"\x00\x01")
    result = run(database, file)
    assert result.exit_code == 1
    assert "看不懂这个文件" in result.output


def test_command_shows_twenty_of_each_kind(database: Database, file: Path) -> None:
    file.write_bytes(csv(*[f"{3000 + at},[b]员工{at},一组,早班,CODE{at}" for at in range(25)]))
    result = run(database, file, "--yes")
    assert "3019" in result.output
    assert "3020" not in result.output
    assert "另有 5 人" in result.output
    assert "[b]员工1" in result.output


def test_command_never_shows_an_invite_code(database: Database, file: Path) -> None:
    outputs = [run(database, file, "--yes").output]
    file.write_bytes(csv(CHEN.replace("Q8VRVN", "NEWCODE"), BIANBA, "200009,新人,一组,,FRESH1"))
    outputs.append(run(database, file, "--yes").output)
    assert "邀请码 （旧）→（新）" in outputs[1].replace("\n", "")
    for code in ("Q8VRVN", "CTAZYJ", "NEWCODE", "FRESH1"):
        assert code not in "".join(outputs)


def test_command_warns_when_a_bound_person_changes_name(database: Database, file: Path) -> None:
    run(database, file, "--yes")
    account = Account.create(
        appid="wx",
        openid="o",
        session_key="",
        session_key_updated_at=1,
        created_at=1,
        last_login_at=1,
    )
    Staff.update(account=account).where(Staff.number == "200001").execute()
    file.write_bytes(csv(CHEN.replace("陈敏春", "另一人")))
    assert "先解绑" in run(database, file, "--dry-run").output
