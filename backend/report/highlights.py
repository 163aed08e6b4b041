"""People and teams that the report mentions in lines of their own. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.report.attendance import Turnout
from backend.report.course import Course

# Smaller teams are left out, because it is easy for them to come completely.
TEAM_LEAST = 5


@dataclass(frozen=True)
class RankedPlayer:
    """A player on the board."""

    player_id: int
    staff_id: int | None
    name: str
    team: str | None


@dataclass(frozen=True)
class Highlight:
    """A line about a player or a team.

    `about` is the reason, in Chinese. For a team `player` is null.
    """

    title: str
    name: str
    team: str | None
    about: str
    player_id: int | None = None


def highlights(
    seats: Mapping[int, RankedPlayer],
    ranks: Mapping[int, int],
    course: Course,
    titles: Mapping[int, str],
    earlier: Mapping[int, int],
    veterans: set[int],
) -> list[Highlight]:
    """Return the lines: the largest climb, first points, best newcomer, most improved.

    `ranks` are final ranks by player, `titles` those of activities. `earlier` are the ranks of
    staff in the last event of the same template. `veterans` are the staff who have ever played
    before; if there are none, nobody is called a newcomer.
    """
    found = [
        _climb(seats, course, titles),
        *[
            _of(seats[player_id], "率先得分", f"{titles[activity_id]}里第一个拿到分")
            for activity_id, player_id in course.first.items()
            if activity_id in titles
        ],
        _newcomer(seats, ranks, veterans),
        _improved(seats, ranks, earlier),
    ]
    return [one for one in found if one is not None]


def _of(seat: RankedPlayer, title: str, about: str) -> Highlight:
    return Highlight(title, seat.name, seat.team, about, seat.player_id)


def _climb(
    seats: Mapping[int, RankedPlayer], course: Course, titles: Mapping[int, str]
) -> Highlight | None:
    climb = course.climb
    if climb is None:
        return None
    after = titles.get(climb.stage.activity_id, "")
    about = f"{after}结束时第 {climb.before} 名，最后第 {climb.after} 名"
    return _of(seats[climb.player_id], "最大逆袭", about)


def _newcomer(
    seats: Mapping[int, RankedPlayer], ranks: Mapping[int, int], veterans: set[int]
) -> Highlight | None:
    new = [player for player in ranks if seats[player].staff_id not in veterans]
    if not veterans or not new:
        return None
    best = min(new, key=lambda player: (ranks[player], player))
    return _of(seats[best], "最佳新人", f"第一次参加，第 {ranks[best]} 名")


def _improved(
    seats: Mapping[int, RankedPlayer], ranks: Mapping[int, int], earlier: Mapping[int, int]
) -> Highlight | None:
    """Return the player whose share of people ranked behind them rose most between the two events."""
    rises = {
        player: _behind(rank, len(ranks)) - _behind(earlier[staff_id], len(earlier))
        for player, rank in ranks.items()
        if (staff_id := seats[player].staff_id) is not None and staff_id in earlier
    }
    best = max(rises, key=lambda player: (rises[player], -ranks[player], -player), default=None)
    if best is None or rises[best] <= 0:
        return None
    before = earlier[seats[best].staff_id or 0]
    about = f"上次 {len(earlier)} 人里第 {before} 名，这次 {len(ranks)} 人里第 {ranks[best]} 名"
    return _of(seats[best], "进步最大", about)


def _behind(rank: int, people: int) -> float:
    return (people - rank) / people


def keenest(attendance: Turnout) -> Highlight | None:
    """Return the team with the largest share of members who came."""
    teams = [one for one in attendance.teams if one.heads >= TEAM_LEAST and one.came and one.name]
    if not teams:
        return None
    best = teams[0]
    about = f"{best.heads} 人来了 {best.came} 人，{best.percent:g}%"
    return Highlight("最齐的班组", best.name, None, about)
