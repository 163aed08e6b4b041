"""The pages of activities in the console: every kind has one, and only its hosts see it."""

import pytest
from werkzeug.test import TestResponse

from backend.events.models import Activity
from backend.events.templates import all_templates
from tests.support import Centre, Phone

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def asking(centre: Centre, path: str, phone: Phone | None) -> TestResponse:
    """Ask for a page of the console as somebody, or as nobody."""
    headers = {"Authorization": f"Bearer {phone.token}"} if phone else {}
    return centre.app.test_client().get(f"/host{path}", headers=headers)


def test_every_activity_of_every_template_has_a_page_and_a_panel(centre: Centre) -> None:
    host = centre.host()
    seen = set()
    for template in all_templates():
        event = centre.open_event(host, template["name"], rehearsal=True)
        for activity in event["activities"]:
            path = f"/events/{event['id']}/activities/{activity['id']}"
            page = asking(centre, path, host)
            assert page.status_code == 200, page.text
            assert f'id="panel-{activity["id"]}"' in page.text
            panel = asking(centre, f"{path}/panel", host)
            assert panel.status_code == 200
            assert panel.text.lstrip().startswith(f'<div id="panel-{activity["id"]}"')
            assert panel.text.count("<") > 10, activity["kind"]
            seen.add(activity["kind"])
    assert len(seen) >= 7


def test_pages_of_activities_are_for_the_hosts_of_their_event(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host, "contest", rehearsal=True)
    (player,) = centre.people(1)
    centre.join(event, player)
    path = f"/events/{event['id']}/activities/{event['activities'][0]['id']}"
    for page in (path, f"{path}/panel"):
        assert asking(centre, page, host).status_code == 200
        assert asking(centre, page, player).status_code == 403
        assert asking(centre, page, centre.guest()).status_code == 403
        assert asking(centre, page, None).status_code == 302


def test_activity_of_another_event_is_not_found(centre: Centre) -> None:
    host = centre.host()
    one, other = (centre.open_event(host, "contest", rehearsal=True) for _ in range(2))
    path = f"/events/{one['id']}/activities/{other['activities'][0]['id']}"
    assert asking(centre, path, host).status_code == 404
    assert asking(centre, f"{path}/panel", host).status_code == 404


def test_names_with_markup_are_shown_as_they_are_written(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host, "contest", rehearsal=True)
    activity = Activity.get_by_id(event["activities"][0]["id"])
    activity.title = "<script>alert(1)</script>"
    activity.save()
    page = asking(centre, f"/events/{event['id']}/activities/{activity.id}", host)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


def test_only_the_scripts_that_a_kind_names_are_served(centre: Centre) -> None:
    with asking(centre, "/kinds/shake/panel.js", None) as script:
        assert (script.status_code, script.mimetype) == (200, "text/javascript")
    for path in ("/kinds/shake/panel.html", "/kinds/shake/../kind.py", "/kinds/nothing/panel.js"):
        assert asking(centre, path, centre.host()).status_code == 404


def test_a_voided_activity_says_why_and_its_panel_takes_no_press(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host, "contest", rehearsal=True)
    place = f"/events/{event['id']}/activities/{event['activities'][0]['id']}"
    assert "作废整个环节" in asking(centre, place, host).text
    assert "没有人的分数或名次会改变" in asking(centre, f"{place}/void", host).text
    (player,) = centre.people(1)
    assert asking(centre, f"{place}/void", player).status_code == 403
    host.ok("POST", f"{place}/void", {"reason": "题库<发>错了"})
    page = asking(centre, place, host).text
    assert "原因：题库&lt;发&gt;错了" in page
    assert "作废整个环节" not in page
    run = asking(centre, f"/events/{event['id']}", host).text
    for shown in (page, asking(centre, f"{place}/panel", host).text, run):
        panel = shown[shown.index('id="panel-') :]
        assert panel.index('<fieldset class="whole" disabled>') < panel.index("<button")
    steps = host.ok("GET", f"/events/{event['id']}/steps")
    assert (steps["title"], steps["activities"][0]["phase_text"]) == ("已作废", "已作废")


def test_a_panel_of_an_archived_event_offers_what_is_still_done_alone(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host, "evening", rehearsal=True)
    place = f"/events/{event['id']}"
    places = {one["kind"]: f"{place}/activities/{one['id']}" for one in event["activities"]}
    assert all("活动已归档" not in asking(centre, path, host).text for path in places.values())
    for action in ("close", "archive"):
        host.ok("POST", f"{place}/transitions", {"action": action})
    offered = {}
    for kind, path in places.items():
        for shown in (asking(centre, path, host).text, asking(centre, f"{path}/panel", host).text):
            panel = shown[shown.index('id="panel-') :]
            offered[kind], _ = panel.split('<fieldset class="whole" disabled>')
            assert "活动已归档" in offered[kind]
    assert "核销</button>" in offered.pop("raffle")
    assert not any("<button" in shown for shown in offered.values())


@pytest.mark.parametrize("path", ["agenda", "crew", "prepare"])
def test_what_prepares_an_event_is_disabled_once_it_is_archived(centre: Centre, path: str) -> None:
    host = centre.host()
    event = host.ok("POST", "/events", {"template": "evening"})
    place = f"/events/{event['id']}/{path}"
    assert "活动已归档" not in asking(centre, place, host).text
    host.ok("POST", f"/events/{event['id']}/transitions", {"action": "archive"})
    shown = asking(centre, place, host).text
    assert "活动已归档" in shown
    assert "<button" not in shown.partition("<main")[2].partition(" disabled>")[0]


def test_the_run_page_of_an_archived_event_ticks_nothing_and_leaves_the_screen_alone(
    centre: Centre,
) -> None:
    host = centre.host()
    event = centre.open_event(host, "evening", rehearsal=True)
    for action in ("close", "archive"):
        assert "/screen-choice" in asking(centre, f"/events/{event['id']}", host).text
        host.ok("POST", f"/events/{event['id']}/transitions", {"action": action})
    shown = asking(centre, f"/events/{event['id']}", host).text
    assert "看活动报道" in shown
    assert "/screen-choice" not in shown
    assert "/agenda/steps/" not in shown
