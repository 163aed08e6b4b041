"""新同事: whose first day it is by the roster, and the draft of a post that welcomes them."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from backend.clock import local_time
from backend.db import Database
from backend.identity.models import Staff, Team
from backend.identity.roster import IS_REAL
from backend.posts import drafting
from backend.posts.drafting import literal
from backend.posts.models import Post

TITLE = "员工介绍"
CODE = "welcome-"
# How many days later a draft is still made, if no worker ran or the roster was late.
DAYS = 7
NAMES_IN_TITLE = 3


@dataclass(frozen=True)
class Newcomer:
    """A person on their first day."""

    id: int
    number: str
    name: str
    team: str


def of_day(day: date) -> list[Newcomer]:
    """Return the people whose first day it is, by team."""
    people = (
        Staff.select(Staff.id, Staff.number, Staff.name, Team.name)
        .join(Team)
        .where(Staff.active, IS_REAL, Staff.entered_on == day.isoformat())
        .order_by(Team.name, Staff.number)
    )
    return [Newcomer(*row) for row in people.tuples()]


def draft(database: Database, zone: str, now: int) -> Post | None:
    """Make the draft that welcomes the people of one day of the past week, the earliest first.

    Returns None if all are made, or the column is closed. The unique code of a post makes sure that
    there is one for each day.
    """
    column = drafting.column_of(CODE, TITLE)
    if column is None:
        return None
    today = local_time(now, zone).date()
    for back in reversed(range(DAYS)):
        day = today - timedelta(days=back)
        code = CODE + day.isoformat()
        people = of_day(day)
        if people and not drafting.is_made(code):
            facts = {"title": _title(people), "body": _body(day, people)}
            return drafting.make(database, column, facts, code, now)
    return None


def _title(people: list[Newcomer]) -> str:
    if len(people) > NAMES_IN_TITLE or sum(len(one.name) for one in people) > 40:
        return f"欢迎 {len(people)} 位新同事"
    return f"欢迎新同事：{'、'.join(one.name for one in people)}"


def _body(day: date, people: list[Newcomer]) -> str:
    teams = [
        f"- {literal(team)}：{'、'.join(literal(one.name) for one in members)}"
        for team, members in groupby(people, lambda one: one.team)
    ]
    return (
        f"{day.month} 月 {day.day} 日，{len(people)} 位新同事第一天上班：\n\n"
        + "\n".join(teams)
        + "\n\n"
        "见到他们，请主动打个招呼，告诉他们茶水间和食堂在哪里。"
    )
