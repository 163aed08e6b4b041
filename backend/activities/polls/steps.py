"""What a host can do next with polls. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.activities.polls.rules import FEWEST
from backend.activities.polls.service import CLOSED, DRAFT, OPEN
from backend.events.steps import Confirmation, HostStep, HostSteps

WORDS = {DRAFT: "草稿", OPEN: "进行中", CLOSED: "已截止"}


@dataclass(frozen=True)
class PollStage:
    """The state of a poll; `valid` is the number of valid ballots, `too_few` says that it is
    anonymous and that these are not enough for results."""

    id: int
    title: str
    state: str
    on_screen: bool
    results_shown: bool
    valid: int
    too_few: bool = False


def steps(path: str, polls: Sequence[PollStage]) -> HostSteps:
    """Return the steps of the poll that comes first now.

    That is an open one, else the one on the screen, else the next draft, else the last one. `polls`
    are in the order of their numbers; `path` is the address of their activity.
    """
    poll = _first(polls)
    if poll is None:
        return HostSteps("还没有投票", "请先在控制台里建一个投票。")
    votes = f"{poll.valid} 张有效票。"
    stage = (
        _act(path, poll, "dismiss", "从大屏收起")
        if poll.on_screen
        else _act(path, poll, "stage", "放到大屏")
    )
    if poll.state == DRAFT:
        ask = Confirmation("开始投票？", "开始以后题目和规则不能再改，只能更正文字。", "开始")
        begin = _act(path, poll, "open", "开始投票", ask)
        return HostSteps(poll.title, "还没开始。", begin)
    if poll.state == OPEN:
        ask = Confirmation("结束投票？", f"现在有 {votes}结束以后不能再投。", "结束")
        remind = HostStep(f"remind-{poll.id}", "提醒没投的人", f"{path}/polls/{poll.id}/reminders")
        close = _act(path, poll, "close", "结束投票", ask)
        return HostSteps(poll.title, f"正在投票，{votes}", close, others=[stage, remind])
    if poll.too_few:
        off = stage if poll.on_screen else None
        return HostSteps(
            poll.title,
            f"已截止，{votes}匿名投票不满 {FEWEST} 票不公布结果，免得猜出谁投了谁。",
            off,
            others=[] if off else [stage],
        )
    if not poll.results_shown:
        show = _act(path, poll, "show", "公布结果")
        return HostSteps(poll.title, f"已截止，{votes}", show, others=[stage])
    hide = _act(path, poll, "hide", "收回结果")
    shown = f"结果已公布，{votes}"
    if poll.on_screen:
        return HostSteps(poll.title, shown, stage, others=[hide])
    return HostSteps(poll.title, shown, others=[stage, hide])


def _first(polls: Sequence[PollStage]) -> PollStage | None:
    for fits in (
        lambda poll: poll.state == OPEN,
        lambda poll: poll.on_screen,
        lambda poll: poll.state == DRAFT,
    ):
        found = next(filter(fits, polls), None)
        if found is not None:
            return found
    return polls[-1] if polls else None


def _act(
    path: str, poll: PollStage, action: str, text: str, ask: Confirmation | None = None
) -> HostStep:
    address = f"{path}/polls/{poll.id}/actions"
    return HostStep(f"{action}-{poll.id}", text, address, {"action": action}, ask)
