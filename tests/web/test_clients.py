"""Old versions of the mini program are refused, and every answer says the server's time."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from tests.support import START, Centre, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def at_least_1_2(app: Flask) -> Iterator[None]:
    """Let the server take the mini program from version 1.2 on."""
    before = app.extensions["linka.settings"]
    app.extensions["linka.settings"] = replace(before, minimum_client="1.2")
    yield
    app.extensions["linka.settings"] = before


@pytest.mark.usefixtures("at_least_1_2")
@pytest.mark.parametrize("version", ["0.9.9", "1", "1.1", "1.1.99"])
def test_older_mini_program_is_refused_everywhere(centre: Centre, version: str) -> None:
    event = centre.open_event(centre.host())
    player = centre.people(1)[0]
    header = {"Linka-Client": f"miniprogram/{version}"}
    for method, path in (
        ("GET", "/events"),
        ("POST", "/login"),
        ("POST", f"/events/{event['id']}/tickets"),
        ("GET", f"/events/{event['id']}/socket?ticket=none"),
        ("GET", "/no/such/path"),
    ):
        body = {} if method == "POST" else None
        refused(player.call(method, path, body, header), 426, "update_required")


@pytest.mark.usefixtures("at_least_1_2")
@pytest.mark.parametrize(
    "client",
    ["miniprogram/1.2", "miniprogram/1.10.0", "miniprogram/2", "miniprogram/x", "stub/0.1", ""],
)
def test_newer_mini_program_and_other_clients_are_let_in(centre: Centre, client: str) -> None:
    answer = centre.people(1)[0].call("GET", "/events", None, {"Linka-Client": client})
    assert answer.status_code == 200


@pytest.mark.usefixtures("at_least_1_2")
def test_refusal_says_what_to_do_in_both_languages(app: Flask) -> None:
    def said(language: str) -> str:
        headers = {"Linka-Client": "miniprogram/1.0.0", "Accept-Language": language}
        return str(app.test_client().get("/api/v1/events", headers=headers).json["message"])

    assert "重新打开" in said("zh")
    assert "open it again" in said("en")


def test_without_the_setting_every_version_is_let_in(centre: Centre) -> None:
    header = {"Linka-Client": "miniprogram/0.0.1"}
    assert centre.people(1)[0].call("GET", "/events", None, header).status_code == 200


def test_every_answer_of_the_api_says_the_servers_time(app: Flask) -> None:
    client = app.test_client()
    for path in ("/api/v1/events", "/api/v1/no/such/path", "/api/v1/question-banks"):
        assert client.get(path).headers["Linka-Time"] == str(START)
    assert "Linka-Time" not in client.get("/").headers
