"""Tables from Excel: errors by row, the difference, and what an import replaces."""

from datetime import date, timedelta
from typing import Any

import pytest

from backend.identity.models import Staff
from backend.lookup import importing
from backend.lookup.kinds import KINDS
from backend.lookup.models import BusStop, CanteenMeal, Duty, LookupCard, LookupTable
from backend.sheets import BadRows, BadSheet, read_sheet
from backend.sheets.writing import write_book
from tests.lookup.conftest import book, found
from tests.support import HOST, START, TRAINER, Centre, refused

HEAD = ["工号", "姓名", "日期", "班次", "开始", "结束"]


def previewed(kind: str, rows: list[list[Any]], **how: Any) -> dict[int, list[str]]:
    """Return the errors of a file by row."""
    rows_kind = KINDS[kind]
    shown = importing.preview(rows_kind, read_sheet(book(rows, **how), *rows_kind.columns))
    return {row.row: [error.zh for error in row.errors] for row in shown.rows if row.errors}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_mistakes_of_three_thousand_rows_are_told_by_row(centre: Centre) -> None:
    people = [(row.number, row.name) for row in Staff.select().where(Staff.active).limit(100)]
    rows: list[list[Any]] = [["十二月班表"], HEAD]
    for number, name in people:
        for at in range(30):
            day = date(2026, 12, 1) + timedelta(days=at)
            hours = ["07:30", "15:30"] if at == 0 else [None, None]
            rows.append([number, name, day, "早班", *hours])
    # Row 3 of the file is the first shift. Dates as text are read; one without a year is not.
    rows[2][2] = "2026年12月1日"
    rows[3][2] = "2026/12/2"
    rows[4][2] = "12月3日"
    rows[5][2] = "2026-13-40"
    rows[6][0] = "999999"
    rows[7][1] = "别人"
    rows[8][2] = rows[9][2]
    rows[10][4] = "07:30"
    rows[11][4], rows[11][5] = "早上", "15:30"
    rows[12][3] = "神秘班"
    rows[13][3] = None
    # A blank line, and a second table below.
    rows.insert(1_500, [None] * 6)
    rows += [[None] * 6, ["饭堂菜单", None, None, None], ["菜名", "窗口", "价格", "备注", "", ""]]
    errors = previewed("shifts", rows)
    end = len(rows)
    assert errors == {
        5: ["日期：“12月3日”没有写年份，请写成 2026-12-31 这样"],
        6: ["日期：“2026-13-40”不是日期，请写成 2026-12-31 这样"],
        7: ["工号：名册里没有在职员工使用这个工号"],
        8: [f"姓名：名册里这个工号是{people[0][1]}"],
        10: ["日期：与第 9 行重复"],
        11: ["结束：开始和结束要一起填"],
        12: ["开始：“早上”不是时间，请写成 07:30 这样"],
        13: ["班次：不知道“神秘班”几点上下班，请在其中一行填开始和结束"],
        14: ["班次：没有填写"],
        end - 1: ["日期：这一行像标题或另一张表的表头；一张工作表只放一张表，请删掉这一行"],
        end: ["日期：这一行像标题或另一张表的表头；一张工作表只放一张表，请删掉这一行"],
    }


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_merged_cells_count_for_each_row_and_two_tables_side_by_side_are_refused(
    centre: Centre,
) -> None:
    rows = [
        HEAD,
        ["200003", None, date(2026, 12, 1), "早班", None, None],
        [None, None, date(2026, 12, 2), "休", None, None],
    ]
    assert previewed("shifts", rows, merged=("A2:A3",)) == {}
    [host] = [centre.staff(HOST)]
    data = book([[*HEAD, None, *HEAD], rows[1]])
    answer = host.uploads("/lookup/tables/shifts/imports/preview", data, "shifts.xlsx")
    refused(answer, 422, "bad_sheet")
    assert "出现了两次" in answer.json["message"]  # type: ignore[index]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_table_of_people_and_days_is_read_and_its_mistakes_name_row_and_day(
    centre: Centre,
) -> None:
    people = [(row.number, row.name) for row in Staff.select().where(Staff.active).limit(4)]
    days = [date(2026, 12, 1), "2026年12月2日", "2026/12/3"]
    rows: list[list[Any]] = [
        ["十二月班表"],
        ["工号", "姓名", *days],
        [None, None, "二", "三", "周四"],
        [*people[0], "早班 07:30-15:30", "夜班（23:30～次日07:30）", "休"],
        [*people[1], "早班", None, "夜班"],
        ["999999", "无名", "早班", "早班", "早班"],
        [*people[2], "神秘班", "中班 25:00-26:00", "一个长得写不下的班次名字"],
        [*people[0], None, "早班", None],
    ]
    assert previewed("shifts", rows) == {
        6: ["工号：名册里没有在职员工使用这个工号"],
        7: [
            "2026-12-02：“25:00”不是时间，请写成 07:30 这样",
            "2026-12-02：“26:00”不是时间，请写成 07:30 这样",
            "2026-12-03：太长，最多 10 个字",
            "2026-12-01：不知道“神秘班”几点上下班，请在其中一行填开始和结束",
        ],
        8: ["2026-12-02：与第 4 行重复"],
    }
    Duty.delete().execute()
    kind, data = KINDS["shifts"], book(rows[:5])
    database = centre.app.extensions["linka.database"]
    for added in (5, 0):
        diff = importing.import_rows(
            kind, read_sheet(data, *kind.columns), database=database, now=START
        )
        assert (len(diff.added), len(diff.gone_ids)) == (added, 0)
    person = Staff.get(Staff.number == people[1][0])
    planned = Duty.select().where(Duty.staff == person).order_by(Duty.day)
    assert [(one.day, one.shift, one.begins) for one in planned] == [
        ("2026-12-01", "早班", "07:30"),
        ("2026-12-03", "夜班", "23:30"),
    ]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (["工号", "12月1日"], "没有写年份"),
        (["工号", "姓名"], "日期、班次"),
        (["工号", "2026-12-01", "2026年12月1日"], "两次"),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_header_of_a_table_of_days_has_each_day_once_with_its_year(
    centre: Centre, head: list[str], words: str
) -> None:
    with pytest.raises(BadSheet) as refusal:
        previewed("shifts", [head, ["200001", "早班 07:30-15:30", "休"]])
    assert words in refusal.value.message("zh")


def test_a_file_of_shifts_replaces_its_people_on_its_days(centre: Centre) -> None:
    trainer, phone = centre.staff(TRAINER), centre.staff("200003")
    before = Duty.select().count()
    data = book(
        [
            HEAD,
            ["200003", None, date(2026, 11, 23), "晚班", "18:00", "02:00"],
            ["200003", None, date(2026, 11, 25), "晚班", None, None],
        ]
    )
    path = "/lookup/tables/shifts/imports"
    shown = trainer.upload(f"{path}/preview", data, "shifts.xlsx")
    assert (shown["counts"]["changed"], shown["counts"]["wrong"]) == (2, 0)
    assert shown["gone"] == [
        f"{centre.roster['200003']['姓名']} 2026-11-24 {duty('200003', '2026-11-24').shift}"
    ]
    assert Duty.select().count() == before
    refused(trainer.uploads(f"{path}?agreed={'0' * 64}", data, "s.xlsx"), 409, "import_moved")
    done = trainer.upload(f"{path}?agreed={shown['agreed']}", data, "shifts.xlsx")
    assert done == {"added": 0, "unchanged": 0, "changed": 2, "gone": 1}
    assert Duty.select().count() == before - 1
    [answer] = found(phone, "周三班表")["answers"]
    assert answer["rows"][0]["text"] == "晚班 18:00–次日 02:00"
    again = trainer.upload(path, data, "shifts.xlsx")
    assert again == {"added": 0, "unchanged": 2, "changed": 0, "gone": 0}


def duty(number: str, day: str) -> Duty:
    """Return the shift of a person on a day."""
    found_duty: Duty = Duty.get(Duty.staff == Staff.get(Staff.number == number).id, Duty.day == day)
    return found_duty


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_wrong_buses_and_meals_are_told_by_row(centre: Centre) -> None:
    assert previewed(
        "buses",
        [
            ["线路", "站点", "时间", "运行日", "生效日期", "失效日期"],
            ["1 号线", "东门", "7:05、8点半", None, None, None],
            ["1 号线", "西门", "08:00、07:00", None, None, None],
            ["1 号线", "南门", "08:00", "看情况", None, None],
            ["1 号线", "北门", "08:00", "周一至周五", "2026-12-02", "2026-12-01"],
            ["1 号线", "中门", None, "周一、周三", None, None],
            ["2 号线", "东门", "08：00 9点 10时30分", "周日、周六", None, None],
            ["2 号线", "东门", "09:00", "周末", None, None],
        ],
    ) == {
        2: ["时间：“8点半”不是时间，请写成 07:30 这样"],
        3: ["时间：没有从早到晚排列"],
        4: ["运行日：看不懂“看情况”，请写每天、工作日、周末、周一至周五或周一、周三"],
        5: ["失效日期：早于生效日期"],
        6: ["时间：没有填写"],
        8: ["站点：与第 7 行重复"],
    }
    assert previewed(
        "canteen",
        [
            ["日期", "餐别", "菜品"],
            ["2026-12-01", "下午茶", "茶"],
            ["明天", "午饭", "面"],
            ["2026-12-01", "早餐", "菜" * 31],
            ["2026-12-02", "中餐", "面，粥 饭\n汤"],
            ["2026-12-02", "午餐", "面"],
        ],
    ) == {
        2: ["餐别：须为早餐、午餐、晚餐、夜宵之一"],
        3: ["日期：“明天”不是日期，请写成 2026-12-31 这样"],
        4: ["菜品：太长，最多 30 个字"],
        6: ["餐别：与第 5 行重复"],
    }


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_timetable_is_replaced_as_a_whole_and_a_menu_by_its_days(centre: Centre) -> None:
    host = centre.staff(HOST)
    lines = book([["线路", "站点", "时间"], ["5 号线", "北门", "08:00"]])
    done = host.upload("/lookup/tables/buses/imports", lines, "buses.xlsx")
    assert (done["added"], done["gone"]) == (1, 22)
    assert [stop.weekdays for stop in BusStop.select()] == ["1234567"]
    meals = CanteenMeal.select().count()
    menu = book([["日期", "餐别", "菜品"], [date(2026, 11, 23), "早餐", "粥"]])
    done = host.upload("/lookup/tables/canteen/imports", menu, "menu.xlsx")
    assert (done["changed"], done["gone"]) == (1, 3)
    assert CanteenMeal.select().count() == meals - 3
    tables = {one["name"]: one for one in host.ok("GET", "/lookup/tables")["items"]}
    assert (tables["buses"]["from_day"], tables["buses"]["until_day"]) == ("", "")
    assert tables["canteen"]["until_day"] == "2027-01-01"
    assert LookupTable.get(LookupTable.name == "buses").imported_at == START


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_cards_are_imported_by_title_and_none_goes(centre: Centre) -> None:
    host, count = centre.staff(HOST), LookupCard.select().count()
    data = book(
        [
            ["标题", "内容", "同义词", "附件", "负责人工号", "有效期至", "亲友可见"],
            [
                "停车证",
                "到门卫室。",
                "车位，停车",
                "表：https://example.com/a",
                "900005",
                None,
                "是",
            ],
            ["开具证明", "改在二楼办。", None, None, None, date(2027, 1, 1), None],
        ]
    )
    done = host.upload("/lookup/tables/cards/imports", data, "cards.xlsx")
    assert (done["added"], done["changed"], done["gone"]) == (1, 1, 0)
    assert LookupCard.select().count() == count + 1
    [answer] = found(centre.guest(), "车位")["answers"]
    assert answer["attachments"] == [{"title": "表", "text": "https://example.com/a"}]
    wrong = previewed("cards", [["标题", "内容", "附件"], ["题", None, "https://example.com"]])
    assert wrong == {2: ["内容：没有填写", "附件：请写成“名称：内容”"]}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_each_template_reads_back_as_it_was_written(centre: Centre) -> None:
    for kind in KINDS.values():
        sheet = read_sheet(write_book([kind.template], kind.notes), *kind.columns)
        assert kind.read(sheet).errors == [], kind.name


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_file_with_a_wrong_row_writes_nothing(centre: Centre) -> None:
    host, before = centre.staff(HOST), Duty.select().count()
    data = book([HEAD, ["200003", None, "2026-12-24", "早班"], ["1", None, "2026-12-25", "早班"]])
    refused(host.uploads("/lookup/tables/shifts/imports", data, "s.xlsx"), 422, "bad_rows")
    assert Duty.select().count() == before
    with pytest.raises(BadRows):
        importing.import_rows(
            KINDS["shifts"],
            read_sheet(data, *KINDS["shifts"].columns),
            database=centre.app.extensions["linka.database"],
            now=START,
        )
    refused(host.get("/lookup/tables/nothing/template.xlsx"), 404, "not_found")
