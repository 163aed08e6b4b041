"""Pages of people, boards, corrections, the queue, the audit and downloads: who may see them, and
their content.
"""

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from backend.activities import KINDS
from backend.events.models import Activity, Player
from backend.events.templates import all_templates
from backend.identity.grants import grant
from tests.hunt.evening import Evening
from tests.support import Centre, FakeClock, Phone, picture_bytes

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

PAGES = (
    "people",
    "people/list",
    "people/{player}",
    "people/{player}/facts",
    "boards",
    "boards/orders",
    "corrections",
    "corrections/list",
    "corrections/{question}",
    "corrections/{question}/preview?action=void&reason=x",
    "queue",
    "queue/items",
    "audit",
    "audit/lines",
    "downloads",
    "report",
    "article",
)


class Desk:
    """A host at the console of an evening on which two people answered a question."""

    def __init__(self, centre: Centre, clock: FakeClock) -> None:
        self.evening = Evening(centre, clock)
        self.question = self.evening.ask()
        self.right, self.wrong = self.evening.diggers(2)
        self.evening.play(self.right, "B"), self.evening.play(self.wrong, "A")
        self.host = self.evening.host
        self.id = self.evening.event["id"]
        self.player = self.evening.player_id(self.right)

    def open(self, phone: Phone, page: str) -> TestResponse:
        """Ask for a page as somebody."""
        path = page.format(player=self.player, question=self.question.id)
        headers = {"Authorization": f"Bearer {phone.token}"} if phone.token else {}
        return phone.app.test_client().get(f"/host/events/{self.id}/{path}", headers=headers)

    def shows(self, page: str) -> str:
        """Return the text of a page for the host."""
        answer = self.open(self.host, page)
        assert answer.status_code == 200, answer.text
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


@pytest.fixture
def desk(centre: Centre, clock: FakeClock) -> Desk:
    """Return the desk."""
    return Desk(centre, clock)


@pytest.mark.parametrize("page", PAGES)
def test_only_hosts_of_the_event_see_a_page(
    desk: Desk, centre: Centre, app: Flask, page: str
) -> None:
    assert desk.open(desk.host, page).status_code == 200
    assert desk.open(desk.right, page).status_code == 403
    assert desk.open(centre.guest(), page).status_code == 403
    assert desk.open(Phone(app, ""), page).status_code == 302


def test_host_of_another_event_sees_nothing(
    desk: Desk, centre: Centre, app: Flask, clock: FakeClock
) -> None:
    other, number = centre.open_event(desk.host), list(centre.numbers())[-1]
    elsewhere = centre.staff(number)
    database = app.extensions["linka.database"]
    grant("host", number, other["id"], database=database, now=clock.now())
    assert {desk.open(elsewhere, page).status_code for page in PAGES} == {403}


def test_people_are_found_by_name_and_number(desk: Desk) -> None:
    player = Player.get_by_id(desk.player)
    assert player.name in desk.shows(f"people/list?q={player.staff_number}")
    assert "没有符合条件的人" in desk.shows("people/list?q=没有这个人")


def test_people_are_found_by_status(desk: Desk) -> None:
    desk.host.ok("PUT", f"/events/{desk.id}/players/{desk.player}", {"status": "kicked"})
    shown = desk.shows("people/list?status=kicked")
    assert "共 1 人" in shown
    assert "撤销移出" in shown


def test_person_has_every_line_of_the_score(desk: Desk) -> None:
    body = {"player_id": desk.player, "points": 5, "reason": "帮忙布置"}
    desk.host.ok("POST", f"/events/{desk.id}/adjustments", body, Idempotency_Key="k")
    shown = desk.shows("people/{player}")
    assert "帮忙布置" in shown
    assert "+5" in shown
    assert "答题" in shown


def test_freeze_is_shown_with_both_orders(desk: Desk) -> None:
    desk.evening.host_does("freeze")
    body = {"player_id": desk.evening.player_id(desk.wrong), "points": 500, "reason": "帮忙"}
    desk.host.ok("POST", f"/events/{desk.id}/adjustments", body, Idempotency_Key="k")
    shown = desk.shows("boards")
    assert "封榜中" in shown
    assert "现在第 1 名" in shown
    assert "现在第 2 名" in shown


def test_board_says_that_nothing_is_frozen(desk: Desk) -> None:
    assert "没有封榜" in desk.shows("boards")


def test_questions_fewest_knew_come_first(desk: Desk) -> None:
    easy = desk.evening.ask()
    desk.evening.play(desk.right, "B")
    shown = desk.shows("corrections")
    assert "2 人答 答对 50%" in shown
    assert shown.index(desk.question.stem) < shown.index(easy.stem)


def test_preview_names_whom_a_correction_changes(desk: Desk) -> None:
    shown = desk.shows("corrections/{question}/preview?action=rekey&key=A&reason=印错了")
    assert "2 人的分数改变" in shown
    assert "40 → 0" in shown
    assert "0 → 40" in shown


def test_true_and_false_are_chosen_by_their_words(desk: Desk) -> None:
    asked = desk.evening.ask("T", kind="truefalse")
    desk.evening.play(desk.right, "T")
    path = f"corrections/{asked.id}"
    assert "正确答案（更正答案时） 对 错" in desk.shows(path)
    correction = {"question_id": asked.id, "action": "rekey", "key": ["F"], "reason": "印错了"}
    desk.host.ok("POST", f"/events/{desk.id}/corrections", correction)
    assert "答案改为 错" in desk.shows(path)
    assert "已更正为 错" in desk.shows("corrections")


def test_preview_wants_the_letters_of_a_new_key(desk: Desk) -> None:
    assert desk.open(desk.host, "corrections/{question}/preview?action=rekey").status_code == 422


def test_queue_shows_what_waits_with_its_picture(desk: Desk) -> None:
    desk.right.uploads(f"/events/{desk.id}/pictures", picture_bytes())
    answer = desk.open(desk.host, "queue")
    assert f"/api/v1/events/{desk.id}/pictures/" in answer.text
    assert "图片需人工审核" in answer.text


def test_texts_of_people_are_never_markup(desk: Desk) -> None:
    attack = "<script>alert(1)</script>"
    Player.update(name=attack).where(Player.id == desk.player).execute()
    Activity.update(title=attack).where(Activity.event == desk.id).execute()
    for page in PAGES:
        assert attack not in desk.open(desk.host, page).text


def test_audit_is_in_words(desk: Desk) -> None:
    desk.host.ok("PUT", f"/events/{desk.id}/players/{desk.player}", {"status": "banned"})
    shown = desk.shows("audit")
    assert "禁止参加" in shown
    assert "状态：正常" in shown
    assert "状态：已禁止" in shown


def test_every_download_that_is_listed_works(desk: Desk, centre: Centre) -> None:
    for kind in KINDS:
        if not Activity.select().where(Activity.event == desk.id, Activity.kind == kind.name):
            add(desk.id, kind.name)
    page = desk.open(desk.host, "downloads").text
    paths = set(re.findall(r'href="/api/v1(/[^"]+xlsx[^"]*)"', page))
    assert len(paths) > 7
    for path in paths:
        answer = desk.host.get(path.replace("&amp;", "&"))
        assert answer.status_code == 200, path
        assert answer.data.startswith(b"PK")


def add(event_id: int, kind: str) -> None:
    """Add an activity of a kind to an event, with the settings of a template."""
    found: dict[str, Any] = next(
        activity["settings"]
        for template in all_templates()
        for activity in template["activities"]
        if activity["kind"] == kind
    )
    facts = {"kind": kind, "title": kind, "position": 5}
    made = Activity.create(event=event_id, settings=KINDS[kind].check(found), **facts)
    KINDS[kind].prepare(made)


def test_nobody_has_a_place_without_points(desk: Desk) -> None:
    boards = desk.open(desk.host, "boards").text
    ranks = re.findall(r'<span class="order__rank number">(.+?)</span>', boards)
    # The live board, and beside it the one that everybody sees.
    assert ranks == ["1", "–"] * 2
    assert re.findall(r"第 \d+ 名", desk.shows("people/list")) == ["第 1 名"]
