"""What a host can do next in a game of drawing and guessing. Pure."""

from collections.abc import Mapping
from typing import Any

from backend.activities.drawing.view import GALLERY, PLAYING
from backend.events.steps import Confirmation, HostStep, HostSteps

_CLOSE = Confirmation("直接收起？", "不在大屏上公布最佳画作，也不能再投。", "收起", danger=True)
WORDS = {PLAYING: "进行中", GALLERY: "画展"}


def steps(path: str, shown: Mapping[str, Any] | None, *, was_played: bool) -> HostSteps:
    """Return the steps of a game.

    `path` is its address. `shown` is what hosts see of it, None before it begins and after it is
    finished.
    """
    if shown is None and was_played:
        return HostSteps("你画我猜已结束", "得分都在榜单里。")
    if shown is None:
        ask = Confirmation(
            "现在开始画？", "在场的人马上分好座位，第一位开始选词。只能开始一次。", "开始"
        )
        begin = HostStep("begin", "开始你画我猜", path + "/begin", ask=ask)
        return HostSteps("还没开始", "在场的人会自动分好房间。", begin)
    if shown["phase"] == GALLERY and shown["winners"] is not None:
        finish = HostStep("finish", "收起画展，回到榜单", path + "/finish")
        return HostSteps("最佳画作", "票数已经公布，大屏上是得票最多的画。", finish)
    if shown["phase"] == GALLERY:
        ask = Confirmation("结束投票？", "大屏公布最佳画作和票数，不能再投。", "公布")
        return HostSteps(
            "画展",
            f"{shown['drawings']} 幅画，大家正在投票选最佳。",
            HostStep("end_voting", "公布最佳画作", path + "/end-voting", ask=ask),
            others=[HostStep("finish", "不公布，直接收起", path + "/finish", ask=_CLOSE)],
        )
    ask = Confirmation(
        "现在就结束？", "正在画的这一轮按现有的结果计分，不能恢复。", "结束", danger=True
    )
    return HostSteps(
        "大家正在画和猜",
        "轮流作画，时间到自动换人，最后进入画展。",
        waits="不用按，会自己进行。",
        others=[HostStep("finish", "结束游戏", path + "/finish", ask=ask)],
    )
