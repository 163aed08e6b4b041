"""Posts: a host writes and publishes in the console, staff read on the phone and reply 收到."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.phone import Handset
from tests.phones import Phone
from tests.support import picture_bytes


def test_a_notice_is_read_and_confirmed_on_the_phone(
    host: Phone, phones: list[Phone], open_phone: Callable[..., Handset]
) -> None:
    reader = phones[6]
    number = reader.ok("GET", "/me")["staff"]["number"]
    columns = host.ok("GET", "/posts/columns")["items"]
    column = next(column for column in columns if column["title"] == "上传下达")
    body = "## 时间\n\n周五 **18:00** 到 20:00。\n\n|楼层|时间|\n|-|-|\n|三楼|18:00|\n"
    post = host.ok(
        "POST",
        "/posts",
        {
            "column_id": column["id"],
            "title": "周五晚上停水，请提前接水并关好每一层楼的水龙头",
            "body": body,
            "audience": [f"person:{number}"],
        },
    )
    path = f"/posts/{post['id']}"
    picture = host.upload(f"{path}/pictures", picture_bytes(size=(400, 200)))
    source = {
        "version": 1,
        "body": f"{body}\n\n![接水的地方](picture:{picture['id']})\n",
        "cover_id": picture["id"],
        "questions": ["business:B-001"],
    }
    host.ok("PUT", f"{path}/source", source)
    for action in ("submit", "publish"):
        host.ok("POST", f"{path}/transitions", {"action": action})
    phone = open_phone(reader.user, "pages/home/home", size=(320, 640))
    phone.tap("同意并开始")
    phone.says("看完请回复“收到”")
    assert phone.misfits() == []
    phone.tap("周五晚上停水")
    phone.says("周五 18:00 到 20:00。")
    assert phone.misfits() == []
    assert host.ok("GET", f"{path}/reach")["read"] == 1
    expect(phone.page.get_by_role("img", name="接水的地方")).to_be_visible()
    phone.tap("收到")
    phone.says("回复收到")
    phone.tap("练一练，1 道题")
    phone.says("第 1 题，共 1 题")
    assert phone.misfits() == []
    phone.tap("1024MB")
    phone.tap("就选")
    phone.says("为什么")
    phone.tap("看看结果")
    phone.says("回到文章")
    assert phone.misfits() == []
    phone.back()
    phone.tap("收藏")
    phone.says("已收藏")
    assert reader.ok("GET", "/posts?saved=true")["total"] == 1
    assert host.ok("GET", f"{path}/reach") == {
        "audience": 1,
        "read": 1,
        "confirmed": 1,
        "missing": [],
    }


def test_lesson_is_found_again_where_it_was_left_without_a_network(
    host: Phone, phones: list[Phone], open_phone: Callable[..., Handset]
) -> None:
    reader = phones[7]
    number = reader.ok("GET", "/me")["staff"]["number"]
    columns = host.ok("GET", "/posts/columns")["items"]
    column = next(column for column in columns if column["title"] == "上传下达")
    post = host.ok(
        "POST",
        "/posts",
        {
            "column_id": column["id"],
            "title": "流量单位小课",
            "body": "一起算一算。",
            "audience": [f"person:{number}"],
        },
    )
    path = f"/posts/{post['id']}"
    source = {
        "version": 1,
        "body": "一起算一算。",
        "questions": ["business:B-001", "business:B-002"],
    }
    host.ok("PUT", f"{path}/source", source)
    for action in ("submit", "publish"):
        host.ok("POST", f"{path}/transitions", {"action": action})
    phone = open_phone(reader.user, "pages/lesson/lesson", post=post["id"])
    phone.tap("同意并开始")
    phone.says("第 1 题，共 2 题")
    phone.tap("1024MB")
    phone.tap("就选")
    phone.tap("下一题")
    phone.says("第 2 题，共 2 题")
    phone.network("off")
    phone.go("pages/lesson/lesson", post=post["id"])
    phone.says("第 2 题，共 2 题")
    phone.tap("2分钟")
    phone.tap("就选")
    phone.says("已保存，等网络")
    phone.go("pages/lesson/lesson", post=post["id"])
    phone.says("已保存，等网络")
    phone.network("good")
    phone.says("正确答案：A")
