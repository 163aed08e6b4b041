"""What a host can do next in a contest. Pure."""

from collections.abc import Mapping
from typing import Any

from backend.activities.contest import rules
from backend.events.steps import SELF_RUNNING, Confirmation, HostStep, HostSteps, StepClock

WORDS = {
    rules.LOBBY: "等待开始",
    rules.QUESTION: "答题中",
    rules.REVEAL: "揭晓",
    rules.BOARD: "看排行",
    rules.PODIUM: "颁奖",
}
PHASE_NAMES = {rules.IDLE: "还没开始", **WORDS, rules.DONE: "已结束"}


class _Contest:
    """A contest that has begun, as hosts see it, and its steps."""

    def __init__(self, path: str, shown: Mapping[str, Any], present: int | None) -> None:
        self._path = path
        self._shown = shown
        self._present = present
        self._position = shown["position"]
        self._left = shown["rounds"] - self._position

    def lobby(self) -> HostSteps:
        """Wait for players."""
        there = "" if self._present is None else f"，{self._present} 部手机在场"
        return HostSteps(
            "候场中",
            f"共 {self._shown['rounds']} 题{there}。",
            self._act("next", "出第 1 题", 1),
            others=[self._act("dismiss", "取消候场")],
        )

    def question(self) -> HostSteps:
        """Take answers."""
        on = self._shown["round"]
        there = "" if self._present is None else f"，{self._present} 部手机在场"
        return HostSteps(
            self._title(f"第 {self._position} 题 / 共 {self._shown['rounds']} 题", "加赛题"),
            f"{on['answered']} 人已作答{there}。",
            self._act("reveal", "揭晓答案", self._position, self._ask_reveal(on)),
            clock=StepClock(on["ends_at"], on["seconds"], on["left_ms"] if on["paused"] else None),
        )

    def _ask_reveal(self, on: Mapping[str, Any]) -> Confirmation | None:
        """Return the confirmation of a reveal; None when time is up or all who are present have answered."""
        seconds = -(-on["left_ms"] // 1000)
        if seconds == 0 or (self._present and on["answered"] >= self._present):
            return None
        text = f"还有 {seconds} 秒。揭晓以后，没作答的人不能再答。"
        return Confirmation("现在就揭晓？", text, "揭晓")

    def reveal(self) -> HostSteps:
        """Show the key."""
        on = self._shown["round"]
        return HostSteps(
            self._title(f"第 {self._position} 题已揭晓", "加赛题已揭晓"),
            f"{on['answered']} 人作答，{on['right']} 人答对。",
            self._act("board", "看排行", self._position),
            others=self._onward(),
        )

    def board(self) -> HostSteps:
        """Show the order after a question."""
        first, *others = self._onward()
        return HostSteps(
            self._title(f"第 {self._position} 题之后的排行", "加赛之后的排行"),
            "题目都出完了。" if self._left <= 0 else f"还有 {self._left} 题。",
            first,
            others=others + self._playoff(),
        )

    def podium(self) -> HostSteps:
        """Show the first three."""
        return HostSteps(
            "颁奖台",
            "大屏上是前三名。",
            self._act("dismiss", "结束竞赛，回到榜单"),
            others=self._playoff(),
        )

    def _onward(self) -> list[HostStep]:
        """Return the step that follows a round: the next question, or the podium."""
        if self._left <= 0:
            return [self._act("podium", "颁奖")]
        following = self._position + 1
        ask = Confirmation(
            "现在就颁奖？", f"还有 {self._left} 题没出，颁奖以后不能再出。", "颁奖", danger=True
        )
        return [
            self._act("next", f"出第 {following} 题", following),
            self._act("podium", "提前颁奖", ask=ask),
        ]

    def _playoff(self) -> list[HostStep]:
        """Return the step that begins a playoff if players share one of the first three places."""
        ranks = [row["rank"] for row in self._shown["board"]["rows"] if row["rank"] <= 3]
        return [] if len(ranks) == len(set(ranks)) else [self._act("playoff", "并列的人加赛一题")]

    def _title(self, title: str, in_playoff: str) -> str:
        return in_playoff if self._shown["playoff"] else title

    def _act(
        self,
        action: str,
        text: str,
        position: int | None = None,
        ask: Confirmation | None = None,
    ) -> HostStep:
        return act(self._path, action, text, position, ask)


def act(
    path: str,
    action: str,
    text: str,
    position: int | None = None,
    ask: Confirmation | None = None,
) -> HostStep:
    """Return an action on a contest as a step; `position` is the round that it is about."""
    body = {"action": action} if position is None else {"action": action, "position": position}
    return HostStep(f"{action}-{position or ''}", text, path + "/actions", body, ask)


_SCENES = {
    rules.LOBBY: _Contest.lobby,
    rules.QUESTION: _Contest.question,
    rules.REVEAL: _Contest.reveal,
    rules.BOARD: _Contest.board,
    rules.PODIUM: _Contest.podium,
}


def steps(
    path: str, shown: Mapping[str, Any] | None, present: int | None, *, was_played: bool
) -> HostSteps:
    """Return the steps of a contest.

    `path` is its address. `shown` is what hosts see of it, None before it has begun. `present` is
    the number of connected phones, None if it is unknown.
    """
    if shown is not None:
        scene = _SCENES.get(shown["phase"])
        return scene(_Contest(path, shown, present)) if scene else SELF_RUNNING
    if was_played:
        return HostSteps(
            "比赛已经结束", "一场竞赛只比一次。", waits="可以去看榜单，或者封榜、揭榜。"
        )
    return HostSteps(
        "还没开始", "先候场：大屏显示加入码，大家就位。", act(path, "begin", "开始候场")
    )
