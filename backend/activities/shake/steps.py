"""What a host can do next in a shake. Pure."""

from collections.abc import Mapping
from typing import Any

from backend.activities.shake import rules
from backend.activities.shake.rounds import COUNTDOWN, COUNTING, PODIUM, RUNNING
from backend.events.steps import Confirmation, HostStep, HostSteps, StepClock

WORDS = {COUNTDOWN: "倒数", RUNNING: "进行中", COUNTING: "统计中", PODIUM: "颁奖"}
# A draw among those who shake needs more input than one button, so it is no step.
MODES = {
    rules.RACE: "比手速",
    rules.TUG: "班组拔河",
    rules.LUCK: "拼手气",
    rules.CASH: "数钱",
    rules.PACKETS: "红包雨",
}
MODE_NAMES = {**MODES, rules.DRAW: "摇奖"}


def steps(path: str, shown: Mapping[str, Any] | None, last_number: int) -> HostSteps:
    """Return the steps of a shake.

    `path` is its address. `shown` is what hosts see of it, None while nothing is on. `last_number`
    is the number of the last round, 0 before the first.
    """
    rounds = _rounds(path, last_number + 1)
    if shown is None:
        return HostSteps(
            "没有在摇", "按下后先倒数四秒，请大家拿好手机。", rounds[0], others=rounds[1:]
        )
    on = shown["round"]
    if shown["phase"] == COUNTING:
        return HostSteps("统计中", waits="马上就有结果。")
    if shown["phase"] == PODIUM:
        return HostSteps(
            f"第 {on['number']} 轮的结果",
            f"{shown['podium']['shakers']} 人参加。",
            HostStep(
                f"dismiss-{on['id']}",
                "收起结果，回到榜单",
                f"{path}/rounds/{on['id']}/dismiss",
            ),
            others=rounds,
        )
    ask = Confirmation("取消这一轮？", "这一轮谁都不得分，不能恢复。", "取消本轮", danger=True)
    return HostSteps(
        "倒数中" if shown["phase"] == COUNTDOWN else "正在进行",
        f"第 {on['number']} 轮，{MODE_NAMES[on['mode']]}。",
        waits="时间一到自动统计。",
        others=[
            HostStep(
                f"cancel-{on['id']}", "取消这一轮", f"{path}/rounds/{on['id']}/cancel", ask=ask
            )
        ],
        clock=StepClock(on["ends_at"], on["seconds"], on["left_ms"] if on["paused"] else None),
    )


def _rounds(path: str, number: int) -> list[HostStep]:
    """Return a step for a round of each mode; the round's number makes a repeat harmless."""
    return [
        HostStep(
            f"round-{number}-{mode}",
            f"开始一轮：{word}",
            path + "/rounds",
            {"mode": mode, "number": number},
        )
        for mode, word in MODES.items()
    ]
