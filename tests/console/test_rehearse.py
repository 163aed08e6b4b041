"""The pages of rehearsals, the crew, trainers and leaders: who sees them, and their content."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from backend.identity.grants import grant
from tests.support import TRAINER, Centre, FakeClock, Keys, Phone, hunt_of

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

OF_EVENT = (
    "rehearse",
    "rehearse/crowd",
    "rehearse/leftovers",
    "crew",
    "crew/members",
    "crew/tasks",
)


def asking(centre: Centre, path: str, phone: Phone | None) -> TestResponse:
    """Ask for a page of the console as somebody, or as nobody."""
    headers = {"Authorization": f"Bearer {phone.token}"} if phone else {}
    return centre.app.test_client().get(f"/host{path}", headers=headers)


def given(centre: Centre, app: Flask, clock: FakeClock, role: str, event_id: int = 0) -> Phone:
    """Return the phone of a member of staff with one more role."""
    number = list(centre.numbers())[3]
    database = app.extensions["linka.database"]
    grant(role, number, event_id, database=database, now=clock.now())
    return centre.staff(number)


def test_pages_of_an_event_are_for_its_hosts(centre: Centre, app: Flask, clock: FakeClock) -> None:
    host = centre.host()
    event, other = (centre.open_event(host, "evening", rehearsal=True) for _ in range(2))
    elsewhere = given(centre, app, clock, "host", other["id"])
    for page in OF_EVENT:
        path = f"/events/{event['id']}/{page}"
        assert asking(centre, path, host).status_code == 200
        for phone in (elsewhere, centre.staff(TRAINER), centre.people(1)[0], centre.guest()):
            assert asking(centre, path, phone).status_code == 403
        assert asking(centre, path, None).status_code == 302


def test_pages_of_trainers_and_leaders_are_theirs(
    centre: Centre, app: Flask, clock: FakeClock
) -> None:
    trainer, leader = centre.staff(TRAINER), given(centre, app, clock, "leader")
    assert [asking(centre, "/teaching", who).status_code for who in (trainer, leader)] == [200, 403]
    assert [asking(centre, "/team", who).status_code for who in (trainer, leader)] == [403, 200]
    for path in ("/teaching", "/team"):
        assert asking(centre, path, centre.people(1)[0]).status_code == 403


def test_leftovers_name_what_will_be_wiped(centre: Centre) -> None:
    host, player = centre.host(), centre.people(1)[0]
    event = centre.open_event(host, "hunt", rehearsal=True)
    path = f"/events/{event['id']}/rehearse/leftovers"
    assert "没有要清除的数据" in asking(centre, path, host).text
    answer(centre, event, player)
    shown = asking(centre, path, host).text
    assert "玩家 <strong>1</strong>" in shown
    assert "答题 <strong>1</strong>" in shown


def answer(centre: Centre, event: dict[str, Any], player: Phone) -> None:
    """Let somebody join and answer a question wrong."""
    centre.join(event, player)
    hunt = hunt_of(event)
    dig = player.ok("POST", f"{hunt}/digs", {"site": "lake"})
    player.ok("POST", f"{hunt}/digs/{dig['id']}/answer", {"choice": Keys().wrong(dig)})


def test_real_event_offers_no_wipe(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host)
    page = asking(centre, f"/events/{event['id']}/rehearse", host).text
    assert "不能清空，也不能再改为彩排" in page
    assert "/data" not in page and '/rehearsal"' not in page


def test_tasks_with_markup_are_shown_as_they_are_written(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host, "hunt")
    task = {"title": '<img src="x">', "duty": "后勤", "minutes": -90}
    host.ok("POST", f"/events/{event['id']}/crew/tasks", task)
    page = asking(centre, f"/events/{event['id']}/crew/tasks", host).text
    assert "&lt;img" in page
    assert "<img src=" not in page
    assert "开场前 90 分钟" in page


def test_trainer_reads_the_question_that_was_answered_wrong(centre: Centre) -> None:
    host, player = centre.host(), centre.people(1)[0]
    answer(centre, centre.open_event(host), player)
    page = asking(centre, "/teaching", centre.staff(TRAINER)).text
    assert "100.0%" in page
    assert "作答还不够多" in page
