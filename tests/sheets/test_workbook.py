"""Workbooks as people make them: what is read of them, and what is told of the rest."""

import io

import openpyxl
import pytest

from backend.sheets import BadSheet, Sheet, read_sheet, write_sheet
from backend.sheets.writing import Column, Worksheet, write_book, write_template
from tests.sheets.books import book, row, sheet, styles, text, zipped

HEADER = ("工号", "姓名", "班次")


def read(data: bytes) -> Sheet:
    """Read a table with three columns, of which the last may be missing."""
    return read_sheet(data, HEADER[:2], HEADER[2:])


def chinese(found: Sheet) -> list[str]:
    """Return what is said of a file, in Chinese."""
    return [note.zh for note in found.notes]


def cells(data: bytes) -> list[list[str]]:
    return [[line[name] for name in HEADER] for line in read(data).rows]


def saved(workbook: openpyxl.Workbook) -> bytes:
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()


def number(reference: str, value: str, style: int = 0) -> str:
    """Return a cell with a number."""
    return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'


# --- what is seen


def test_number_is_read_in_its_format() -> None:
    rows = [row(1, *HEADER), row(2, "1", number("B2", "0.8", 1), number("C2", "19", 2))]
    data = book(sheet(*rows), styles=styles("0%", '"¥"0.00'))
    assert cells(data) == [["1", "80%", "¥19.00"]]


def test_date_is_read_in_its_format_and_from_its_calendar() -> None:
    rows = [row(1, *HEADER), row(2, "1", number("B2", "46354", 1))]
    format_ = styles('[$-804]yyyy"年"m"月"d"日";@')
    assert cells(book(sheet(*rows), styles=format_))[0][1] == "2026年11月28日"
    since_1904 = book(sheet(*rows), styles=format_, properties='date1904="1"')
    assert cells(since_1904)[0][1] == "2030年11月29日"


def test_number_of_staff_keeps_its_digits() -> None:
    data = book(sheet(row(1, *HEADER), row(2, number("A2", "200000000001"), "陈")))
    assert cells(data) == [["200000000001", "陈", ""]]


@pytest.mark.parametrize("stored", ["1234567890123456", "1.2345678901234568E+17", "1E+15"])
def test_number_whose_last_digits_excel_dropped_is_an_error(stored: str) -> None:
    (error,) = read(book(sheet(row(1, *HEADER), row(2, number("A2", stored), "陈")))).errors
    assert error.in_table.zh == (
        "第 2 行 工号：数字超过 15 位，Excel 已丢掉后面的位，请把单元格改成文本后重新填写"
    )


def test_long_number_of_staff_as_text_is_read() -> None:
    assert cells(book(sheet(row(1, *HEADER), row(2, "1234567890123456789", "陈"))))[0][0] == (
        "1234567890123456789"
    )


@pytest.mark.parametrize(
    "kept, seen",
    [
        ("第一行_x000D_\n第二行", "第一行\n第二行"),
        ("甲_x000D_\n", "甲"),
        ("甲_x4E59_丙", "甲乙丙"),
        ("甲_x005F_x000D_", "甲_x000D_"),
        ("_xD83D__xDE00_", "😀"),
        ("_xD83D_甲", "甲"),
        ("max_x", "max_x"),
    ],
)
@pytest.mark.parametrize("shared", [True, False])
def test_escapes_of_a_workbook_are_undone(kept: str, seen: str, shared: bool) -> None:
    cell = '<c r="B2" t="s"><v>0</v></c>' if shared else kept
    data = book(
        sheet(row(1, *HEADER), row(2, "1", cell)), strings=f"<sst><si><t>{kept}</t></si></sst>"
    )
    read_text = cells(data)[0][1].replace("\ufffd", "")
    assert read_text == seen


def test_what_looks_like_an_escape_is_written_so_that_it_stays_text() -> None:
    data = write_sheet("题目", [Column("工号"), Column("姓名")], [["1", "甲_x000D_乙"]])
    assert cells(data)[0][1] == "甲_x000D_乙"


def test_text_in_several_fonts_is_one_text_without_its_reading_aid() -> None:
    strings = "<sst><si><r><t>格</t></r><r><t>桑</t></r><rPh><t>ge</t></rPh></si></sst>"
    data = book(
        sheet(row(1, *HEADER), row(2, "1", '<c r="B2" t="s"><v>0</v></c>')), strings=strings
    )
    assert cells(data)[0][1] == "格桑"


def test_cells_and_rows_may_come_without_their_places() -> None:
    cell = "<c t='inlineStr'><is><t>{}</t></is></c>"
    rows = ["".join(map(cell.format, texts)) for texts in (HEADER, ("1", "陈", "早班"))]
    assert cells(book(sheet(*(f"<row>{content}</row>" for content in rows)))) == [
        ["1", "陈", "早班"]
    ]


def test_strict_open_xml_is_read() -> None:
    main, relations = (
        f"http://purl.oclc.org/ooxml/{name}" for name in ("spreadsheetml/main", "officeDocument")
    )
    rows = [row(1, *HEADER), row(2, "1", "陈", '<c r="C2" t="d" s="1"><v>2026-11-28</v></c>')]
    data = book(
        sheet(*rows),
        styles=styles("yyyy/m/d"),
        main=main,
        relations=f"{relations}/relationships",
    )
    assert cells(data) == [["1", "陈", "2026/11/28"]]


# --- what is not read


def test_further_sheets_are_named() -> None:
    table = sheet(row(1, *HEADER), row(2, "1", "陈"))
    data = book(table, table, table, titles=("早班", "中班", "夜班"), states=("", "", "hidden"))
    found = read(data)
    assert len(found.rows) == 1
    assert chinese(found) == ["只读了第一张工作表“早班”，没有读取：“中班”、“夜班”（隐藏的）。"]
    assert found.is_partial


def test_hidden_sheet_alone_does_not_make_a_table_partial() -> None:
    table = sheet(row(1, *HEADER), row(2, "1", "陈"))
    found = read(book(table, table, states=("", "veryHidden")))
    assert found.notes and not found.is_partial


def test_empty_sheets_and_our_own_instructions_are_not_worth_a_note() -> None:
    table = sheet(row(1, *HEADER), row(2, "1", "陈"))
    empty = sheet('<row r="1"><c r="A1" s="0"/></row>')
    found = read(book(table, empty, titles=("名册", "Sheet2")))
    assert (found.notes, found.is_partial) == ((), False)
    ours = Worksheet("名册", [Column("工号"), Column("姓名")], [["1", "陈"]])
    for data in (write_template(ours, ["先看这里"]), write_book([ours], ["先看这里"])):
        assert (read(data).notes, read(data).is_partial) == ((), False)


def test_missing_header_names_the_sheet_that_was_read() -> None:
    cover = sheet(row(1, "封面"))
    with pytest.raises(BadSheet) as refused:
        read(book(cover, sheet(row(1, *HEADER), row(2, "1", "陈")), titles=("说明", "名册")))
    assert "只读第一张工作表“说明”" in refused.value.message("zh")


def test_columns_that_are_not_read_are_named() -> None:
    found = read(book(sheet(row(1, *HEADER, "开始时间"), row(2, "1", "陈", "08:00"))))
    assert chinese(found) == ["这些列不是这张表的列名，没有读取：“开始时间”。"]
    assert not found.is_partial


def test_hidden_rows_are_left_out_and_told() -> None:
    rows = [row(1, *HEADER)]
    for at in range(2, 9):
        hidden = 'hidden="1"' if at in (3, 5, 6, 7) else ""
        rows.append(row(at, str(at), "陈", attributes=hidden))
    found = read(book(sheet(*rows)))
    assert [line.number for line in found.rows] == [2, 4, 8]
    assert chinese(found) == ["第 3、5–7 行是隐藏的或被筛选掉的，没有读取。"]
    assert found.is_partial


@pytest.mark.parametrize("height", ["0", "0.0"])
def test_row_without_height_is_hidden(height: str) -> None:
    flat = row(3, "2", "陈", attributes=f'ht="{height}"')
    found = read(book(sheet(row(1, *HEADER), row(2, "1", "陈"), flat)))
    assert [line.number for line in found.rows] == [2]
    assert found.is_partial


@pytest.mark.parametrize("shown", ["#N/A", "#FIELD!", "#BLOCKED!", "#GETTING_DATA"])
def test_every_kind_of_formula_error_is_one_of_its_row(shown: str) -> None:
    cell = f'<c r="B2" t="e"><f>A1</f><v>{shown}</v></c>'
    [error] = read(book(sheet(row(1, *HEADER), row(2, "1", cell)))).errors
    assert error.in_table.zh == f"第 2 行 姓名：是公式错误 {shown}，请先在 Excel 里改正"


def test_table_of_hidden_rows_alone_is_refused_in_these_words() -> None:
    data = book(sheet(row(1, *HEADER), row(2, "1", "陈", attributes='hidden="1"')))
    with pytest.raises(BadSheet, match="bad_sheet") as refused:
        read(data)
    assert "第 2 行是隐藏的" in refused.value.message("zh")


def test_hidden_and_empty_row_is_not_worth_a_note() -> None:
    rows = [row(1, *HEADER), row(2, "1", "陈"), row(3, attributes='hidden="1"')]
    assert read(book(sheet(*rows))).notes == ()


def test_hidden_column_is_read_and_told() -> None:
    rows = [row(1, *HEADER), row(2, "1", "陈", "早班")]
    found = read(book(sheet(*rows, before='<cols><col min="3" max="3" hidden="1"/></cols>')))
    assert found.rows[0]["班次"] == "早班"
    assert chinese(found) == ["“班次”列是隐藏的，照样读取了。"]
    assert not found.is_partial


def merged(*references: str) -> str:
    cells_ = "".join(f'<mergeCell ref="{reference}"/>' for reference in references)
    return f"<mergeCells>{cells_}</mergeCells>"


def test_merged_cells_give_each_row_their_value() -> None:
    rows = [row(1, *HEADER), row(2, "1", "陈", "早班"), row(3, "2", "边"), row(4, "3", "格")]
    assert [line[2] for line in cells(book(sheet(*rows, after=merged("C2:C3"))))] == [
        "早班",
        "早班",
        "",
    ]


def test_cell_merged_with_its_left_neighbour_is_an_error_that_names_them() -> None:
    rows = [row(1, *HEADER), row(2, "1", "陈")]
    (error,) = read(book(sheet(*rows, after=merged("B2:C2")))).errors
    assert error.in_table.zh == "第 2 行 班次：与左边的单元格合并了（B2:C2），请取消合并后分别填写"


def test_title_merged_over_the_whole_table_is_no_trouble() -> None:
    rows = [row(1, "话务中心名册"), row(2, *HEADER), row(3, "1", "陈", "早班")]
    assert cells(book(sheet(*rows, after=merged("A1:C1")))) == [["1", "陈", "早班"]]


def test_header_of_two_rows_is_read() -> None:
    rows = [
        row(1, "工号", "姓名", text("C1", "排班")),
        row(2, "", "", text("C2", "班次"), text("D2", "备注")),
        row(3, "1", "陈", "早班"),
    ]
    after = merged("A1:A2", "B1:B2", "C1:D1")
    assert cells(book(sheet(*rows, after=after))) == [["1", "陈", "早班"]]


def test_header_that_is_repeated_on_each_page_is_no_row() -> None:
    rows = [row(1, *HEADER), row(2, "1", "陈"), row(3, *HEADER), row(4, "2", "边")]
    assert [line[0] for line in cells(book(sheet(*rows)))] == ["1", "2"]


@pytest.mark.parametrize("value", ["", "<v/>", "<v></v>"])
def test_formula_without_a_result_is_an_error(value: str) -> None:
    formula = f'<c r="C2"><f>IF(1,"夜班","")</f>{value}</c>'
    (error,) = read(book(sheet(row(1, *HEADER), row(2, "1", "陈", formula)))).errors
    assert error.in_table.zh == "第 2 行 班次：公式没有结果，请在 Excel 里打开并保存"


def test_formula_without_a_result_does_not_matter_where_nothing_is_read() -> None:
    rows = [row(1, *HEADER), row(2, "1", "陈", '<c r="D2"><f>A1</f><v/></c>')]
    assert not read(book(sheet(*rows))).errors


def test_formula_whose_result_is_empty_text_is_empty() -> None:
    formula = '<c r="C2" t="str"><f>IF(1,"","x")</f><v></v></c>'
    assert cells(book(sheet(row(1, *HEADER), row(2, "1", "陈", formula)))) == [["1", "陈", ""]]


def test_result_of_a_formula_is_read() -> None:
    formula = '<c r="C2" t="str"><f>IF(1,"夜班","x")</f><v>夜班</v></c>'
    assert cells(book(sheet(row(1, *HEADER), row(2, "1", "陈", formula))))[0][2] == "夜班"


# --- what is no workbook


@pytest.mark.parametrize(
    "data, named",
    [
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        ("\ufeff\r\n <!DOCTYPE html><table></table>".encode(), "网页"),
        (b"<table><tr><td>1</td></tr></table>", "网页"),
        (b'<?xml version="1.0"?>\n<html xmlns="x"></html>', "网页"),
        ("<html><td>工号</td></html>".encode("gb18030"), "网页"),
        ("<html></html>".encode("utf-16"), "网页"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "网页"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "XML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 .xls"),
        (b"%PDF-1.7", "PDF"),
        (b"{\\rtf1", "RTF"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), ".ods"),
        (zipped({"word/document.xml": "<x/>"}), "Word"),
        (
            zipped(
                {
                    "_rels/.rels": '<a><Relationship Id="a" Type="x/officeDocument"'
                    ' Target="xl/workbook.bin"/></a>',
                    "xl/workbook.bin": "x",
                }
            ),
            ".xlsb",
        ),
    ],
)
def test_other_file_is_named(data: bytes, named: str) -> None:
    with pytest.raises(BadSheet) as refused:
        read(data)
    assert named in refused.value.message("zh")


def test_csv_that_begins_with_an_angle_bracket_is_a_csv() -> None:
    assert cells("<名册>\n工号,姓名\n1,陈".encode())[0][:2] == ["1", "陈"]
