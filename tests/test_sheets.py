"""Tables are read and written: files as people and their programs make them."""

import io
import random
import warnings
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from backend.sheets import BadSheet, Column, read_sheet, write_sheet
from backend.sheets.reading import MAX_ROWS
from backend.sheets.writing import Worksheet, write_template


def workbook(*rows: list[object], formats: dict[str, str] | None = None) -> bytes:
    """Make an .xlsx file as Excel would keep these cells."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for coordinate, number_format in (formats or {}).items():
        book.active[coordinate].number_format = number_format
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def zipped(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def cells(data: bytes, *columns: str) -> list[dict[str, str]]:
    return [row.cells for row in read_sheet(data, columns).rows]


@pytest.mark.parametrize(
    "value, text",
    [
        (200001.0, "200001"),
        (200001, "200001"),
        (3.5, "3.5"),
        (0.1 + 0.2, "0.3"),
        (1e15 - 1, "999999999999999"),
        (200000123456789.0, "200000123456789"),
        (True, "TRUE"),
        (date(2026, 1, 5), "2026-01-05"),
        (datetime(2026, 1, 5), "2026-01-05 0:00:00"),
        (datetime(2026, 1, 5, 8, 30), "2026-01-05 8:30:00"),
        ("  格桑\u200b卓玛\ufeff ", "格桑卓玛"),
        ("\u202d710801\u202c", "710801"),
        ("早班\u200e", "早班"),
        ("👨\u200d👩\u200d👧\u200d", "👨\u200d👩\u200d👧"),
        ("上\r\n下", "上\n下"),
    ],
)
def test_excel_cell_becomes_the_text_that_a_person_sees(value: object, text: str) -> None:
    assert cells(workbook(["工号", "值"], ["1", value]), "值") == [{"值": text}]


def test_zeros_in_front_are_kept_when_excel_shows_them() -> None:
    data = workbook(["工号"], [1234], formats={"A2": "000000"})
    assert cells(data, "工号") == [{"工号": "001234"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_csv_of_every_chinese_excel_is_read(encoding: str) -> None:
    data = "工号,姓名\r\n200001,陈敏春\r\n200002,边巴卓玛\r\n".encode(encoding)
    assert [row["姓名"] for row in read_sheet(data, ["工号", "姓名"]).rows] == [
        "陈敏春",
        "边巴卓玛",
    ]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_may_be_separated_by_tabs_or_semicolons(delimiter: str) -> None:
    data = f"工号{delimiter}姓名\n1{delimiter}陈".encode()
    assert cells(data, "工号", "姓名") == [{"工号": "1", "姓名": "陈"}]


def test_rare_characters_of_gb18030_are_read() -> None:
    assert cells("姓名\n㐂䶮".encode("gb18030"), "姓名") == [{"姓名": "㐂䶮"}]


def test_content_decides_what_a_file_is() -> None:
    assert cells(workbook(["工号"], ["7"]), "工号") == cells("工号\n7".encode(), "工号")


def test_header_is_matched_through_spaces_width_and_stars() -> None:
    data = " ＊工 号* ,选项ａ,无关\n1,甲,乙".encode()
    assert cells(data, "工号", "选项A") == [{"工号": "1", "选项A": "甲"}]


def test_title_above_the_header_is_allowed() -> None:
    data = workbook(["话务中心名册"], [], ["工号", "姓名"], ["1", "陈"])
    assert read_sheet(data, ["工号", "姓名"]).rows[0].number == 4


def test_missing_column_is_named_and_what_stands_there_instead() -> None:
    with pytest.raises(BadSheet) as refused:
        read_sheet("名册\n工号,姓名\n1,陈".encode(), ["工号", "姓名", "班组"])
    assert refused.value.message("zh") == "表头里缺少这些列：班组。"
    with pytest.raises(BadSheet) as refused:
        read_sheet("名册\n员工编号,姓名,部门\n1,陈,一组".encode(), ["工号", "姓名", "班组"])
    assert refused.value.message("zh") == (
        "表头里缺少这些列：工号、班组。第 2 行的“员工编号”、“部门”不是这张表的列名，请照模板改表头。"
    )
    assert (refused.value.slug, refused.value.status) == ("bad_sheet", 422)


def test_repeated_column_is_named() -> None:
    with pytest.raises(BadSheet, match="bad_sheet") as refused:
        read_sheet("工号,工 号\n1,2".encode(), ["工号"])
    assert "“工号”出现了两次" in refused.value.message("zh")


def test_optional_column_may_be_missing_and_reads_as_empty() -> None:
    sheet = read_sheet("工号\n1".encode(), ["工号"], ["班次"])
    assert "班次" not in sheet.columns
    assert sheet.rows[0]["班次"] == ""


def test_empty_rows_are_skipped_and_numbers_stay_those_of_excel() -> None:
    data = workbook(["工号"], ["1"], [None], ["  "], ["2"])
    assert [(row.number, row["工号"]) for row in read_sheet(data, ["工号"]).rows] == [
        (2, "1"),
        (5, "2"),
    ]


def test_csv_row_numbers_count_records_and_not_lines() -> None:
    data = '工号,姓名\n1,"两\n行"\n\n2,陈'.encode()
    assert [row.number for row in read_sheet(data, ["工号", "姓名"]).rows] == [2, 4]


def test_hidden_worksheet_is_not_read() -> None:
    book = openpyxl.Workbook()
    book.active.append(["工号"])
    book.active.append(["hidden"])
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("名册")
    shown.append(["工号"])
    shown.append(["shown"])
    book.active = 1
    assert cells(saved(book), "工号") == [{"工号": "shown"}]


def test_wrongly_stated_dimension_does_not_hide_rows() -> None:
    data = workbook(["工号", "姓名"], ["1", "陈"], ["2", "边巴"])
    rewritten = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(rewritten, "w") as new:
        for part in old.infolist():
            content = old.read(part).replace(b'ref="A1:B3"', b'ref="A1"')
            new.writestr(part.filename, content)
    assert len(read_sheet(rewritten.getvalue(), ["工号", "姓名"]).rows) == 2


@pytest.mark.parametrize("count, fits", [(MAX_ROWS, True), (MAX_ROWS + 1, False)])
def test_rows_are_capped(count: int, fits: bool) -> None:
    data = "工号\n".encode() + b"1\n" * count
    if fits:
        assert len(read_sheet(data, ["工号"]).rows) == count
    else:
        with pytest.raises(BadSheet):
            read_sheet(data, ["工号"])


def test_long_cell_is_refused_only_where_it_is_read() -> None:
    data = f"工号,备注\n1,{'长' * 4001}".encode()
    assert cells(data, "工号") == [{"工号": "1"}]
    (error,) = read_sheet(data, ["工号", "备注"]).errors
    assert error.in_table.zh == "第 2 行 备注：太长，最多 4000 个字"


def test_formula_error_is_refused_only_where_it_is_read() -> None:
    data = "工号,核对\n1,#N/A".encode()
    assert cells(data, "工号") == [{"工号": "1"}]
    (error,) = read_sheet(data, ["工号", "核对"]).errors
    assert error.in_table.zh == "第 2 行 核对：是公式错误 #N/A，请先在 Excel 里改正"


def test_all_unreadable_cells_are_told_at_once() -> None:
    data = "工号,核对\n#REF!,#N/A\n2,是\n3,#NAME?".encode()
    sheet = read_sheet(data, ["工号", "核对"])
    assert [(error.row, error.column) for error in sheet.errors] == [
        (2, "工号"),
        (2, "核对"),
        (4, "核对"),
    ]
    assert [row.number for row in sheet.rows] == [3]


BOMB = zipped(**{"xl/workbook.xml": b"0" * 70_000_000})
MILLIONS_OF_TAGS = zipped(**{"xl/workbook.xml": b"<c>" + b"<c/>" * 2_000_001 + b"</c>"})
DOCTYPE = zipped(
    **{"[Content_Types].xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'}
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        "工号\n".encode(),
        "工号\n1\n".encode("utf-16")[:-1],
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"\xff\xd8\xff\xe0JFIF",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"PK\x03\x04 and nothing more",
        zipped(hello=b"world"),
        workbook(["工号"], ["1"])[:1500],
        '工号\n"1'.encode() + b"x" * 200_000,
        b"x" * 20_000_001,
        BOMB,
        MILLIONS_OF_TAGS,
        DOCTYPE,
    ],
    ids=range(15),
)
def test_file_that_is_no_table_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(BadSheet) as refused:
        read_sheet(data, ["工号"])
    assert refused.value.message("zh").endswith("。")
    assert refused.value.message("en").endswith(".")


@pytest.mark.parametrize("bomb", [BOMB, MILLIONS_OF_TAGS])
def test_bomb_is_refused_before_it_is_unpacked(bomb: bytes) -> None:
    assert len(bomb) < 100_000
    with pytest.raises(BadSheet) as refused:
        read_sheet(bomb, ["工号"])
    assert "展开后太大" in refused.value.message("zh")


def test_damaged_workbook_is_read_or_refused_but_never_crashes() -> None:
    whole = workbook(["工号", "姓名"], *[[number, f"员工{number}"] for number in range(20)])
    chance = random.Random(7)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 40)):
            data[chance.randrange(4, len(data))] = chance.randrange(256)
        try:
            read_sheet(bytes(data), ["工号", "姓名"])
        except BadSheet:
            continue


def damaged_part(name: str, old: bytes, new: bytes) -> bytes:
    whole = workbook(["工号"], ["甲"], [7])
    rewritten = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(rewritten, "w") as target:
        for part in source.infolist():
            content = source.read(part)
            target.writestr(
                part.filename, content.replace(old, new) if part.filename == name else content
            )
    return rewritten.getvalue()


@pytest.mark.parametrize(
    "name, old, new",
    [
        ("xl/worksheets/sheet1.xml", b"<v>0</v>", b"<v>99</v>"),
        ("xl/worksheets/sheet1.xml", b"<v>7</v>", b"<v>seven</v>"),
        ("xl/worksheets/sheet1.xml", b'r="A3"', b'r="?"'),
        ("xl/worksheets/sheet1.xml", b"</sheetData>", b""),
        ("xl/workbook.xml", b"<sheets>", b"<sheets/><sheets>"),
        ("xl/workbook.xml", b'r:id="rId1"', b'r:id="rId77"'),
        ("[Content_Types].xml", b"worksheet+xml", b"chart+xml"),
    ],
)
def test_workbook_with_a_wrong_part_is_read_or_refused(name: str, old: bytes, new: bytes) -> None:
    try:
        read_sheet(damaged_part(name, old, new), ["工号"])
    except BadSheet as refused:
        assert refused.message("zh")


def test_stray_cell_in_the_last_row_of_excel_is_no_trouble() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"], book.active["A1048576"] = "工号", "1", "2"
    assert [row.number for row in read_sheet(saved(book), ["工号"]).rows] == [2, 1048576]


# --- writing

COLUMNS = (Column("编号", 10), Column("题干", 50), Column("难度", 6), Column("日期"))


def test_what_is_written_is_read_back() -> None:
    rows = [["001", "多行\n题干", 3, "2026-01-05"], ["=1+1", "+86", 5, ""], ["-x", "@我", 1, ""]]
    data = write_sheet("题目", COLUMNS, rows)
    assert [list(row.values()) for row in cells(data, "编号", "题干", "难度", "日期")] == [
        [str(cell) for cell in row] for row in rows
    ]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)"])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    data = write_sheet("题目", COLUMNS, [[text, "", 1, None]])
    cell = openpyxl.load_workbook(io.BytesIO(data)).active["A2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)


def test_written_file_has_types_widths_and_a_frozen_header() -> None:
    sheet = Worksheet("题目", COLUMNS, [["a", "b", 3, date(2026, 1, 5)]])
    data = write_template(sheet, ["先看这里"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["题目"]
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["B"].width == 50
    assert (sheet["C2"].value, sheet["D2"].value) == (3, datetime(2026, 1, 5))
    assert book["填写说明"]["A1"].value == "先看这里"


def test_characters_that_excel_cannot_keep_are_dropped() -> None:
    data = write_sheet("题目", COLUMNS, [["a\x00b\x0bc", "d\ud800", 1, None]])
    assert cells(data, "编号", "题干") == [{"编号": "abc", "题干": "d"}]
