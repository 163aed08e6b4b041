"""Pages for preparation: who may open them, their content, and the checks before an event."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from backend.activities.keywords.models import Keyword, KeywordSpelling
from backend.activities.polls.models import Poll
from backend.activities.raffle.models import RafflePrize
from backend.events.models import Activity, Event
from backend.identity.grants import grant
from backend.identity.models import Staff
from backend.live.streams import OpenStreams
from backend.questions.models import Question
from tests.support import ADMIN, TRAINER, Centre, FakeClock, Phone, WeChatSide

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

PREPARE = ("", "/checks", "/media")


def page(phone: Phone, path: str) -> TestResponse:
    """Open a page of the console as the person with this phone."""
    headers = {"Authorization": f"Bearer {phone.token}"} if phone.token else {}
    return phone.app.test_client().get(f"/host{path}", headers=headers)


def checks(host: Phone, event: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Return {subject: (level, text)} of all lines."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in host.ok("GET", f"/events/{event['id']}/preflight")["lines"]:
        found.setdefault(line["about"], []).append((line["level"], line["text"]))
    return found


@pytest.fixture
def host(centre: Centre) -> Phone:
    """Return the phone of a host."""
    return centre.host()


@pytest.fixture
def event(centre: Centre, host: Phone) -> dict[str, Any]:
    """Return an open event with several kinds of activities."""
    return centre.open_event(host, "anniversary")


def test_hosts_of_the_event_alone_open_its_pages(
    centre: Centre, app: Flask, clock: FakeClock, host: Phone, event: dict[str, Any]
) -> None:
    player, elsewhere = centre.people(2)
    other = centre.open_event(host)
    numbers = list(centre.numbers())
    grant(
        "host", numbers[1], other["id"], database=app.extensions["linka.database"], now=clock.now()
    )
    for part in PREPARE:
        path = f"/events/{event['id']}/prepare{part}"
        assert page(host, path).status_code == 200
        assert page(player, path).status_code == 403
        assert page(elsewhere, path).status_code == 403
        assert "/host/login" in page(Phone(app, ""), path).headers["Location"]


def test_roster_is_for_admins(centre: Centre, host: Phone) -> None:
    for path in ("/roster", "/roster/people"):
        assert page(centre.staff(ADMIN), path).status_code == 200
        assert page(host, path).status_code == 403
        assert page(centre.staff(TRAINER), path).status_code == 403


def test_keys_of_questions_are_for_trainers(centre: Centre, host: Phone) -> None:
    trainer = centre.staff(TRAINER)
    question = Question.select().where(Question.current).order_by(Question.code).first()
    for path in (f"/banks/{question.bank.name}", f"/banks/{question.bank.name}/questions"):
        assert page(trainer, path).status_code == 200
        assert page(host, path).status_code == 403
    assert question.stem not in page(host, "/banks").text
    assert "导入题目" not in page(host, "/banks").text
    assert "要加题请找培训师" in page(host, "/banks").text
    assert "导入题目" in page(trainer, "/banks").text


def test_questions_are_found_by_their_words(centre: Centre) -> None:
    trainer = centre.staff(TRAINER)
    found = page(trainer, "/banks/business/questions?words=次月").text
    assert "次月" in found
    assert "没有找到题目" in page(trainer, "/banks/business/questions?words=无此词语").text


def test_people_are_found_and_pages_have_an_end(centre: Centre) -> None:
    admin = centre.staff(ADMIN)
    known = Staff.get(Staff.number == "200010")
    assert known.name in page(admin, "/roster/people?words=200010").text
    assert "没有找到人" in page(admin, "/roster/people?words=无此人").text
    for odd in ("?page=0", "?page=-1", "?page=x", "?page=99999999999", "?state=x"):
        assert page(admin, f"/roster/people{odd}").status_code == 200


def test_what_people_wrote_is_shown_as_text(centre: Centre) -> None:
    Staff.update(name="<b>甲</b>").where(Staff.number == "200010").execute()
    text = page(centre.staff(ADMIN), "/roster/people?words=200010").text
    assert "&lt;b&gt;甲&lt;/b&gt;" in text and "<b>甲" not in text


def test_checks_say_what_is_missing_and_where_it_is_mended(
    host: Phone, event: dict[str, Any]
) -> None:
    for table in (KeywordSpelling, Keyword, RafflePrize, Poll):
        table.delete().execute()
    found = host.ok("GET", f"/events/{event['id']}/preflight")
    assert found["level"] == "red"
    vote = next(line for line in found["lines"] if line["text"] == "还没有准备投票。")
    polls = Activity.get(Activity.event == event["id"], Activity.kind == "polls").id
    assert vote["link"] == f"/host/events/{event['id']}/activities/{polls}"
    red = {
        line["text"]: line["link"]
        for line in found["lines"]
        if line["level"] == "red" and line["about"] != "时钟"
    }
    assert red == {
        "还没有准备关键词。": f"/host/events/{event['id']}/prepare#tables",
        "还没有奖品。": f"/host/events/{event['id']}/prepare#tables",
    }


def test_check_of_the_roster_leads_only_admins_to_it(
    centre: Centre, host: Phone, event: dict[str, Any]
) -> None:
    def line(who: Phone) -> dict[str, Any]:
        found = who.ok("GET", f"/events/{event['id']}/preflight")["lines"]
        return next(line for line in found if line["about"] == "花名册")

    assert line(host)["link"] is None
    assert "请提醒大家在小程序里绑定工号" in line(host)["text"]
    assert line(centre.staff(ADMIN))["link"] == "/host/roster"


def test_checks_look_at_the_day_of_the_event(
    centre: Centre, host: Phone, event: dict[str, Any]
) -> None:
    hunt = centre.open_event(host)
    title = Activity.get(Activity.event == hunt["id"]).title
    [(level, text), *_] = checks(host, hunt)[title]
    assert level == "green" and "道题可用" in text
    Question.update(expires_on="2020-01-01").execute()
    assert {level for level, _ in checks(host, hunt)[title]} == {"red"}
    Question.update(expires_on=None).execute()


def test_checks_compare_the_clock_with_that_of_redis(host: Phone, event: dict[str, Any]) -> None:
    # The clock of tests differs by days from that of Redis.
    [(level, text)] = checks(host, event)["时钟"]
    assert level == "red" and "请校准服务器时间" in text


def test_checks_see_an_open_screen(app: Flask, host: Phone, event: dict[str, Any]) -> None:
    assert checks(host, event)["大屏"] == [("yellow", "现在没有打开的大屏。")]
    streams: OpenStreams = app.extensions["linka.streams"]
    with streams.holding("screen-1", event["id"]):
        assert checks(host, event)["大屏"] == [("green", "大屏开着（1 个页面）。")]
    assert checks(host, event)["大屏"][0][0] == "yellow"


def test_checks_see_that_wechat_refuses(
    host: Phone, event: dict[str, Any], wechat: WeChatSide
) -> None:
    assert checks(host, event)["微信"] == [("yellow", "连的是模拟微信，只能用来试。")]
    wechat.fault("http_500", "/cgi-bin/stable_token")
    [(level, text)] = checks(host, event)["微信"]
    assert level == "red" and text.startswith("微信接口不通")
    wechat.heal()


def test_checks_see_an_empty_roster_and_an_event_without_activities(
    host: Phone, event: dict[str, Any]
) -> None:
    Activity.delete().where(Activity.event == event["id"]).execute()
    assert ("red", "还没有环节。") in checks(host, event)["活动"]


def test_page_shows_red_lines_first_with_their_link(host: Phone, event: dict[str, Any]) -> None:
    RafflePrize.delete().execute()
    text = page(host, f"/events/{event['id']}/prepare/checks").text
    assert text.index("check--red") < text.index("check--yellow") < text.index("check--green")
    assert f'href="/host/events/{event["id"]}/prepare#tables"' in text


def test_check_of_the_code_names_it(host: Phone, event: dict[str, Any]) -> None:
    code = Event.get_by_id(event["id"]).join_code
    assert ("green", f"加入码 {code}。") in checks(host, event)["活动"]
