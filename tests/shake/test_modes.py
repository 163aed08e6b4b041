"""The four ways to play a round, each to its podium."""

from typing import Any

from backend.activities.shake import rules
from backend.scoring import ranking
from backend.scoring.models import ScoreEntry
from tests.shake.evening import Evening


def podium(evening: Evening) -> dict[str, Any]:
    """Return the podium that all see."""
    shown = evening.shown()
    assert shown is not None
    found: dict[str, Any] = shown["podium"]
    return found


def test_race_shows_ten_at_most_and_equal_counts_share_a_place(evening: Evening) -> None:
    people = evening.shakers(12)
    evening.settle(participation_points=5)
    evening.played([(one, 90 - 2 * (place // 2)) for place, one in enumerate(people)])
    rows = podium(evening)["rows"]
    assert [row["place"] for row in rows] == [1, 1, 3, 3, 5, 5, 7, 7, 9, 9]
    assert [row["points"] for row in rows] == [35, 35, 15, 15, *[5] * 6]
    assert podium(evening)["shakers"] == 12
    assert [points for *_, points in evening.results()][-2:] == [5, 5]
    assert evening.differences() == []


def test_nobody_shakes_and_nobody_earns(evening: Evening) -> None:
    evening.played([])
    assert podium(evening) == {"shakers": 0, "rows": [], "teams": []}
    assert evening.entries() == []


def test_lanes_show_the_first_eight(evening: Evening) -> None:
    people = evening.shakers(10)
    round_id = evening.start()
    evening.clock.advance(20)
    for place, one in enumerate(people):
        evening.report(one, round_id, 100 - place)
    pulse = evening.pulse()
    assert pulse and pulse["shakers"] == 10
    assert [lane["count"] for lane in pulse["lanes"]] == list(range(100, 92, -1))
    evening.set_status(people[0], "banned")
    evening.clock.advance(1)
    pulse = evening.pulse()
    assert pulse and [lane["count"] for lane in pulse["lanes"]] == list(range(99, 91, -1))


def test_tug_goes_to_the_higher_mean(evening: Evening) -> None:
    many, few = evening.people_of_teams(3, 1)
    teams = [many[0].speaker.team_id, few[0].speaker.team_id]
    evening.settle(team_points_by_place=[30, 20], participation_points=2)
    round_id = evening.start("tug", team_ids=teams)
    evening.clock.advance(20)
    for one, count in zip([*many, *few], [60, 80, 40, 70], strict=True):
        evening.report(one, round_id, count)
    pulse = evening.pulse()
    assert pulse is not None
    names = [many[0].speaker.team_name, few[0].speaker.team_name]
    assert pulse["lanes"] == [
        {"team_id": teams[0], "name": names[0], "members": 3, "total": 180, "count": 60.0},
        {"team_id": teams[1], "name": names[1], "members": 1, "total": 70, "count": 70.0},
    ]
    evening.finish()
    assert podium(evening)["teams"] == [
        {"place": 1, **pulse["lanes"][1], "points": 32},
        {"place": 2, **pulse["lanes"][0], "points": 22},
    ]
    assert [evening.points(one) for one in [*many, *few]] == [22, 22, 22, 32]
    assert evening.own(many[1])["place"] == 2
    assert evening.differences() == []


def test_team_minimum_keeps_one_hand_from_being_a_team(evening: Evening) -> None:
    many, few = evening.people_of_teams(3, 1)
    evening.settle(team_minimum=3)
    evening.played([(one, 60) for one in many] + [(few[0], 90)], mode="tug")
    assert [(team["members"], team["count"]) for team in podium(evening)["teams"]] == [
        (3, 60.0),
        (1, 30.0),
    ]


def test_tug_of_all_teams_leads_with_the_best(evening: Evening) -> None:
    *shaking, _ = (people[0] for people in evening.people_of_teams(*[1] * 15))
    round_id = evening.start("tug")
    evening.clock.advance(20)
    for count, one in enumerate(shaking, 10):
        evening.report(one, round_id, count)
    pulse = evening.pulse()
    # Twelve have a lane; of the rest, those who shake are counted.
    assert pulse and [lane["total"] for lane in pulse["lanes"]] == list(range(23, 11, -1))
    assert pulse["more"] == 2
    shown = evening.shown()
    assert shown and len(shown["round"]["teams"]) == 15


def test_luck_follows_from_the_seed_that_nobody_knows(evening: Evening) -> None:
    people = evening.shakers(4)
    round_id = evening.played([(one, 80) for one in people], mode="luck")
    seed = evening.round(round_id).seed
    values = {one.id: 80 * rules.luck_percent(seed, one.id) // 100 for one in people}
    places = ranking.places(values)
    rows = podium(evening)["rows"]
    assert {row["player_id"]: (row["value"], row["place"]) for row in rows} == {
        player_id: (values[player_id], places[player_id]) for player_id in values
    }
    assert seed not in str(evening.shown()) and len(seed) == 32


def test_draw_is_among_those_who_shook_enough(evening: Evening) -> None:
    people = evening.shakers(6)
    evening.settle(draw_points=25, participation_points=5)
    counts = [(one, 30 if place < 4 else 29) for place, one in enumerate(people)]
    round_id = evening.played(counts, mode="draw", winner_count=2, at_least=30)
    drawn = evening.round(round_id).drawn
    assert len(drawn) == 2
    assert set(drawn) <= {one.id for one in people[:4]}
    assert [row["player_id"] for row in podium(evening)["rows"]] == drawn
    assert podium(evening)["rows"][0]["points"] == 30
    for one in people:
        won = one.id in drawn
        assert (evening.own(one)["won"], evening.points(one)) == (won, 30 if won else 5)
    assert evening.differences() == []


def test_draw_from_too_few_has_fewer_winners(evening: Evening) -> None:
    people = evening.shakers(2)
    evening.played([(one, 40) for one in people], mode="draw", winner_count=5)
    assert {row["player_id"] for row in podium(evening)["rows"]} == {one.id for one in people}


def test_who_was_sent_away_meanwhile_gets_nothing(evening: Evening) -> None:
    ann, bob = evening.shakers(2)
    round_id = evening.start()
    evening.clock.advance(20)
    evening.report(ann, round_id, 90)
    evening.report(bob, round_id, 80)
    evening.set_status(ann, "banned")
    evening.finish()
    assert evening.results() == [(bob.id, 80, 1, 30)]
    assert evening.differences() == []


def test_receipts_say_what_for(evening: Evening) -> None:
    ann = evening.shaker()
    evening.played([(ann, 50)])
    entry = ScoreEntry.get()
    assert (entry.reason, entry.note, entry.rule_version) == (
        "shake",
        "第 1 轮 · 第 1 名",
        "shake-2",
    )
    receipts = ann.phone.ok("GET", f"/events/{evening.event['id']}/receipts")
    assert receipts["total_points"] == 30


def test_freeze_hides_what_a_round_earned(evening: Evening) -> None:
    ann = evening.shaker()
    evening.host_does("freeze")
    evening.clock.advance(1)
    evening.played([(ann, 50)])
    assert podium(evening)["rows"][0]["points"] is None
    assert evening.own(ann)["points"] is None
    assert evening.host.ok("GET", evening.path)["podium"]["rows"][0]["points"] == 30
    assert evening.differences() == []


def test_cash_is_a_race_of_swipes(evening: Evening) -> None:
    fast, slow, shaken = evening.shakers(3)
    evening.settle(points_by_place=[50, 40], participation_points=5)
    round_id = evening.start("cash")
    evening.clock.advance(20)
    assert evening.report(fast, round_id, 90, "swipe") == 90
    assert evening.report(slow, round_id, 40, "tap") == 50
    assert evening.report(shaken, round_id, 90, "shake") == 0
    evening.finish()
    rows = podium(evening)["rows"]
    assert [(row["place"], row["count"], row["points"]) for row in rows] == [
        (1, 90, 55),
        (2, 50, 45),
    ]
    assert evening.differences() == []


def test_packets_count_once_each_up_to_the_cap(evening: Evening) -> None:
    (one,) = evening.shakers(1)
    round_id = evening.start("packets")
    evening.clock.advance(10)
    assert evening.report(one, round_id, 30, "tap") == 30
    shown = evening.shown()
    assert shown is not None
    assert shown["round"]["mode"] == "packets"
    assert shown["round"]["percents"] == {"shake": 0, "tap": 100, "press": 300, "swipe": 0}
    assert evening.report(one, round_id, 1_000, "tap") == 10 * shown["round"]["cap_per_second"]
