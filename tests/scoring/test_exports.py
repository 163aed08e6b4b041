"""Ranking and ledger as Excel: complete, typed, in the order of the board, without formulas."""

import io
import re
from typing import Any

import openpyxl
import pytest

from backend.events.models import Activity, Player
from backend.sheets.workbook import NOTES_TITLE
from tests.scoring.board_evening import BoardEvening
from tests.support import Centre

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def evening(centre: Centre) -> BoardEvening:
    """Return an evening with three players who have 10, 20 and 30 points."""
    return BoardEvening(centre, 3)


def book_of(evening: BoardEvening, name: str) -> Any:
    """Return a workbook that the host downloads."""
    answer = evening.host.get(f"{evening.path}/{name}.xlsx")
    assert answer.status_code == 200, answer.text
    told = answer.headers["Content-Disposition"]
    assert told.isascii() and re.fullmatch(r"attachment; filename\*=UTF-8''[%\w]+\.xlsx", told)
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """Return the rows of a worksheet by the names of its columns."""
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_ranking_lists_people_by_rank_with_points_of_each_activity(evening: BoardEvening) -> None:
    title = evening.event["activities"][0]["title"]
    rows = rows_of(book_of(evening, "ranking")["个人总榜"])
    assert [(row["名次"], row["总分"]) for row in rows] == [(1, 30), (2, 20), (3, 10)]
    assert [row[title] + row["其他加减分"] for row in rows] == [30, 20, 10]
    assert all(row["姓名"] and row["工号"] and row["班组"] for row in rows)


def test_ranking_has_the_teams_and_their_formula(evening: BoardEvening) -> None:
    book = book_of(evening, "ranking")
    shown = evening.host.ok("GET", f"{evening.path}/leaderboards/event?scope=teams")
    teams = [(row["rank"], row["name"], row["points"]) for row in shown["rows"]]
    rows = rows_of(book["班组总榜"])
    assert [(row["名次"], row["班组"], row["得分"]) for row in rows] == teams
    assert [cell.value for cell in book[NOTES_TITLE]["A"]][0] == shown["formula"]


def test_who_was_kicked_is_not_ranked(evening: BoardEvening) -> None:
    path = f"{evening.path}/players/{evening.players[2]}"
    evening.host.ok("PUT", path, {"status": "kicked"})
    rows = rows_of(book_of(evening, "ranking")["个人总榜"])
    assert [(row["名次"], row["总分"]) for row in rows] == [(1, 20), (2, 10)]


def test_host_downloads_the_live_ranking_during_a_freeze(evening: BoardEvening) -> None:
    evening.does("freeze")
    body = {"player_id": evening.players[0], "points": 50, "reason": "帮忙"}
    evening.host.ok("POST", f"{evening.path}/adjustments", body, Idempotency_Key="late")
    rows = rows_of(book_of(evening, "ranking")["个人总榜"])
    assert rows[0]["总分"] == 60


def test_every_line_of_the_ledger_is_there_in_words(evening: BoardEvening) -> None:
    body = {"player_id": evening.players[0], "points": 5, "reason": "帮忙"}
    entry = evening.host.ok("POST", f"{evening.path}/adjustments", body, Idempotency_Key="one")
    evening.host.ok("DELETE", f"{evening.path}/adjustments/{entry['id']}")
    rows = rows_of(book_of(evening, "points")["积分明细"])
    assert sum(row["分值"] for row in rows) == 60
    given, taken = rows[-2:]
    assert (given["分值"], given["事由"], given["说明"]) == (5, "主持人调整", "帮忙")
    assert (taken["分值"], taken["事由"], taken["撤回的编号"]) == (-5, "撤回", entry["id"])


def test_names_and_titles_never_become_formulas(evening: BoardEvening) -> None:
    attack = '=HYPERLINK("http://x","y")'
    Player.update(name=attack, team_name="+1").where(Player.id == evening.players[0]).execute()
    Activity.update(title="@SUM(A1)").where(Activity.event == evening.event["id"]).execute()
    for name in ("ranking", "points", "participants", "audit"):
        for sheet in book_of(evening, name):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f"
                    text = isinstance(cell.value, str) and cell.value.startswith(("=", "+", "@"))
                    assert not text or cell.quotePrefix


@pytest.mark.parametrize("name", ["ranking", "points", "participants", "audit"])
def test_header_stays_while_scrolling_and_columns_are_wide_enough(
    evening: BoardEvening, name: str
) -> None:
    for sheet in book_of(evening, name):
        if sheet.title == NOTES_TITLE:
            continue
        assert sheet.freeze_panes == "A2"
        for column in sheet.iter_cols(max_row=1):
            assert sheet.column_dimensions[column[0].column_letter].width >= 8


def test_moments_and_numbers_keep_their_types(evening: BoardEvening) -> None:
    (row, *_) = rows_of(book_of(evening, "points")["积分明细"])
    assert type(row["分值"]) is int
    assert row["得分时间"].year == 2026
    assert isinstance(row["工号"], str)
