"""Hidden treasures: found by right answers, one of a kind per player, never more than there are."""

from typing import Any

import pytest

from backend.activities.hunt import treasures
from backend.activities.hunt.models import Treasure, TreasureClaim
from backend.events.models import Activity
from backend.scoring.models import ScoreEntry
from tests.hunt.evening import PIT, RIGHT, Evening

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

BELL = {"key": "bell", "title": "金铃", "site": "pit", "points": 50, "stock": 9, "chance": 1}


def hide(evening: Evening, *changes: dict[str, Any]) -> None:
    """Hide treasures like the bell at the pit, and ask a question there."""
    evening.settle(treasures=[{**BELL, **change} for change in changes])
    evening.ask()


def test_right_answer_finds_the_treasure_of_the_site(evening: Evening) -> None:
    hide(evening, {})
    player = evening.digger()
    answer = evening.play(player, "B")
    assert answer["treasure"] == {"title": "金铃", "points": 50}
    assert answer["points"] == RIGHT
    assert answer["score"]["points"] == evening.points(player) == RIGHT + 50
    assert Treasure.get().claimed == 1
    assert evening.differences() == []


def test_treasure_is_a_line_of_the_receipt(evening: Evening) -> None:
    hide(evening, {})
    player = evening.digger()
    evening.play(player, "B")
    receipts = evening.receipts(player)
    lines = [
        (item["reason"], item["source"], item["points"], item["note"]) for item in receipts["items"]
    ]
    assert lines == [("answer", "dig:1", RIGHT, ""), ("treasure", "treasure:1", 50, "金铃")]
    assert receipts["total_points"] == evening.points(player)


def test_map_shows_players_their_own_treasures(evening: Evening) -> None:
    hide(evening, {})
    player, other = evening.diggers(2)
    assert player.ok("GET", evening.path)["found"] == []
    answer = evening.play(player, "B")
    found = {"title": "金铃", "points": 50, "site": "pit", "found_at": answer["answered_at"]}
    assert player.ok("GET", evening.path)["found"] == [found]
    assert other.ok("GET", evening.path)["found"] == []


def test_wrong_answer_finds_nothing(evening: Evening) -> None:
    hide(evening, {})
    assert evening.play(evening.digger(), "A")["treasure"] is None
    assert (Treasure.get().claimed, TreasureClaim.select().count()) == (0, 0)


@pytest.mark.parametrize("change", [{"chance": 0}, {"stock": 0}])
def test_treasure_without_chance_or_stock_is_never_found(
    evening: Evening, change: dict[str, int]
) -> None:
    hide(evening, change)
    assert evening.play(evening.digger(), "B")["treasure"] is None
    assert [entry.reason for entry in ScoreEntry.select()] == ["answer"]


def test_treasure_of_another_site_is_not_found(evening: Evening) -> None:
    evening.settle(sites=[PIT, {**PIT, "key": "mine"}])
    hide(evening, {"site": "mine"})
    player = evening.digger()
    assert evening.play(player, "B")["treasure"] is None
    assert evening.play(player, "B", "mine")["treasure"]["title"] == "金铃"


def test_player_finds_each_treasure_once(evening: Evening) -> None:
    hide(evening, {})
    player = evening.digger()
    found = [evening.play(player, "B")["treasure"] for _ in range(3)]
    assert [bool(treasure) for treasure in found] == [True, False, False]
    assert Treasure.get().claimed == 1


def test_one_answer_finds_one_treasure_and_the_next_another(evening: Evening) -> None:
    hide(evening, {}, {"key": "flute", "title": "竹笛", "points": 0})
    player = evening.digger()
    found = [evening.play(player, "B")["treasure"] for _ in range(3)]
    assert found == [{"title": "金铃", "points": 50}, {"title": "竹笛", "points": 0}, None]
    assert evening.differences() == []


def test_stock_runs_out(evening: Evening) -> None:
    hide(evening, {"stock": 2})
    found = [evening.play(phone, "B")["treasure"] for phone in evening.diggers(4)]
    assert [bool(treasure) for treasure in found] == [True, True, False, False]
    assert [claim.number for claim in TreasureClaim.select()] == [1, 2]
    assert evening.differences() == []


def test_repeat_of_the_answer_shows_the_same_treasure_and_takes_no_other(evening: Evening) -> None:
    hide(evening, {})
    player = evening.digger()
    dig = evening.dig(player)
    first = evening.answer(player, dig, "B")
    assert evening.answer(player, dig, "B") == first
    assert player.ok("GET", f"{evening.path}/digs/{dig['id']}")["result"]["treasure"]
    assert Treasure.get().claimed == 1


def test_some_find_a_treasure_of_middling_chance(evening: Evening) -> None:
    hide(evening, {"stock": 100, "chance": 0.4})
    found = [evening.play(phone, "B")["treasure"] for phone in evening.diggers(20)]
    assert 0 < sum(treasure is not None for treasure in found) < 20


def test_same_digs_of_two_hunts_find_different_treasures(evening: Evening) -> None:
    salts = [Activity.get_by_id(one.activity_id).salt for one in (evening, evening.beside())]
    first, second = (
        [treasures.roll(b"secret", salt, dig_id, "bell") < 0.5 for dig_id in range(1, 65)]
        for salt in salts
    )
    assert first != second


def test_wiped_rehearsal_does_not_tell_what_its_digs_find_next(evening: Evening) -> None:
    before = Activity.get_by_id(evening.activity_id).salt
    evening.host.ok("DELETE", f"/events/{evening.event['id']}/data")
    after = Activity.get_by_id(evening.activity_id).salt
    assert len(bytes.fromhex(before)) == len(bytes.fromhex(after)) == 16
    assert before != after


def test_map_does_not_tell_where_treasures_are(evening: Evening) -> None:
    hide(evening, {})
    player = evening.digger()
    dig = evening.dig(player)
    for answer in (player.get(evening.path), player.get(f"{evening.path}/digs/{dig['id']}")):
        assert "金铃" not in answer.text
        assert "treasure" not in answer.text


def test_wiped_rehearsal_puts_treasures_back(evening: Evening) -> None:
    hide(evening, {})
    player = evening.digger()
    evening.snoozing(player, evening.dig(player))
    evening.play(player, "B")
    evening.host.ok("DELETE", f"/events/{evening.event['id']}/data")
    left = {name: rows for name, rows in evening.written().items() if rows}
    assert left.keys() == {"Treasure"}
    assert Treasure.get().claimed == 0
