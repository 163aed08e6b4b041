"""The audit and the log. Hosts read the audit of their event, admins all of it."""

import json

import pytest
import structlog
from flask import Flask
from structlog.testing import CapturingLogger

from backend.identity.models import AuditLine
from backend.logs import account_hash
from tests.support import ADMIN, TRAINER, Centre, FakeClock, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_host_reads_the_lines_of_an_event_and_no_others(centre: Centre, clock: FakeClock) -> None:
    host, [phone] = centre.host(), centre.people(1)
    event, other = centre.open_event(host), centre.open_event(host)
    [player] = centre.join(event, phone)
    path = f"/events/{event['id']}"
    host.ok("PUT", f"{path}/players/{player['id']}", {"status": "kicked"})
    host.ok("POST", f"/events/{other['id']}/transitions", {"action": "freeze"})
    found = host.ok("GET", f"{path}/audit")
    assert [line["action"] for line in found["items"]] == [
        "player_kicked",
        "open",
        "create_event",
    ]
    assert {line["event_id"] for line in found["items"]} == {event["id"]}
    me = host.ok("GET", "/me")
    actor = {
        "account_id": me["account"]["id"],
        "number": me["staff"]["number"],
        "name": me["staff"]["name"],
    }
    assert found["items"][0]["actor"] == actor
    assert found["items"][0]["subject"] == f"player:{player['id']}"
    assert found["total"] == 3
    second = host.ok("GET", f"{path}/audit?page=2&page_size=1")
    assert [line["action"] for line in second["items"]] == ["open"]


@ONE_DATABASE
def test_admin_reads_all_lines(centre: Centre) -> None:
    host, admin = centre.host(), centre.staff(ADMIN)
    event = centre.open_event(host)
    number = next(centre.numbers())
    centre.staff(number)
    assert admin.delete(f"/staff/{number}/binding").status_code == 204
    items = admin.ok("GET", "/audit")["items"]
    assert [(line["action"], line["event_id"]) for line in items[:2]] == [
        ("unbind", None),
        ("open", event["id"]),
    ]


@ONE_DATABASE
def test_what_a_host_does_in_a_game_belongs_to_its_event(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host, "anniversary")
    polls = next(found["id"] for found in event["activities"] if found["kind"] == "polls")
    host.ok("POST", f"/polls/{polls}/polls", {"title": "去哪里过林卡"})
    line = host.ok("GET", f"/events/{event['id']}/audit")["items"][0]
    assert (line["action"], line["event_id"]) == ("create_poll", event["id"])


@ONE_DATABASE
def test_each_file_that_is_taken_away_leaves_a_line(centre: Centre) -> None:
    host, trainer = centre.host(), centre.staff(TRAINER)
    event = centre.open_event(host)
    path = f"/api/v1/events/{event['id']}/moderation.xlsx"
    assert host.get(path.removeprefix("/api/v1")).status_code == 200
    line = host.ok("GET", f"/events/{event['id']}/audit")["items"][0]
    assert (line["action"], line["subject"]) == ("export", path)
    assert line["detail"]["file"].endswith(".xlsx")
    assert trainer.get("/question-banks/business/questions.xlsx").status_code == 200
    assert AuditLine.select().where(AuditLine.action == "export").count() == 2
    refused(trainer.get(path.removeprefix("/api/v1")), 403, "forbidden")
    assert AuditLine.select().where(AuditLine.action == "export").count() == 2


@ONE_DATABASE
def test_screen_that_a_host_lets_in_leaves_a_line(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host)
    pairing = centre.guest().ok("POST", "/screens/pairings", {"event_id": event["id"]})
    body = {"pairing_code": pairing["pairing_code"]}
    host.ok("POST", f"/events/{event['id']}/screens", body)
    assert host.ok("GET", f"/events/{event['id']}/audit")["items"][0]["action"] == "screen_approved"


# --- the log


@pytest.fixture
def log(app: Flask) -> CapturingLogger:
    """Return what is logged from here on, after the processors."""
    captured = CapturingLogger()
    processors = structlog.get_config()["processors"][:-1]
    structlog.configure(
        processors=[*processors, structlog.processors.JSONRenderer()],
        logger_factory=lambda *_: captured,
    )
    return captured


def said(log: CapturingLogger, event: str) -> dict[str, object]:
    """Return the newest line about something."""
    lines = [json.loads(call.args[0]) for call in log.calls]
    found: dict[str, object] = [line for line in lines if line["event"] == event][-1]
    return found


@ONE_DATABASE
def test_refusals_are_logged_with_the_request(
    centre: Centre, app: Flask, log: CapturingLogger
) -> None:
    guest = centre.guest()
    answer = guest.get("/audit")
    line = said(log, "refused")
    assert line["request_id"] == answer.json["request_id"]
    assert (line["status"], line["path"]) == (403, "/api/v1/audit")
    account_id = guest.ok("GET", "/me")["account"]["id"]
    assert line["account"] == account_hash(app, account_id)
    assert "account_id" not in line
    [other] = centre.people(1)
    other.get("/events/999/audit")
    line = said(log, "refused")
    assert line["event_id"] == 999
    assert line["account"] != account_hash(app, account_id)


@ONE_DATABASE
def test_refused_login_is_logged_without_its_code(centre: Centre, log: CapturingLogger) -> None:
    answer = centre.guest().post("/login", {"code": "a-code-never-issued"})
    line = said(log, "login_refused")
    assert line["request_id"] == answer.json["request_id"]
    assert "a-code-never-issued" not in json.dumps([call.args for call in log.calls])


@ONE_DATABASE
def test_refused_binding_is_logged_without_its_code(centre: Centre, log: CapturingLogger) -> None:
    number = next(centre.numbers())
    body = {"staff_number": number, "invite_code": "SECRET-7"}
    answers = [centre.guest().post("/me/binding", body) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 429]
    line = said(log, "binding_refused")
    assert (line["error"], line["staff_number"]) == ("too_many_attempts", number)
    assert line["request_id"] == answers[-1].json["request_id"]
    assert "SECRET-7" not in json.dumps([call.args for call in log.calls])
