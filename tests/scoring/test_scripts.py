"""The scripts inside Redis against the arithmetic in Python: the same boards from the same puts."""

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.live import feed
from backend.scoring.building import STEP, BoardBuilder, BoardContents, PackedStanding, TeamCard
from backend.scoring.leaderboard import Board, Leaderboard, NotBuilt, Showing, TopRequest, prefix
from backend.scoring.ranking import KINDS, Formula, pack, ranks, team_packed, unpack_team
from tests.support import START, at_once, board_keys

EVENT = 42
BOARDS = ("event", "day-2026-11-22")
PLAYERS = 9
TEAMS = 3
HEADCOUNTS = {1: 4, 2: 10, 3: 60}
ON_REAL_REDIS = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@dataclass(frozen=True)
class Change:
    """A standing that changes; `points` None means that the player had to go."""

    board: str
    player: int
    points: int | None
    tick: int

    def put(self, version: int) -> PackedStanding:
        packed = None if self.points is None else pack(self.points, START + self.tick * 10, START)
        return PackedStanding(self.board, self.player, packed, version, team_of(self.player))


def team_of(player: int) -> int | None:
    """Return a player's team; every fourth has none."""
    return player % (TEAMS + 1) or None


CHANGES = st.builds(
    Change,
    st.sampled_from(BOARDS),
    st.integers(1, PLAYERS),
    st.none() | st.just(0) | st.integers(-100, 3000),
    st.integers(0, 10**7),
)
FORMULAS = st.builds(Formula, st.sampled_from(KINDS), st.integers(1, 5), st.integers(1, 6))


def expected(formula: Formula, puts: list[PackedStanding]) -> dict[str, dict[int, int]]:
    """Return the boards that follow from the newest version of each standing."""
    newest: dict[tuple[str, int], PackedStanding] = {}
    for put in puts:
        known = newest.get((put.board, put.player_id))
        if known is None or put.version > known.version:
            newest[put.board, put.player_id] = put
    shown = [put for put in newest.values() if put.packed is not None]
    found: dict[str, dict[int, int]] = {}
    for put in shown:
        found.setdefault(f"players:{put.board}", {})[put.player_id] = put.packed or 0
    for board in BOARDS:
        for team in HEADCOUNTS:
            members = sorted(p.packed or 0 for p in shown if (p.board, p.team_id) == (board, team))
            joined = sum((p.board, p.team_id) == ("event", team) for p in shown)
            if members:
                packed = team_packed(formula, members[::-1], joined, HEADCOUNTS[team])
                found.setdefault(f"teams:{board}", {})[team] = packed
    return found


class Live:
    """The boards of one event in Redis."""

    def __init__(
        self, client: redis.Redis, formula: Formula, puts: list[PackedStanding] | None = None
    ) -> None:
        client.flushall()
        self.board = Leaderboard(client)
        self.kept: dict[str, Board] = {}
        cards = [TeamCard(team, f"班组{team}", size) for team, size in HEADCOUNTS.items()]
        self.board.build(EVENT, formula, puts or [], [], cards)

    def put(self, *puts: PackedStanding) -> int:
        """Put standings, one call for each."""
        return [self.board.put(EVENT, [put], None) for put in puts][-1]

    def team_points(self, board: str) -> dict[int | None, float | None]:
        """Return the points of each team, as readers see them who keep what they have read."""
        kept = self.kept.get(board)
        known = kept.version if kept else -1
        found, _ = self.board.top(TopRequest(EVENT, board, "teams", 100), known)
        shown = self.kept[board] = found or self.kept[board]
        return {row.id: row.points for row in shown.rows}

    def contents(self) -> dict[str, dict[int, int]]:
        """Return what Redis holds."""
        return {
            name: {int(member): int(packed) for member, packed in rows}
            for name, rows in self.board.contents(EVENT).items()
        }


@pytest.fixture
def live(redis_server: redis.Redis) -> Live:
    """Return empty boards with the usual formula."""
    return Live(redis_server, Formula())


@ON_REAL_REDIS
@given(formula=FORMULAS, changes=st.lists(CHANGES, max_size=25), alone=st.integers(0, 25))
def test_puts_give_the_same_boards_as_python(
    redis_server: redis.Redis, formula: Formula, changes: list[Change], alone: int
) -> None:
    puts = [change.put(version) for version, change in enumerate(changes, start=1)]
    live = Live(redis_server, formula)
    for put in puts[:alone]:
        live.put(put)
    if puts[alone:]:
        live.board.put_each(EVENT, [Showing(EVENT, None, puts[alone:])])
    assert live.contents() == expected(formula, puts)


@ON_REAL_REDIS
@given(
    formula=FORMULAS, changes=st.lists(CHANGES, max_size=15), read_at=st.sets(st.integers(0, 15))
)
def test_board_of_teams_is_exact_at_each_read(
    redis_server: redis.Redis, formula: Formula, changes: list[Change], read_at: set[int]
) -> None:
    puts = [change.put(version) for version, change in enumerate(changes, start=1)]
    live = Live(redis_server, formula)
    for count, put in enumerate(puts, start=1):
        live.put(put)
        if count in read_at:
            for board in BOARDS:
                packed = expected(formula, puts[:count]).get(f"teams:{board}", {})
                points = {team: unpack_team(one) for team, one in packed.items()}
                assert live.team_points(board) == points


def calls_of(client: redis.Redis, command: str) -> int:
    """Return how often a command ran since the statistics were reset."""
    stats: dict[str, dict[str, int]] = client.info("commandstats")
    return stats.get(f"cmdstat_{command}", {"calls": 0})["calls"]


def test_team_is_totalled_once_for_all_puts_before_a_read(
    redis_server: redis.Redis, live: Live
) -> None:
    redis_server.config_resetstat()
    live.put(*(PackedStanding("event", n, pack(n, START, START), 1, 1) for n in range(1, 41)))
    assert calls_of(redis_server, "zrevrange") == 0
    for _ in range(2):
        live.kept.clear()
        assert live.team_points("event") == {1: 38.0}
    # The members of the team once, and the board of teams twice.
    assert calls_of(redis_server, "zrevrange") == 3


def test_while_redis_takes_no_writes_a_board_of_teams_is_as_it_was(
    redis_server: redis.Redis, live: Live
) -> None:
    live.put(PackedStanding("event", 1, pack(100, START, START), 1, 1))
    assert live.team_points("event") == {1: 20.0}
    live.put(PackedStanding("event", 1, pack(200, START, START), 2, 1))
    redis_server.config_set("maxmemory", 1)
    try:
        assert live.team_points("event") == {1: 20.0}
    finally:
        redis_server.config_set("maxmemory", 0)
    assert live.team_points("event") == {1: 40.0}


def test_few_totals_of_teams_are_ever_old(redis_server: redis.Redis, live: Live) -> None:
    puts = [PackedStanding("event", n, pack(n, START, START), 1, n) for n in range(1, 401)]
    sizes = []
    for put in puts:
        live.put(put)
        [old] = redis_server.keys("*:untotalled") or [b"none"]
        sizes.append(redis_server.scard(old))
    # At the limit, all of them are totalled.
    assert max(sizes) == 300
    assert sizes[300] == 0
    assert len(live.contents()["teams:event"]) == 400


def test_large_boards_are_read_and_totalled_in_steps(redis_server: redis.Redis) -> None:
    puts = [Change("event", n, n % 100, n).put(1) for n in range(1, 2501)]
    redis_server.config_resetstat()
    live = Live(redis_server, Formula("sum"), puts)
    assert live.contents() == expected(Formula("sum"), puts)
    teams = [("event", team) for team in (1, 2, 3)]
    members = live.board.members(EVENT, teams)
    assert sum(map(len, members.values())) == sum(put.team_id is not None for put in puts)
    calls: dict[str, dict[str, int]] = redis_server.info("commandstats")
    # Each step is a command of its own, and none reads a whole set of that size.
    assert calls["cmdstat_zscan"]["calls"] >= 6
    assert "cmdstat_zrange" not in calls


class Counted(redis.Redis):
    """A client that counts for each script how many commands Redis ran for it."""

    ran: list[int]

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command."""
        before = self._calls()
        try:
            return super().execute_command(*args, **options)
        finally:
            self.ran.append(self._calls() - before)

    def _calls(self) -> int:
        stats = super().execute_command("INFO", "commandstats")
        return sum(one["calls"] for one in stats.values())


def test_no_step_of_a_rebuild_grows_with_players_teams_and_boards(
    redis_server: redis.Redis,
) -> None:
    board = Leaderboard(Counted(connection_pool=redis_server.connection_pool))
    client = board._redis
    puts = [
        PackedStanding(f"day-{day}", n, pack(n, START, START), 1, n)
        for day in range(3)
        for n in range(1, 1501)
    ]
    teams = [TeamCard(n, f"班组{n}", 1) for n in range(1, 1501)]
    redis_server.config_set("slowlog-max-len", 100_000)
    redis_server.config_set("slowlog-log-slower-than", 0)
    # What was slow in an earlier test is none of this one's.
    redis_server.slowlog_reset()
    # The second build replaces the first one, and removes it.
    for _ in range(2):
        client.ran = []
        board.build(EVENT, Formula(), puts, [], teams)
        assert max(client.ran) <= 500
    board.wipe(EVENT)
    commands = [one["command"].decode() for one in redis_server.slowlog_get(100_000)]
    redis_server.config_set("slowlog-log-slower-than", -1)
    # Redis cuts the arguments off and says how many they were.
    cut = [re.search(r"\((\d+) more arguments\)", command) for command in commands]
    sizes = [int(found[1]) for found in cut if found]
    assert 900 < max(sizes) <= 2 * STEP
    assert list(board_keys(redis_server, EVENT)) == []


def test_what_a_crash_left_of_a_build_is_removed_and_what_is_under_way_is_not(
    live: Live, redis_server: redis.Redis
) -> None:
    here = prefix(EVENT)
    for name, is_under_way in (("crashed1", False), ("begun222", True)):
        redis_server.sadd(here + "builds", name)
        redis_server.sadd(f"{here}{name}:boards", "event")
        redis_server.sadd(f"{here}{name}:team_ids", 1)
        redis_server.zadd(f"{here}{name}:team:event:1", {"1": 1})
        if is_under_way:
            redis_server.set(f"{here}{name}:begun", 1)
    live.put(Change("event", 1, 10, 0).put(1))
    before = live.contents()
    live.board.tidy(EVENT)
    assert live.contents() == before
    assert redis_server.keys("*crashed1*") == []
    assert len(redis_server.keys("*begun222*")) == 4


def test_build_that_redis_lost_meanwhile_is_not_shown(
    live: Live, redis_server: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = BoardBuilder._write

    def lose(self: BoardBuilder, here: str, plan: BoardContents) -> None:
        write(self, here, plan)
        redis_server.delete(here + "begun")

    live.put(Change("event", 1, 10, 0).put(1))
    before = live.contents()
    monkeypatch.setattr(BoardBuilder, "_write", lose)
    with pytest.raises(redis.RedisError):
        live.board.build(EVENT, Formula(), [Change("event", 2, 10, 0).put(1)], [], [])
    assert live.contents() == before
    assert len(redis_server.smembers(prefix(EVENT) + "builds")) == 1


def test_each_of_many_puts_at_once_has_its_rank_and_its_message(
    redis_server: redis.Redis, live: Live
) -> None:
    puts = [Change("event", n, 10 * n, n).put(1) for n in range(1, 41)]
    older = Change("event", 7, 0, 7).put(0)

    def show(put: PackedStanding) -> int:
        return live.board.put(EVENT, [put], {"points": put.player_id})

    found = at_once([lambda put=put: show(put) for put in [*puts, older]])
    assert live.contents() == expected(Formula(), puts)
    ranks = found[:40]
    # Each is among those that were shown by then, and the best of all is the first.
    assert all(1 <= rank <= 41 - put.player_id for rank, put in zip(ranks, puts, strict=True))
    told = [json.loads(fields[b"data"]) for _, fields in redis_server.xrange(feed.key(EVENT))]
    assert sorted(one["points"] for one in told if "points" in one) == list(range(1, 41))


def test_at_one_moment_each_event_has_its_own_fate(redis_server: redis.Redis, live: Live) -> None:
    put = Change("event", 1, 10, 1).put(1)

    def show(event_id: int) -> int | None:
        try:
            return live.board.put(event_id, [put], None)
        except NotBuilt:
            return None

    found = at_once([lambda event=event: show(event) for event in [EVENT, EVENT + 1] * 10])
    assert found == [1, None] * 10


@ON_REAL_REDIS
@given(formula=FORMULAS, changes=st.lists(CHANGES, max_size=25))
def test_building_gives_the_same_boards_as_putting(
    redis_server: redis.Redis, formula: Formula, changes: list[Change]
) -> None:
    newest = {(change.board, change.player): change for change in changes}
    puts = [change.put(version) for version, change in enumerate(newest.values(), start=1)]
    assert Live(redis_server, formula, puts).contents() == expected(formula, puts)


@ON_REAL_REDIS
@given(formula=FORMULAS, changes=st.lists(CHANGES, max_size=15), chance=st.randoms())
def test_reordering_and_repeating_are_harmless(
    redis_server: redis.Redis, formula: Formula, changes: list[Change], chance: Any
) -> None:
    puts = [change.put(version) for version, change in enumerate(changes, start=1)]
    sent = puts + [chance.choice(puts) for _ in puts]
    chance.shuffle(sent)
    live = Live(redis_server, formula)
    for put in sent:
        live.put(put)
    assert live.contents() == expected(formula, puts)


@ON_REAL_REDIS
@given(scores=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=9))
def test_rank_that_a_put_returns_is_the_rank_on_the_board(
    redis_server: redis.Redis, scores: list[tuple[int, int]]
) -> None:
    live = Live(redis_server, Formula())
    puts = [Change("event", n, *score).put(1) for n, score in enumerate(scores, start=1)]
    for put in puts:
        returned = live.put(put)
        board = sorted(live.contents()["players:event"].values(), reverse=True)
        assert returned == dict(zip(board, ranks(board), strict=True))[put.packed or 0]


def test_put_that_takes_a_player_off_returns_no_rank(live: Live) -> None:
    assert live.put(Change("event", 1, 10, 0).put(1)) == 1
    assert live.put(Change("event", 1, None, 0).put(2)) == 0


def test_several_standings_are_put_at_once(live: Live) -> None:
    changes = [Change(board, 1, 10, 0).put(1) for board in BOARDS]
    assert live.board.put(EVENT, changes, None) == 1
    assert live.contents() == expected(Formula(), changes)


def test_nothing_can_be_put_before_the_board_is_built(redis_server: redis.Redis) -> None:
    with pytest.raises(NotBuilt):
        Leaderboard(redis_server).put(EVENT, [Change("event", 1, 10, 0).put(1)], None)
    assert redis_server.keys("*") == []


def test_old_version_changes_nothing_and_tells_nobody(
    live: Live, redis_server: redis.Redis
) -> None:
    live.put(Change("event", 1, 10, 0).put(5))
    revision, told = live.board.revision(EVENT), redis_server.xlen(feed.key(EVENT))
    for version in (5, 4, 1):
        live.put(Change("event", 1, 99, 0).put(version))
    assert live.board.revision(EVENT) == revision
    assert redis_server.xlen(feed.key(EVENT)) == told


def test_revision_grows_with_every_change(live: Live) -> None:
    seen = []
    for version in (1, 2, 3):
        live.put(Change("event", 1, version, 0).put(version))
        seen.append(live.board.revision(EVENT))
    assert seen == sorted(set(seen))


def test_revision_never_comes_back_after_redis_lost_everything(redis_server: redis.Redis) -> None:
    live = Live(redis_server, Formula())
    for version in range(1, 9):
        live.put(Change("event", 1, version, 0).put(version))
    before = live.board.revision(EVENT)
    after = Live(redis_server, Formula()).board.revision(EVENT)
    assert after > before


def test_stale_standings_are_found(live: Live) -> None:
    live.put(Change("event", 1, 10, 0).put(3))
    asked = [("event", 1, 3), ("event", 1, 4), ("event", 2, 1), ("day-2026-11-22", 1, 1)]
    assert live.board.stale(EVENT, asked) == {("event", 1), ("event", 2), ("day-2026-11-22", 1)}


def test_events_do_not_mix(live: Live) -> None:
    live.put(Change("event", 1, 10, 0).put(1))
    with pytest.raises(NotBuilt):
        live.board.revision(EVENT + 1)
    assert live.board.contents(EVENT, frozen=True) == {}


def test_wiping_leaves_only_the_revision(live: Live, redis_server: redis.Redis) -> None:
    for player in range(1, PLAYERS):
        live.put(Change("event", player, 10, 0).put(1))
    redis_server.delete(feed.key(EVENT))
    live.board.wipe(EVENT)
    assert redis_server.keys("*") == [b"linka:{e42}:revision"]
