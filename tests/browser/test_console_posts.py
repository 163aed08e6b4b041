"""Posts in the console: written by one host, published by another; readers, figures and comments."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.console import NARROW, SIZES, Console
from tests.installation import Installation
from tests.phones import Phone, staff_phone
from tests.support import OTHER_HOST

TITLE = "把“对不起”换成“我来帮您”：一通让客户改口的电话，在线二组的经验分享"


def test_a_post_is_written_published_read_and_commented_on(
    new_console: Callable[..., Console],
    host: Phone,
    installation: Installation,
    phones: list[Phone],
) -> None:
    console = new_console()
    console.log_in(host)
    console.open("/host/posts")
    console.press("写文章")
    console.is_sound()
    console.page.get_by_label("栏目").select_option(label="好文分享")
    console.fill("标题", TITLE)
    console.page.get_by_label("正文").fill("## 开头\n\n先听完，再开口。\n\n- 一句\n- 两句\n")
    console.press("存为草稿")
    expect(console.part("state")).to_contain_text("草稿 · 第 1 版")
    expect(console.part("preview")).to_contain_text("先听完，再开口。")
    console.is_sound()
    console.press("提交审核")
    expect(console.part("state")).to_contain_text("待审核")
    post_id = int(console.page.url.rpartition("/")[2])
    path = f"/posts/{post_id}"
    other = staff_phone(installation, OTHER_HOST)
    other.ok("POST", f"{path}/transitions", {"action": "publish"})
    reader = phones[5]
    reader.ok("PUT", f"{path}/reading", {})
    reader.ok("POST", f"{path}/comments", {"text": "学到了，明天就试一试。"})
    pages = (path, "/posts", "/posts/figures", "/posts/comments?status=all")
    for width, height in SIZES:
        console.page.set_viewport_size({"width": width, "height": height})
        for page in pages:
            console.open(f"/host{page}")
            console.is_sound()
    assert (width, height) == NARROW
    console.says("学到了，明天就试一试。")
    console.page.get_by_text("撤下").click()
    console.fill("原因（作者能看到）", "和文章无关")
    console.press("确定不通过")
    expect(console.part("comments")).to_contain_text("和文章无关")
    console.open("/host/posts/figures")
    drawn = console.page.locator("[data-drawn] canvas")
    expect(drawn).to_have_count(console.page.locator("[data-chart]").count())
    console.says(TITLE)
    console.open(f"/host{path}")
    expect(console.part("reach")).to_contain_text("看过 1")
    console.press("提醒没看的人")
    console.agree()
    expect(console.part("reach")).to_be_visible()
