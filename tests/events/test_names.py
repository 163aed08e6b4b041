"""Guests read masked names of staff, on every path; staff, hosts and the big screen read them whole."""

import json
from typing import Any

import pytest
from flask import Flask

from backend.events.models import Player
from backend.events.names import GuestShow
from backend.events.visibility import masked_name
from tests.support import Centre, Phone

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("陈敏", "陈*"),
        ("陈", "陈*"),
        ("王小明", "王*明"),
        ("边巴卓玛", "边**玛"),
        ("", "*"),
        ("陈春❤\ufe0f", "陈*❤"),
    ],
)
def test_masked_name(name: str, shown: str) -> None:
    assert masked_name(name) == shown


class Evening:
    """An open event with somebody of the staff, and a guest who looks on."""

    def __init__(self, centre: Centre) -> None:
        self.host, self.guest = centre.host(), centre.guest()
        [self.player] = centre.people(1)
        event = centre.open_event(self.host)
        self.event_id = event["id"]
        centre.join(event, self.guest)
        centre.join(event, self.player)
        self.name = self.player.ok("GET", "/me")["staff"]["name"]


@pytest.fixture
def evening(centre: Centre) -> Evening:
    """Return the evening."""
    return Evening(centre)


def board(phone: Phone, event_id: int) -> list[dict[str, Any]]:
    """Return the rows of the event's board."""
    rows: list[dict[str, Any]] = phone.ok("GET", f"/events/{event_id}/leaderboards/event")["rows"]
    return rows


def test_guests_read_masked_names_on_the_board(evening: Evening) -> None:
    evening.host.ok(
        "POST",
        f"/events/{evening.event_id}/adjustments",
        {"player_id": Player.get(Player.name == evening.name).id, "points": 5, "reason": "帮忙"},
        Idempotency_Key="a-key-1",
    )
    for phone in (evening.player, evening.host):
        assert board(phone, evening.event_id)[0]["name"] == evening.name
    [row] = board(evening.guest, evening.event_id)
    assert row["name"] == masked_name(evening.name)
    assert row["team"] == board(evening.player, evening.event_id)[0]["team"]


class Said:
    """A show that says what it is told to."""

    pulse_ms = 500
    counts_ms = 1000

    def __init__(self, **said: Any) -> None:
        self.text = json.dumps(said, ensure_ascii=False)

    def __getattr__(self, name: str) -> Any:
        return lambda *_: self.text


@ONE_DATABASE
def test_sockets_of_guests_are_shown_masked_names(evening: Evening, app: Flask) -> None:
    database = app.extensions["linka.database"]
    said = Said(drawer={"id": 1, "name": evening.name, "team": "一组"}, name="格桑", list=[[{}]])
    told = json.loads(GuestShow(said, evening.event_id, database).snapshot())
    assert told["drawer"] == {"id": 1, "name": masked_name(evening.name), "team": "一组"}
    assert told["name"] == "格桑"
    elsewhere = GuestShow(said, evening.event_id + 1, database)
    assert json.loads(elsewhere.snapshot())["drawer"]["name"] == evening.name
