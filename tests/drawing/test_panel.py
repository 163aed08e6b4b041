"""What the console shows hosts of a game."""

from typing import Any

import pytest

from backend.activities.drawing.panel import panel
from backend.events.models import Activity
from tests.drawing.evening import Evening
from tests.drawing.test_judging import played

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def shown(evening: Evening) -> dict[str, Any]:
    """Return what hosts are shown now."""
    activity = Activity.get_by_id(evening.activity_id)
    return panel(activity, evening.play, evening.clock.now())


def test_before_the_game_players_and_words_are_counted(evening: Evening) -> None:
    evening.join(3)
    found = shown(evening)
    assert (found["phase"], found["players"]) == ("waiting", 3)
    assert found["words"] > 20


def test_each_room_is_shown_with_its_turn_and_without_its_word(evening: Evening) -> None:
    turn = evening.drawing(6, room_size=3)
    found = shown(evening)
    assert [room["room"] for room in found["rooms"]] == [1, 2]
    assert turn.id in [room["turn"]["turn_id"] for room in found["rooms"]]
    assert evening.answer(turn) not in str(found)


def test_reported_turns_are_listed_with_the_number_of_reports(evening: Evening) -> None:
    turn = evening.drawing(5)
    evening.all_here()
    one, two, three, _ = evening.guessers(turn)
    evening.post(one, turn, "reports")
    [line] = shown(evening)["reported"]
    assert (line["turn_id"], line["reports"], line["runs"]) == (turn.id, 1, True)
    evening.post(two, turn, "reports"), evening.post(three, turn, "reports")
    [line] = shown(evening)["reported"]
    assert (line["reports"], line["runs"], line["ending"]) == (3, False, "voided")


def test_gallery_has_votes_and_what_is_hidden(evening: Evening) -> None:
    one, two, _ = played(evening)
    evening.post(one.drawer_id, two, "votes")
    evening.host.ok("PUT", f"{evening.path}/gallery/{one.id}", {"hidden": True})
    found = shown(evening)
    assert found["phase"] == "gallery"
    assert [(item["votes"], item["hidden"]) for item in found["gallery"]] == [
        (0, True),
        (1, False),
        (0, False),
    ]
    evening.host.ok("POST", f"{evening.path}/finish")
    assert shown(evening)["phase"] == "finished"
