"""The course of an evening according to the ledger: when points were earned, and how the order
changed.

Pure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from backend.offload.steps import in_steps
from backend.scoring.ledger import Entry
from backend.scoring.ranking import pack, places

MINUTE = 60_000
# The possible widths of a column of the chart over time, in ms; the smallest is used that needs at
# most `MOST_COLUMNS`.
WIDTHS = tuple(MINUTE * minutes for minutes in (1, 2, 5, 10, 15, 30, 60, 180, 360, 1440))
MOST_COLUMNS = 48
STEP = 500


class ActivityDay(NamedTuple):
    """An activity on a business day; `at` is the moment of its last points on that day."""

    at: int
    activity_id: int
    day: str


@dataclass(frozen=True)
class Climb:
    """A player's rise from the rank after a stage to the final one."""

    player_id: int
    stage: ActivityDay
    before: int
    after: int


@dataclass(frozen=True)
class Span:
    """A section of the time: how many points were earned and how many people joined in it."""

    at: int
    points: int
    joined: int


@dataclass(frozen=True)
class Course:
    """The course of an event.

    `ranks` are the ranks after each stage, without players who had not joined by then.
    """

    stages: list[ActivityDay]
    ranks: list[dict[int, int]]
    first: dict[int, int]
    climb: Climb | None
    spans: list[Span]
    width: int


def in_force(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that were not reversed, sorted by the moment that counts."""
    rows = list(entries)
    taken_back = {entry.reverses_id for entry in rows}
    kept = [one for one in rows if one.reverses_id is None and one.id not in taken_back]
    return sorted(kept, key=lambda one: (one.earned_at, one.id))


def course(
    entries: Sequence[Entry],
    joined: Mapping[int, int],
    began_at: int,
    final: Mapping[int, int],
    opened_at: int,
) -> Course:
    """Return the course of an event.

    `entries` are those that were not reversed, `joined` is {player: moment of joining}, `final`
    {player: final rank} of those who are on the board. The order after a stage is that of the board
    at that moment: points, then the earlier moment of reaching them. `first` has the player who
    first earned points in each activity. A player who joined before `opened_at`, perhaps days
    before, counts in `spans` at that moment.
    """
    counted = [entry for entry in entries if entry.player_id in final]
    stages = _stages(counted)
    points: Counter[int] = Counter()
    reached: dict[int, int] = {}
    first: dict[int, int] = {}
    ranks: list[dict[int, int]] = []
    rest = iter(in_steps(counted, STEP))
    entry = next(rest, None)
    for stage in in_steps(stages, 1):
        while entry is not None and entry.earned_at <= stage.at:
            points[entry.player_id] += entry.points
            if entry.points:
                reached[entry.player_id] = entry.earned_at
            if entry.points > 0 and entry.activity_id is not None:
                first.setdefault(entry.activity_id, entry.player_id)
            entry = next(rest, None)
        there = [player for player in final if joined.get(player, 0) <= stage.at]
        order = {
            player: pack(points[player], reached.get(player, joined.get(player, 0)), began_at)
            for player in there
        }
        ranks.append(places(order))
    arrived = {player: max(at, opened_at) for player, at in joined.items()}
    width = _width(counted, arrived)
    return Course(
        stages, ranks, first, _climb(stages, ranks, final), _spans(counted, arrived, width), width
    )


def _stages(entries: Iterable[Entry]) -> list[ActivityDay]:
    last: dict[tuple[int, str], int] = {}
    for entry in entries:
        if entry.activity_id is not None:
            last[entry.activity_id, entry.day] = entry.earned_at
    return sorted(ActivityDay(at, activity_id, day) for (activity_id, day), at in last.items())


def _climb(
    stages: Sequence[ActivityDay], ranks: Sequence[Mapping[int, int]], final: Mapping[int, int]
) -> Climb | None:
    """Return the largest rise from any stage to the end.

    Of equal ones the one with the best final rank.
    """
    rises = [
        Climb(player, stage, rank, final[player])
        for stage, order in zip(stages, ranks, strict=True)
        for player, rank in order.items()
        if rank > final[player]
    ]
    return max(
        rises,
        key=lambda one: (one.before - one.after, -one.after, -one.player_id),
        default=None,
    )


def _width(entries: Sequence[Entry], joined: Mapping[int, int]) -> int:
    moments = [*joined.values(), *(entry.earned_at for entry in entries)]
    if not moments:
        return WIDTHS[0]
    length = max(moments) - min(moments)
    return next((width for width in WIDTHS if length < width * (MOST_COLUMNS - 1)), WIDTHS[-1])


def _spans(entries: Sequence[Entry], joined: Mapping[int, int], width: int) -> list[Span]:
    points: Counter[int] = Counter()
    people: Counter[int] = Counter()
    for entry in entries:
        points[entry.earned_at // width] += entry.points
    for moment in joined.values():
        people[moment // width] += 1
    numbers = points.keys() | people.keys()
    if not numbers:
        return []
    every = range(min(numbers), max(numbers) + 1)
    return [Span(number * width, points[number], people[number]) for number in every]
