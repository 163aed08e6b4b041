"""Pictures of the hosts' console: preparation, the evening, and its report."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.afternoon import Afternoon
from tests.browser.console import DESKTOP, NARROW, Console
from tests.browser.studio import Studio
from tests.browser.test_console_report import write_evening
from tests.phones import Phone, staff_phone
from tests.support import ADMIN, TRAINER, picture_bytes

# A long page is cut off below.
TALLEST = {DESKTOP: 1300, NARROW: 1500}
# The number of people who came to the evening of the report.
PEOPLE = 120
# The pages that hosts use most are taken on a phone and in the dark as well.
VARIANTS: dict[str, tuple[tuple[int, int], str]] = {
    "": (DESKTOP, "light"),
    "-narrow": (NARROW, "light"),
    "-dark": (DESKTOP, "dark"),
}
STEPS: tuple[tuple[str, int, str], ...] = (
    ("迎宾入场", 15, "请大家在门口领取号码牌，扫码加入活动。"),
    ("领导致辞", 5, "欢迎来到我们的林卡。今天没有考核，只有歌声和笑声。"),
)
TASKS: tuple[dict[str, Any], ...] = (
    {"title": "布置舞台与签到处", "duty": "后勤", "minutes": -90},
    {"title": "调试大屏和音响", "duty": "微信平台", "minutes": -60},
    {"title": "合唱班组候场", "duty": "文娱", "minutes": -10},
)


class Desk:
    """The console as people of different roles see it."""

    def __init__(
        self, place: Studio, afternoon: Afternoon, keep: Callable[[str, bytes, int], None]
    ) -> None:
        self._place = place
        self._afternoon = afternoon
        self._keep = keep
        self._pages: dict[str, Page] = {}

    def panel(self, kind: str, part: str = "") -> None:
        """Take the page of the activity of a kind."""
        hall = self._afternoon.halls[kind]
        query = f"?part={part}" if part else ""
        path = f"/host/events/{hall.id}/activities/{hall.activity(kind)}{query}"
        self._take("-".join(filter(None, (kind, part))), path)

    def run_page(self) -> None:
        """Take the page on which the evening is run, while the contest asks a question."""
        self._take("run", f"/host/events/{self._afternoon.halls['contest'].id}", *VARIANTS)

    def take_all(self) -> None:
        """Take all other pages."""
        self._enter()
        for kind in ("hunt", "polls", "keywords", "raffle"):
            self.panel(kind)
        for part in ("edit", "suggestions"):
            self.panel("polls", part)
        self._prepare()
        self._look_after()
        self._tell()
        self._teach()
        self._write_posts()
        self._know_colleagues()

    def _enter(self) -> None:
        page = self._new_page()
        page.goto(f"{self._place.installation.url}/host/login")
        expect(page.get_by_test_id("pairing-code")).to_have_text(re.compile(r"[0-9]{3} [0-9]{3}"))
        self._shoot("login", page, DESKTOP)
        page.context.close()
        self._take("events", "/host/")
        self._take("new", "/host/events/new")
        self._take("sessions", "/host/sessions")

    def _prepare(self) -> None:
        """Take the pages of an evening that is not open yet, with its agenda and crew."""
        host = self._afternoon.host
        event = host.ok("POST", "/events", {"template": "evening", "rehearsal": True})
        here = f"/events/{event['id']}"
        agenda = host.ok("GET", f"{here}/agenda")
        steps: list[dict[str, Any]] = [
            {"title": title, "minutes": minutes, "notes": notes} for title, minutes, notes in STEPS
        ]
        kept = ("id", "activity_id", "minutes", "notes")
        steps += [{name: step[name] for name in kept} for step in agenda["steps"]]
        host.ok("PUT", f"{here}/agenda", {"version": agenda["version"], "steps": steps})
        for phone, task in zip(self._afternoon.phones, TASKS, strict=False):
            number = phone.ok("GET", "/me")["staff"]["number"]
            member = {"staff_number": number, "duty": task["duty"]}
            host.ok("POST", f"{here}/crew/members", member)
            host.ok("POST", f"{here}/crew/tasks", {**task, "owner": number})
        for name in ("build", "agenda", "crew"):
            self._take(name, f"/host{here}/{name}")
        self._take("prepare", f"/host{here}/prepare", *VARIANTS)
        host.ok("POST", f"{here}/transitions", {"action": "open"})
        for phone in self._afternoon.phones[:4]:
            phone.ok("POST", "/events/join", {"code": event["join_code"]})
        self._take("rehearse", f"/host{here}/rehearse")

    def _look_after(self) -> None:
        """Take the pages of people, boards and corrections, while the boards are frozen."""
        hall = self._afternoon.halls["hunt"]
        here = f"/host/events/{hall.id}"
        hall.host_does("freeze")
        leader = hall.rows()[0]["id"]
        hall.overtake(next(one for one in self._afternoon.phones[1:] if hall.seat(one) != leader))
        self._take("people", f"{here}/people", *VARIANTS)
        self._take("boards", f"{here}/boards", *VARIANTS)
        player_id = hall.seat(self._afternoon.phones[1])
        page = self._page_of(self._afternoon.host)
        page.goto(f"{self._place.installation.url}{here}/people/{player_id}")
        page.get_by_label("分数（负数为减分）").fill("5")
        page.get_by_label("原因（本人能看到）").fill("帮忙布置会场")
        page.get_by_role("button", name="记入分数").click()
        expect(page.get_by_test_id("receipt")).to_contain_text("帮忙布置会场")
        self._take("person", f"{here}/people/{player_id}")
        self._take("corrections", f"{here}/corrections")
        page.locator("a[href*='/corrections/']").last.click()
        page.get_by_label("原因", exact=False).fill("题干有歧义，两种办理方式都对")
        page.get_by_role("button", name="看看会改变什么").click()
        expect(page.locator("#ask-preview table").first).to_be_visible()
        self._shoot("correction", page, DESKTOP)
        for name in ("downloads", "audit"):
            self._take(name, f"{here}/{name}")
        polls = self._afternoon.halls["polls"]
        polls.upload(self._afternoon.phones[2], picture_bytes())
        self._take("queue", f"/host/events/{polls.id}/queue")

    def _tell(self) -> None:
        """Take the report of a whole evening, and its article."""
        made = self._afternoon.host.ok("POST", "/events", {"template": "evening"})
        write_evening(self._place.installation, made["id"], PEOPLE)
        here = f"/host/events/{made['id']}"
        self._take("article", f"{here}/article")
        self._take("report", f"{here}/report", *VARIANTS)
        page = self._page_of(self._afternoon.host)
        page.goto(f"{self._place.installation.url}{here}/report")
        for name in ("ranks", "questions"):
            chart = page.locator(f"section:has(#{name}-title)")
            expect(chart.locator("canvas")).to_have_count(1)
            self._keep(f"console-report-{name}", chart.screenshot(), TALLEST[DESKTOP])

    def _teach(self) -> None:
        """Take the pages of admins, trainers and team leaders."""
        installation = self._place.installation
        admin, trainer = staff_phone(installation, ADMIN), staff_phone(installation, TRAINER)
        leader = self._afternoon.phones[0]
        number = leader.ok("GET", "/me")["staff"]["number"]
        installation.linka("grant", "leader", number)
        self._take("roster", "/host/roster", who=admin)
        self._take("banks", "/host/banks", who=trainer)
        self._page_of(trainer).locator("a[href^='/host/banks/']").first.click()
        self._shoot("bank", self._page_of(trainer), DESKTOP)
        self._take("teaching", "/host/teaching", who=trainer)
        self._take("team", "/host/team", who=leader)

    def _write_posts(self) -> None:
        """Take the pages of posts, of what staff hand in, and of look-ups."""
        author = self._afternoon.phones[1]
        taken = (
            "SELECT id FROM post_column WHERE takes_submissions"
            " AND writers LIKE '%host%' ORDER BY id LIMIT 1"
        )
        [(column_id,)] = self._place.installation.rows(taken)
        facts = {
            "column_id": column_id,
            "title": "奶奶教的酸奶饼",
            "text": "酸奶 200 克，面 500 克。",
        }
        made = author.ok("POST", "/posts/submissions", {**facts, "code": "pictures-0001"})
        author.ok("POST", f"/posts/submissions/{made['id']}/transitions", {"action": "send"})
        page = self._page_of(self._afternoon.host)
        page.goto(f"{self._place.installation.url}/host/posts/new")
        page.get_by_label("一部分同事").check()
        page.get_by_role("checkbox", name="话务一组").check()
        self._shoot("post-new", page, DESKTOP)
        for name in ("plan", "figures", "comments", "submissions"):
            self._take(f"post-{name}", f"/host/posts/{name}")
        self._take("post-submission", f"/host/posts/submissions/{made['id']}")
        self._take("posts", "/host/posts")
        self._page_of(self._afternoon.host).locator("[data-testid=posts] a").first.click()
        self._shoot("post", self._page_of(self._afternoon.host), DESKTOP)
        admin = staff_phone(self._place.installation, ADMIN)
        self._take("post-columns", "/host/posts/columns", who=admin)
        self._take("lookup", "/host/lookup")
        self._take("lookup-card", "/host/lookup/cards/new")

    def _know_colleagues(self) -> None:
        """Take the birthdays of a month, and the page of a team."""
        host, people = self._afternoon.host, self._afternoon.phones[:6]
        born = "UPDATE staff SET birthday = ? WHERE number = ?"
        for day, phone in enumerate(people, start=2):
            number = phone.ok("GET", "/me")["staff"]["number"]
            self._place.installation.change(born, f"12-{3 * day:02}", number)
            phone.ok("PUT", "/people/birthday", {"choice": "shared"})
        team_id = people[0].ok("GET", "/people/teams")["own_id"]
        about = "我们接的是夜里的电话。谁先到，先给大家泡一壶甜茶。"
        host.ok("PUT", f"/people/teams/{team_id}", {"slogan": "句句有回响", "about": about})
        host.upload(f"/people/teams/{team_id}/picture", picture_bytes(size=(800, 450)))
        self._take("colleagues", "/host/colleagues?month=12", *VARIANTS)
        self._take("team-profile", f"/host/teams/{team_id}", *VARIANTS)

    def _take(self, name: str, path: str, *variants: str, who: Phone | None = None) -> None:
        page = self._page_of(who or self._afternoon.host)
        for variant in variants or ("",):
            size, scheme = VARIANTS[variant]
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.goto(f"{self._place.installation.url}{path}")
            self._shoot(name + variant, page, size)

    def _shoot(self, name: str, page: Page, size: tuple[int, int]) -> None:
        page.wait_for_load_state("networkidle")
        self._keep(f"console-{name}", page.screenshot(full_page=True), TALLEST[size])

    def _page_of(self, who: Phone) -> Page:
        """Return the page in which somebody is logged in."""
        if who.user not in self._pages:
            console = Console(self._new_page(), self._place.installation)
            console.log_in(who)
            self._pages[who.user] = console.page
        page = self._pages[who.user]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        return page

    def _new_page(self) -> Page:
        return self._place.browser.new_context(
            locale="zh-CN",
            viewport={"width": DESKTOP[0], "height": DESKTOP[1]},
            reduced_motion="reduce",
        ).new_page()
