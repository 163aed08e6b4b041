"""Answers of a hunt over a phone's socket: the same as over HTTP, and counted once with them."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.phones import Phone
from tests.sockets.conftest import Hall
from tests.support import Keys


@pytest.fixture
def hunt(host: Phone, phones: list[Phone]) -> Iterator[Hall]:
    """Return an open hunt."""
    made = Hall(host, phones, "hunt")
    yield made
    for socket in made.sockets:
        socket.close()


def dig(hunt: Hall, place: int) -> dict[str, Any]:
    """Open a question."""
    site = hunt.phones[place].ok("GET", f"/hunts/{hunt.activity_id}")["sites"][0]["key"]
    path = f"/hunts/{hunt.activity_id}/digs"
    opened: dict[str, Any] = hunt.phones[place].ok("POST", path, {"site": site})
    return opened


def test_answer_is_stored_scored_and_on_the_board_before_it_is_acknowledged(hunt: Hall) -> None:
    phone, opened = hunt.phones[0], dig(hunt, 0)
    sent = {"dig_id": opened["id"], "choice": Keys().right(opened)}
    told = hunt.socket(0).ask("hunt.answer", hunt.activity_id, **sent)
    assert told["type"] == "ack" and told["data"]["verdict"] == "correct"
    board = phone.ok("GET", f"/events/{hunt.event_id}/leaderboards/event")
    score = told["data"]["score"]
    assert (board["me"]["points"], board["me"]["rank"]) == (score["points"], score["rank"])
    assert score["points"] > 0
    # Sent again, also over HTTP, it gets the first verdict and counts once.
    again = hunt.sockets[0].ask("hunt.answer", hunt.activity_id, **sent)["data"]
    path = f"/hunts/{hunt.activity_id}/digs/{opened['id']}/answer"
    assert again == phone.ok("POST", path, {"choice": sent["choice"]}) == told["data"]
    entries = phone.ok("GET", f"/events/{hunt.event_id}/receipts")["items"]
    assert [entry["reason"] for entry in entries].count("answer") == 1


def test_answers_that_do_not_count_are_refused(hunt: Hall) -> None:
    opened = dig(hunt, 0)
    right = Keys().right(opened)

    def refused(place: int, **sent: Any) -> str:
        answer = hunt.sockets[place].ask("hunt.answer", hunt.activity_id, **sent)
        return str(answer["data"]["error"])

    hunt.socket(0)
    hunt.socket(1)
    assert refused(1, dig_id=opened["id"], choice=right) == "not_your_question"
    assert refused(0, dig_id=opened["id"], choice=["Z"]) == "invalid"
    assert refused(0, dig_id="1", choice=right) == "invalid"
    hunt.host.ok("POST", f"/events/{hunt.event_id}/transitions", {"action": "pause"})
    assert refused(0, dig_id=opened["id"], choice=right) == "event_paused"
    shown = hunt.phones[0].ok("GET", f"/hunts/{hunt.activity_id}/digs/{opened['id']}")
    assert "result" not in shown
