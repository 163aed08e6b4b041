"""An afternoon on which everything is played at once: each page of the mini program has something to show."""

import json
from typing import Any

from playwright.sync_api import Page

from tests.browser.contest_hall import ContestHall
from tests.browser.drawing_hall import DrawingHall
from tests.browser.hall import Hall
from tests.browser.poll_hall import PollHall
from tests.browser.raffle_hall import RaffleHall
from tests.browser.shake_hall import ShakeHall
from tests.browser.word_hall import WordHall
from tests.installation import Installation, until
from tests.phones import Phone
from tests.support import Keys

# As in lib/consent.js: pages are shown to people who have agreed.
CONSENT = {"version": "2026-11-28", "at": 1}
# Where the pages of each kind belong; all others are about the hunt.
KINDS = {
    "contest": "contest",
    "shake": "shake",
    "drawing": "drawing",
    "polls": "polls",
    "ballot": "polls",
    "suggestions": "polls",
    "propose": "polls",
    "keywords": "keywords",
    "raffle": "raffle",
}
LONG_NAME = "高原客户服务中心夜间综合业务支撑与投诉升级处理专席第一百二十八小组合唱《我和我的祖国》"
# An event for each kind, so that the big screen shows one of them.
TEMPLATES = {
    "hunt": "hunt",
    "contest": "contest",
    "shake": "shake",
    "drawing": "drawing",
    "polls": "anniversary",
    "keywords": "anniversary",
    "raffle": "anniversary",
}
SUGGESTIONS = (
    "去拉鲁湿地过林卡，带上卡垫和甜茶，各班组轮流去",
    "办一次班组合唱，请家里人来当评委",
    "请食堂做一次藏面",
)
SITES = ("pass", "tower", "lake", "tent", "tent", "valley")
LONG_SECONDS = 900


class Afternoon:
    """Seven events that are open; the first of `phones` is the person whose pages are looked at."""

    def __init__(self, installation: Installation, host: Phone, phones: list[Phone]) -> None:
        self.installation = installation
        self.host = host
        self.phones = phones
        self.halls = {kind: self._hall(template) for kind, template in TEMPLATES.items()}
        self._query: dict[str, Any] = {}
        self._play_hunt()
        self._play_contest()
        self._play_shake()
        self._vote()
        self._reply()
        self._raffle()
        self._celebrate()

    def _hall(self, template: str) -> Hall:
        event = self.host.ok("POST", "/events", {"template": template})
        hall = Hall(self.installation, self.host, event)
        hall.host_does("open")
        hall.join(*self.phones)
        return hall

    def _play_hunt(self) -> None:
        hall = self.halls["hunt"]
        hunt = f"/hunts/{hall.activity_id}"
        for phone in self.phones:
            phone.dig(hunt, SITES, Keys())
        dig = self.phones[0].ok("POST", f"{hunt}/digs", {"site": "meadow"})
        self._query["dig"] = dig["id"]
        self.installation.change(
            "UPDATE dig SET limit_seconds = ? WHERE id = ?", LONG_SECONDS, dig["id"]
        )

    def _play_contest(self) -> None:
        contest = ContestHall(self.halls["contest"])
        contest.play(1, self.phones[:8], self.phones[8:])
        contest.play(2, self.phones[:5], self.phones[5:])

    def ask(self) -> None:
        """Let the host of the contest ask the next question, which some answer."""
        contest = ContestHall(self.halls["contest"])
        asked = contest.show(3)
        for phone in self.phones[1:6]:
            contest.answer(phone, asked)

    def _play_shake(self) -> None:
        shake = ShakeHall(self.halls["shake"])
        shake.finish(self.begin_race())
        path = f"/shakes/{shake.hall.activity_id}"
        until(lambda: self.host.ok("GET", path)["podium"], 30, "the race has a podium")

    def begin_race(self) -> dict[str, Any]:
        """Let a race run, in which the first six have shaken; returns the round."""
        shake = ShakeHall(self.halls["shake"])
        round_ = shake.start("race", seconds=40)
        for at, phone in enumerate(self.phones[:6]):
            shake.shake(phone, round_, 6 + 2 * at)
        return round_

    def draw(self) -> None:
        """Let a turn of drawing begin, with a line on the canvas."""
        drawing = DrawingHall(self.halls["drawing"])
        turn = drawing.begin()
        players = {
            phone.ok("GET", f"/events/{drawing.hall.id}/me")["player"]["id"]: phone
            for phone in self.phones
        }
        drawer = drawing.drawer(turn, players)
        drawing.choose(drawer, turn)
        drawing.draw(drawer, turn, 0)

    def _vote(self) -> None:
        polls = PollHall(self.halls["polls"])
        polls.open("格桑花开", LONG_NAME, "洗衣歌", method="multiple", most_choices=2)
        for at, phone in enumerate(self.phones[1:9]):
            polls.vote(phone, at % 3)
        polls.act("show", display="bars")
        self._query["poll"] = polls.path.rsplit("/", 1)[1]
        path = f"/polls/{polls.activity_id}/suggestions"
        for phone, text in zip(self.phones, SUGGESTIONS, strict=False):
            phone.ok("POST", path, {"text": text})

    def _reply(self) -> None:
        words = WordHall(self.halls["keywords"])
        words.announce("格桑花开", places=20, points=20, seconds=LONG_SECONDS)
        words.reply(self.phones[1], "格桑花开")

    def _raffle(self) -> None:
        raffle = RaffleHall(self.halls["raffle"])
        draw = raffle.commit("美多保温杯", len(self.phones))
        raffle.draw(draw, len(self.phones), word="扎西德勒")

    def _celebrate(self) -> None:
        """Let the first person and their team have birthdays today, which all of them share."""
        number = self.phones[0].ok("GET", "/me")["staff"]["number"]
        for statement in (
            "UPDATE staff SET birthday = strftime('%m-%d', 'now', '+8 hours') WHERE team_id ="
            " (SELECT team_id FROM staff WHERE number = ?)",
            "INSERT OR IGNORE INTO birthday_choice (staff_id, choice, chosen_at) SELECT id,"
            " 'shared', 1 FROM staff WHERE team_id = (SELECT team_id FROM staff WHERE number = ?)",
        ):
            self.installation.change(statement, number)
        own_id = self.phones[0].ok("GET", "/people/teams")["own_id"]
        members = self.phones[0].ok("GET", f"/people/teams/{own_id}")["members"]
        self._query["person"] = members[0]["id"]
        lesson = "SELECT id FROM post WHERE code = 'lesson-number-portability'"
        [(self._query["post"],)] = self.installation.rows(lesson)

    def query(self, path: str) -> dict[str, Any]:
        """Return what a page such as `pages/hunt/hunt` is opened with."""
        kind = KINDS.get(path.split("/")[1], "hunt")
        hall = self.halls[kind]
        return {"event": hall.id, "activity": hall.activity(kind), **self._query}

    def user(self, path: str) -> str:
        """Return the WeChat user whose page is looked at."""
        if path in ("pages/host/host", "pages/console/console"):
            return self.host.user
        return "newcomer" if path in ("pages/join/join", "pages/bind/bind") else self.phones[0].user

    def remember(self, page: Page, path: str, **kept: Any) -> None:
        """Let the phone on this page know its event, the consent, and what else was kept."""
        user = self.user(path)
        event = self.host.ok("GET", f"/events/{self.query(path)['event']}")
        kept = {"consent": CONSENT, "event": event, **kept}
        values = {
            f"linka-phone:{user}:{key}": json.dumps({"value": value}) for key, value in kept.items()
        }
        page.add_init_script(
            f"for (const [key, value] of Object.entries({json.dumps(values)}))"
            "localStorage.setItem(key, value);"
        )
