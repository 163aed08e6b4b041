"""Birthdays: month and day alone, seen by whom the person has chosen."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from backend.identity.models import Staff
from backend.people.birthdays import celebrated_on
from backend.people.models import BirthdayChoice
from tests.lookup.conftest import team_mates
from tests.support import HOST, Centre, FakeClock, Phone, refused

TODAY = "11-22"


@pytest.fixture
def mates(centre: Centre) -> list[Phone]:
    """Return two people of one team, of whom the first has a birthday today."""
    first, second = team_mates(centre, "200003")[:2]
    Staff.update(birthday="").execute()
    Staff.update(birthday=TODAY).where(Staff.number == first).execute()
    return [centre.staff(first), centre.staff(second)]


def today(phone: Phone) -> dict[str, Any]:
    """Return what the home page shows of people."""
    shown: dict[str, Any] = phone.ok("GET", "/people/today")
    return shown


def names(phone: Phone) -> list[str]:
    """Return whose birthday a phone is shown."""
    return [one["name"] for one in today(phone)["birthdays"]]


def choose(phone: Phone, choice: str) -> None:
    """Choose who may see the own birthday."""
    chosen = {"birthday": TODAY, "choice": choice}
    assert phone.ok("PUT", "/people/birthday", {"choice": choice}) == chosen
    assert phone.ok("GET", "/people/birthday") == chosen


def listed(host: Phone, month: int = 11) -> list[dict[str, str]]:
    """Return the list for the 生日会."""
    found: list[dict[str, str]] = host.ok("GET", f"/people/birthdays?month={month}")["items"]
    return found


@pytest.mark.parametrize(
    ("day", "birthdays"),
    [
        (date(2026, 11, 22), ("11-22",)),
        (date(2026, 2, 28), ("02-28", "02-29")),
        (date(2028, 2, 28), ("02-28",)),
        (date(2028, 2, 29), ("02-29",)),
        (date(2026, 3, 1), ("03-01",)),
    ],
)
def test_everybody_born_on_a_leap_day_has_a_day_each_year(
    day: date, birthdays: tuple[str, ...]
) -> None:
    assert celebrated_on(day) == birthdays


def test_colleagues_see_a_birthday_once_the_person_agrees(
    centre: Centre, mates: list[Phone], clock: FakeClock
) -> None:
    born, mate = mates
    host, stranger, guest = centre.staff(HOST), centre.staff("200002"), centre.guest()
    assert born.ok("GET", "/people/birthday") == {"birthday": TODAY, "choice": "private"}
    assert (today(born)["is_own_birthday"], names(mate), listed(host)) == (True, [], [])
    choose(born, "shared")
    name = born.ok("GET", "/me")["staff"]["name"]
    assert names(mate) == [name]
    assert [one["name"] for one in listed(host)] == [name]
    assert listed(host, 12) == names(stranger) == names(born) == names(guest) == []
    assert not today(mate)["is_own_birthday"]
    choose(born, "hidden")
    assert (today(born)["is_own_birthday"], names(mate), listed(host)) == (False, [], [])
    choose(born, "shared")
    clock.advance(24 * 3600)
    born, mate = (centre.staff(phone.user.removeprefix("staff-")) for phone in mates)
    assert (today(born)["is_own_birthday"], names(mate)) == (False, [])


def test_list_for_the_party_is_excel_without_years_and_without_those_who_left(
    centre: Centre, mates: list[Phone]
) -> None:
    born, mate = mates
    host = centre.staff(HOST)
    for phone in mates:
        phone.ok("PUT", "/people/birthday", {"choice": "shared"})
    # The second has no birthday on the roster.
    assert len(listed(host)) == 1
    file = host.get("/people/birthdays.xlsx?month=11").data
    [header, row] = openpyxl.load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True)
    person = born.ok("GET", "/me")["staff"]
    assert header == ("生日", "姓名", "班组", "班次")
    assert row == (TODAY, person["name"], person["team"], person["shift"])
    for number in (0, 13):
        refused(host.get(f"/people/birthdays?month={number}"), 422, "invalid")
    Staff.update(active=False).where(Staff.number == person["number"]).execute()
    assert listed(host) == names(mate) == []


def test_erasure_takes_the_birthday_and_the_consent(centre: Centre, mates: list[Phone]) -> None:
    born, mate = mates
    choose(born, "shared")
    number = born.ok("GET", "/me")["staff"]["number"]
    export = born.ok("GET", "/me/export")
    assert export["records"]["birthday"] == [{"birthday": TODAY, "choice": "shared"}]
    born.ok("DELETE", "/me", {"confirm": "erase"})
    assert names(mate) == listed(centre.staff(HOST)) == []
    assert (Staff.get(Staff.number == number).birthday, BirthdayChoice.select().count()) == ("", 0)


def test_a_guest_has_no_birthday_here(centre: Centre) -> None:
    guest = centre.guest()
    refused(guest.get("/people/birthday"), 403, "staff_only")
    refused(guest.put("/people/birthday", {"choice": "shared"}), 403, "staff_only")
    refused(centre.staff("200003").put("/people/birthday", {"choice": "all"}), 422, "invalid")
