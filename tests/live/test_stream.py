"""The stream of an event over HTTP: who may watch, with which view, and from which message on."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.live.watching import readers
from tests.support import Centre, Phone, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


class Stream:
    """An open stream, read message by message."""

    def __init__(self, answer: Any) -> None:
        assert answer.status_code == 200, answer.text
        self.answer = answer
        self.headers = answer.headers
        chunks: Iterator[bytes] = iter(answer.response)
        self.opening = next(chunks)
        # Messages that were ready together come in one chunk.
        self._texts = (text for chunk in chunks for text in chunk.decode().split("\n\n")[:-1])

    def next(self) -> tuple[str, str, Any]:
        """Return (id, event, data) of the next message."""
        fields = dict(line.split(": ", 1) for line in next(self._texts).split("\n"))
        return fields["id"], fields["event"], json.loads(fields["data"])


class Evening:
    """An open event with one player, and streams that are closed after the test."""

    def __init__(self, centre: Centre) -> None:
        self.app = centre.app
        self.host, self.player = centre.host(), centre.people(1)[0]
        self.event = centre.open_event(self.host)
        self.path = f"/events/{self.event['id']}"
        self.player_id = centre.join(self.event, self.player)[0]["id"]
        self._opened: list[Stream] = []

    def give(self, points: int) -> None:
        """Give the player points."""
        body = {"player_id": self.player_id, "points": points, "reason": "布置会场"}
        self.host.ok("POST", f"{self.path}/adjustments", body, Idempotency_Key=f"k{points}")

    def watch(self, phone: Phone, view: str = "public", **headers: str) -> Stream:
        """Open the stream in somebody's name."""
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        path = f"{self.path}/stream?view={view}"
        return self.opened(phone.call("GET", path, None, sent))

    def opened(self, answer: Any) -> Stream:
        """Return an answer as a stream."""
        self._opened.append(Stream(answer))
        return self._opened[-1]

    def close(self) -> None:
        """Close every stream, and wait for what read for them."""
        for stream in self._opened:
            stream.answer.close()
        for reader in readers():
            reader.join(10)


@pytest.fixture
def evening(centre: Centre) -> Iterator[Evening]:
    """Return the evening."""
    made = Evening(centre)
    yield made
    made.close()


def test_first_message_is_a_whole_snapshot(evening: Evening) -> None:
    evening.give(7)
    stream = evening.watch(evening.host)
    seq, kind, state = stream.next()
    assert kind == "state"
    assert seq.count("-") == 1
    assert state["event"]["title"] == "“美多”大淘金"
    assert state["players"] == 1
    assert [row["points"] for row in state["boards"]["players"]["rows"]] == [7]
    assert state["boards"]["teams"]["formula"].startswith("班组得分")
    assert state["server_time"] == "2026-11-22T02:00:00.000Z"


def test_host_can_ask_for_what_is_on_without_a_stream(evening: Evening) -> None:
    _, _, state = evening.watch(evening.host, "host").next()
    for part in ("boards", "media", "wall"):
        del state[part]
    assert evening.host.ok("GET", f"{evening.path}/now") == state
    assert state["moderation"] == {"pending": 0}
    refused(evening.player.get(f"{evening.path}/now"), 403, "forbidden")


def test_stream_is_never_kept_by_anybody_between(evening: Evening) -> None:
    stream = evening.watch(evening.host)
    assert stream.headers["Content-Type"].startswith("text/event-stream")
    assert stream.headers["Cache-Control"] == "no-cache"
    assert stream.headers["X-Accel-Buffering"] == "no"
    assert stream.opening == b"retry: 1000\n\n"


def test_who_comes_back_gets_the_gains_that_were_missed(evening: Evening) -> None:
    first = evening.watch(evening.host)
    seen, _, _ = first.next()
    evening.give(7)
    evening.give(8)
    again = evening.watch(evening.host, Last_Event_ID=seen)
    gains = [again.next() for _ in range(2)]
    assert [(kind, data["points"]) for _, kind, data in gains] == [("gain", 7), ("gain", 8)]
    assert again.next()[1] == "state"


def test_gain_names_the_player_and_no_number(evening: Evening, centre: Centre) -> None:
    evening.give(7)
    stream = evening.watch(evening.host, Last_Event_ID="1-0")
    _, _, gain = stream.next()
    row = centre.roster[evening.player.user.removeprefix("staff-")]
    assert (gain["player_id"], gain["name"], gain["team"]) == (
        evening.player_id,
        row["姓名"],
        row["班组"],
    )
    assert gain.keys() == {"player_id", "name", "team", "points", "reason", "at"}


def test_host_s_view_is_live_and_the_public_one_frozen(evening: Evening) -> None:
    evening.give(7)
    evening.host.ok("POST", f"{evening.path}/transitions", {"action": "freeze"})
    evening.give(8)
    shown = {}
    for view in ("public", "host", "preview"):
        kinds = []
        stream = evening.watch(evening.host, view, Last_Event_ID="1-0")
        while "state" not in kinds:
            _, kind, data = stream.next()
            kinds.append(kind)
        points = [row["points"] for row in data["boards"]["players"]["rows"]]
        shown[view] = (kinds, points, data["event"]["frozen"])
    assert shown == {
        "public": (["state"], [7], True),
        "host": (["gain", "gain", "state"], [15], True),
        "preview": (["state"], [7], True),
    }


@pytest.mark.parametrize("view", ["public", "host", "preview"])
def test_players_do_not_watch_the_screen_s_stream(evening: Evening, view: str) -> None:
    refused(evening.player.get(f"{evening.path}/stream?view={view}"), 403, "forbidden")


def test_stranger_is_refused(evening: Evening, app: Flask) -> None:
    stranger = Phone(app, "")
    refused(stranger.get(f"{evening.path}/stream"), 403, "screen_not_paired")
    stranger.token = "nonsense"
    refused(stranger.get(f"{evening.path}/stream"), 401, "unauthenticated")
    refused(evening.host.get("/events/999/stream"), 404, "not_found")


@pytest.mark.parametrize("seen", ["yesterday", "1", "1-0-0", "1-0x", "9" * 20 + "-0"])
def test_malformed_last_id_is_refused(evening: Evening, seen: str) -> None:
    headers = {"Last-Event-ID": seen}
    answer = evening.host.call("GET", f"{evening.path}/stream", None, headers)
    refused(answer, 422, "invalid")


def test_unknown_view_is_refused(evening: Evening) -> None:
    refused(evening.host.get(f"{evening.path}/stream?view=admin"), 422, "invalid")


def test_paired_screen_watches_the_public_view_only(evening: Evening, app: Flask) -> None:
    screen = app.test_client()
    asked = screen.post("/api/v1/screens/pairings", json={"event_id": evening.event["id"]}).json
    waiting = screen.get(f"/api/v1/screens/pairings/{asked['secret']}")
    assert waiting.json == {"status": "waiting"}
    refused(screen.get(f"/api/v1{evening.path}/stream"), 403, "screen_not_paired")
    code = {"pairing_code": asked["pairing_code"]}
    evening.host.ok("POST", f"{evening.path}/screens", code)
    assert screen.get(f"/api/v1/screens/pairings/{asked['secret']}").json == {"status": "approved"}
    stream = evening.opened(screen.get(f"/api/v1{evening.path}/stream"))
    assert stream.next()[1] == "state"
    for view in ("host", "preview"):
        refused(screen.get(f"/api/v1{evening.path}/stream?view={view}"), 403, "screen_not_paired")


def test_screen_of_another_event_is_not_let_in(evening: Evening, centre: Centre) -> None:
    other = centre.open_event(evening.host)
    screen = evening.app.test_client()
    assert screen.get(evening.event["screen_path"]).status_code == 302
    evening.opened(screen.get(f"/api/v1{evening.path}/stream"))
    refused(screen.get(f"/api/v1/events/{other['id']}/stream"), 403, "screen_not_paired")
