"""What an evening prints on the terminal: progress, final boards, injected faults, the verdict."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from miniprogram_stub import pictures
from miniprogram_stub.anniversary.phone import ATTENDED
from miniprogram_stub.evening import Evening, Recount
from miniprogram_stub.faults import KINDS
from miniprogram_stub.host import JoinableEvent
from miniprogram_stub.hunt import EVENT_OVER, FINISHED, STOPPED, WALKED_AWAY
from miniprogram_stub.live.evening import LiveEvening

SHOWN_DIFFERENCES = 40
PODIUM = 10

FAULTS = dict(
    zip(
        KINDS,
        ("未到服务器就丢失", "服务器已处理、答复丢失", "同一请求发了两次", "延迟", "切到后台"),
        strict=True,
    )
)
OUTCOMES = {
    ATTENDED: "全程参加",
    WALKED_AWAY: "中途离开",
    EVENT_OVER: "活动结束时还在玩",
    STOPPED: "被叫停",
    "staff_only": "亲友身份，不能计分",
    "not_your_sitting": "不在自己的场次",
    "event_not_open": "活动尚未开放",
    "banned": "被禁止参加",
    "kicked": "被移出活动",
    "unknown_join_code": "加入码不对",
}
NOTES = {
    "logins": "登录（含静默重新登录）",
    "tokens_ended": "登录过期后重新登录",
    "network_failures": "没有收到答复的请求",
    "retries": "重试",
    "counts_lost": "服务器说丢了计数",
    "asked_to_wait": "被要求稍后再来",
    "double_taps": "连点两次",
    "sockets_lost": "长连接断开",
    "sockets_refused": "长连接打不开",
    "repeated": "没听到答复，再发一次",
    "over_http": "改用普通请求提交",
    "round_over": "晚了一步",
    "already_voted": "重复投票，被拒绝",
    "poll_closed": "投票截止后才到，被拒绝",
    "keyword_hit": "抢到关键词",
    "keyword_places_gone": "答对了，名额已满",
    "guess_near": "猜得很接近",
    "guess_wrong": "没猜中",
    "turn_over": "这一轮已经结束",
    "not_drawing_yet": "画手还在选词",
    "already_chosen": "词已经选定",
    "strokes_missing": "前面的笔画没有送到，补发",
    "gives_answer_away": "想说出答案，被拦下",
    "joined_late": "题目开始后才到",
    "snoozed": "来电了",
    "gave_up": "放弃作答",
    "deadline_passed": "超时",
    "event_paused": "遇到暂停",
    "internal": "服务器内部错误",
}


class EveningBar(ABC):
    """The progress bar of an evening, shown while the block runs; `fields` are its counts."""

    def __init__(
        self, console: Console, evening: Evening, title: str, counts: Sequence[str], **fields: Any
    ) -> None:
        self.evening = evening
        self._progress = Progress(
            TextColumn(title),
            BarColumn(),
            *(TextColumn(count) for count in counts),
            TextColumn("{task.fields[faults]} 次故障"),
            TimeElapsedColumn(),
            console=console,
        )
        self._task: TaskID = self._progress.add_task("", faults=0, **fields)

    def __enter__(self) -> "EveningBar":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.show()
        self._progress.stop()

    def show(self) -> None:
        """Show how far the evening is."""
        faults = self.evening.injected().total()
        self._progress.update(self._task, faults=faults, **self.counted())

    @abstractmethod
    def counted(self) -> dict[str, Any]:
        """Return the present counts."""


class Bar(EveningBar):
    """The progress of a hunt: questions dealt with, of those planned."""

    def __init__(self, console: Console, evening: Evening, guessed_digs: int) -> None:
        counts = "{task.completed:.0f}/{task.total:.0f} 题", "{task.fields[answers]} 个答案已确认"
        super().__init__(console, evening, "挖宝中", counts, total=1, answers=0)
        self._guessed = guessed_digs

    def counted(self) -> dict[str, Any]:
        """Return how far the phones are; a phone that left early has nothing more to do."""
        tallies = [phone.tally for phone in self.evening.phones]
        planned = sum(
            tally.digs_done if tally.outcome else tally.digs_planned or self._guessed
            for tally in tallies
        )
        return {
            "total": max(planned, 1),
            "completed": sum(tally.digs_done for tally in tallies),
            "answers": len(self.evening.journal),
        }


class LiveBar(EveningBar):
    """The progress of a live game: what was acknowledged, and what went wrong."""

    def __init__(self, console: Console, evening: Evening) -> None:
        counts = "{task.fields[seated]} 部手机入场", "{task.fields[told]} 次确认"
        super().__init__(console, evening, "进行中", counts, total=None, seated=0, told=0)

    def counted(self) -> dict[str, Any]:
        """Return how many phones have joined, and how much was acknowledged."""
        seated = sum(phone.seat is not None for phone in self.evening.phones)
        return {"seated": seated, "told": len(self.evening.journal)}


def bar(console: Console, evening: Evening, guessed_digs: int) -> EveningBar:
    """Return the progress bar of an evening."""
    if isinstance(evening, LiveEvening):
        return LiveBar(console, evening)
    return Bar(console, evening, guessed_digs)


def announce_waiting(console: Console) -> None:
    """Print who leads an event that existed before, and how to stop."""
    console.print("等主持人推进活动；按 Ctrl-C 结束，并核对已经玩过的部分。")


def announce(
    console: Console, evening: Evening, event: JoinableEvent | None, join_code: str
) -> None:
    """Print what is played where, before it begins."""
    if event:
        console.print(f"{event.title}（活动 {event.event_id}）", style="bold")
        if event.screen_path:
            console.print(f"大屏：{evening.servers.url}{event.screen_path}", soft_wrap=True)
    console.print(
        f"加入码 {join_code}，{len(evening.phones)} 部手机，随机种子 {evening.seed}", markup=False
    )


def print_boards(console: Console, evening: Evening) -> None:
    """Print the first ten people and the first ten teams."""
    people = evening.board("players", PODIUM)
    console.print(pictures.board(people, title=f"个人榜（共 {people['total']} 人）"))
    teams = evening.board("teams", PODIUM)
    console.print(pictures.board(teams, title=f"班组榜（共 {teams['total']} 个班组）"))


def print_tallies(console: Console, evening: Evening) -> None:
    """Print the injected faults, the outcomes of the phones, and what happened meanwhile."""
    injected = evening.injected()
    if injected:
        console.print(_counts("注入的故障", FAULTS, injected))
    console.print(_counts("手机的结局", _outcomes(evening), evening.outcomes()))
    notes = evening.notes()
    if notes:
        console.print(_counts("途中发生的事", NOTES, notes))
    console.print(f"已确认的答案：{len(evening.journal)} 个")


def outcomes_in_words(evening: Evening) -> str:
    """Return the outcomes of the phones, in a line."""
    outcomes, names = evening.outcomes(), _outcomes(evening)
    keys = _ordered(names, outcomes)
    return "，".join(f"{names.get(key, key)}（{outcomes[key]}）" for key in keys)


def _outcomes(evening: Evening) -> dict[str, str]:
    return {FINISHED: evening.finished, **OUTCOMES}


def print_verdict(console: Console, evening: Evening, recount: Recount) -> None:
    """Print whether journal and server agree, and where they do not."""
    for phone, slug in recount.unread.items():
        console.print(f"{phone} 的明细读不到（{slug}），没有核对。", style="yellow")
    differences = recount.differences
    for difference in differences[:SHOWN_DIFFERENCES]:
        console.print(
            f"{difference.kind}  {difference.phone}  {difference.text}", style="red", markup=False
        )
    if len(differences) > SHOWN_DIFFERENCES:
        console.print(f"……另有 {len(differences) - SHOWN_DIFFERENCES} 处", style="red")
    if differences:
        console.print(f"核对不符：{len(differences)} 处不一致。", style="bold red")
        return
    answers = len(evening.journal)
    console.print(f"核对无误：{answers} 个已确认的答案都在账上，榜单一致。", style="bold green")


def _counts(title: str, names: Mapping[str, str], counts: Mapping[str, int]) -> Table:
    table = Table("", "次数", title=title, show_header=False)
    for key in _ordered(names, counts):
        table.add_row(names.get(key, key), str(counts[key]))
    return table


def _ordered(names: Mapping[str, str], counts: Mapping[str, Any]) -> Sequence[str]:
    known = [key for key in names if counts.get(key)]
    return known + sorted(key for key in counts if key not in names and counts[key])
