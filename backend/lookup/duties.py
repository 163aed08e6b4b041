"""班表: who has which shift on which day. Reads rows, and answers for oneself and for one's team.

Other packages use `on_shift`, `shift_of`, `people_on` and `shifts_of`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from backend.db import Database
from backend.errors import Sentence
from backend.identity.keys import normal_number
from backend.identity.models import Staff
from backend.identity.principal import Person
from backend.lookup.answers import Answer, AnswerRow
from backend.lookup.asking import AskedText
from backend.lookup.models import SHIFTS, Duty
from backend.lookup.tables import ReadRows, RowKind, short
from backend.sheets import EACH_DAY, BadSheet, Sheet, SheetRow, days_of
from backend.sheets.cells import RowReader
from backend.sheets.days import not_a_time, time_of
from backend.sheets.errors import EMPTY, repeats_row, too_long
from backend.sheets.text import plain
from backend.sheets.writing import Column, Worksheet

NUMBER, NAME, DAY, SHIFT, BEGINS, ENDS = "工号", "姓名", "日期", "班次", "开始", "结束"
DAYS_OFF = frozenset(
    (
        "休",
        "休息",
        "轮休",
        "公休",
        "补休",
        "调休",
        "年假",
        "年休",
        "请假",
        "事假",
        "病假",
        "产假",
        "OFF",
    )
)
WEEK_DAYS = 7
MOST_NAMES = 30

LONGEST_SHIFT = 10
# A row has fewer columns than that.
_KEYS_OF_ROW = 1_000
_HOURS = re.compile(r"(\d{1,2}:\d{2})\s*[-–—~至到]+\s*(?:次日)?\s*(\d{1,2}:\d{2})\s*[)）]?\s*\Z")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)?[一二三四五六日天]")
_OF_ANOTHER_TABLE = Sentence(
    "这一行像标题或另一张表的表头；一张工作表只放一张表，请删掉这一行",
    "looks like a title or the header of another table; keep one table in a worksheet",
)
_UNKNOWN = Sentence("名册里没有在职员工使用这个工号", "no active member of staff has this number")
_HALF = Sentence("开始和结束要一起填", "has only one of beginning and end")


@dataclass(frozen=True)
class OnShift:
    """A person who is on shift, with the shift and its hours."""

    staff_id: int
    name: str
    team_id: int
    shift: str
    begins: str
    ends: str


def on_shift(local: datetime, team_id: int | None = None) -> list[OnShift]:
    """Return who is on shift at a local time of the centre, in all teams or in one, by team and
    name.

    Shifts that began yesterday and last past midnight are included.
    """
    people = (
        Duty.select(Duty, Staff.id, Staff.name, Staff.team)
        .join(Staff)
        .where(_is_now(local), Staff.active)
        .order_by(Staff.team, Staff.name)
    )
    if team_id is not None:
        people = people.where(Staff.team == team_id)
    return [
        OnShift(one.staff_id, one.staff.name, one.staff.team_id, one.shift, one.begins, one.ends)
        for one in people
    ]


def shift_of(staff_id: int, local: datetime) -> Duty | None:
    """Return the shift that a person has at a local time of the centre, None if none."""
    found: Duty | None = Duty.select().where(Duty.staff == staff_id, _is_now(local)).first()
    return found


def people_on(day: str, shift: str = "") -> Any:
    """Return the query of the ids of people whose shift begins on a day, one certain shift if named.

    A day off is no shift.
    """
    found = Duty.select(Duty.staff).where(Duty.day == day, Duty.begins != "")
    return found.where(Duty.shift == shift) if shift else found


def shifts_of(database: Database, staff_id: int, days: Sequence[str]) -> list[tuple[str, str]]:
    """Return the shifts of a person that begin on some days, as (day, shift).

    A day off is no shift.
    """
    marks = ", ".join("?" * len(days))
    rows = database.read(
        f"SELECT day, shift FROM duty WHERE staff_id = ? AND begins <> '' AND day IN ({marks})",  # nosec B608 # marks alone
        (staff_id, *days),
    )
    return [(day, shift) for day, shift in rows]


def planned_shifts() -> list[str]:
    """Return the shifts that occur in the plan."""
    rows = Duty.select(Duty.shift).where(Duty.begins != "").distinct()
    return sorted(shift for (shift,) in rows.tuples())


def _is_now(local: datetime) -> Any:
    """Return the condition for shifts that are under way at a local time."""
    today, now = local.date().isoformat(), f"{local:%H:%M}"
    yesterday = (local.date() - timedelta(days=1)).isoformat()
    is_over_midnight = Duty.ends <= Duty.begins
    return (Duty.begins != "") & (
        ((Duty.day == today) & (Duty.begins <= now) & (is_over_midnight | (Duty.ends > now)))
        | ((Duty.day == yesterday) & is_over_midnight & (Duty.ends > now))
    )


class Shifts(RowKind):
    """A file is the plan of its people for its days: other people and other days stay."""

    name = SHIFTS
    title = "班表"
    columns = ((NUMBER,), (NAME, DAY, SHIFT, BEGINS, ENDS, EACH_DAY))
    template = Worksheet(
        "班表",
        (
            Column(NUMBER, 12),
            Column(NAME, 12),
            Column(DAY, 14),
            Column(SHIFT, 10),
            Column(BEGINS, 10),
            Column(ENDS, 10),
        ),
        [
            ("200001", "陈敏春", date(2026, 12, 1), "早班", "07:30", "15:30"),
            ("200001", "陈敏春", date(2026, 12, 2), "休", None, None),
            ("200002", "边巴卓玛", date(2026, 12, 1), "夜班", "23:30", "07:30"),
        ],
    )
    notes = (
        "一行是一个人一天的班。示例行看懂后请删掉。一张工作表只放一张表。",
        "也可以一人一行、一天一列：表头写工号、姓名和每一天的日期（2026-12-01 这样），格子里写班次。"
        "第一次出现的班次把时间写在后面，如 早班 07:30-15:30；空着的格子不导入。",
        "文件里的人，在文件的第一天到最后一天之间，以文件为准；别的人和别的日子不变。",
        "日期：写成 2026-12-01 这样。同一个人同一天只能有一行。",
        "开始、结束：每种班次至少填一行，其余的行可以留空。结束不晚于开始，就是第二天下班。",
        f"这些班次不用填时间：{'、'.join(sorted(DAYS_OFF))}。",
    )
    model = Duty
    key = ("staff", "day")
    fields = {"shift": SHIFT, "begins": BEGINS, "ends": ENDS}

    def read(self, sheet: Sheet) -> ReadRows:
        """Return the shifts of a file: a row for each person and day, or a column for each day.

        Raises `BadSheet` if it is neither.
        """
        days = days_of(sheet)
        missing = [name for name in (DAY, SHIFT) if name not in sheet.columns]
        if missing and not days:
            raise BadSheet(_neither(missing))
        reading = _ShiftReader()
        for row in sheet.rows:
            if days:
                reading.take_days(row, days)
            else:
                reading.take(RowReader(row))
        reading.fill_hours()
        return ReadRows(reading.rows, [*sheet.errors, *reading.errors], numbers=reading.numbers)

    def replaced(self, rows: Sequence[Mapping[str, Any]]) -> Any:
        """Return the condition for the shifts of these people within these days."""
        days = [row["day"] for row in rows]
        people = {row["staff"] for row in rows}
        return Duty.staff.in_(people) & Duty.day.between(min(days), max(days))

    def named(self, facts: Mapping[str, Any]) -> str:
        """Return name, day and shift."""
        person = Staff.get_by_id(facts["staff"])
        return f"{person.name} {facts['day']} {facts['shift']}"

    def days(self) -> tuple[str, str]:
        """Return the first and the last day of the plan."""
        return _days()


def _days() -> tuple[str, str]:
    from_day = Duty.select(Duty.day).order_by(Duty.day).first()
    until_day = Duty.select(Duty.day).order_by(Duty.day.desc()).first()
    return (from_day.day, until_day.day) if from_day else ("", "")


class _ShiftReader:
    """Reads the rows of a file; a row without hours gets the last known hours of its shift."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[str, Any]] = {}
        self.numbers: dict[int, int] = {}
        self.errors: list[Any] = []
        self._readers: dict[int, RowReader] = {}
        self._first: dict[tuple[int, str], int] = {}
        self._hours = _known_hours()
        self._people = {
            number: (staff_id, name)
            for staff_id, number, name in Staff.select(Staff.id, Staff.number, Staff.name)
            .where(Staff.active, Staff.test_event_id.is_null())
            .tuples()
        }

    def take(self, reader: RowReader) -> None:
        """Read a row."""
        if not any(letter.isdigit() for letter in reader.row[NUMBER] + reader.row[DAY]):
            reader.wrong(DAY, _OF_ANOTHER_TABLE)
            self.errors += reader.errors
            return
        staff_id = self._person(reader)
        day, shift = reader.day(DAY), reader.text(SHIFT, LONGEST_SHIFT)
        begins, ends = reader.time(BEGINS), reader.time(ENDS)
        if bool(reader.row[BEGINS]) != bool(reader.row[ENDS]):
            reader.wrong(ENDS if reader.row[BEGINS] else BEGINS, _HALF)
        number = reader.row.number
        if staff_id and day and self._first.setdefault((staff_id, day), number) != number:
            reader.wrong(DAY, repeats_row(self._first[staff_id, day]))
        self.errors += reader.errors
        if reader.errors or staff_id is None:
            return
        self._keep(
            number, reader, Duty(staff=staff_id, day=day, shift=shift, begins=begins, ends=ends)
        )

    def take_days(self, row: SheetRow, days: Sequence[str]) -> None:
        """Read a row of a person that has a cell for each day; an empty cell says nothing."""
        reader = RowReader(row)
        if _is_of_weekdays(row, days):
            return
        if not any(letter.isdigit() for letter in row[NUMBER]):
            reader.wrong(NUMBER, _OF_ANOTHER_TABLE)
        staff_id = None if reader.errors else self._person(reader)
        self.errors += reader.errors
        if reader.errors or staff_id is None:
            return
        for place, day in enumerate(days):
            if row[day]:
                self._take_day(_DayReader(row, day), staff_id, row.number * _KEYS_OF_ROW + place)

    def _take_day(self, reader: "_DayReader", staff_id: int, key: int) -> None:
        day, number = reader.day_of_cell, reader.row.number
        shift, begins, ends = reader.shift_and_hours()
        if self._first.setdefault((staff_id, day), number) != number:
            reader.wrong(day, repeats_row(self._first[staff_id, day]))
        self.errors += reader.errors
        if not reader.errors:
            self.numbers[key] = number
            self._keep(
                key, reader, Duty(staff=staff_id, day=day, shift=shift, begins=begins, ends=ends)
            )

    def _keep(self, key: int, reader: RowReader, duty: Duty) -> None:
        if duty.begins and duty.ends:
            self._hours[duty.shift] = (duty.begins, duty.ends)
        self._readers[key] = reader
        self.rows[key] = {
            "staff": duty.staff_id,
            "day": duty.day,
            "shift": duty.shift,
            "begins": duty.begins,
            "ends": duty.ends,
        }

    def fill_hours(self) -> None:
        """Give rows without hours those of their shift."""
        for number, facts in list(self.rows.items()):
            if facts["begins"] or plain(facts["shift"]).upper() in DAYS_OFF:
                continue
            if facts["shift"] not in self._hours:
                reader = self._readers[number]
                reader.wrong(SHIFT, _no_hours(facts["shift"]))
                self.errors += reader.errors
                del self.rows[number]
                continue
            facts["begins"], facts["ends"] = self._hours[facts["shift"]]

    def _person(self, reader: RowReader) -> int | None:
        number = normal_number(reader.text(NUMBER, 20))
        if not number:
            return None
        if number not in self._people:
            reader.wrong(NUMBER, _UNKNOWN)
            return None
        staff_id, name = self._people[number]
        written = "".join(plain(reader.row[NAME]).split())
        if written and written != "".join(plain(name).split()):
            reader.wrong(
                NAME,
                Sentence(f"名册里这个工号是{name}", f"the roster has {name} under this number"),
            )
        return int(staff_id)


class _DayReader(RowReader):
    """Reads the cell of one day, such as 早班 or 早班 07:30-15:30; errors name the day."""

    def __init__(self, row: SheetRow, day: str) -> None:
        super().__init__(row)
        self.day_of_cell = day

    def wrong(self, column: str, message: Sentence) -> None:
        """Add an error about the cell."""
        super().wrong(self.day_of_cell, message)

    def shift_and_hours(self) -> tuple[str, str, str]:
        """Return the shift, and its hours where the cell has them."""
        text = plain(self.row[self.day_of_cell])
        found = _HOURS.search(text)
        shift = (text[: found.start()] if found else text).strip(" （(")
        if not shift:
            self.wrong(self.day_of_cell, EMPTY)
        if len(shift) > LONGEST_SHIFT:
            self.wrong(self.day_of_cell, too_long(LONGEST_SHIFT))
        hours = [self._time(part) for part in found.groups()] if found else ["", ""]
        return shift, hours[0], hours[1]

    def _time(self, text: str) -> str:
        time = time_of(text)
        if time is None:
            self.wrong(self.day_of_cell, not_a_time(text))
        return time or ""


def _is_of_weekdays(row: SheetRow, days: Sequence[str]) -> bool:
    """Say whether a row below the header only names the weekdays of its days."""
    cells = [row[day] for day in days if row[day]]
    return not row[NUMBER] and bool(cells) and all(_WEEKDAY.fullmatch(cell) for cell in cells)


def _neither(missing: Sequence[str]) -> Sentence:
    names = "、".join(missing)
    return Sentence(
        f"表头里缺少这些列：{names}；一天一列的班表，表头要写日期，如 2026-12-01。",
        f"The header lacks these columns: {names}, or days such as 2026-12-01.",
    )


def _known_hours() -> dict[str, tuple[str, str]]:
    """Return the most recent hours of each shift."""
    rows = (
        Duty.select(Duty.shift, Duty.begins, Duty.ends)
        .where(Duty.begins != "")
        .group_by(Duty.shift, Duty.begins, Duty.ends)
        .tuples()
    )
    return {shift: (begins, ends) for shift, begins, ends in rows}


def _no_hours(shift: str) -> Sentence:
    return Sentence(
        f"不知道“{shift}”几点上下班，请在其中一行填开始和结束",
        f"the hours of “{shift}” are not known; fill in beginning and end in one of its rows",
    )


def answer(asked: AskedText, person: Person, local: datetime) -> list[Answer]:
    """Return the caller's shifts, or who of the caller's team is on shift now.

    The shifts are those of the named day, by default of the coming week. Empty if the text does not
    ask for shifts.
    """
    if SHIFTS not in asked.topics:
        return []
    if asked.is_on_duty and asked.day in (None, local.date()):
        return [_team_now(person, local)]
    today = local.date()
    first = asked.day or today
    count = 1 if asked.day and not asked.is_week else WEEK_DAYS
    days = [first + timedelta(days=ahead) for ahead in range(count)]
    duties = {
        one.day: one
        for one in Duty.select().where(
            Duty.staff == person.staff_id, Duty.day.in_([day.isoformat() for day in days])
        )
    }
    rows = [
        AnswerRow(short(day), _told(duties.get(day.isoformat())), is_now=day == today)
        for day in days
    ]
    return [Answer(SHIFTS, "我的班表", rows)]


def _told(duty: Duty | None) -> str:
    if duty is None:
        return "没有排班"
    if not duty.begins:
        return str(duty.shift)
    ends = f"次日 {duty.ends}" if duty.ends <= duty.begins else duty.ends
    return f"{duty.shift} {duty.begins}–{ends}"


def _team_now(person: Person, local: datetime) -> Answer:
    people = on_shift(local, person.team_id)
    shifts: dict[str, list[str]] = {}
    for one in people:
        shifts.setdefault(f"{one.shift} {one.begins}–{one.ends}", []).append(one.name)
    rows = [
        AnswerRow(shift, "、".join(names[:MOST_NAMES]) + _more(len(names) - MOST_NAMES))
        for shift, names in shifts.items()
    ]
    text = "" if rows else "现在没有人在班。"
    return Answer(SHIFTS, f"{person.team_name} · 现在在班 {len(people)} 人", rows, text=text)


def _more(count: int) -> str:
    return f"等，另有 {count} 人" if count > 0 else ""
