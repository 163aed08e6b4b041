"""Whole boards: rebuilt equal to the byte, verified by `verify`, repaired by the reconciler."""

from collections.abc import Callable
from typing import Any

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.db import Database
from backend.events.models import Event, Player
from backend.live.feed import Feed
from backend.scoring.boards import RECENT_SECONDS, UNDER_WAY_MS, Boards, Findings
from backend.scoring.leaderboard import prefix
from backend.scoring.models import ScoreEntry, Standing
from backend.scoring.ranking import KINDS
from backend.scoring.reconciler import Reconciler
from tests.scoring.evening import Evening
from tests.support import START, FakeClock, board_keys, boards_prefix

Act = Callable[[], object]
ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def dump(evening: Evening) -> dict[str, Any]:
    """Return every key of the event's boards with its bytes, but for revision and feed."""
    client, found = evening.redis, {}
    for key, name in board_keys(client, evening.id).items():
        read = {
            b"zset": lambda k: client.zrange(k, 0, -1, withscores=True),
            b"hash": lambda k: sorted(client.hgetall(k).items()),
            b"set": lambda k: sorted(client.smembers(k)),
            b"string": client.get,
        }[client.type(key)]
        found[name] = read(key)
    return found


def play(evening: Evening) -> None:
    """Let an evening have ties, zeros, losses, other days, and somebody without points."""
    for place, points, after in [
        (0, 30, 10),
        (1, 30, 20),
        (2, 0, 30),
        (3, -5, 40),
        (0, 7, 18 * 3600),
        (3, 42, 18 * 3600),
    ]:
        evening.give(place, points, after)


# --- rebuilding


@pytest.mark.parametrize("is_frozen", [False, True])
def test_deleted_boards_are_rebuilt_to_the_byte(evening: Evening, is_frozen: bool) -> None:
    play(evening)
    if is_frozen:
        freeze(evening)
        evening.give(4, 99)
    before = dump(evening)
    evening.redis.flushall()
    assert evening.differences() != []
    evening.boards.rebuild(evening.id, START)
    assert dump(evening) == before
    assert evening.differences() == []


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(KINDS),
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(-20, 500), st.integers(9, 200_000)), max_size=12
    ),
)
@ONE_DATABASE
def test_any_evening_is_rebuilt_to_the_byte(
    database: Database, redis_server: redis.Redis, kind: str, awards: list[tuple[int, int, int]]
) -> None:
    redis_server.flushall()
    evening = Evening(database, redis_server, kind=kind)
    for award in awards:
        evening.give(*award)
    assert evening.differences() == []
    before = dump(evening)
    redis_server.flushall()
    evening.boards.rebuild(evening.id, START)
    assert dump(evening) == before


def freeze(evening: Evening) -> None:
    """Freeze the boards."""
    evening.event.frozen_at = START + 3_600_000
    with evening.database.write():
        evening.event.save()
        evening.boards.freeze(evening.event)
    evening.boards.refresh(evening.id)


@ONE_DATABASE
def test_rebuilding_leaves_nothing_half_made_behind(evening: Evening) -> None:
    play(evening)
    before = dump(evening)
    evening.boards.rebuild(evening.id, START)
    assert dump(evening) == before
    assert evening.redis.keys("*begun*") == []
    assert {evening.redis.ttl(key) for key in evening.redis.keys(prefix(evening.id) + "*")} == {-1}


@ONE_DATABASE
def test_rebuilding_sets_wrong_standings_right(evening: Evening) -> None:
    play(evening)
    before = evening.kept()
    Standing.update(points=1000).where(Standing.player == evening.players[1]).execute()
    evening.boards.rebuild(evening.id, START)
    assert evening.kept() == before
    assert evening.differences() == []


@pytest.fixture
def meanwhile(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> Callable[[Act], None]:
    """Return what lets something happen once, when standings were read and boards not yet made."""
    build = evening.scores.leaderboard.build

    def arrange(act: Act) -> None:
        acts = [act]

        def build_later(*args: Any, **options: Any) -> None:
            while acts:
                acts.pop()()
            build(*args, **options)

        monkeypatch.setattr(evening.scores.leaderboard, "build", build_later)

    return arrange


@ONE_DATABASE
def test_who_scores_while_boards_are_made_is_on_them(
    evening: Evening, meanwhile: Callable[[Act], None]
) -> None:
    play(evening)
    meanwhile(lambda: [evening.give(0, 500), evening.give(4, 7)])
    evening.boards.refresh(evening.id)
    assert evening.differences() == []


@ONE_DATABASE
def test_who_comes_or_goes_while_boards_are_made_is_seen(
    evening: Evening, meanwhile: Callable[[Act], None]
) -> None:
    def come_and_go() -> None:
        evening.scores.introduce(evening.seat(1))
        guest = Player.create(
            event=evening.event, account_id=99, name="来宾", joined_at=START + 1000
        )
        evening.scores.introduce(guest)
        kicked = evening.players[0]
        kicked.status = "kicked"
        with evening.database.write():
            kicked.save()
            evening.scores.withdraw(kicked, START)
        evening.scores.introduce(kicked)

    play(evening)
    before = evening.scores.leaderboard.player_count(evening.id)
    meanwhile(come_and_go)
    evening.boards.refresh(evening.id)
    assert evening.differences() == []
    assert evening.scores.leaderboard.player_count(evening.id) == before + 1


@ONE_DATABASE
def test_rebuilding_one_event_leaves_others(
    evening: Evening, database: Database, redis_server: redis.Redis
) -> None:
    other = Evening(database, redis_server)
    play(other)
    before = dump(other)
    evening.boards.rebuild(evening.id, START)
    assert dump(other) == before


@ONE_DATABASE
def test_reading_a_board_that_is_gone_builds_it(evening: Evening) -> None:
    play(evening)
    before = evening.board()
    evening.redis.flushall()
    assert evening.give(4, 1) == 4
    assert evening.board() != before
    assert evening.differences() == []


# --- verifying


@ONE_DATABASE
def test_clean_evening_has_no_differences(evening: Evening) -> None:
    play(evening)
    findings = evening.boards.verify(evening.id)
    assert findings.differences == []
    # 5 on the event's board and 6 on others twice, in standings and in sorted sets, and teams.
    assert findings.compared > 20


@ONE_DATABASE
@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (lambda client, here: client.zadd(here + "players:event", {"1": 1.0}), "players:event"),
        (lambda client, here: client.zrem(here + "players:event", "1"), "players:event"),
        (lambda client, here: client.zadd(here + "players:event", {"99": 1.0}), "players:event"),
        (lambda client, here: client.zincrby(here + "teams:event", 1, "1"), "teams:event"),
        (lambda client, here: client.zrem(here + "players:day-2026-11-22", "2"), "day-2026-11-22"),
        (lambda client, here: client.delete(here + "teams:week-2026-W47"), "week-2026-W47"),
        (lambda client, here: client.delete(f"{here[:-9]}whole"), "no board"),
        (lambda client, here: client.srem(here + "boards", "event"), "s:event"),
    ],
)
def test_tampered_board_is_found_and_mended(evening: Evening, tamper: Any, named: str) -> None:
    play(evening)
    assert evening.ids(0, 1) == [1, 2]
    assert evening.differences() == []
    tamper(evening.redis, boards_prefix(evening.redis, evening.id))
    differences = evening.differences()
    assert differences
    assert all(named in difference for difference in differences)
    evening.boards.rebuild(evening.id, START)
    assert evening.differences() == []


@pytest.mark.parametrize(
    "tamper",
    [
        lambda player: Standing.delete().where(Standing.player == player),
        lambda player: Standing.update(points=Standing.points + 1).where(Standing.player == player),
        lambda player: Standing.update(reached_at=0).where(Standing.player == player),
        lambda player: ScoreEntry.update(points=1).where(ScoreEntry.player == player),
        lambda player: ScoreEntry.delete().where(ScoreEntry.player == player),
    ],
    ids=["missing standing", "points", "moment", "entry changed", "entry deleted"],
)
def test_changed_database_is_found(evening: Evening, tamper: Any) -> None:
    play(evening)
    tamper(evening.players[0]).execute()
    differences = evening.differences()
    assert any("standing" in difference for difference in differences)
    assert all(f"event {evening.id} " in difference for difference in differences)


@ONE_DATABASE
def test_tampered_frozen_board_is_found(evening: Evening) -> None:
    play(evening)
    freeze(evening)
    assert evening.differences() == []
    here = boards_prefix(evening.redis, evening.id, frozen=True)
    evening.redis.zincrby(here + "players:event", 1, "1")
    (difference,) = evening.differences()
    assert difference.startswith(f"event {evening.id} frozen players:event 1: ")


# --- reconciling


def reconcile(evening: Evening, after: float) -> int:
    """Let the reconciler look, so many seconds after the beginning."""
    return evening.boards.reconcile(START + int(after * 1000))


def test_award_that_never_came_to_the_board_is_put_there(evening: Evening) -> None:
    evening.give(1, 5, 50)
    evening.commit(evening.make(0, 10, 60))
    assert evening.board()[0] == (evening.players[1].id, 5)
    assert evening.differences() != []
    assert reconcile(evening, 62) == 4
    assert evening.board()[0] == (evening.players[0].id, 10)
    assert evening.differences() == []
    assert reconcile(evening, 63) == 0


@ONE_DATABASE
def test_what_is_on_its_way_is_left_alone(evening: Evening) -> None:
    evening.commit(evening.make(0, 10, 60))
    assert reconcile(evening, 60 + UNDER_WAY_MS / 1000 - 0.001) == 0
    assert reconcile(evening, 60 + UNDER_WAY_MS / 1000) == 4


@ONE_DATABASE
def test_old_standings_are_looked_at_after_a_restart_only(evening: Evening) -> None:
    evening.commit(evening.make(0, 10, 60))
    later = START + 60_000 + RECENT_SECONDS * 1000 + 1
    assert evening.boards.reconcile(later) == 0
    assert evening.boards.reconcile(later, everything=True) == 4
    assert evening.differences() == []


@ONE_DATABASE
def test_lost_boards_are_built_by_the_reconciler(evening: Evening) -> None:
    play(evening)
    before = dump(evening)
    evening.redis.flushall()
    evening.boards.reconcile(START + 20 * 3600 * 1000, everything=True)
    assert dump(evening) == before


@ONE_DATABASE
def test_archived_events_are_left_alone(evening: Evening) -> None:
    evening.commit(evening.make(0, 10, 60))
    Event.update(state="archived").execute()
    assert reconcile(evening, 62) == 0


@ONE_DATABASE
def test_player_who_was_kicked_when_redis_was_away_is_taken_off(evening: Evening) -> None:
    play(evening)
    player = evening.players[0]
    player.status = "kicked"
    with evening.database.write():
        player.save()
        evening.scores.withdraw(player, START + 100_000)
    assert player.id in dict(evening.board())
    reconcile(evening, 102)
    assert player.id not in dict(evening.board())
    assert evening.differences() == []


@ONE_DATABASE
def test_reconciler_looks_at_everything_once_per_run_of_redis(
    evening: Evening, clock: FakeClock
) -> None:
    evening.commit(evening.make(0, 10, 60))
    clock.advance(24 * 3600)
    reconciler = Reconciler(evening.boards, evening.redis, clock)
    assert reconciler.step() == 4
    evening.commit(evening.make(0, 10, 60))
    assert reconciler.step() == 0
    assert Reconciler(evening.boards, evening.redis, clock).step() == 4


class TickingClock:
    """A clock that goes on by some seconds each time it is read."""

    def __init__(self, now: int) -> None:
        self.at = now
        self.seconds = 0

    def now(self) -> int:
        """Return the moment."""
        self.at += self.seconds * 1000
        return self.at


class CountedBoards(Boards):
    """Boards that count how often they are compared."""

    compared = 0

    def compare(self, event_id: int) -> Findings:
        """Compare them."""
        self.compared += 1
        return super().compare(event_id)


@ONE_DATABASE
def test_pause_after_a_comparison_grows_with_its_length(evening: Evening, clock: FakeClock) -> None:
    boards = CountedBoards(evening.scores, Feed(evening.redis))
    ticking = TickingClock(clock.now())
    reconciler = Reconciler(boards, evening.redis, ticking)

    def compares_after(seconds: int, lasting: int) -> bool:
        before = boards.compared
        ticking.at += seconds * 1000
        ticking.seconds = lasting
        reconciler.step()
        ticking.seconds = 0
        return boards.compared > before

    assert not compares_after(9, 0)
    assert compares_after(1, 0)
    assert compares_after(10, 3)
    # It took three seconds, and began three seconds later than it was due.
    assert not compares_after(50, 0)
    assert compares_after(10, 0)
    assert compares_after(10, 0)
