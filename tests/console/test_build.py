"""The pages on which events are made and built: what they show, and to whom."""

import pytest
from flask import Flask

from backend.activities import KINDS
from backend.identity.grants import grant
from tests.console.test_rights import entered
from tests.events.test_building import activity, setup
from tests.support import HOST, Centre, FakeClock, Phone

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def host(centre: Centre) -> Phone:
    """Return a host's phone."""
    return centre.staff(HOST)


def shown(app: Flask, clock: FakeClock, phone: Phone, path: str) -> str:
    """Return a page as a person is shown it."""
    answer = entered(app, clock, phone).get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_new_event_offers_templates_earlier_events_and_kinds(
    app: Flask, clock: FakeClock, host: Phone
) -> None:
    host.ok("POST", "/events", {"template": "hunt", "title": "去年的淘金"})
    page = shown(app, clock, host, "/host/events/new")
    assert "周年庆典" in page
    assert "去年的淘金" in page
    assert all(f"<span>{kind.title.zh}</span>" in page for kind in KINDS)


@pytest.mark.parametrize("template", ["evening", "anniversary", "hunt-three-shifts"])
def test_build_has_a_field_for_every_setting(
    app: Flask, clock: FakeClock, host: Phone, template: str
) -> None:
    event = host.ok("POST", "/events", {"template": template})
    page = shown(app, clock, host, f"/host/events/{event['id']}/build")
    for one in setup(host, event["id"])["activities"]:
        for name in one["settings"]:
            assert f'name="settings.{name}' in page, (one["kind"], name)


def test_what_is_missing_is_said_with_a_link_to_the_settings(
    app: Flask, clock: FakeClock, host: Phone
) -> None:
    facts = {"kind": "contest", "title": "抢答", "settings": {"banks": ["none"]}}
    event = host.ok("POST", "/events", {"activities": [facts]})
    page = shown(app, clock, host, f"/host/events/{event['id']}/build")
    found = activity(setup(host, event["id"]), "contest")
    assert "没有题库“none”。" in page
    assert f'href="#activity-{found["id"]}"' in page


@pytest.mark.parametrize("is_archived", [False, True])
def test_archived_event_can_be_read_and_not_changed(
    app: Flask, clock: FakeClock, host: Phone, is_archived: bool
) -> None:
    event = host.ok("POST", "/events", {"template": "hunt"})
    if is_archived:
        host.ok("POST", f"/events/{event['id']}/transitions", {"action": "archive"})
    page = shown(app, clock, host, f"/host/events/{event['id']}/build")
    assert ("活动已归档，这里只能看" in page) is is_archived
    assert ('<fieldset class="whole" disabled>' in page) is is_archived
    assert ("加一个环节</h2>" in page) is not is_archived


def test_titles_are_escaped(app: Flask, clock: FakeClock, host: Phone) -> None:
    facts = {"kind": "raffle", "title": "<b>奖", "settings": {"prizes": []}}
    wrong = {"title": '"><script>', "activities": [facts]}
    event = host.ok("POST", "/events", wrong)
    for path in (f"/host/events/{event['id']}/build", "/host/events/new"):
        page = shown(app, clock, host, path)
        assert '"><script>' not in page
        assert "<b>奖" not in page


def test_host_of_one_event_makes_no_others(
    app: Flask, clock: FakeClock, centre: Centre, host: Phone
) -> None:
    event = host.ok("POST", "/events", {"template": "hunt"})
    helper = centre.people(1)[0]
    number = helper.ok("GET", "/me")["staff"]["number"]
    database = app.extensions["linka.database"]
    grant("host", number, event["id"], database=database, now=clock.now())
    assert "新建活动" not in shown(app, clock, helper, "/host/")
    assert entered(app, clock, helper).get("/host/events/new").status_code == 403
    shown(app, clock, helper, f"/host/events/{event['id']}/build")
