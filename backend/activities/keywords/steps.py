"""What a host can do next with announced words. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.activities.keywords import rules
from backend.events.steps import Confirmation, HostStep, HostSteps

WORDS = {rules.OPEN: "进行中", rules.OVER: "这一轮结束"}


def steps(path: str, words: Sequence[Mapping[str, Any]], *, is_on: bool) -> HostSteps:
    """Return the steps of an activity.

    `path` is its address. `words` are all its words as hosts see them, by number. `is_on` says
    whether the screen shows any.
    """
    if any(word["state"] == rules.OPEN for word in words):
        return _running(path, [word for word in words if word["left_ms"] > 0])
    prepared = next((word for word in words if word["state"] == rules.PREPARED), None)
    dismiss = [HostStep("dismiss", "从大屏收起", path + "/dismiss")] if is_on else []
    if prepared is None:
        title = "关键词都用完了" if words else "还没有准备关键词"
        return HostSteps(title, "在控制台里可以准备新的。", next(iter(dismiss), None))
    announce = HostStep(
        f"open-{prepared['id']}",
        f"公布关键词：{prepared['text']}",
        path + "/open",
        {"word_ids": [prepared["id"]]},
        Confirmation("现在公布？", "大屏和手机马上看到，计时马上开始，不能收回。", "公布"),
    )
    return HostSteps("下一个关键词准备好了", _terms(prepared), announce, others=dismiss)


def _terms(word: Mapping[str, Any]) -> str:
    if word["decoy"]:
        return f"{word['seconds']} 秒。这是幌子：回复它的人不得分。"
    won = f"得 {word['points']} 分" if word["points"] else "有效，不计分"
    return f"{word['seconds']} 秒，前 {word['places']} 名{won}。"


def _running(path: str, on_now: Sequence[Mapping[str, Any]]) -> HostSteps:
    ids = [word["id"] for word in on_now]
    return HostSteps(
        f"正在回复：{'、'.join(word['text'] for word in on_now)}",
        f"{sum(word['taken'] for word in on_now)} 人回复对了。",
        waits="时间到自动结束。",
        others=[
            HostStep(
                f"close-{'-'.join(map(str, ids))}",
                "提前结束",
                path + "/close",
                {"word_ids": ids},
                Confirmation("提前结束？", "结束以后，再回复不算。", "结束", danger=True),
            )
        ],
    )
