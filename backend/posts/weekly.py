"""竞赛周报: a draft that is made each week from the ledger. An editor adds words and publishes it.

It names the better half of the teams and of the people who earned points, the biggest climb since the
week before, and newcomers; it never names the last ones. Frozen events are left out, and their number is
stated.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import fn

from backend.clock import DAY_MS, business_week
from backend.db import Database
from backend.events.models import Event, Player
from backend.identity.models import Staff, Team
from backend.posts import drafting
from backend.posts.drafting import literal
from backend.posts.markdown import BAR, LONGEST_BAR
from backend.posts.models import Post
from backend.scoring.ledger import Calendar
from backend.scoring.models import ScoreEntry
from backend.scoring.ranking import places

TITLE = "竞赛周报"
CODE = "weekly-"
PEOPLE, TEAMS, NEWCOMERS = 10, 10, 3
# How many weeks later a draft is still made, if no worker ran.
WEEKS = 4


@dataclass(frozen=True)
class _RosterEntry:
    name: str
    team: str


@dataclass(frozen=True)
class Week:
    """The points of a business week: `{staff: points}`, over `events`.

    `frozen` counts the events that were left out because their boards are frozen.
    """

    points: Mapping[int, int]
    events: int
    frozen: int


def week_of(key: str) -> Week:
    """Return the points of the people of the roster in a business week (YYYY-Www).

    A reversal belongs to the week of the entry that it reverses, so it is part of the sum.
    """
    entries = (
        ScoreEntry.select(Player.staff_id, fn.SUM(ScoreEntry.points))
        .join(Player)
        .join(Event)
        .where(_counts(key), Event.frozen_at.is_null())
        .group_by(Player.staff_id)
        .tuples()
    )
    events = (
        ScoreEntry.select(ScoreEntry.event, Event.frozen_at)
        .join(Player)
        .join(Event)
        .where(_counts(key))
        .distinct()
        .tuples()
    )
    frozen = [frozen_at is not None for _, frozen_at in events]
    points = {staff_id: int(total) for staff_id, total in entries if total > 0}
    return Week(points, frozen.count(False), frozen.count(True))


def _counts(key: str) -> Any:
    return (
        (ScoreEntry.week == key)
        & (Player.status == "active")
        & Player.staff_id.is_null(False)
        & ~Event.rehearsal
    )


def newcomers(week: Week, key: str) -> list[int]:
    """Return the people who earned points for the first time in a week, the best first."""
    known = (
        ScoreEntry.select(Player.staff_id)
        .join(Player)
        .join(Event)
        .where(Player.staff_id.is_null(False), ScoreEntry.week < key, ~Event.rehearsal)
        .distinct()
        .tuples()
    )
    earlier = {staff_id for (staff_id,) in known}
    found = [one for one in week.points if one not in earlier]
    # In the first week ever, everybody would be new.
    return sorted(found, key=lambda one: (-week.points[one], one)) if earlier else []


def draft(database: Database, calendar: Calendar, now: int) -> Post | None:
    """Make the draft of a week that is over, the earliest that lacks one.

    Weeks from before the first draft that was ever made get none, besides the last week. Returns
    None if nothing is due, nobody earned points, or the column is closed. The unique code of the
    post makes sure that each is made once.
    """
    column = drafting.column_of(CODE, TITLE)
    if column is None:
        return None
    for key in _lacking(calendar, now):
        week = week_of(key)
        if week.points:
            before = week_of(_week_before(key))
            facts = {"title": _title(key), "body": _body(week, before, newcomers(week, key))}
            return drafting.make(database, column, facts, CODE + key, now)
    return None


def _lacking(calendar: Calendar, now: int) -> list[str]:
    """Return the weeks after the newest draft that are over, the earliest first."""
    over = [business_week(calendar.day(now - weeks * 7 * DAY_MS)) for weeks in range(WEEKS, 0, -1)]
    is_of_week = Post.code ** f"{CODE}____-W__"
    newest = Post.select(fn.MAX(Post.code)).where(is_of_week).scalar()
    return over[-1:] if newest is None else [key for key in over if CODE + key > newest]


def _monday(key: str) -> date:
    year, week = key.split("-W")
    return date.fromisocalendar(int(year), int(week), 1)


def _week_before(key: str) -> str:
    return business_week((_monday(key) - timedelta(days=7)).isoformat())


def _title(key: str) -> str:
    first = _monday(key)
    last = first + timedelta(days=6)
    days = f"{first.month} 月 {first.day} 日至 {last.month} 月 {last.day} 日"
    return f"{TITLE} · 第 {int(key[-2:])} 周（{days}）"


def _body(week: Week, before: Week, new: list[int]) -> str:
    people = _people()
    shown = {one: points for one, points in week.points.items() if one in people}
    ranks = places(shown)
    parts = [
        _whole(week, before),
        _teams(shown, people),
        _best(ranks, shown, people),
        _climb(ranks, before, people),
        _new(new, shown, people),
    ]
    return "\n\n".join(part for part in parts if part)


def _people() -> dict[int, _RosterEntry]:
    rows = (
        Staff.select(Staff.id, Staff.name, Team.name)
        .join(Team)
        .where(Staff.active, Staff.test_event_id.is_null())
        .tuples()
    )
    return {staff_id: _RosterEntry(name, team) for staff_id, name, team in rows}


def _whole(week: Week, before: Week) -> str:
    total, last = sum(week.points.values()), sum(before.points.values())
    line = (
        f"本周 **{len(week.points)}** 位同事在 {week.events} 项活动里得到 **{total:,}** 分，"
        f"人均 {total / len(week.points):.1f} 分"
    )
    if last:
        change = round(100 * (total - last) / last)
        line += f"，比上周{'多' if change >= 0 else '少'} {abs(change)}%"
    line += "。"
    if week.frozen:
        line += f"还有 {week.frozen} 项活动没有揭榜，没有算在里面。"
    return f"## 全项目\n{line}"


def _teams(shown: Mapping[int, int], people: Mapping[int, _RosterEntry]) -> str:
    """Return lines about the better half of the teams by points per person, each with its best
    person.
    """
    heads: dict[str, int] = defaultdict(int)
    totals: dict[str, int] = defaultdict(int)
    best: dict[str, int] = {}
    for one, person in people.items():
        heads[person.team] += 1
        totals[person.team] += shown.get(one, 0)
        if shown.get(one, 0) > shown.get(best.get(person.team, 0), 0):
            best[person.team] = one
    means = {team: totals[team] / count for team, count in heads.items() if totals[team] > 0}
    order = sorted(means, key=lambda team: (-means[team], team))
    order = order[: min(TEAMS, max(1, len(heads) // 2))]
    if not order:
        return ""
    most = means[order[0]]
    rows = [
        f"| {1 + sum(means[other] > means[team] for other in order)} | {literal(team)} |"
        f" {means[team]:.1f} {BAR * max(1, round(LONGEST_BAR * means[team] / most))} |"
        f" {literal(people[best[team]].name)} {shown[best[team]]} 分 |"
        for team in order
    ]
    return "## 班组\n" + _table(("名次", "班组", "人均分", "本周最佳"), rows)


def _best(
    ranks: Mapping[int, int], shown: Mapping[int, int], people: Mapping[int, _RosterEntry]
) -> str:
    last = min(PEOPLE, max(1, len(ranks) // 2))
    rows = [
        f"| {rank} | {literal(people[one].name)} | {literal(people[one].team)} | {shown[one]} |"
        for one, rank in ranks.items()
        if rank <= last
    ]
    return "## 表现突出的同事\n" + _table(("名次", "姓名", "班组", "得分"), rows[: 2 * PEOPLE])


def _climb(ranks: Mapping[int, int], before: Week, people: Mapping[int, _RosterEntry]) -> str:
    earlier = places(dict(before.points))
    climbs = {one: earlier[one] - rank for one, rank in ranks.items() if one in earlier}
    one = max(climbs, key=lambda each: (climbs[each], -each), default=None)
    if one is None or climbs[one] <= 0:
        return ""
    who = f"{literal(people[one].name)}（{literal(people[one].team)}）"
    return f"## 进步最大\n{who}从上周第 {earlier[one]} 名升到第 {ranks[one]} 名。"


def _new(new: list[int], shown: Mapping[int, int], people: Mapping[int, _RosterEntry]) -> str:
    rows = [
        f"- {literal(people[one].name)}（{literal(people[one].team)}） {shown[one]} 分"
        for one in new
        if one in shown
    ]
    return (
        "## 新面孔\n第一次得分的同事，欢迎加入：\n\n" + "\n".join(rows[:NEWCOMERS]) if rows else ""
    )


def _table(head: tuple[str, ...], rows: list[str]) -> str:
    return "\n".join((f"| {' | '.join(head)} |", "|" + " --- |" * len(head), *rows))
