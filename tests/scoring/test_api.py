"""Boards, own standing and receipts over HTTP."""

from typing import Any

import pytest
from flask import Flask

from tests.scoring.board_evening import BoardEvening
from tests.support import Centre, FakeClock, Phone, hunt_of, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def evening(centre: Centre) -> BoardEvening:
    """Return an evening with three players who have 10, 20 and 30 points."""
    return BoardEvening(centre)


def rows(board: dict[str, Any]) -> list[tuple[int, int, float]]:
    """Return (rank, id, points) of a board."""
    return [(row["rank"], row["id"], row["points"]) for row in board["rows"]]


def test_board_shows_rank_name_team_and_points(evening: BoardEvening, centre: Centre) -> None:
    board = evening.board(evening.phones[0])
    best = centre.roster[list(centre.numbers())[2]]
    assert (board["board"], board["scope"], board["total"]) == ("event", "players", 3)
    assert (board["frozen"], board["formula"]) == (False, None)
    first = board["rows"][0]
    assert (first["rank"], first["id"], first["points"]) == (1, evening.players[2], 30)
    assert (first["name"], first["team"]) == (best["姓名"], best["班组"])


def test_own_row_is_beside_the_top(evening: BoardEvening) -> None:
    board = evening.board(evening.phones[0], top=1)
    assert rows(board) == [(1, evening.players[2], 30)]
    assert (board["me"]["rank"], board["me"]["id"], board["me"]["points"]) == (
        3,
        evening.players[0],
        10,
    )
    assert evening.board(evening.host)["me"] is None


def test_board_that_has_not_changed_is_answered_without_a_body(evening: BoardEvening) -> None:
    phone, path = evening.phones[0], f"{evening.path}/leaderboards/event?top=2"
    tag = phone.get(path).headers["ETag"]

    def again(reader: Phone, kept: str = tag) -> tuple[int, int]:
        answer = reader.call("GET", path, headers={"If-None-Match": kept})
        return answer.status_code, len(answer.data)

    assert again(phone) == (304, 0)
    # Each reader's own row is part of the answer, and so of the tag.
    assert again(evening.phones[1])[0] == 200
    evening.give(0, 5)
    assert again(phone)[0] == 200
    newest = phone.get(path).headers["ETag"]
    assert again(phone, newest) == (304, 0)
    evening.does("freeze")
    assert again(phone, newest)[0] == 200
    ban = {"status": "banned", "reason": "不守规则"}
    evening.host.ok("PUT", f"{evening.path}/players/{evening.players[0]}", ban)
    assert again(phone, phone.get(path).headers.get("ETag", newest))[0] == 403


def test_board_says_nothing_about_people_beyond_name_and_team(evening: BoardEvening) -> None:
    number = evening.phones[2].user.removeprefix("staff-")
    text = evening.phones[0].get(f"{evening.path}/leaderboards/event?top=200").text
    assert number not in text
    assert set(evening.board(evening.phones[0])["rows"][0]) == {
        "rank",
        "id",
        "name",
        "team",
        "points",
        "members",
    }


def test_equals_share_a_rank_and_the_next_is_skipped(centre: Centre, evening: BoardEvening) -> None:
    evening.give(0, 20)
    assert [rank for rank, _, _ in rows(evening.board(evening.host))] == [1, 1, 3]
    assert {evening.standing(place)["rank"] for place in (0, 2)} == {1}


def test_earlier_of_two_with_the_same_points_ranks_first(
    evening: BoardEvening, clock: FakeClock
) -> None:
    clock.advance(1)
    evening.give(0, 20)
    assert rows(evening.board(evening.host))[:2] == [
        (1, evening.players[2], 30),
        (2, evening.players[0], 30),
    ]


def test_team_board_prints_its_formula(evening: BoardEvening) -> None:
    board = evening.board(evening.phones[0], scope="teams")
    assert board["formula"].startswith("班组得分 = ")
    assert board["me"] is None
    teams = {row["name"]: row["members"] for row in board["rows"]}
    assert sum(teams.values()) == 3
    english = evening.phones[0].call(
        "GET", f"{evening.path}/leaderboards/event?scope=teams", None, {"Accept-Language": "en"}
    )
    assert english.json["formula"].startswith("Team score = ")


def test_around_me_shows_five_on_each_side(centre: Centre) -> None:
    evening = BoardEvening(centre, 14)
    board = evening.board(evening.phones[6], around="me")
    assert [row["id"] for row in board["rows"]] == evening.players[1:12][::-1]
    assert [row["rank"] for row in board["rows"]] == list(range(3, 14))
    assert (board["me"]["rank"], board["me"]["id"]) == (8, evening.players[6])
    assert board["total"] == 14


def test_around_me_at_the_ends_is_shorter(centre: Centre) -> None:
    evening = BoardEvening(centre, 8)
    first = evening.board(evening.phones[7], around="me")
    last = evening.board(evening.phones[0], around="me")
    assert [row["rank"] for row in first["rows"]] == [1, 2, 3, 4, 5, 6]
    assert [row["rank"] for row in last["rows"]] == [3, 4, 5, 6, 7, 8]


def test_ranks_around_me_are_those_of_the_whole_board(centre: Centre) -> None:
    evening = BoardEvening(centre, 9)
    for place, points in ((1, 10), (3, 10), (4, 10)):
        evening.give(place, points)
    whole = rows(evening.board(evening.host, top=200))
    for phone, player in zip(evening.phones, evening.players, strict=True):
        board = evening.board(phone, around="me")
        assert rows(board) == [row for row in whole if row in rows(board)]
        assert board["me"]["rank"] == next(rank for rank, who, _ in whole if who == player)


def test_guest_has_no_surroundings(evening: BoardEvening, centre: Centre) -> None:
    guest = centre.guest()
    centre.join(evening.event, guest)
    board = evening.board(guest, around="me")
    assert (board["rows"], board["me"], board["total"]) == ([], None, 3)
    refused(evening.host.get(f"{evening.path}/leaderboards/event?around=me"), 403, "not_a_player")


def test_boards_are_listed_with_titles(evening: BoardEvening) -> None:
    path = f"{evening.path}/leaderboards"
    listed = {board["name"]: board["title"] for board in evening.host.ok("GET", path)["boards"]}
    activity = hunt_of(evening.event).rpartition("/")[2]
    assert listed == {
        "event": "总榜",
        "day": "今日榜",
        "week": "本周榜",
        f"activity-{activity}": "“美多”大淘金",
    }
    assert all(evening.board(evening.host, name)["rows"] is not None for name in listed)


def test_day_board_is_that_of_the_business_day(
    centre: Centre, evening: BoardEvening, clock: FakeClock
) -> None:
    clock.advance(17 * 3600)
    evening.host = centre.host()
    assert evening.points(evening.host, "day") == [30, 20, 10]
    clock.advance(3600)
    evening.host = centre.host()
    assert evening.points(evening.host, "day") == []
    evening.give(0, 5)
    assert evening.points(evening.host, "day") == [5]
    assert evening.points(evening.host, "day-2026-11-22") == [30, 20, 10]
    assert evening.points(evening.host, "day-2026-11-23") == [5]
    assert evening.points(evening.host, "week-2026-W47") == [30, 20, 10]
    assert evening.points(evening.host, "week") == [5]


@pytest.mark.parametrize(
    "board",
    [
        "nothing",
        "activity-0",
        "activity-999",
        "activity-",
        "activity-１",
        "day-tomorrow",
        "day-2026-11-22x",
        "day-2026-99-99",
        "day-2026-02-29",
        "day-0000-01-01",
        "day-２０２６-11-22",
        "day-2026-W47",
        "week-2026-W99",
        "week-2026-W00",
        "week-2025-W53",
        "week-2026-11-22",
    ],
)
def test_unknown_board_is_refused(evening: BoardEvening, board: str) -> None:
    refused(evening.host.get(f"{evening.path}/leaderboards/{board}"), 404, "unknown_board")


def test_activity_of_another_event_has_no_board_here(evening: BoardEvening, centre: Centre) -> None:
    activity = hunt_of(centre.open_event(evening.host)).rpartition("/")[2]
    path = f"{evening.path}/leaderboards/activity-{activity}"
    refused(evening.host.get(path), 404, "unknown_board")


@pytest.mark.parametrize("query", ["top=0", "top=201", "top=x", "scope=cats", "around=you"])
def test_bad_query_is_refused(evening: BoardEvening, query: str) -> None:
    answer = evening.host.get(f"{evening.path}/leaderboards/event?{query}")
    refused(answer, 422, "invalid")


def test_a_week_that_only_long_years_have_is_a_board(evening: BoardEvening) -> None:
    assert evening.points(evening.host, "week-2026-W53") == []


@pytest.mark.parametrize("query", ["scope=teams&around=me", "around=me&scope=teams"])
def test_teams_have_no_own_surroundings(evening: BoardEvening, query: str) -> None:
    answer = evening.phones[0].get(f"{evening.path}/leaderboards/event?{query}")
    refused(answer, 422, "invalid")
    assert "个人榜" in str(answer.json["errors"]["around"])
    assert evening.board(evening.phones[0], scope="players", around="me")["rows"]


def test_version_moves_when_the_board_does(evening: BoardEvening) -> None:
    first = evening.board(evening.host)["version"]
    assert evening.board(evening.host)["version"] == first
    evening.give(0, 5)
    assert evening.board(evening.host)["version"] > first


def test_readers_of_the_same_list_never_see_an_old_one(evening: BoardEvening) -> None:
    for points in range(1, 12):
        evening.give(2, points)
        assert evening.points(evening.phones[0])[0] == 30 + sum(range(points + 1))
        assert evening.board(evening.phones[1])["me"]["points"] == 20


def test_lost_board_is_built_by_the_first_reader(evening: BoardEvening, app: Flask) -> None:
    before = rows(evening.board(evening.host))
    app.extensions["linka.redis"].flushall()
    assert rows(evening.board(evening.host)) == before
    app.extensions["linka.redis"].flushall()
    assert evening.standing(0) == {"points": 10, "rank": 3, "frozen": False}
    app.extensions["linka.redis"].flushall()
    assert len(evening.board(evening.phones[0], around="me")["rows"]) == 3


# --- own standing and receipts


def test_own_standing_has_points_and_rank(evening: BoardEvening) -> None:
    own = evening.phones[0].ok("GET", f"{evening.path}/me")
    assert own["standing"] == {"points": 10, "rank": 3, "frozen": False}
    assert own["player"]["id"] == evening.players[0]


def test_receipt_has_every_line_oldest_first(evening: BoardEvening) -> None:
    evening.give(0, 5)
    receipt = evening.phones[0].ok("GET", f"{evening.path}/receipts")
    assert [item["points"] for item in receipt["items"]] == [10, 5]
    assert receipt["total_points"] == 15
    assert all(item["note"] and not item["reversed"] for item in receipt["items"])


def test_host_reads_any_receipt_of_the_event(evening: BoardEvening) -> None:
    receipt = evening.host.ok("GET", f"{evening.path}/receipts?player_id={evening.players[1]}")
    assert receipt["total_points"] == 20
    refused(evening.host.get(f"{evening.path}/receipts?player_id=999"), 404, "not_found")


def test_player_reads_the_own_receipt_only(evening: BoardEvening) -> None:
    mine, theirs = evening.players[:2]
    path = f"{evening.path}/receipts?player_id="
    assert evening.phones[0].ok("GET", f"{path}{mine}")["total_points"] == 10
    refused(evening.phones[0].get(f"{path}{theirs}"), 403, "forbidden")
    refused(evening.phones[0].get(f"{path}x"), 422, "invalid")
