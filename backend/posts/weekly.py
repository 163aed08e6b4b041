"""竞赛周报: a draft that is made each week from the ledger. An editor adds words and publishes it.

It names the better half of the teams, the best people, the biggest climb since the week before, and
newcomers; it never names the last ones. Frozen events are left out, and their number is stated.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import peewee
import structlog
from peewee import DatabaseError, fn

from backend.clock import DAY_MS, Clock, Hourly, business_week
from backend.db import Database
from backend.events.models import Event, Player
from backend.identity.models import Staff, Team
from backend.posts import writing
from backend.posts.models import Post, PostColumn
from backend.scoring.ledger import Calendar
from backend.scoring.models import ScoreEntry
from backend.scoring.ranking import places

log = structlog.get_logger(__name__)

TITLE = "竞赛周报"
CODE = "weekly-"
PEOPLE, TEAMS, NEWCOMERS = 10, 10, 3
BAR = 12
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>~&.-])")


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
    """Make the draft of the week that ended last.

    Returns None if it was made before, nobody earned points, or the column is closed. The unique
    code of the post makes sure that it is made once.
    """
    key = business_week(calendar.day(now - 7 * DAY_MS))
    code = CODE + key
    column = _column()
    if column is None or Post.select().where(Post.code == code).exists():
        return None
    week = week_of(key)
    if not week.points:
        return None
    before = week_of(_week_before(key))
    facts = {"title": _title(key), "body": _body(week, before, newcomers(week, key))}
    try:
        return writing.make(database, column, facts, writing.SHELL, now, code)
    except peewee.IntegrityError:
        return None


def _column() -> PostColumn | None:
    """Return the column of the newest weekly report, otherwise the one with the default name.

    A centre may have renamed the column.
    """
    last = Post.select().where(Post.code.startswith(CODE)).order_by(Post.id.desc()).first()
    found = last.column if last else PostColumn.get_or_none(PostColumn.title == TITLE)
    return found if found is not None and found.active else None


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
        f"| {1 + sum(means[other] > means[team] for other in order)} | {_plain(team)} |"
        f" {means[team]:.1f} | {'█' * max(1, round(BAR * means[team] / most))} |"
        f" {_plain(people[best[team]].name)} {shown[best[team]]} 分 |"
        for team in order
    ]
    return "## 班组\n" + _table(("名次", "班组", "人均分", "", "本周最佳"), rows)


def _best(
    ranks: Mapping[int, int], shown: Mapping[int, int], people: Mapping[int, _RosterEntry]
) -> str:
    rows = [
        f"| {rank} | {_plain(people[one].name)} | {_plain(people[one].team)} | {shown[one]} |"
        for one, rank in ranks.items()
        if rank <= PEOPLE
    ]
    return "## 表现突出的同事\n" + _table(("名次", "姓名", "班组", "得分"), rows[: 2 * PEOPLE])


def _climb(ranks: Mapping[int, int], before: Week, people: Mapping[int, _RosterEntry]) -> str:
    earlier = places(dict(before.points))
    climbs = {one: earlier[one] - rank for one, rank in ranks.items() if one in earlier}
    one = max(climbs, key=lambda each: (climbs[each], -each), default=None)
    if one is None or climbs[one] <= 0:
        return ""
    who = f"{_plain(people[one].name)}（{_plain(people[one].team)}）"
    return f"## 进步最大\n{who}从上周第 {earlier[one]} 名升到第 {ranks[one]} 名。"


def _new(new: list[int], shown: Mapping[int, int], people: Mapping[int, _RosterEntry]) -> str:
    rows = [
        f"- {_plain(people[one].name)}（{_plain(people[one].team)}） {shown[one]} 分"
        for one in new
        if one in shown
    ]
    return (
        "## 新面孔\n第一次得分的同事，欢迎加入：\n\n" + "\n".join(rows[:NEWCOMERS]) if rows else ""
    )


def _table(head: tuple[str, ...], rows: list[str]) -> str:
    return "\n".join((f"| {' | '.join(head)} |", "|" + " --- |" * len(head), *rows))


def _plain(name: str) -> str:
    """Return a name as Markdown that shows every character literally."""
    return _MARKUP.sub(r"\\\1", name)


class WeeklyReports:
    """Makes the draft of a week once it is over; call `look` about once a second.

    If no worker ran at the end of the week, the draft is made when one runs again.
    """

    def __init__(self, database: Database, calendar: Calendar, clock: Clock) -> None:
        self._database = database
        self._calendar = calendar
        self._clock = clock
        self._hourly = Hourly()

    def look(self) -> None:
        """Make a draft that is due; if the database cannot be reached, try again an hour later."""
        if not self._hourly.is_due():
            return
        try:
            made = draft(self._database, self._calendar, self._clock.now())
            if made is not None:
                log.info("weekly_report_drafted", post_id=made.id, code=made.code)
        except DatabaseError as error:
            log.warning("weekly_report_failed", error=str(error))
        finally:
            self._database.release()
