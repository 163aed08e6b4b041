"""What sockets, screens and the worker need: words, what is shown, and Redis that goes away."""

from typing import Any

import marshmallow as ma
import pytest
from flask import Flask

from backend.activities.drawing import errors
from backend.activities.drawing.models import DrawingTurn
from backend.activities.drawing.play import DrawingPlay
from backend.events import players
from backend.events.visibility import View
from backend.live.feed import Feed
from tests.drawing.evening import Evening
from tests.support import redis_away

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

BATCH = {"stroke": 1, "colour": 0, "width": 0, "points": [1, 1, 2, 2]}


def test_whole_turn_by_words(evening: Evening) -> None:
    turn = evening.begin(3)
    drawer, (one, two) = turn.drawer_id, evening.guessers(turn)
    about = {"turn_id": turn.id}
    for player_id in (drawer, one, two):
        assert evening.say(player_id, "drawing.here") == {}
    assert evening.say(drawer, "drawing.choose", choice=1, **about) == {"prompt": turn.offers[1]}
    said = {**about, "at": 0, "batches": [BATCH, BATCH]}
    assert evening.say(drawer, "drawing.strokes", **said) == {"count": 2}
    assert evening.say(drawer, "drawing.undo", at=2, **about) == {"count": 3}
    assert evening.say(drawer, "drawing.clear", at=3, **about) == {"count": 4}
    fill = {**about, "at": 4, "colour": 1, "x": 1, "y": 1}
    assert evening.say(drawer, "drawing.fill", **fill) == {"count": 5}
    assert evening.say(one, "drawing.guess", text="八竿子打不着", **about) == {"verdict": "wrong"}
    right = evening.say(one, "drawing.guess", text=turn.offers[1]["text"], **about)
    assert right == {"verdict": "exact", "place": 1, "points": 100}
    assert evening.say(two, "drawing.report", **about) == {"voided": False}
    evening.later(0.1)
    evening.say(two, "drawing.guess", text=turn.offers[1]["text"], **about)
    evening.later(0.1)
    assert evening.say(two, "drawing.vote", **about) == {"turn_id": turn.id}


@pytest.mark.parametrize(
    ("word", "data"),
    [
        ("drawing.choose", {}),
        ("drawing.choose", {"turn_id": "1", "choice": 0}),
        ("drawing.strokes", {"turn_id": 1, "at": 0}),
        ("drawing.strokes", {"turn_id": 1, "at": 0, "batches": [{}]}),
        ("drawing.guess", {"turn_id": 1}),
        ("drawing.guess", {"turn_id": 1, "text": " " * 50}),
        ("drawing.report", {"turn_id": 0}),
        ("drawing.here", {"turn_id": 1}),
    ],
)
def test_malformed_words_are_not_heard(evening: Evening, word: str, data: Any) -> None:
    with pytest.raises(ma.ValidationError):
        evening.play.messages[word].schema.load(data)


def test_words_know_who_may_not(evening: Evening) -> None:
    turn = evening.drawing(3)
    about = {"turn_id": turn.id}
    with pytest.raises(errors.NotYourTurn):
        evening.say(evening.guessers(turn)[0], "drawing.clear", at=0, **about)
    guest = evening.centre.guest()
    guest_id = evening.centre.join(evening.event, guest)[0]["id"]
    for word, data in (
        ("drawing.guess", {"text": "猜"}),
        ("drawing.report", {}),
        ("drawing.vote", {}),
    ):
        with pytest.raises(players.StaffOnly):
            evening.say(guest_id, word, **about, **data)
    with pytest.raises(players.StaffOnly):
        evening.say(guest_id, "drawing.here")


def test_every_word_and_message_says_what_it_is(evening: Evening) -> None:
    for kind, word in evening.play.messages.items():
        assert kind.startswith("drawing.") and word.about.endswith(".")
    assert set(evening.play.told) == {"drawing.strokes", "drawing.guessed", "drawing.said"}


def test_nothing_is_shown_before_the_beginning(evening: Evening) -> None:
    (player_id,) = evening.join(1)
    now = evening.clock.now()
    assert evening.play.shown(evening.activity_id, View.PUBLIC, now) is None
    assert evening.play.own(evening.activity_id, player_id, now) is None
    assert evening.play.pulse(evening.activity_id, now) is None
    evening.advance()
    assert evening.look(player_id) == {"activity_id": evening.activity_id, "phase": "waiting"}


def test_rooms_are_shown_in_lines(evening: Evening) -> None:
    turn = evening.drawing(3)
    evening.guess(evening.guessers(turn)[0], turn)
    shown = evening.shown()
    assert (shown["phase"], shown["mode"], shown["since"]) == ("playing", "rooms", turn.began_at)
    (line,) = shown["rooms"]
    assert (line["room"], line["players"], line["over"]) == (1, 3, False)
    assert line["turn"]["drawer"]["id"] == turn.drawer_id
    assert (line["turn"]["phase"], line["turn"]["guessed"]) == ("drawing", 1)


def test_own_part_names_the_room_and_who_sits_there(evening: Evening) -> None:
    turn = evening.drawing(3)
    own = evening.play.own(evening.activity_id, turn.drawer_id, evening.clock.now())
    assert own is not None
    assert (own["room"], own["role"], len(own["players"])) == (1, "drawer", 3)


def test_who_has_no_seat_sees_what_all_see(evening: Evening) -> None:
    evening.drawing(3)
    guest = evening.centre.guest()
    guest_id = evening.centre.join(evening.event, guest)[0]["id"]
    assert evening.play.own(evening.activity_id, guest_id, evening.clock.now()) is None


# --- Redis goes away


@pytest.fixture
def cut_off(evening: Evening, app: Flask) -> DrawingPlay:
    """Return a play in a process that does not reach Redis."""
    client = redis_away()
    return DrawingPlay(app.extensions["linka.scores"], Feed(client), client)


def test_without_redis_guesses_count_and_turns_end(evening: Evening, cut_off: DrawingPlay) -> None:
    turn = evening.drawing(3)
    evening.draw(turn)
    guesser = evening.guessers(turn)[0]
    guess = cut_off.service.guess(
        evening.speaker(guesser),
        evening.activity_id,
        turn.id,
        evening.answer(turn),
        evening.clock.now(),
    )
    assert guess["verdict"] == "exact"
    evening.clock.advance(30)
    cut_off.advance(evening.activity_id, evening.clock.now())
    assert DrawingTurn.get_by_id(turn.id).ended_at is None
    evening.clock.advance(50)
    for _ in range(2):
        cut_off.advance(evening.activity_id, evening.clock.now())
    ended = DrawingTurn.get_by_id(turn.id)
    assert (ended.ending, ended.ink) == ("time", None)
    assert evening.entries()[f"drawing:{turn.id}:{guesser}"] == 100
    shown = cut_off.own(evening.activity_id, guesser, evening.clock.now())
    assert shown is not None and shown["turn"]["ops"] == []
    evening.advance()
    assert len(DrawingTurn.get_by_id(turn.id).ink) == 1


def test_lost_redis_asks_for_the_drawing_again(evening: Evening, app: Flask) -> None:
    turn = evening.drawing(3)
    evening.draw(turn, 0), evening.draw(turn, 1)
    app.extensions["linka.redis"].flushall()
    evening.later(30, here=False)
    assert DrawingTurn.get_by_id(turn.id).ending is None
    answer = evening.draw(turn, 2)
    assert (answer.json or {})["errors"] == {"at": ["0"]}
    batches = [{**BATCH, "stroke": number} for number in range(3)]
    again = evening.post(turn.drawer_id, turn, "strokes", {"at": 0, "batches": batches})
    assert again.json == {"count": 3}


def test_message_of_a_room_is_for_those_who_sit_there(evening: Evening) -> None:
    evening.settle(mode="rooms")
    evening.join(14)
    evening.host.ok("POST", f"{evening.path}/begin")
    rooms = evening.rooms()
    assert len(rooms) > 1
    for room, seated in rooms.items():
        found = evening.play.audience(evening.activity_id, {"room": room}, evening.clock.now())
        assert found == frozenset(seated)


def test_message_of_the_hall_is_for_everybody(evening: Evening) -> None:
    evening.settle(mode="hall")
    evening.join(3)
    evening.host.ok("POST", f"{evening.path}/begin")
    assert evening.play.audience(evening.activity_id, {"room": 1}, evening.clock.now()) is None
