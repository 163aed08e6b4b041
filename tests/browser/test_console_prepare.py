"""Preparing in the console: tables with typical mistakes, pictures and music, the checks."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.console import DESKTOP, NARROW, Console
from tests.browser.hall import Hall
from tests.installation import Installation
from tests.phones import Phone, staff_phone
from tests.support import ADMIN, TRAINER, picture_bytes

Opens = Callable[..., Console]
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
sizes = pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "narrow"])


def book(*rows: tuple[Any, ...]) -> Any:
    """Return a workbook of rows as Playwright uploads it."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    written = io.BytesIO()
    workbook.save(written)
    return {"name": "表格.xlsx", "mimeType": EXCEL, "buffer": written.getvalue()}


def logged_in(new_console: Opens, phone: Phone, size: tuple[int, int]) -> Console:
    console = new_console(size)
    console.log_in(phone)
    return console


@sizes
def test_an_admin_mends_the_rows_that_are_named_and_then_imports(
    new_console: Opens, installation: Installation, size: tuple[int, int]
) -> None:
    console = logged_in(new_console, staff_phone(installation, ADMIN), size)
    console.open("/host/roster")
    console.is_sound()
    console.page.get_by_text("从 Excel 导入").click()
    form = console.part("import-roster")
    number = 710_800 + size[0] % 97
    header = ("员工花名册",), ("工号", "姓名", "班组", "班次", "邀请码")
    right = (f"{number}", "陈敏春", "话务一组", "早班", "Q8VRVN")
    form.locator("input[type=file]").set_input_files(
        book(
            *header,
            right,
            ("71", "李四", "话务一组", "早班", ""),
            ("710899", "", "话务一组", "凌晨", ""),
        )
    )
    rows = console.part("preview").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("“71”须为 4–20 位数字或字母")
    expect(rows.nth(1)).to_contain_text("姓名：没有填写")
    expect(rows.nth(2)).to_contain_text("新增")
    expect(rows.nth(2).get_by_text("Q8VRVN")).to_have_css("text-wrap-mode", "nowrap")
    expect(form.get_by_role("button", name="确认导入")).to_be_disabled()
    console.is_sound()
    form.locator("input[type=file]").set_input_files(book(*header, right))
    expect(rows).to_have_count(1)
    form.get_by_role("button", name="确认导入").click()
    console.agree()
    console.says("花名册已更新")
    console.page.get_by_label("找人").fill(str(number))
    console.press("查找")
    expect(console.part("people").locator("tbody tr")).to_have_count(1)
    expect(console.part("people")).to_contain_text("陈敏春")


@sizes
def test_an_admin_downloads_slips(
    new_console: Opens, installation: Installation, size: tuple[int, int]
) -> None:
    console = logged_in(new_console, staff_phone(installation, ADMIN), size)
    console.open("/host/roster")
    console.page.get_by_role("heading", name="邀请码", exact=True).click()
    console.page.get_by_label("只给这些工号").fill("200031")
    console.press("生成并下载")
    with console.page.expect_download() as download:
        console.agree()
    assert download.value.suggested_filename == "邀请码.zip"
    console.says("邀请码已生成")


@sizes
def test_a_trainer_imports_questions_and_finds_them(
    new_console: Opens, installation: Installation, size: tuple[int, int]
) -> None:
    console = logged_in(new_console, staff_phone(installation, TRAINER), size)
    console.open("/host/banks")
    console.is_sound()
    form = console.part("import-questions")
    header = ("编号", "题型", "主题", "难度", "题干", "选项A", "选项B", "答案", "解析")
    wrong = ("N-2", "单选", "服务", 9, "哪一句先说？", "您好", "", "C", "")
    right = ("N-1", "判断", "服务", 1, f"接起电话先问好（{size[0]}）。", "", "", "对", "礼貌。")
    form.locator("input[type=file]").set_input_files(book(header, right, wrong))
    console.says("请先写好上面的名字")
    form.get_by_label("导入到题库").fill(f"新题库{size[0]}")
    form.get_by_label("导入到题库").blur()
    rows = console.part("preview").locator("tbody tr")
    expect(rows.first).to_contain_text("“9”须为 1–5 的整数")
    expect(rows.first).to_contain_text("至少要有两个选项")
    console.is_sound()
    form.locator("input[type=file]").set_input_files(book(header, right))
    form.get_by_role("button", name="确认导入").click()
    console.agree()
    console.says("题库已更新")
    console.part("banks").get_by_role("link", name=f"新题库{size[0]}").click()
    console.page.get_by_label("找题目").fill("问好")
    console.press("查找")
    expect(console.part("questions")).to_contain_text("接起电话先问好")
    console.is_sound()


@sizes
def test_a_host_goes_through_the_checks_and_dresses_the_screen(
    new_console: Opens, host: Phone, hall: Hall, size: tuple[int, int]
) -> None:
    console = logged_in(new_console, host, size)
    console.open(f"/host/events/{hall.id}/prepare")
    expect(console.part("checks")).to_contain_text("开场前检查")
    console.is_sound()
    background = console.page.locator("form[data-api$='kind=background']")
    background.locator("input").set_input_files(
        {"name": "草地.png", "mimeType": "image/png", "buffer": picture_bytes(size=(640, 360))}
    )
    background.get_by_text("上传背景").click()
    console.says("背景已换上")
    expect(console.part("media").locator("img")).to_have_count(1)
    console.is_sound()
    console.press("删掉")
    console.agree()
    console.says("已删掉")
    expect(console.part("media")).to_contain_text("还没有图片和音乐")
