"""A text of staff goes from the phone to the reviewer in the console and to readers."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.console import SIZES, Console
from tests.browser.phone import Handset
from tests.installation import Installation
from tests.phones import Phone
from tests.support import picture_bytes

TITLE = "奶奶教的酸奶饼：面、糖、酸奶各多少，火候怎么看，冷了怎么热"


def test_what_is_written_on_a_phone_is_reviewed_in_the_console_and_read(
    new_console: Callable[..., Console],
    open_phone: Callable[..., Handset],
    installation: Installation,
    host: Phone,
    phones: list[Phone],
) -> None:
    author = phones[7]
    phone = open_phone(author.user, "pages/submissions/submissions", size=(320, 640))
    phone.tap("同意并开始")
    phone.tap("写一篇")
    phone.tap("厨艺菜谱")
    phone.type("标题", TITLE)
    phone.type("内容", "酸奶 200 克，面 500 克。")
    assert phone.misfits() == []
    phone.back()
    phone.tap("写一篇")
    expect(phone.page.get_by_label("标题")).to_have_value(TITLE)
    phone.network("off")
    with phone.page.expect_file_chooser() as chooser:
        phone.tap("加一张图片")
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": picture_bytes()}
    chooser.value.set_files([picture])
    phone.says("图片先存在手机里")
    assert phone.misfits() == []
    phone.tap("投稿")
    phone.says("等网络")
    assert phone.misfits() == []
    phone.tap(TITLE)
    phone.tap("先不投，再改改")
    phone.says("还没有投出去")
    phone.type("内容", "酸奶 200 克，面 500 克，糖一勺。")
    assert phone.misfits() == []
    phone.tap("投稿")
    phone.says("等网络")
    # The mini program is closed, and opened again with a network.
    phone.open(installation, author.user, "pages/submissions/submissions")
    phone.says("待审核")
    assert phone.misfits() == []

    console = new_console()
    console.log_in(host)
    console.open("/host/posts/submissions")
    console.is_sound()
    console.page.get_by_text(TITLE).click()
    expect(console.part("preview")).to_contain_text("糖一勺")
    expect(console.part("preview").locator("img")).to_have_js_property("naturalWidth", 64)
    for width, height in SIZES:
        console.page.set_viewport_size({"width": width, "height": height})
        console.is_sound()
    console.press("采用并发布")
    console.agree()
    expect(console.part("state")).to_contain_text("已发布")

    phone.tap(TITLE)
    phone.tap("看发布的文章")
    phone.says("酸奶 200 克，面 500 克，糖一勺。")
    phone.has_no_errors()
