"""What a host can do next in a raffle. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.activities.raffle import view
from backend.activities.raffle.pools import EVERYBODY
from backend.activities.raffle.stage import DRAW, WINNERS
from backend.events.steps import Confirmation, HostStep, HostSteps

WORDS = {
    view.CALLING: "请上台",
    view.COMMITTED: "名单已锁定",
    view.DRAWING: "抽奖中",
    view.DRAWN: "已抽完",
    view.REVEALED: "种子已公布",
    view.ABANDONED: "已作废",
    WINNERS: "中奖名单",
}
AUDIT_WORDS = {DRAW: "抽奖", WINNERS: "中奖名单", "digest": "承诺值"}


def steps(
    path: str,
    prizes: Sequence[Mapping[str, Any]],
    draws: Sequence[Mapping[str, Any]],
    *,
    is_on: bool,
    is_anybody_left: bool,
) -> HostSteps:
    """Return the steps of a raffle.

    `path` is its address. `prizes` and `draws` are all of them in their order. `is_on` says whether
    the screen shows any, `is_anybody_left` whether somebody of the staff has not won yet; without
    them, only prizes for earlier winners can be drawn.
    """
    draw = draws[-1] if draws else None
    screens = [_stage(path, DRAW, "大屏看这次抽奖"), _stage(path, WINNERS, "大屏看全部中奖人")]
    if is_on:
        screens.append(_stage(path, None, "从大屏收起"))
    if draw is not None and draw["state"] in (view.COMMITTED, view.DRAWING):
        # A pool that is too small gives fewer winners.
        count = min(draw["count"], draw["pool_size"])
        ask = Confirmation(
            "现在开抽？", "抽出来就不能重抽。要带上现场喊的词，请在控制台的抽奖面板里开抽。", "开抽"
        )
        return HostSteps(
            draw["prize"],
            f"名单已锁定，{draw['pool_size']} 人里抽 {count} 名。",
            _act(path, draw, "draw", f"抽 {count} 名", {"upto": draw["count"]}, ask),
            others=screens,
        )
    left = [one for one in prizes if one["left"] > 0]
    prize = next((one for one in left if is_anybody_left or (draws and one["again"])), None)
    number = draw["number"] + 1 if draw else 1
    commit = _commit(path, prize, number) if prize else None
    if draw is None:
        title, others = "还没抽奖", list[HostStep]()
    else:
        title = f"{draw['prize']}{'已作废' if draw['state'] == view.ABANDONED else '已抽完'}"
        others = _verification(path, draw) + screens
    if prize:
        text = f"下一个：{prize['title']}，{prize['left']} 名，{EVERYBODY}。"
    elif not left:
        text = "没有剩下的奖品。"
    elif draws:
        text = "奖品还有剩，参加活动的员工都中过奖了。要让亲友参加，请在控制台的抽奖面板里定奖池。"
    else:
        text = "还没有员工加入活动，有人加入以后才能抽。"
    if commit is None and is_on:
        commit = screens[-1]
    return HostSteps(title, text, commit, others=others)


def _commit(path: str, prize: Mapping[str, Any], number: int) -> HostStep:
    body = {"prize_id": prize["id"], "count": prize["left"], "number": number}
    return HostStep(f"commit-{number}", f"定奖池：{prize['title']}", path + "/draws", body)


def _verification(path: str, draw: Mapping[str, Any]) -> list[HostStep]:
    if draw["state"] != view.DRAWN:
        return []
    ask = Confirmation("公布种子？", "公布以后，没来领的奖不能再补抽。", "公布")
    return [_act(path, draw, "reveal", "公布种子，人人可查", {}, ask)]


def _stage(path: str, showing: str | None, text: str) -> HostStep:
    return HostStep(f"stage-{showing}", text, path + "/stage", {"showing": showing})


def _act(
    path: str,
    draw: Mapping[str, Any],
    action: str,
    text: str,
    body: Mapping[str, Any],
    ask: Confirmation,
) -> HostStep:
    return HostStep(
        f"{action}-{draw['id']}", text, f"{path}/draws/{draw['id']}/{action}", body, ask
    )
