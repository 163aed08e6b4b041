"""Birthdays: month and day from the roster, shown to whom the person has chosen.

| choice | who sees the birthday |
|---|---|
| `shared` | the person, colleagues of the team on the day, and hosts, who arrange the 生日会 |
| `private` | the person alone; so it is until they choose |
| `hidden` | nobody, not even the person's own home page |

Cards are computed when they are read, so nothing has to happen on the day.
"""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN

from backend.db import Database
from backend.identity.models import Staff, Team
from backend.identity.principal import Person
from backend.identity.roster import IS_REAL
from backend.people.models import HIDDEN, PRIVATE, SHARED, BirthdayChoice
from backend.sheets.writing import Column, Worksheet

LEAP_DAY = "02-29"
MONTHS = 12
COLUMNS = (Column("生日", 10), Column("姓名", 14), Column("班组", 24), Column("班次", 10))


@dataclass(frozen=True)
class OwnBirthday:
    """The birthday of a person (MM-DD, empty if the roster has none) and their choice."""

    birthday: str
    choice: str


@dataclass(frozen=True)
class SharedBirthday:
    """A birthday that a person shares."""

    birthday: str
    name: str
    team: str
    shift: str


def celebrated_on(today: date) -> tuple[str, ...]:
    """Return the birthdays (MM-DD) that are celebrated on a day.

    29 February is celebrated on 28 February in years without it.
    """
    day = f"{today:%m-%d}"
    if day == "02-28" and not calendar.isleap(today.year):
        return day, LEAP_DAY
    return (day,)


def own(person: Person) -> OwnBirthday:
    """Return the birthday and the choice of a person."""
    row = (
        Staff.select(Staff.birthday, BirthdayChoice.choice)
        .join(BirthdayChoice, JOIN.LEFT_OUTER)
        .where(Staff.id == person.staff_id)
        .tuples()
        .get()
    )
    return OwnBirthday(row[0], row[1] or PRIVATE)


def is_today(birthday: OwnBirthday, today: date) -> bool:
    """Say whether a person is shown on this day that it is their birthday."""
    return birthday.choice != HIDDEN and birthday.birthday in celebrated_on(today)


def choose(database: Database, person: Person, choice: str, now: int) -> None:
    """Store who may see the birthday of a person; a later choice replaces it."""
    with database.write():
        BirthdayChoice.insert(staff=person.staff_id, choice=choice, chosen_at=now).on_conflict(
            conflict_target=[BirthdayChoice.staff],
            preserve=[BirthdayChoice.choice, BirthdayChoice.chosen_at],
        ).execute()


def of_colleagues(person: Person, today: date) -> list[SharedBirthday]:
    """Return the colleagues of a person's team who share a birthday that is celebrated on a day."""
    others = _shared().where(Staff.team == person.team_id, Staff.id != person.staff_id)
    return _read(others.where(Staff.birthday.in_(celebrated_on(today))))


def of_month(month: int) -> list[SharedBirthday]:
    """Return the shared birthdays of a month (1 to 12) in the order of the days."""
    return _read(_shared().where(Staff.birthday.startswith(f"{month:02d}-")))


def worksheet(month: int) -> Worksheet:
    """Return the shared birthdays of a month for Excel."""
    rows = [(one.birthday, one.name, one.team, one.shift) for one in of_month(month)]
    return Worksheet(f"{month} 月生日", COLUMNS, rows)


def _shared() -> Any:
    """Return the query of the active people who share their birthday."""
    return (
        Staff.select(Staff.birthday, Staff.name, Team.name, Staff.shift)
        .join(Team)
        .switch(Staff)
        .join(BirthdayChoice)
        .where(Staff.active, IS_REAL, Staff.birthday != "", BirthdayChoice.choice == SHARED)
        .order_by(Staff.birthday, Team.name, Staff.number)
    )


def _read(people: Any) -> list[SharedBirthday]:
    return [SharedBirthday(*row) for row in people.tuples()]
