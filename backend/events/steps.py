"""What a host can do next: the next step, other steps, or what to wait for.

A step names the state to which it leads (the round, the number, the step of the ceremony), so that
a double tap, a repeat and a second host have the effect of one. Texts are in Chinese, as the hosts'
pages are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.events import lifecycle

NOTHING_TO_PRESS = "现在没有要按的。"
# The server treats any step beyond the last one of a ceremony as the last one.
WHOLE_BOARD = 60


@dataclass(frozen=True)
class Confirmation:
    """A question before a step that cannot be undone.

    `ok` has four characters at most, because buttons of WeChat's dialogs have no room for more.
    `danger` says that the step ends or takes away something before its time: its buttons are red.
    """

    title: str
    text: str
    ok: str
    danger: bool = False


@dataclass(frozen=True)
class HostStep:
    """A step of a host: a POST of `body` to `path` below `/api/v1`.

    `id` is the same for the same step from the same state.
    """

    id: str
    text: str
    path: str
    body: Mapping[str, Any] = field(default_factory=dict)
    ask: Confirmation | None = None


@dataclass(frozen=True)
class StepClock:
    """A countdown: when it ends, and its length in seconds.

    `left_ms` is None unless a pause has stopped it.
    """

    ends_at: int
    seconds: int
    left_ms: int | None = None


@dataclass(frozen=True)
class HostSteps:
    """The state of an activity or an event, and the steps of a host.

    `main` is the next sensible step; if it is None, `waits` says why.
    """

    title: str
    text: str = ""
    main: HostStep | None = None
    waits: str = NOTHING_TO_PRESS
    others: Sequence[HostStep] = ()
    clock: StepClock | None = None


SELF_RUNNING = HostSteps("大家自己玩", "这个环节不需要主持人推进。")
VOIDED = HostSteps("已作废", "这个环节已经作废，不再进行，它的分数都收回了。")
NO_ACTIVITY = HostSteps("没有环节", "这个活动还没有环节。")


def event_steps(event: Mapping[str, Any], players: int) -> HostSteps | None:
    """Return the steps that come before those of any activity; None while activities can be played.

    `event` is the headline (`view.headline`) with two facts more: `opens_ahead`, whether the planned
    opening is still to come, and `may_reopen`, whether it ended less than an hour ago. An event that
    is not open, is paused, or whose ceremony is on has steps of its own. `players` is the number of
    participants.
    """
    state = event["state"]
    if state == lifecycle.DRAFT:
        return _before_people_join(event)
    if state == lifecycle.SCHEDULED:
        return HostSteps(
            "活动已预约",
            f"加入码 {event['join_code']}，现在就能加入；到时间自动开始。",
            _open(event, "现在就开始？", "不等预约的时间，大家马上就能玩。"),
        )
    if state == lifecycle.ARCHIVED:
        return HostSteps("活动已归档", waits="活动已经归档，不能再改。")
    if event["reveal"]:
        return _ceremony(event, players)
    if state == lifecycle.CLOSED:
        if event["frozen"]:
            return HostSteps("活动已结束", "名次还封着，等你揭榜。", begin_reveal(event))
        return HostSteps("活动已结束", "榜单已经公布。")
    if event["paused"]:
        resume = _change(event, "resume", "继续")
        return HostSteps("已暂停", "所有计时都停住了，题目也收起来了。", resume)
    return None


def _before_people_join(event: Mapping[str, Any]) -> HostSteps:
    code = f"加入码 {event['join_code']}，开始以后才能加入。"
    if not _may_be_scheduled(event):
        return HostSteps("活动还没开始", code, _open_draft(event))
    text = f"{code}要让大家提前加入、到时间自动开始，按“预约开始”。"
    ask = Confirmation(
        "预约开始？", "大家马上能看到活动、提前加入；到开始时间自动开始。不能退回准备状态。", "预约"
    )
    return HostSteps("活动还没开始", text, _change(event, "schedule", "预约开始", ask=ask))


def _may_be_scheduled(event: Mapping[str, Any]) -> bool:
    """Whether a draft can open by itself: a rehearsal is opened by its host."""
    return bool(event["opens_ahead"]) and not event["rehearsal"]


def _open_draft(event: Mapping[str, Any]) -> HostStep:
    return _open(event, "开始活动？", "开始以后，大家就能加入，不能退回准备状态。")


def _open(event: Mapping[str, Any], title: str, text: str) -> HostStep:
    return _change(event, "open", "开始活动", ask=Confirmation(title, text, "开始"))


def _ceremony(event: Mapping[str, Any], players: int) -> HostSteps:
    step, of = event["reveal"]["step"], event["reveal"]["of"]
    # A board may have fewer places than the ceremony reveals; places without anybody are skipped.
    following = min(of, max(step + 1, of - players + 1))
    rank = of - following + 1
    text = "揭晓冠军，公布全榜" if rank <= 1 else f"揭晓第 {rank} 名"
    return HostSteps(
        "揭榜进行中",
        f"名次自下而上揭晓，现在第 {step} / {of} 步。",
        _change(event, "reveal", text, step=following),
    )


def begin_reveal(event: Mapping[str, Any]) -> HostStep:
    """Return the first step of the ceremony."""
    return _change(event, "reveal", "开始揭榜", step=1)


def board_steps(event: Mapping[str, Any]) -> list[HostStep]:
    """Return the steps for the board of the event: freeze and reveal."""
    if event["state"] not in (lifecycle.OPEN, lifecycle.CLOSED):
        return []
    if not event["frozen"]:
        return [_change(event, "freeze", "封榜")]
    ask = Confirmation(
        "直接公布全榜？", "名次马上全部公开，不能再一步一步揭榜。", "公布", danger=True
    )
    last = event["reveal"]["of"] if event["reveal"] else WHOLE_BOARD
    whole = _change(event, "reveal", "直接公布全榜", step=last, ask=ask)
    return [whole] if event["reveal"] else [begin_reveal(event), whole]


def clock_steps(event: Mapping[str, Any]) -> list[HostStep]:
    """Return the steps for the whole event: open, call off, pause, close, reopen, archive."""
    if event["state"] in (lifecycle.DRAFT, lifecycle.SCHEDULED):
        at_once = [_open_draft(event)] if event["state"] == lifecycle.DRAFT else []
        ask = Confirmation(
            "这个活动不办了？",
            "活动会归档，不能再开始；要办可以照它再建一个。",
            "不办了",
            danger=True,
        )
        return [*at_once, _change(event, "archive", "不办了", ask=ask)]
    if event["state"] == lifecycle.CLOSED:
        reopen = [_change(event, "reopen", "重新开放")] if event["may_reopen"] else []
        ask = Confirmation(
            "归档这个活动？",
            "归档以后不能再改，也不能重新开放；成绩、报告和下载都留着。",
            "归档",
            danger=True,
        )
        archive = [] if event["frozen"] else [_change(event, "archive", "归档", ask=ask)]
        return [*reopen, *archive]
    if event["state"] != lifecycle.OPEN:
        return []
    pause = [] if event["paused"] else [_change(event, "pause", "暂停")]
    return [*pause, close(event)]


def close(event: Mapping[str, Any]) -> HostStep:
    """Return the step that ends the event."""
    ask = Confirmation(
        "结束活动？", "结束以后不再计分。一小时内还可以重新开放。", "结束", danger=True
    )
    return _change(event, "close", "结束活动", ask=ask)


def _change(
    event: Mapping[str, Any],
    action: str,
    text: str,
    *,
    step: int | None = None,
    ask: Confirmation | None = None,
) -> HostStep:
    """Return the step of a transition of the event."""
    body = {"action": action} if step is None else {"action": action, "step": step}
    path = f"/events/{event['id']}/transitions"
    return HostStep(f"event-{action}-{step or ''}", text, path, body, ask)
