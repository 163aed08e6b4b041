"""征集建议 on the phone: propose with a picture, second, and read what became of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.hall import Hall
from tests.browser.phone import Handset
from tests.phones import Phone

Phones = list[Phone]
FIELD = "建议的内容"
LONG = "希望周年庆那天" + "高原客户服务中心夜间综合业务支撑与投诉升级处理专席" * 6


# A field that grows, filled with six lines while nobody sees it: its height then, and when it is seen.
GROWING = """async (node) => {
  const frame = () => new Promise(requestAnimationFrame);
  const body = node.closest('wx-body');
  body.style.display = 'none';
  await frame();
  await frame();
  const [component, field] = [node.__wxElement, node.querySelector('textarea')];
  component.setData({ autoHeight: true });
  component.setData({ value: '一\\n二\\n三\\n四\\n五\\n六' });
  body.style.display = '';
  await frame();
  await frame();
  return field.clientHeight;
}"""


class SuggestionHall:
    """An event in which suggestions are collected, on a real server."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.activity_id = hall.activity("polls")
        self.path = f"/polls/{self.activity_id}/suggestions"

    @property
    def query(self) -> dict[str, int]:
        """What the pages are opened with."""
        return {"event": self.hall.id, "activity": self.activity_id}

    def propose(self, phone: Phone, text: str) -> dict[str, Any]:
        """Let a phone propose, and the host approve it."""
        made: dict[str, Any] = phone.ok("POST", self.path, {"text": text})
        self.approve()
        return made

    def approve(self) -> None:
        """Let the host approve all that waits."""
        queue = f"/events/{self.hall.id}/moderation"
        for item in self.hall.host.ok("GET", f"{queue}?status=pending")["items"]:
            body = {"status": "approved", "reason": ""}
            self.hall.host.ok("PUT", f"{queue}/{item['id']}", body)

    def decide(self, made: dict[str, Any], status: str, **more: str) -> None:
        """Let the host decide about a suggestion."""
        self.hall.host.ok("PUT", f"{self.path}/{made['id']}", {"status": status, **more})


@pytest.fixture
def suggestions(new_hall: Callable[..., Hall]) -> SuggestionHall:
    """Return an open event in which nobody has suggested anything."""
    return SuggestionHall(new_hall(template="anniversary"))


@pytest.fixture
def open_page(
    suggestions: SuggestionHall, open_phone: Callable[..., Handset]
) -> Callable[..., Handset]:
    """Return what opens a page on the phone of somebody who has joined."""

    def make(
        phone: Phone, name: str = "suggestions", size: tuple[int, int] = (375, 812)
    ) -> Handset:
        suggestions.hall.join(phone)
        path = f"pages/{name}/{name}"
        opened = open_phone(phone.user, path, size=size, **suggestions.query)
        opened.tap("同意并开始")
        return opened

    return make


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Return a picture as somebody has it on the phone."""
    file = tmp_path / "林卡.jpg"
    Image.new("RGB", (640, 480), "#2f8f6b").save(file)
    return file


def test_a_suggestion_with_a_picture_is_proposed_approved_and_answered(
    suggestions: SuggestionHall,
    open_page: Callable[..., Handset],
    phones: Phones,
    picture: Path,
) -> None:
    phone = open_page(phones[0])
    phone.says("还没有人提建议")
    phone.tap("我要提建议")
    phone.is_on("pages/propose/propose")
    phone.type(FIELD, "食堂加一道藏面")
    with phone.page.expect_file_chooser() as chooser:
        phone.tap("加一张图片")
    chooser.value.set_files(picture)
    phone.says("去掉图片")
    expect(phone.find(".main")).not_to_have_attribute("aria-disabled", "true")
    phone.tap("提交建议")
    phone.is_on("pages/suggestions/suggestions")
    phone.says("食堂加一道藏面")
    expect(phone.find(".picture img")).to_have_js_property("naturalWidth", 640)
    suggestions.approve()
    made = phones[0].ok("GET", f"{suggestions.path}?mine=true")["items"][0]
    suggestions.decide(made, "done", answer="下周一开始供应")
    phone.says("你说我做")
    phone.says("下周一开始供应")
    phone.has_no_errors()


def test_others_are_seconded_and_what_is_alike_is_offered(
    suggestions: SuggestionHall, open_page: Callable[..., Handset], phones: Phones
) -> None:
    suggestions.hall.join(phones[1])
    made = suggestions.propose(phones[1], "周年庆办一场锅庄舞会")
    suggestions.propose(phones[1], "夜班休息室换一台咖啡机")
    phone = open_page(phones[0])
    phone.tap("附议 · 1，夜班休息室换一台咖啡机")
    phone.says("已附议 · 2")
    phone.tap("我要提建议")
    phone.type(FIELD, "周年庆办锅庄舞会")
    phone.says("是不是和这条一样？")
    phone.tap("附议：周年庆办一场锅庄舞会")
    phone.says("附议比再提一次更有力")
    shown = f"{suggestions.path}/{made['id']}"
    phone.says("已附议")
    phone.back()
    phone.says("已附议 · 2")
    assert phones[1].ok("GET", shown)["supports"] == 2
    phone.has_no_errors()


def test_a_draft_outlives_the_page_and_waits_for_the_network(
    suggestions: SuggestionHall, open_page: Callable[..., Handset], phones: Phones
) -> None:
    phone = open_page(phones[0], "propose")
    phone.type(FIELD, "给新人配一位师傅")
    phone.go(phone.path, **suggestions.query)
    expect(phone.find("textarea")).to_have_value("给新人配一位师傅")
    phone.network("off")
    phone.tap("提交建议")
    phone.says("有网络会自动提交")
    phone.network("good")
    phone.is_on("pages/suggestions/suggestions")
    phone.says("给新人配一位师傅")
    mine = phones[0].ok("GET", f"{suggestions.path}?mine=true")
    assert [item["text"] for item in mine["items"]] == ["给新人配一位师傅"]


def test_a_declined_one_says_why(
    suggestions: SuggestionHall, open_page: Callable[..., Handset], phones: Phones
) -> None:
    suggestions.hall.join(phones[0])
    made = suggestions.propose(phones[0], "全员去纳木错")
    suggestions.decide(made, "declined", reason="那天排班排不开")
    phone = open_page(phones[0])
    phone.tap("我的")
    phone.says("不采纳")
    phone.says("那天排班排不开")
    phone.has_no_errors()


@pytest.mark.parametrize("width", [375, 320])
def test_long_suggestions_and_names_fit(
    suggestions: SuggestionHall,
    open_page: Callable[..., Handset],
    hard_phones: Phones,
    phones: Phones,
    width: int,
) -> None:
    suggestions.hall.join(*hard_phones)
    for hard in hard_phones:
        suggestions.propose(hard, LONG)
    phone = open_page(phones[0], size=(width, 640))
    phone.large_text()
    expect(phone.find(".idea")).to_have_count(5)
    assert phone.misfits() == []
    phone.tap("我要提建议")
    phone.type(FIELD, LONG)
    phone.says("几乎一样")
    assert phone.misfits() == []
    phone.has_no_errors()


def test_field_that_was_filled_unseen_is_as_high_as_its_lines(
    open_page: Callable[..., Handset], phones: Phones
) -> None:
    field = open_page(phones[0], "propose").find("wx-textarea")
    expect(field).to_be_visible()
    assert field.evaluate(GROWING) >= 6 * 16
