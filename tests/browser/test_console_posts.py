"""Posts in the console and on phones: a notice from its first line to its figures; columns, the plan,
teams, birthdays and newcomers.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.console import NARROW, SIZES, Console
from tests.browser.phone import Handset
from tests.installation import Installation
from tests.phones import Phone, staff_phone
from tests.support import ADMIN, OTHER_HOST, picture_bytes

TITLE = "把“对不起”换成“我来帮您”：一通让客户改口的电话，在线二组的经验分享"
DAY = "2031-01-06"
OpensConsole = Callable[..., Console]
OpensPhone = Callable[..., Handset]


def on_duty(installation: Installation, phones: list[Phone]) -> list[Phone]:
    """Let two people who may be reminded at any time have a shift on `DAY`."""
    found = [one for one in phones if one.ok("GET", "/me")["staff"]["shift"] != "夜班"][-2:]
    for phone in found:
        number = phone.ok("GET", "/me")["staff"]["number"]
        installation.change(
            "INSERT INTO duty (staff_id, day, shift, begins, ends)"
            " SELECT id, ?, '中班', '15:30', '23:30' FROM staff WHERE number = ?",
            DAY,
            number,
        )
    return found


def choose_readers(console: Console, number: str) -> None:
    """Choose the people who are on duty on `DAY`, and one of them by 工号 as well."""
    console.page.get_by_label("一部分同事").check()
    count = console.page.locator("[data-count]")
    expect(count).to_have_text("0")
    console.fill("从哪天", DAY)
    console.part("readers").get_by_role("combobox").select_option("中班")
    console.press("加上这些天值班的人")
    chips = console.page.get_by_label("加上的人和班次").get_by_role("listitem")
    expect(chips).to_have_text(["1 月 6 日中班当班的人"])
    expect(count).to_have_text("2")
    console.fill("找人：写姓名、工号或班组", number)
    found = console.page.get_by_role("button", name=number)
    console.is_sound()
    found.click()
    expect(chips).to_have_count(2)
    team = console.page.get_by_role("checkbox", name="话务一组")
    team.check()
    expect(count).not_to_have_text("2")
    team.uncheck()
    expect(count).to_have_text("2")


def test_a_notice_is_written_reviewed_published_read_on_two_phones_reminded_of_and_reported(
    new_console: OpensConsole,
    open_phone: OpensPhone,
    host: Phone,
    installation: Installation,
    phones: list[Phone],
) -> None:
    first, second = on_duty(installation, phones)
    console = new_console()
    console.log_in(host)
    console.open("/host/posts")
    cover = console.page.locator(".post-row__cover").first
    cover.scroll_into_view_if_needed()
    expect(cover).to_have_js_property("naturalWidth", 960)
    console.press("写文章")
    console.page.get_by_label("栏目").select_option(label="好文分享")
    console.fill("标题", TITLE)
    console.page.get_by_label("正文").fill("## 开头\n\n先听完，再开口。\n\n- 一句\n- 两句\n")
    choose_readers(console, first.ok("GET", "/me")["staff"]["number"])
    console.press("存为草稿")
    expect(console.part("state")).to_contain_text("草稿 · 第 1 版")
    expect(console.part("preview")).to_contain_text("先听完，再开口。")
    expect(console.part("audience")).to_contain_text("1 月 6 日中班当班的人看（2 位同事）")
    console.page.get_by_label("要回复“收到”").check()
    with console.page.expect_navigation():
        console.press("保存")
    expect(console.page.get_by_label("要回复“收到”")).to_be_checked()
    console.press("提交审核")
    expect(console.part("state")).to_contain_text("待审核")
    path = f"/posts/{int(console.page.url.rpartition('/')[2])}"

    reviewer = new_console()
    reviewer.log_in(staff_phone(installation, OTHER_HOST))
    reviewer.open(f"/host{path}")
    reviewer.press("发布")
    expect(reviewer.part("state")).to_contain_text("已发布")
    reviewer.is_sound()

    reader = open_phone(first.user, "pages/home/home", size=(320, 640))
    reader.tap("同意并开始")
    reader.tap("好文分享")
    reader.tap(TITLE)
    reader.says("先听完，再开口。")
    reader.tap("收到")
    reader.says("回复收到")
    assert reader.misfits() == []
    first.ok("POST", f"{path}/comments", {"text": "学到了，明天就试一试。"})

    console.open(f"/host{path}")
    expect(console.part("reach")).to_have_text("给 2 人 · 看过 1 · 收到 1")
    console.press("提醒没收到的人")
    console.agree()
    console.says("已提醒")
    reminded = open_phone(second.user, "pages/home/home")
    reminded.tap("同意并开始")
    reminded.tap("条新消息")
    reminded.tap(f"《{TITLE}》")
    reminded.tap("收到")
    reminded.says("回复收到")

    console.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    for page in (path, "/posts/figures", "/posts/comments?status=all"):
        console.open(f"/host{page}")
        console.is_sound()
    console.page.get_by_text("撤下").click()
    console.fill("原因（作者能看到）", "和文章无关")
    console.press("确定不通过")
    expect(console.part("comments")).to_contain_text("和文章无关")
    console.open(f"/host{path}")
    expect(console.part("reach")).to_have_text("给 2 人 · 看过 2 · 收到 2")
    console.says("都回复收到了。")
    console.open("/host/posts/figures")
    drawn = console.page.locator("[data-drawn] canvas")
    expect(drawn).to_have_count(console.page.locator("[data-chart]").count())
    row = console.page.get_by_role("row").filter(has_text=TITLE)
    expect(row).to_contain_text(re.compile(r"2 / 2（100\.0%）"))


def test_the_questions_of_a_lesson_are_chosen_with_the_keyboard(
    console: Console, host: Phone
) -> None:
    column = next(one for one in host.ok("GET", "/posts/columns")["items"] if one["active"])
    text = {"column_id": column["id"], "title": "三步听懂客户", "body": "正文"}
    post_id = host.ok("POST", "/posts", text)["id"]
    console.open(f"/host/posts/{post_id}")
    keys = console.page.keyboard
    console.page.get_by_text("视频、练习题、积分、写的是谁").press("Enter")
    console.page.get_by_label("找题").focus()
    keys.type("B-00")
    found = console.part("found-questions").get_by_role("button")
    expect(found).to_have_count(8)
    found.nth(1).focus()
    for _ in range(2):
        keys.press("Enter")
        keys.press("Tab")
    chosen = console.page.get_by_label("选好的题").get_by_role("listitem")
    expect(chosen).to_have_count(2)
    expect(chosen.first).to_contain_text("business:B-002")
    expect(found.nth(1)).to_have_attribute("aria-pressed", "true")
    chosen.last.get_by_role("button", name="上移").press("Enter")
    expect(chosen.first).to_contain_text("business:B-003")
    expect(chosen.first.get_by_role("button", name="去掉")).to_be_focused()
    console.page.get_by_text("知道编号？直接写").press("Enter")
    console.page.get_by_label("一行一道").fill("business:B-004\nbusiness:没有")
    console.page.get_by_role("button", name="加上这些题").press("Enter")
    expect(chosen).to_have_count(3)
    console.says("第 2 道：没有这道题，或者已作废：business:没有。")
    for width, height in SIZES:
        console.page.set_viewport_size({"width": width, "height": height})
        console.is_sound()
    chosen.last.get_by_role("button", name="去掉").press("Enter")
    expect(chosen.last.get_by_role("button", name="去掉")).to_be_focused()
    with console.page.expect_navigation():
        console.press("保存")
    names = host.ok("GET", f"/posts/{post_id}/source")["questions"]
    assert names == ["business:B-003", "business:B-002"]
    for _ in names:
        chosen.last.get_by_role("button", name="去掉").click()
    console.says("还没有题。")
    with console.page.expect_navigation():
        console.press("保存")
    assert host.ok("GET", f"/posts/{post_id}/source")["questions"] == []


def test_columns_the_plan_a_team_birthdays_and_newcomers(
    new_console: OpensConsole,
    open_phone: OpensPhone,
    installation: Installation,
    phones: list[Phone],
) -> None:
    admin, person = staff_phone(installation, ADMIN), phones[9].ok("GET", "/me")["staff"]
    newcomer = phones[10].ok("GET", "/me")["staff"]
    changed = "UPDATE staff SET birthday = '05-03' WHERE number = ?"
    installation.change(changed, person["number"])
    entered = "UPDATE staff SET entered_on = iif(number = ?, date('now', '+8 hours'), '')"
    installation.change(entered, newcomer["number"])
    console = new_console(NARROW)
    console.log_in(admin)
    console.open("/host/posts/columns")
    form = console.page.locator("form.panel")
    form.get_by_label("名字").fill("读书角")
    form.get_by_label("班组长").check()
    console.press("加栏目")
    added = console.part("columns").locator("details").last
    expect(added).to_contain_text("读书角 微信息 · 班组长")
    added.get_by_text("读书角").click()
    console.is_sound()
    added.get_by_role("button", name="上移").click()
    moved = console.part("columns").locator("details").nth(-2)
    expect(moved).to_contain_text("读书角")
    moved.get_by_label("开放").uncheck()
    moved.get_by_role("button", name="保存").click()
    expect(moved).to_contain_text("已关闭")

    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    post = {"column_id": 1, "title": "明天的消息", "body": "正文", "publish_at": tomorrow}
    admin.ok("POST", "/posts", post)
    console.open("/host/posts/plan")
    expect(console.part("plan")).to_contain_text("发布 明天的消息 新闻资讯")
    console.is_sound()

    team_id = phones[9].ok("GET", "/people/teams")["own_id"]
    console.open(f"/host/teams/{team_id}")
    console.fill("口号", "句句有回响，夜里也有人接")
    console.press("保存")
    console.says("已保存")
    picture = {"name": "组.png", "mimeType": "image/png", "buffer": picture_bytes()}
    console.page.get_by_label("JPG、PNG、WebP 或 GIF").set_input_files([picture])
    console.press("上传")
    expect(console.page.get_by_role("img", name=f"{person['team']}的照片")).to_be_visible()
    console.is_sound()

    phone = open_phone(phones[9].user, "pages/home/home", size=(320, 640))
    phone.tap("同意并开始")
    phone.says("欢迎新同事")
    phone.says(f"{newcomer['team']}：{newcomer['name']}")
    assert phone.misfits() == []
    phone.go("pages/me/me")
    phone.says("我的生日：5 月 3 日")
    phone.tap("班组同事和林卡小队")
    chosen = phone.page.get_by_role("radio", name="班组同事和林卡小队")
    expect(chosen).to_have_attribute("aria-checked", "true")
    assert phone.misfits() == []
    phone.tap("我的班组")
    phone.says("“句句有回响，夜里也有人接”")
    expect(phone.page.get_by_role("img", name=f"{person['team']}的照片")).to_be_visible()
    console.open("/host/colleagues?month=5")
    expect(console.part("birthdays")).to_contain_text(person["name"])
    console.is_sound()
