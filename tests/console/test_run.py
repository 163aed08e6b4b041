"""The run page: for hosts only, correct in every phase, and two hosts know of each other."""

import html
import re

import pytest
from werkzeug.test import TestResponse

from backend.scoring.models import Correction
from tests.console.test_activities import asking
from tests.contest.evening import ContestEvening
from tests.support import OTHER_HOST, Centre, FakeClock, Phone

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_run_page_is_for_the_hosts_of_its_event(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host, "contest", rehearsal=True)
    (player,) = centre.people(1)
    centre.join(event, player)
    path = f"/events/{event['id']}"
    assert asking(centre, path, host).status_code == 200
    assert asking(centre, path, player).status_code == 403
    assert asking(centre, path, centre.guest()).status_code == 403
    assert asking(centre, path, None).status_code == 302
    assert asking(centre, "/events/999999", host).status_code == 404


def test_run_page_shows_the_next_step_of_each_phase(centre: Centre, clock: FakeClock) -> None:
    evening = ContestEvening(centre, clock)
    path = f"/events/{evening.event['id']}"

    def next_button() -> str:
        page = html.unescape(asking(centre, path, evening.host).text)
        found = re.search(r'class="btn btn-next"[^>]*>([^<]*)<', page)
        words = found[1] if found else ""
        # The panel below does not show the step once more.
        assert page.count(f">{words}<") == 1
        return words

    assert next_button() == "开始候场"
    evening.act("begin")
    assert next_button() == "出第 1 题"
    evening.act("next", 1)
    assert next_button() == "揭晓答案"
    evening.host.ok("POST", f"{path}/transitions", {"action": "pause"})
    assert next_button() == "继续"


def test_every_kind_has_its_panel_on_the_run_page(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host, "evening", rehearsal=True)
    for activity in event["activities"]:
        page = asking(centre, f"/events/{event['id']}?activity={activity['id']}", host)
        assert page.status_code == 200
        assert f'id="panel-{activity["id"]}"' in page.text
    hunt, contest = event["activities"][:2]
    path = f"/events/{event['id']}"
    # The next line of the agenda is shown also where another activity was chosen before.
    page = asking(centre, f"{path}?activity={hunt['id']}", host).text
    assert f'data-then="/host{path}">下一项：{contest["title"]}<' in page
    first = host.ok("GET", f"{path}/agenda")["steps"][0]
    host.ok("POST", f"{path}/agenda/steps/{first['id']}/done", {"done": True})
    page = asking(centre, f"{path}?activity={hunt['id']}", host).text
    assert f'href="/host{path}">回到流程' in page
    assert "回到流程" not in asking(centre, path, host).text


def test_hosts_see_who_else_runs_the_event_and_what_was_done_last(
    centre: Centre, clock: FakeClock
) -> None:
    host, other = centre.host(), centre.staff(OTHER_HOST)
    event = centre.open_event(host, "contest", rehearsal=True)
    path = f"/events/{event['id']}"
    assert "只有你开着这个主持台" in asking(centre, path, host).text
    name = centre.roster[OTHER_HOST]["姓名"]
    other.ok("POST", f"{path}/transitions", {"action": "pause"})
    asking(centre, path, other)
    page = asking(centre, path, host).text
    assert f"{name}也开着这个主持台" in page
    assert re.search(rf"<span>{name}</span> <strong>暂停</strong>", page)
    clock.advance(61)
    assert "只有你开着这个主持台" in asking(centre, path, host).text


def test_event_without_activities_and_one_that_is_over_have_a_run_page(centre: Centre) -> None:
    host = centre.host()
    draft = host.ok("POST", "/events", {"template": "hunt"})
    assert "开始活动" in asking(centre, f"/events/{draft['id']}", host).text
    event = centre.open_event(host, "hunt")
    for action in ("close", "archive"):
        host.ok("POST", f"/events/{event['id']}/transitions", {"action": action})
        page = asking(centre, f"/events/{event['id']}", host).text
        assert f'href="/host/events/{event["id"]}/report">看活动报道' in page


def test_event_with_an_opening_ahead_is_scheduled_and_joined_before_it(centre: Centre) -> None:
    host = centre.host()
    event = host.ok(
        "POST", "/events", {"template": "hunt", "opens_at": "2099-09-30T19:00:00+08:00"}
    )
    path = f"/events/{event['id']}"
    [step] = re.findall(r'data-step="event-schedule-"', asking(centre, path, host).text)
    assert step
    host.ok("POST", f"{path}/transitions", {"action": "schedule"})
    assert "现在就能加入" in asking(centre, path, host).text
    (player,) = centre.people(1)
    centre.join(event, player)


def test_agenda_is_beside_the_next_step_and_has_a_page_of_its_own(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host, "contest", rehearsal=True)
    path = f"/events/{event['id']}"
    opening = {"title": "开场致辞", "minutes": 5, "notes": "欢迎 <各位>"}
    host.ok("PUT", f"{path}/agenda", {"version": 1, "steps": [opening]})
    page = asking(centre, path, host).text
    assert "开场致辞" in page
    assert "欢迎 &lt;各位&gt;" in page
    assert 'value="开场致辞"' in asking(centre, f"{path}/agenda", host).text
    (player,) = centre.people(1)
    centre.join(event, player)
    assert asking(centre, f"{path}/agenda", player).status_code == 403


def test_question_that_was_revealed_is_voided_from_the_run_page(
    centre: Centre, clock: FakeClock
) -> None:
    evening = ContestEvening(centre, clock)
    path = f"/events/{evening.event['id']}"
    evening.act("begin")
    evening.act("next", 1)
    assert "这道题有错？" not in asking(centre, path, evening.host).text
    evening.act("reveal", 1)
    page = html.unescape(asking(centre, path, evening.host).text)
    assert 'data-typed="作废"' in page
    found = re.search(r'data-preview="/host([^"]*)"', page)
    assert found is not None
    preview = asking(centre, found[1], evening.host)
    assert (preview.status_code, "<button" in preview.text) == (200, False)
    question = re.search(r"/corrections/(\d+)/", found[1])
    body = {"question_id": int(question[1] if question else 0), "action": "void", "key": ["A"]}
    evening.host.ok("POST", f"{path}/corrections", {**body, "reason": "选项印错"})
    assert Correction.get().key == []
    assert "这道题已作废。" in asking(centre, path, evening.host).text


def test_run_page_shows_the_big_screen_in_a_frame_to_its_hosts_alone(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host, "contest", rehearsal=True)
    (player,) = centre.people(1)
    centre.join(event, player)
    here = f"/events/{event['id']}"

    def policy(path: str) -> str:
        return asking(centre, path, host).headers["Content-Security-Policy"]

    assert "frame-src 'self'" in policy(here)
    assert "frame-src 'none'" in policy(f"{here}/agenda")

    def screen(phone: Phone | None) -> TestResponse:
        headers = {"Authorization": f"Bearer {phone.token}"} if phone else {}
        path = f"/screen/{event['id']}?preview"
        return centre.app.test_client().get(path, headers=headers)

    shown = screen(host)
    assert shown.status_code == 200
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert "stream?view=preview" in shown.text
    assert "Set-Cookie" not in shown.headers
    assert screen(player).status_code == 403
    assert screen(None).status_code == 401
