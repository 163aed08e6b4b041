"""The report of an event and the draft of its article in the console."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.console import SIZES, Console
from tests.installation import ROOT, Installation
from tests.phones import Phone
from tests.support import picture_bytes

Opens = Callable[..., Console]
PEOPLE = 30
_EDITORS = """
<div contenteditable="true" aria-label="rich"></div>
<div contenteditable="plaintext-only" aria-label="plain"></div>
"""
# What the editor of the official account does not keep.
_LOST = "[id], [class], script, style, link, svg, [style*=position], [style*=transform]"


def write_evening(installation: Installation, event_id: int, people: int) -> None:
    """Write the rows of a whole evening into an event of a running server."""
    url = f"sqlite:///{installation.folder / 'linka.sqlite3'}"
    command = [sys.executable, "-m", "tests.report.evening", url, str(event_id), str(people)]
    subprocess.run(command, cwd=ROOT, check=True)


def make(host: Phone) -> int:
    """Make an event with all kinds of activities."""
    event: dict[str, Any] = host.ok("POST", "/events", {"template": "evening"})
    return int(event["id"])


@pytest.fixture(scope="module")
def evening(installation: Installation, host: Phone) -> int:
    """Return an event that was played, and is over."""
    event_id = make(host)
    host.upload(f"/events/{event_id}/media?kind=picture", picture_bytes())
    write_evening(installation, event_id, PEOPLE)
    return event_id


@pytest.mark.parametrize("size", SIZES, ids=["desktop", "narrow"])
def test_report_is_drawn_and_its_article_is_copied(
    new_console: Opens, host: Phone, evening: int, size: tuple[int, int]
) -> None:
    console = new_console(size)
    console.log_in(host)
    console.open(f"/host/events/{evening}/report")
    expect(console.part("figures")).to_be_visible()
    charts = console.page.locator("[data-chart]")
    drawn = console.page.locator("[data-drawn] canvas")
    assert charts.count() > 8
    expect(drawn).to_have_count(charts.count())
    painted = "node => node.toDataURL().length"
    assert min(drawn.nth(at).evaluate(painted) for at in range(charts.count())) > 1000
    expect(console.part("figures")).to_contain_text(f"{PEOPLE}位员工参加")
    picture = console.part("gallery").get_by_role("img").first
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 500
    console.is_sound()
    console.press("公众号文章")
    draft = console.page.frame_locator("[data-testid=draft]")
    expect(draft.get_by_text("荣誉榜")).to_be_visible()
    console.press("复制文章")
    console.says("已复制，可以粘贴了。")
    console.is_sound()
    # Pasted elsewhere: pages of the console forbid styles in elements.
    elsewhere = console.page.context.new_page()
    elsewhere.set_content(_EDITORS)
    rich, plain = (elsewhere.get_by_label(kind) for kind in ("rich", "plain"))
    for editor in (rich, plain):
        editor.press("Control+v")
        expect(editor).to_contain_text("荣誉榜")
    pictures = rich.locator("img")
    # Drawings, and a picture of the event that has another address.
    assert {one.get_attribute("src")[:22] for one in pictures.all()} == {
        "data:image/png;base64,",
        "data:image/jpeg;base64",
    }
    assert rich.locator(_LOST).count() == 0
    words = rich.get_by_text("荣誉榜")
    expect(words).to_have_css("color", "rgb(147, 87, 0)")
    expect(words).to_have_css("border-left-width", "5px")


def test_report_of_an_event_without_anybody_is_sound(console: Console, host: Phone) -> None:
    event_id = make(host)
    for page, words in (("report", "还没有人参加"), ("article", "现在还不能写文章")):
        console.open(f"/host/events/{event_id}/{page}")
        console.says(words)
        console.is_sound()


def test_report_of_an_imported_event_says_what_an_archive_does_not_hold(
    console: Console, installation: Installation, evening: int
) -> None:
    change = "UPDATE audit_line SET action = ? WHERE event_id = ? AND action = ?"
    installation.change(change, "import_event", evening, "create_event")
    try:
        console.open(f"/host/events/{evening}/report")
        console.says("这场活动是从归档导入的。")
        console.is_sound()
        console.open(f"/host/events/{evening}/audit")
        console.says("从归档导入")
    finally:
        installation.change(change, "create_event", evening, "import_event")
