"""Large boards: how reads and puts slow down with the number of players, and a rebuild."""

import itertools
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from backend.events.models import Event
from backend.scoring.building import Card, PackedStanding
from backend.scoring.leaderboard import Leaderboard, TopRequest
from backend.scoring.ranking import Formula, pack
from tests.bench import crowd
from tests.bench.figures import Figure
from tests.bench.installation import Installation
from tests.bench.live import LiveScenario, limit
from tests.bench.scenarios import require

BOARD = "event"
# Events that no table has: their boards are in Redis alone.
SMALL, LARGE = 900_000_001, 900_000_002


class BoardGrowth(LiveScenario):
    """By which factor own row, top 100, around ±5 and a put take longer among a million players than
    among a thousand: the largest of the four. Times by the clock, as a process of the server sees
    them."""

    name = "board_growth"
    most = 2.0
    players = {SMALL: 1_000, LARGE: 1_000_000}
    calls = 400

    def measure(
        self, place: Installation, bare_port: int, step: Callable[[], object]
    ) -> list[Figure]:
        """Build both boards, and measure."""
        board = Leaderboard(place.redis)
        for event_id, players in self.players.items():
            puts = [
                PackedStanding(BOARD, one, pack(one * 7919 % 30_000, 1_000 + one, 0), 1, None)
                for one in range(1, players + 1)
            ]
            cards = [Card(one, "员工", None) for one in range(1, players + 1)]
            board.build(event_id, Formula("sum", 0, 0), puts, cards, [])
        operations = [self._operations(board, event_id) for event_id in self.players]
        found = []
        for _ in range(self.repeats):
            found.append(max(self._times_as_long(*pair) for pair in zip(*operations, strict=True)))
            step()
            step()
        for event_id in self.players:
            board.wipe(event_id)
        return [limit(self.name, self.most, found, unit="times as long")]

    def _operations(self, board: Leaderboard, event_id: int) -> list[Callable[[int], object]]:
        """Return own row, top, around and put, each of a chance number."""
        players, versions = self.players[event_id], itertools.count(2)

        def put(number: int) -> object:
            points = pack(number % 30_000, 1_000 + number, 0)
            moved = PackedStanding(BOARD, 1 + number % players, points, next(versions), None)
            return board.put(event_id, [moved], None)

        return [
            lambda number: board.row(event_id, BOARD, 1 + number % players),
            lambda _: board.top(TopRequest(event_id, BOARD, "players", 100)),
            lambda number: board.around(event_id, BOARD, [1 + number % players]),
            put,
        ]

    def _times_as_long(
        self, small: Callable[[int], object], large: Callable[[int], object]
    ) -> float:
        """Call both in turn, and return how the medians of their times compare."""
        took: tuple[list[float], list[float]] = ([], [])
        for number in range(self.calls):
            for call, times in zip((small, large), took, strict=True):
                began = time.perf_counter()
                call(number * 7919)
                times.append(time.perf_counter() - began)
        return statistics.median(took[1]) / statistics.median(took[0])


class RebuildMillion(LiveScenario):
    """Seconds to build the boards of an event anew from a million entries of its ledger: those of
    10,000 players, with the standings set to what the ledger says. And how much memory that takes."""

    name = "rebuild_million"
    most_seconds = 20.0
    most_megabytes = 400.0
    copies, entries = 10, 100
    repeats = 1

    def measure(
        self, place: Installation, bare_port: int, step: Callable[[], object]
    ) -> list[Figure]:
        """Write the ledger, and measure; the boards agree with it afterwards."""
        event = crowd.new_event(place)
        crowd.seat(place, event, crowd.callers(place), self.copies)
        crowd.give_points(place, event)
        self._give_more(place, event)
        step()
        before = _memory("VmRSS")
        # The highest value is counted anew from here on.
        Path("/proc/self/clear_refs").write_text("5")
        began = time.monotonic()
        place.scores.rebuild(event.id, from_ledger=True, now=place.clock.now())
        took = time.monotonic() - began
        grown = _memory("VmHWM") - before
        found = place.boards.verify(event.id)
        require(not found.differences, f"{len(found.differences)} differences")
        step()
        return [
            limit(self.name, self.most_seconds, [took], unit="s"),
            limit(f"{self.name}_memory", self.most_megabytes, [max(grown, 1.0)], unit="MB"),
        ]

    def _give_more(self, place: Installation, event: Event) -> None:
        """Write further entries for everybody, a hundred each in all."""
        columns = "points, reason, note, rule_version, day, week, earned_at, created_at"
        with place.database.write():
            place.database.sql(
                "WITH RECURSIVE copies(n) AS"
                " (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < ?)"
                f" INSERT INTO score_entry (event_id, player_id, source, {columns})"
                f" SELECT event_id, player_id, 'more:' || n || ':' || player_id, {columns}"
                " FROM score_entry, copies WHERE event_id = ? AND n < ?",
                (self.entries, event.id, self.entries),
            )


def _memory(name: str) -> float:
    """Return a line of this process's memory in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise ValueError(name)


SCENARIOS = (RebuildMillion, BoardGrowth)
