"""The ceremony: from the bottom up, one place at a time, and the last step lifts the freeze."""

from dataclasses import dataclass
from typing import Any

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st

from backend.events.visibility import View, reveals_rank, shows_entry
from backend.scoring.leaderboard import prefix
from tests.scoring.board_evening import BoardEvening
from tests.support import Centre, boards_prefix, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
TOP = 10


@dataclass
class Facts:
    """What is stored about a freeze."""

    frozen_at: int | None = 100
    reveal_step: int | None = None


@given(st.integers(1, 50), st.integers(1, 200))
def test_each_step_reveals_one_more_place(top: int, position: int) -> None:
    revealing = [
        step for step in range(1, top + 2) if reveals_rank(Facts(reveal_step=step), position, top)
    ]
    first = max(1, top - position + 2)
    assert revealing == list(range(first, top + 2))


def test_first_step_reveals_all_below_the_top() -> None:
    shown = [n for n in range(1, 20) if reveals_rank(Facts(reveal_step=1), n, TOP)]
    assert shown == list(range(TOP + 1, 20))


def test_without_a_ceremony_everything_is_revealed() -> None:
    assert reveals_rank(Facts(), 1, TOP)


@pytest.mark.parametrize(
    ("facts", "view", "created_at", "is_shown"),
    [
        (Facts(None), View.OWN, 500, True),
        (Facts(100), View.OWN, 99, True),
        (Facts(100), View.OWN, 100, True),
        (Facts(100), View.OWN, 101, False),
        (Facts(100, 5), View.OWN, 101, False),
        (Facts(100), View.PUBLIC, 101, False),
        (Facts(100), View.HOST, 101, True),
    ],
)
def test_entry_of_the_freeze_is_shown_to_hosts_only(
    facts: Facts, view: View, created_at: int, is_shown: bool
) -> None:
    assert shows_entry(facts, view, created_at) == is_shown


# --- over HTTP


@pytest.fixture
def evening(centre: Centre) -> BoardEvening:
    """Return a frozen evening with 13 players; the last became the first meanwhile."""
    made = BoardEvening(centre, 13)
    made.does("freeze")
    made.give(0, 1000)
    return made


def live(evening: BoardEvening) -> list[float | None]:
    """Return the points of the board as it really is."""
    return evening.points(evening.host, top=200)


@ONE_DATABASE
def test_board_is_revealed_from_the_bottom_up(evening: BoardEvening) -> None:
    final = live(evening)
    for step in range(1, TOP + 1):
        assert evening.does("reveal")["reveal"] == {"step": step, "of": TOP + 1}
        hidden = TOP - step + 1
        shown = evening.points(evening.phones[5], top=200)
        assert shown == [None] * hidden + final[hidden:]
    assert evening.does("reveal")["reveal"] is None
    assert evening.points(evening.phones[5], top=200) == final


@ONE_DATABASE
def test_hidden_rows_have_a_rank_and_nothing_else(evening: BoardEvening) -> None:
    evening.does("reveal")
    row = evening.board(evening.phones[5])["rows"][0]
    assert row.pop("rank") == 1
    assert set(row.values()) == {None}


@ONE_DATABASE
def test_last_step_lifts_the_freeze_for_everybody(evening: BoardEvening) -> None:
    for _ in range(TOP + 1):
        event = evening.does("reveal")
    assert (event["frozen"], event["reveal"]) == (False, None)
    assert evening.standing(0) == {"points": 1010, "rank": 1, "frozen": False}
    assert len(evening.gains()) == 14
    assert evening.is_clean()


@ONE_DATABASE
def test_own_standing_and_surroundings_stay_frozen_until_the_last_step(
    evening: BoardEvening,
) -> None:
    before = evening.board(evening.phones[0], around="me")["rows"]
    for _ in range(TOP):
        evening.does("reveal")
        assert evening.standing(0) == {"points": 10, "rank": 13, "frozen": True}
        assert evening.board(evening.phones[0], around="me")["rows"] == before
    assert evening.gains() == []


@ONE_DATABASE
def test_own_row_beside_the_board_stays_frozen_too(evening: BoardEvening) -> None:
    evening.does("reveal", step=5)
    assert evening.board(evening.phones[0])["me"]["points"] == 10


@ONE_DATABASE
def test_screen_is_shown_the_same_steps(evening: BoardEvening) -> None:
    evening.does("reveal", step=8)
    boards = evening.snapshot()["boards"]
    shown = [row["points"] for row in boards["players"]["rows"]]
    assert shown == [None] * 3 + live(evening)[3:]
    assert evening.snapshot()["event"]["reveal"] == {"step": 8, "of": TOP + 1}


@ONE_DATABASE
def test_teams_are_revealed_with_the_players(evening: BoardEvening) -> None:
    final = evening.points(evening.host, scope="teams")
    assert len(final) > 1
    evening.does("reveal", step=10)
    assert evening.points(evening.phones[5], scope="teams") == [None, *final[1:]]


@ONE_DATABASE
def test_asking_for_a_step_again_is_harmless(evening: BoardEvening) -> None:
    assert evening.does("reveal", step=4)["reveal"] == {"step": 4, "of": TOP + 1}
    assert evening.does("reveal", step=4)["reveal"] == {"step": 4, "of": TOP + 1}
    assert evening.does("reveal", step=2)["reveal"] == {"step": 4, "of": TOP + 1}


@ONE_DATABASE
def test_asking_for_the_last_step_again_is_harmless(evening: BoardEvening) -> None:
    evening.does("reveal", step=TOP + 1)
    assert evening.does("reveal", step=TOP + 1)["frozen"] is False
    answer: Any = evening.host.post(f"{evening.path}/transitions", {"action": "reveal"})
    refused(answer, 409, "wrong_state")


@ONE_DATABASE
def test_closed_event_is_revealed_as_well(evening: BoardEvening) -> None:
    evening.does("close")
    evening.does("reveal", step=TOP + 1)
    assert evening.points(evening.phones[5])[0] == 1010


def late_player(evening: BoardEvening, centre: Centre) -> int:
    """Let somebody join; returns the player's id."""
    player = centre.join(evening.event, centre.people(14)[13])[0]
    return int(player["id"])


def test_ceremony_shows_the_board_as_it_was_when_it_began(
    evening: BoardEvening, centre: Centre
) -> None:
    evening.does("reveal", step=5)
    watching = evening.phones[5]
    boards = [(scope, name) for scope in ("players", "teams") for name in ("event", "day")]
    before = [evening.board(watching, name, scope=scope, top=200) for scope, name in boards]
    # The second of the hidden ones falls below, somebody revealed rises above them.
    evening.give(11, -100)
    evening.give(2, 5000)
    late_player(evening, centre)
    assert [evening.board(watching, name, scope=scope, top=200) for scope, name in boards] == before
    assert evening.is_clean()
    evening.does("reveal", step=TOP + 1)
    assert evening.points(watching, top=200) == live(evening)
    assert live(evening)[0] == 5030


def test_ceremony_is_built_again_when_redis_lost_it(
    evening: BoardEvening, redis_server: redis.Redis
) -> None:
    evening.does("reveal", step=5)
    before = evening.board(evening.phones[5], top=200)["rows"]
    redis_server.flushall()
    assert evening.board(evening.phones[5], top=200)["rows"] == before
    assert evening.is_clean()


@ONE_DATABASE
def test_ceremony_that_lost_its_board_in_a_crash_is_completed(
    evening: BoardEvening, redis_server: redis.Redis
) -> None:
    evening.does("reveal", step=5)
    before = evening.board(evening.phones[5], top=200)["rows"]
    for name in redis_server.keys("linka:*:frozen:*final/*"):
        redis_server.delete(name)
    here = boards_prefix(redis_server, evening.event["id"], frozen=True)
    redis_server.srem(here + "boards", "final/event", "final/day")
    redis_server.incr(prefix(evening.event["id"], True) + "revision")
    assert evening.board(evening.phones[5], top=200)["rows"] == []
    evening.app.extensions["linka.boards"].reconcile(evening.app.extensions["linka.clock"].now())
    assert evening.board(evening.phones[5], top=200)["rows"] == before
    assert evening.is_clean()


def test_who_is_kicked_during_the_ceremony_is_not_on_its_board(
    evening: BoardEvening, centre: Centre
) -> None:
    late = late_player(evening, centre)
    evening.does("reveal", step=1)
    rows = evening.board(evening.phones[5], top=200)["rows"]
    assert late in [row["id"] for row in rows]
    evening.host.ok("PUT", f"{evening.path}/players/{late}", {"status": "kicked"})
    assert evening.board(evening.phones[5], top=200)["rows"] == rows[:-1]
    assert evening.is_clean()
