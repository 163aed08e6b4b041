"""Hosts look into rooms, end a turn without points, and pin a drawing."""

import pytest

from backend.activities.drawing.models import DrawingTurn
from backend.identity.models import AuditLine
from tests.drawing.evening import Evening
from tests.drawing.test_judging import played
from tests.support import Centre, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def audited(action: str) -> list[AuditLine]:
    """Return the lines of an action."""
    return list(AuditLine.select().where(AuditLine.action == action).order_by(AuditLine.id))


def test_host_sees_the_drawing_of_a_room_and_not_its_word(evening: Evening) -> None:
    turn = evening.drawing(3)
    evening.draw(turn)
    path = f"{evening.path}/turns/{turn.id}"
    seen = evening.host.ok("GET", path)
    assert (len(seen["ops"]), seen["phase"], seen["answer"]) == (1, "drawing", None)
    assert evening.answer(turn) not in evening.host.get(path).get_data(as_text=True)
    refused(evening.phones[turn.drawer_id].get(path), 403, "forbidden")
    refused(evening.host.get(f"{evening.path}/turns/999"), 404, "unknown_turn")


def test_host_ends_a_turn_without_points(evening: Evening) -> None:
    turn = evening.drawing(3)
    guesser = evening.guessers(turn)[0]
    evening.guess(guesser, turn)
    path = f"{evening.path}/turns/{turn.id}/void"
    for _ in range(2):
        assert evening.host.ok("POST", path) == {"voided": True}
    assert DrawingTurn.get_by_id(turn.id).ending == "voided"
    evening.later(6)
    assert evening.entries() == {}
    assert evening.turn().number == 2
    assert [line.subject for line in audited("void_drawing")] == [f"turn:{turn.id}"]


def test_turn_that_is_over_keeps_its_points(evening: Evening) -> None:
    one, *_ = played(evening)
    before = evening.entries()
    refused(evening.host.post(f"{evening.path}/turns/{one.id}/void"), 409, "turn_over")
    assert evening.entries() == before
    assert before


def test_screen_stays_at_a_pinned_drawing(evening: Evening) -> None:
    one, two, three = played(evening)
    pin = f"{evening.path}/pin"
    assert evening.shown()["pinned"] is None
    for _ in range(2):
        items = evening.host.ok("PUT", pin, {"turn_id": three.id})["items"]
    assert [item["pinned"] for item in items] == [False, False, True]
    assert evening.shown()["pinned"] == 3
    evening.host.ok("PUT", f"{evening.path}/gallery/{one.id}", {"hidden": True})
    assert evening.shown()["pinned"] == 2
    evening.host.ok("PUT", f"{evening.path}/gallery/{three.id}", {"hidden": True})
    assert evening.shown()["pinned"] is None
    refused(evening.host.put(pin, {"turn_id": three.id}), 409, "not_in_gallery")
    evening.host.ok("PUT", pin, {"turn_id": two.id})
    evening.host.ok("PUT", pin, {"turn_id": None})
    assert evening.shown()["pinned"] is None
    changes = [(line.detail["before"], line.detail["after"]) for line in audited("pin_drawing")]
    assert changes == [(None, three.id), (three.id, two.id), (two.id, None)]


def test_drawing_of_another_game_is_not_pinned(evening: Evening, centre: Centre) -> None:
    one, *_ = played(evening)
    other = Evening(centre, evening.clock)
    other.begin(3)
    refused(other.host.put(f"{other.path}/pin", {"turn_id": one.id}), 404, "unknown_turn")


def test_beginning_and_the_end_are_in_the_audit_once(evening: Evening) -> None:
    evening.begin(2)
    for _ in range(2):
        evening.host.ok("POST", f"{evening.path}/begin")
        evening.host.ok("POST", f"{evening.path}/finish")
    assert [len(audited(action)) for action in ("begin_drawing", "finish_drawing")] == [1, 1]
