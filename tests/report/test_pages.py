"""The page and the file of the report: their content, and who may see them."""

import io
import re
from datetime import datetime
from html.parser import HTMLParser

import openpyxl
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from backend.activities import KINDS
from backend.activities.polls.models import Poll, PollOption
from backend.activities.shake.models import ShakeRound
from backend.events.models import Activity, Event, Player
from backend.moderation.models import ModerationItem, ModerationPicture
from backend.report.service import report_of
from tests.report.conftest import Written
from tests.support import Centre, FakeClock, Phone, picture_bytes

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def text(app: Flask, phone: Phone, path: str) -> str:
    """Return the text of a page for somebody who may see it."""
    headers = {"Authorization": f"Bearer {phone.token}"}
    answer = app.test_client().get(f"/host/events/{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_page_and_file_say_the_same(
    written: Written, app: Flask, centre: Centre, clock: FakeClock
) -> None:
    report = report_of(Event.get_by_id(written.id), KINDS, clock.now())
    shown = text(app, written.host, f"{written.id}/report/contents")
    book = openpyxl.load_workbook(
        io.BytesIO(written.host.get(f"/events/{written.id}/report.xlsx").data)
    )
    assert f"{report.attendance.staff.came} 位员工参加" in shown
    for line in report.highlights:
        assert line.about in shown
    overview = {row[0]: row[1] for row in book["概览"].iter_rows(values_only=True)}
    assert overview["参加的员工"] == report.attendance.staff.came
    assert isinstance(overview["开始时间"], datetime)
    people = list(book["个人名次"].iter_rows(min_row=2, values_only=True))
    assert people == [(one.rank, one.name, one.team, one.points) for one in report.people]
    questions = list(book["题目"].iter_rows(min_row=2, values_only=True))
    assert [row[4:8] for row in questions] == [
        (one.answers, one.right, one.percent, one.discrimination) for one in report.questions
    ]
    assert book["获奖名单"].max_row == 1 + sum(
        len(part.report.winners) for part in report.activities
    )
    assert "和上次比" in book.sheetnames
    for sheet in book.worksheets[:-1]:
        header = sheet[1]
        assert all(re.search("[\u4e00-\u9fff]", cell.value) for cell in header), sheet.title
        assert all(sheet.column_dimensions[cell.column_letter].width >= 8 for cell in header)
        assert sheet.freeze_panes == "A2"


def test_drawing_of_the_gallery_is_a_picture_of_its_event_alone(
    written: Written, app: Flask
) -> None:
    headers = {"Authorization": f"Bearer {written.host.token}"}
    page = app.test_client().get(f"/host/events/{written.id}/report/contents", headers=headers).text
    path = re.findall(r'src="(/host/events/\d+/report/pictures/\d+/\d+)"', page)[0]
    picture = app.test_client().get(path, headers=headers)
    assert picture.mimetype == "image/png"
    assert picture.data.startswith(b"\x89PNG")
    elsewhere = path.replace(f"/events/{written.id}/", f"/events/{written.earlier}/")
    assert app.test_client().get(elsewhere, headers=headers).status_code == 404


def test_pictures_of_the_event_and_the_wall_are_in_report_and_article(
    written: Written, app: Flask, clock: FakeClock
) -> None:
    media = f"/events/{written.id}/media"
    own = written.host.upload(f"{media}?kind=picture", picture_bytes(), "合影.png")
    author = Player.select().where(Player.event == written.id).first()
    facts = {"event": written.id, "account_id": author.account_id, "player": author}
    facts |= {"status": "approved", "finding": "clean", "created_at": clock.now()}
    told = ModerationItem.create(**facts, kind="text", text="今天真开心")
    pin = f"/events/{written.id}/moderation/{told.id}/wall"
    for page in ("report/contents", "article/draft"):
        assert "今天真开心" not in text(app, written.host, f"{written.id}/{page}")
    written.host.ok("PUT", pin, {"pinned": True, "full_screen": False})
    headers = {"Authorization": f"Bearer {written.host.token}"}
    for page in ("report/contents", "article/draft"):
        html = app.test_client().get(f"/host/events/{written.id}/{page}", headers=headers).text
        assert "今天真开心" in html
        assert f'src="/api/v1{media}/{own["id"]}" alt="{own["title"]}"' in html
    ModerationItem.update(status="rejected").where(ModerationItem.id == told.id).execute()
    assert "今天真开心" not in text(app, written.host, f"{written.id}/report/contents")


def test_entry_without_an_approved_picture_is_not_in_the_gallery(
    written: Written, clock: FakeClock
) -> None:
    facts = {
        "event": written.id,
        "account_id": 1,
        "kind": "picture",
        "finding": "",
        "created_at": 1,
    }
    item = ModerationItem.create(status="approved", **facts)
    ModerationPicture.create(item=item, data=picture_bytes(), width=1, height=1)
    activity = Activity.get(Activity.event == written.id, Activity.kind == "polls")
    option = PollOption.select().join(Poll).where(Poll.activity == activity).first()
    option.change(picture_id=item.id)

    def gallery() -> list[int]:
        report = KINDS["polls"].report(activity, clock.now())
        return [one.key for one in report.exhibits]

    assert gallery() == [option.id]
    item.change(status="rejected")
    assert gallery() == []


def test_round_is_called_by_the_game_that_was_played(written: Written, clock: FakeClock) -> None:
    activity = Activity.get(Activity.event == written.id, Activity.kind == "shake")
    ShakeRound.update(game="cash").where(ShakeRound.activity == activity).execute()
    report = KINDS["shake"].report(activity, clock.now())
    assert [one.title for one in report.tallies] == ["第 1 轮数钱"]


def test_article_tells_what_everybody_may_know(written: Written, app: Flask) -> None:
    headers = {"Authorization": f"Bearer {written.host.token}"}
    winner = written.rows(
        "SELECT e.name FROM raffle_entry e JOIN raffle_pick k ON k.entry_id = e.id"
        " WHERE k.event_id = :event AND LENGTH(e.name) > 2"
    )[0][0]
    poll = written.one(
        "SELECT p.title FROM poll p JOIN activity a ON a.id = p.activity_id"
        " WHERE a.event_id = :event AND p.state = 'closed'"
    )

    def draft(query: str = "") -> TestResponse:
        path = f"/host/events/{written.id}/article/draft{query}"
        return app.test_client().get(path, headers=headers)

    assert winner not in draft().text
    assert winner in draft("?names=full").text
    assert "script" not in draft().headers["Content-Security-Policy"]
    assert "default-src 'none'" in draft().headers["Content-Security-Policy"]
    assert poll in draft().text
    Poll.update(results_shown=False).where(Poll.title == poll).execute()
    assert poll not in draft().text
    Event.update(frozen_at=1).where(Event.id == written.id).execute()
    assert draft().status_code == 404
    assert "现在还不能写文章" in text(app, written.host, f"{written.id}/article")
    Event.update(frozen_at=None, state="open").where(Event.id == written.id).execute()
    assert draft().status_code == 404


class Markup(HTMLParser):
    """Collects the tags, attributes and styles of a text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.styles: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect a tag."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        rules = [
            rule for name, value in attrs if name == "style" for rule in (value or "").split(";")
        ]
        self.styles |= {rule.split(":")[0].strip() for rule in rules}


def test_article_is_made_of_what_the_editor_keeps(written: Written, app: Flask) -> None:
    """Editors of official accounts drop style sheets, ids, classes and all that places elements."""
    headers = {"Authorization": f"Bearer {written.host.token}"}
    page = app.test_client().get(f"/host/events/{written.id}/article/draft", headers=headers).text
    body = Markup(page[page.index("<body") :].partition(">")[2])
    assert body.tags == {"section", "p", "span", "strong", "br", "img"}
    assert body.attributes == {"style", "src", "alt"}
    placed = {"position", "transform", "float", "animation", "display", "top", "left", "z-index"}
    assert "color" in body.styles
    assert not body.styles & placed


def test_names_in_the_article_are_no_markup(written: Written, app: Flask) -> None:
    attack = "<script>alert(1)</script>"
    Player.update(name=attack, team_name=attack).where(Player.event == written.id).execute()
    headers = {"Authorization": f"Bearer {written.host.token}"}
    for page in ("article/draft?names=full", "report"):
        shown = app.test_client().get(f"/host/events/{written.id}/{page}", headers=headers)
        assert shown.status_code == 200
        assert attack not in shown.text


def test_event_without_anybody_says_what_will_be_there(app: Flask, centre: Centre) -> None:
    host = centre.host()
    event = host.ok("POST", "/events", {"template": "evening"})
    assert "还没有人参加" in text(app, host, f"{event['id']}/report/contents")
    assert host.get(f"/events/{event['id']}/report.xlsx").data.startswith(b"PK")
