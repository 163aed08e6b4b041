"""A drawing that Redis loses in the middle of its turn."""

import pytest

from backend.activities.drawing.models import DrawingInk, DrawingTurn
from tests.drawing.evening import Evening
from tests.support import refused


def lose_redis(evening: Evening) -> None:
    """Let Redis lose all its data."""
    evening.centre.app.extensions["linka.redis"].flushall()


def test_drawing_goes_on_and_hangs_whole_in_the_gallery(evening: Evening) -> None:
    turn = evening.drawing(3)
    evening.draw(turn, 0), evening.draw(turn, 1)
    evening.later(1)
    evening.draw(turn, 2)
    lose_redis(evening)
    seen = evening.look(evening.guessers(turn)[0])["turn"]
    assert [op["stroke"] for op in seen["ops"]] == [0, 1]
    gap = evening.draw(turn, 3)
    refused(gap, 409, "strokes_missing")
    # What was acknowledged in the last second is requested again.
    assert (gap.json or {})["errors"] == {"at": ["2"]}
    for at in (2, 3):
        assert evening.draw(turn, at).json == {"count": at + 1}
    evening.later(1)
    lose_redis(evening)
    for player_id in evening.guessers(turn):
        evening.guess(player_id, turn)
    evening.later(0.1), evening.later(0.1)
    assert DrawingTurn.get_by_id(turn.id).ending == "all_guessed"
    picture = evening.host.ok("GET", f"{evening.path}/gallery/{turn.id}")
    assert [op["stroke"] for op in picture["ops"]] == [0, 1, 2, 3]
    assert DrawingInk.select().count() == 0


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_lost_signs_of_life_end_no_turn_at_once(evening: Evening) -> None:
    turn = evening.drawing(3)
    evening.later(30)
    lose_redis(evening)
    guesser = evening.guessers(turn)[0]
    evening.say(guesser, "drawing.here")
    evening.guess(guesser, turn)
    evening.later(7.9, here=False)
    assert DrawingTurn.get_by_id(turn.id).ending is None
    evening.later(0.1, here=False)
    assert DrawingTurn.get_by_id(turn.id).ending == "vanished"
