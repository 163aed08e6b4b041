"""Every operation, called by people who may use it and by people who may not."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from backend.activities.drawing.models import DrawingTurn
from backend.events.models import Player
from backend.events.play import speaker_of
from backend.events.players import StaffOnly
from tests.drawing.evening import Evening
from tests.support import ENDS, Phone, end_rights, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

BATCH = {"stroke": 0, "colour": 0, "width": 0, "points": [1, 1]}
# What is said about a turn, and its body.
SAID: dict[str, Any] = {
    "choice": {"choice": 0},
    "strokes": {"at": 0, "batches": [BATCH]},
    "undo": {"at": 0},
    "clear": {"at": 0},
    "fill": {"at": 0, "colour": 0, "x": 1, "y": 1},
    "guesses": {"text": "猜"},
    "reports": None,
    "votes": None,
}
WORDS = {"choice": "choose", "guesses": "guess", "reports": "report", "votes": "vote"}
DRAWERS = ("choice", "strokes", "undo", "clear", "fill")
Says = Callable[[Phone, str], TestResponse]


@pytest.fixture
def turn(evening: Evening) -> DrawingTurn:
    """Return a turn in which is drawn."""
    return evening.drawing(3)


@pytest.fixture
def says(evening: Evening, turn: DrawingTurn) -> Says:
    """Return what lets a phone say something about the turn."""
    return lambda phone, what: phone.post(f"{evening.path}/turns/{turn.id}/{what}", SAID[what])


def test_nobody_without_a_token(evening: Evening, says: Says) -> None:
    for what in SAID:
        refused(says(Phone(evening.centre.app, "nobody"), what), 401, "unauthenticated")


def test_nobody_without_a_token_learns_which_games_there_are(evening: Evening) -> None:
    nobody = Phone(evening.centre.app, "nobody")
    for what, body in SAID.items():
        refused(nobody.post(f"/drawings/9999/turns/1/{what}", body), 401, "unauthenticated")


def test_nobody_who_has_not_joined(evening: Evening, says: Says) -> None:
    stranger = evening.centre.staff("200900")
    for what in SAID:
        refused(says(stranger, what), 403, "not_a_player")


def test_host_does_not_play_along(evening: Evening, says: Says) -> None:
    for what in SAID:
        refused(says(evening.host, what), 403, "not_a_player")


def test_guest_may_only_watch(evening: Evening, says: Says) -> None:
    guest = evening.centre.guest()
    evening.centre.join(evening.event, guest)
    for what in SAID:
        refused(says(guest, what), 403, "staff_only")
    assert guest.ok("GET", evening.path)["phase"] == "playing"


@pytest.mark.parametrize("what", SAID)
@pytest.mark.parametrize(("status", "slug"), [("kicked", "kicked"), ("banned", "banned")])
def test_who_was_sent_away_may_nothing(
    evening: Evening, turn: DrawingTurn, says: Says, what: str, status: str, slug: str
) -> None:
    player_id = turn.drawer_id if what in DRAWERS else evening.guessers(turn)[0]
    path = f"/events/{evening.event_id}/players/{player_id}"
    evening.host.ok("PUT", path, {"status": status})
    refused(says(evening.phones[player_id], what), 403, slug)


@pytest.mark.parametrize("how", ENDS)
def test_who_is_no_longer_staff_may_say_nothing_on_an_open_socket(
    evening: Evening, turn: DrawingTurn, how: str
) -> None:
    guesser = evening.guessers(turn)[0]
    people = {name: speaker_of(Player.get_by_id(name)) for name in (turn.drawer_id, guesser)}
    for player_id in people:
        end_rights(evening.centre.app.extensions["linka.database"], player_id, how)
    play = evening.centre.app.extensions["linka.plays"]["drawing"]
    asked = {key: value or {} for key, value in SAID.items()}
    data = {f"drawing.{WORDS.get(what, what)}": body for what, body in asked.items()}
    for name, word in play.messages.items():
        said = word.schema.load({} if name.endswith("here") else {"turn_id": turn.id, **data[name]})
        for who in people.values():
            with pytest.raises(StaffOnly):
                word.hear(who, evening.activity_id, said, evening.clock.now())


@pytest.mark.parametrize("what", [what for what in SAID if what != "votes"])
def test_nobody_from_another_room(evening: Evening, what: str) -> None:
    evening.begin(4, room_size=2)
    one, other = DrawingTurn.select().order_by(DrawingTurn.id)
    phone = evening.phones[other.drawer_id]
    refused(
        phone.post(f"{evening.path}/turns/{one.id}/{what}", SAID[what]), 403, "not_in_this_room"
    )


@pytest.mark.parametrize("what", DRAWERS)
def test_guesser_does_not_draw(evening: Evening, turn: DrawingTurn, says: Says, what: str) -> None:
    refused(says(evening.phones[evening.guessers(turn)[0]], what), 403, "not_your_turn")


@pytest.mark.parametrize("what", ["reports", "votes"])
def test_drawer_judges_no_own_drawing(
    evening: Evening, turn: DrawingTurn, says: Says, what: str
) -> None:
    refused(says(evening.phones[turn.drawer_id], what), 403, "own_drawing")


def test_turn_must_be_one_of_the_game(evening: Evening, turn: DrawingTurn) -> None:
    phone = evening.phones[turn.drawer_id]
    for what, body in SAID.items():
        refused(phone.post(f"{evening.path}/turns/9999/{what}", body), 404, "unknown_turn")
    other = f"/drawings/9999/turns/{turn.id}/{what}"
    refused(phone.post(other, SAID[what]), 404, "not_found")


@pytest.mark.parametrize("what", SAID)
def test_game_must_have_begun(evening: Evening, what: str) -> None:
    (player_id,) = evening.join(1)
    phone = evening.phones[player_id]
    refused(phone.post(f"{evening.path}/turns/1/{what}", SAID[what]), 409, "drawing_not_begun")


@pytest.mark.parametrize("what", ["begin", "finish"])
def test_only_hosts_begin_and_finish(evening: Evening, what: str) -> None:
    (player_id,) = evening.join(1)
    path = f"{evening.path}/{what}"
    refused(evening.phones[player_id].post(path), 403, "forbidden")
    refused(evening.centre.guest().post(path), 403, "forbidden")
    refused(Phone(evening.centre.app, "nobody").post(path), 401, "unauthenticated")
    refused(evening.host.post(f"/drawings/9999/{what}"), 404, "not_found")


def test_finish_needs_a_beginning(evening: Evening) -> None:
    refused(evening.host.post(f"{evening.path}/finish"), 409, "drawing_not_begun")


def test_begin_needs_words(evening: Evening) -> None:
    evening.settle(packs=["nothing"])
    refused(evening.host.post(f"{evening.path}/begin"), 409, "no_words")


def test_begin_needs_an_open_event(evening: Evening) -> None:
    evening.host.ok("POST", f"/events/{evening.event_id}/transitions", {"action": "close"})
    refused(evening.host.post(f"{evening.path}/begin"), 409, "event_closed")


@pytest.mark.parametrize("path", ["", "/gallery", "/gallery/1"])
def test_only_players_and_hosts_look(evening: Evening, turn: DrawingTurn, path: str) -> None:
    stranger = evening.centre.staff("200900")
    refused(stranger.get(evening.path + path), 403, "not_a_player")
    refused(Phone(evening.centre.app, "nobody").get(evening.path + path), 401, "unauthenticated")


def test_only_who_has_a_seat_gives_signs_of_life(evening: Evening, turn: DrawingTurn) -> None:
    player_id = evening.guessers(turn)[0]
    assert evening.phones[player_id].post(f"{evening.path}/here").status_code == 204
    guest = evening.centre.guest()
    evening.centre.join(evening.event, guest)
    refused(guest.post(f"{evening.path}/here"), 403, "staff_only")
    refused(evening.centre.staff("200900").post(f"{evening.path}/here"), 403, "not_a_player")
    (late,) = evening.join(1)
    refused(evening.phones[late].post(f"{evening.path}/here"), 403, "not_in_this_room")


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("choice", {"choice": -1}),
        ("choice", {"choice": "1"}),
        ("choice", {}),
        ("strokes", {"at": 0, "batches": []}),
        ("strokes", {"at": 0, "batches": [BATCH] * 9}),
        ("strokes", {"at": -1, "batches": [BATCH]}),
        ("strokes", {"at": 0, "batches": [{**BATCH, "colour": 16}]}),
        ("strokes", {"at": 0, "batches": [{**BATCH, "width": 6}]}),
        ("strokes", {"at": 0, "batches": [{**BATCH, "op": "clear"}]}),
        ("fill", {"at": 0, "colour": 0, "x": 1001, "y": 0}),
        ("undo", {"at": 0, "more": 1}),
        ("guesses", {"text": ""}),
        ("guesses", {"text": "好" * 41}),
        ("guesses", {"text": "a\u0000b"}),
    ],
)
def test_malformed_body_is_refused(
    evening: Evening, turn: DrawingTurn, what: str, body: Any
) -> None:
    refused(evening.post(turn.drawer_id, turn, what, body), 422, "invalid")
