"""小队任务: owners find their own tasks on the phone and tick them off."""

from collections.abc import Callable

from tests.browser.phone import Handset
from tests.phones import Phone


def test_owner_ticks_a_task_off(
    host: Phone, phones: list[Phone], open_phone: Callable[..., Handset]
) -> None:
    owner = phones[5]
    event = host.ok("POST", "/events", {"template": "hunt", "title": "小队之夜"})
    number = owner.ok("GET", "/me")["staff"]["number"]
    path = f"/events/{event['id']}/crew/tasks"
    for title, minutes in (("领取奖品，清点数量", -1440), ("布置会场，检查投影、音响和网络", -120)):
        task = {"title": title, "duty": "后勤", "minutes": minutes, "owner": number}
        host.ok("POST", path, task)
    phone = open_phone(owner.user, "pages/me/me", size=(320, 640))
    phone.tap("同意并开始")
    phone.says("2 件")
    phone.tap("小队任务")
    phone.says("还有 2 件要做")
    phone.says("开场前 1 天")
    assert phone.misfits() == []
    phone.tap("完成：领取奖品，清点数量")
    phone.says("还有 1 件要做")
    tasks = host.ok("GET", f"/events/{event['id']}/crew")["tasks"]
    own = [task["state"] for task in tasks if task["owner"]]
    assert own == ["done", "open"]
    phone.tap("重新打开：领取奖品，清点数量")
    phone.says("还有 2 件要做")
