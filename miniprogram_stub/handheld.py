"""A phone in the terminal: a menu, with a line of input for each tap.

A command is a number or a name, followed by its arguments: `绑定工号 200001 Q8VRVN`. It asks for
missing arguments. The lines may come from a pipe.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from rich.console import Console
from rich.markup import escape

from miniprogram_stub import games, pictures
from miniprogram_stub.games import NothingOn
from miniprogram_stub.program import MiniProgram, Refused
from miniprogram_stub.protocol import PATHS, TITLES, activity_path

# Storage keys: the event that this phone joined, its activities by kind, and the question that is open.
EVENT, ACTIVITIES, DIG = "event", "activities", "dig"
SCOPES = {"个人": "players", "班组": "teams"}

Read = Callable[[str], str]


class PhonePutAway(Exception):
    """The user has left, or the input has ended."""


class NotYet(Exception):
    """Another command has to come first; the text says which."""


class Handheld:
    """A menu over the mini program. `read` asks for a line and raises `PhonePutAway` at the end."""

    def __init__(self, program: MiniProgram, console: Console, read: Read) -> None:
        self._program = program
        self._console = console
        self._read = read
        self._commands: dict[str, Callable[[list[str]], None]] = {
            "登录": self._log_in,
            "绑定工号": self._bind,
            "输入加入码": self._join,
            "看地图": self._map,
            "挖宝": self._dig,
            "答题": self._answer,
            "来电了": self._snooze,
            "我的得分": self._score,
            "排行榜": self._board,
            "错题本": self._wrong_questions,
            **{name: partial(self._game, name) for name in games.COMMANDS},
            "退出": self._leave,
        }

    def use(self) -> None:
        """Run commands until the user leaves; raises `ServerAway`."""
        self._show_menu()
        try:
            while True:
                self._obey(self._read("> ").split())
        except PhonePutAway:
            self._console.print("再见。")

    def _obey(self, words: list[str]) -> None:
        if not words:
            return
        command = self._command(words[0])
        if command is None:
            self._console.print(f"没有“{escape(words[0])}”这一项。", style="yellow")
            self._show_menu()
            return
        try:
            command(words[1:])
        except Refused as refusal:
            self._console.print(f"✗ {escape(str(refusal))}", style="red")
        except (NotYet, NothingOn) as reason:
            self._console.print(f"✗ {reason}", style="yellow")

    def _command(self, word: str) -> Callable[[list[str]], None] | None:
        names = list(self._commands)
        if word.isascii() and word.isdigit() and int(word) < len(names):
            return self._commands[names[int(word) - 1]]
        return self._commands.get(word)

    def _show_menu(self) -> None:
        names = list(self._commands)
        items = [f"{(place + 1) % len(names)} {name}" for place, name in enumerate(names)]
        self._console.print("  ".join(items), style="cyan")

    def _ask(self, words: list[str], place: int, question: str) -> str:
        return words[place] if len(words) > place else self._read(f"{question}：").strip()

    def _log_in(self, _: list[str]) -> None:
        self._program.sign_in()
        self._show_me(self._program.get(PATHS["me"]))

    def _bind(self, words: list[str]) -> None:
        number, code = self._ask(words, 0, "工号"), self._ask(words, 1, "邀请码")
        proof = {"staff_number": number, "invite_code": code}
        self._show_me(self._program.post(PATHS["binding"], proof))

    def _show_me(self, me: dict[str, Any]) -> None:
        self._console.print(f"✓ {escape(pictures.who(me))}", style="green")

    def _join(self, words: list[str]) -> None:
        code = self._ask(words, 0, "加入码")
        event = self._program.post(PATHS["join"], {"code": code})["event"]
        activities = {item["kind"]: item["id"] for item in reversed(event["activities"])}
        self._program.phone.set_storage(EVENT, event["id"])
        self._program.phone.set_storage(ACTIVITIES, activities)
        self._program.phone.remove_storage(DIG)
        titles = [TITLES.get(kind, kind) for kind in reversed(activities)]
        self._console.print(
            f"✓ 已加入“{escape(event['title'])}”：{'、'.join(titles)}", style="green"
        )

    def _game(self, name: str, words: list[str]) -> None:
        kind, command = games.COMMANDS[name]
        path = activity_path(kind, self._activity(kind))
        self._console.print(command(self._program, path, words))

    def _map(self, _: list[str]) -> None:
        hunt = self._program.get(activity_path("hunt", self._activity("hunt")))
        self._console.print(pictures.hunt_map(hunt))
        self._console.print(pictures.progress(hunt))
        if hunt["current_dig"]:
            self._open(hunt["current_dig"])

    def _dig(self, words: list[str]) -> None:
        hunt = activity_path("hunt", self._activity("hunt"))
        place = self._ask(words, 0, "在哪里挖（地点的名字或代号）")
        sites = self._program.get(hunt)["sites"]
        keys = {site["title"]: site["key"] for site in sites}
        site = keys.get(place, place)
        self._open(self._program.post(f"{hunt}/digs", {"site": site}))

    def _open(self, dig: dict[str, Any]) -> None:
        self._program.phone.set_storage(DIG, dig["id"])
        self._console.print(pictures.question(dig))

    def _answer(self, words: list[str]) -> None:
        path = self._dig_path()
        letters = "".join(words) or self._ask(words, 0, "选哪几项（如 B 或 ACD，判断题 对 / 错）")
        said = self._program.post(f"{path}/answer", {"choice": pictures.choice(letters)})
        self._program.phone.remove_storage(DIG)
        self._console.print(pictures.verdict(said))

    def _snooze(self, _: list[str]) -> None:
        self._console.print(pictures.question(self._program.post(f"{self._dig_path()}/snooze")))

    def _score(self, _: list[str]) -> None:
        path = f"/events/{self._event()}"
        standing = self._program.get(f"{path}/me")["standing"]
        self._console.print(pictures.receipt(self._program.get(f"{path}/receipts")))
        self._console.print(pictures.standing(standing))

    def _board(self, words: list[str]) -> None:
        path = f"/events/{self._event()}/leaderboards/event"
        scope = SCOPES.get(words[0], "players") if words else "players"
        self._console.print(pictures.board(self._program.get(path, scope=scope, top=10)))
        if scope == "players":
            around = self._program.get(path, around="me")
            if around["me"]:
                self._console.print(pictures.board(around, title="我的附近"))

    def _wrong_questions(self, _: list[str]) -> None:
        found = self._program.get(
            f"{activity_path('hunt', self._activity('hunt'))}/wrong-questions"
        )
        self._console.print(pictures.wrong_questions(found))

    def _leave(self, _: list[str]) -> None:
        raise PhonePutAway

    def _event(self) -> int:
        joined: int | None = self._program.phone.get_storage(EVENT)
        if joined is None:
            raise NotYet("请先输入加入码。")
        return joined

    def _activity(self, kind: str) -> int:
        """Return the first activity of a kind in the event; raises `NotYet`."""
        self._event()
        activities: dict[str, int] = self._program.phone.get_storage(ACTIVITIES, {})
        if kind not in activities:
            raise NotYet(f"这个活动里没有{TITLES[kind]}。")
        return activities[kind]

    def _dig_path(self) -> str:
        hunt_id, dig_id = self._activity("hunt"), self._program.phone.get_storage(DIG)
        if dig_id is None:
            raise NotYet("还没有打开的题目，请先挖宝。")
        return f"{activity_path('hunt', hunt_id)}/digs/{dig_id}"
