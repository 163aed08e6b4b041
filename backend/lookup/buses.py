"""班车: lines, stops, times and days of validity.

Reads their rows, and answers with the next buses.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from backend.errors import Sentence
from backend.lookup.answers import Answer, AnswerRow
from backend.lookup.asking import AskedText, holds, phrase, place_of
from backend.lookup.matching import SIMILAR, likeness, terms_of
from backend.lookup.models import BUSES, BusStop
from backend.lookup.tables import WEEKDAY_NAMES, ReadRows, RowKind, short
from backend.sheets import Sheet
from backend.sheets.cells import RowReader
from backend.sheets.days import not_a_time, time_of
from backend.sheets.errors import EMPTY, repeats_row
from backend.sheets.text import plain
from backend.sheets.writing import Column, Worksheet

LINE, STOP, TIMES, DAYS, FROM, UNTIL = "线路", "站点", "时间", "运行日", "生效日期", "失效日期"
EVERY_DAY = "1234567"
_DAY_WORDS = {"": EVERY_DAY, "每天": EVERY_DAY, "每日": EVERY_DAY, "工作日": "12345", "周末": "67"}
_BETWEEN = re.compile(r"[、,，;；/\s]+")
_SPAN = re.compile("[一二三四五六日]至[一二三四五六日]")
LONGEST = 40
MOST_TIMES = 60
# How many days ahead the next bus is looked for.
DAYS_AHEAD = 7
_DAY_MINUTES = 24 * 60
# The longest wait for the first bus of tomorrow that is given in minutes beside its time.
_SOON_MINUTES = 180
# How many names of stops are offered for one that no line has.
MOST_CHOICES = 6


class Buses(RowKind):
    """A file is the whole timetable: stops that are not in it are deleted."""

    name = BUSES
    title = "班车"
    columns = ((LINE, STOP, TIMES), (DAYS, FROM, UNTIL))
    template = Worksheet(
        "班车",
        (
            Column(LINE, 22),
            Column(STOP, 18),
            Column(TIMES, 34),
            Column(DAYS, 14),
            Column(FROM, 14),
            Column(UNTIL, 14),
        ),
        [
            ("1 号线（上班）", "东门", "06:50、14:50、22:50", "每天", date(2026, 12, 1), None),
            ("1 号线（上班）", "体育馆", "07:02、15:02、23:02", "每天", date(2026, 12, 1), None),
            ("周末专线", "火车站", "09:00", "周六、周日", None, date(2027, 2, 28)),
        ],
    )
    notes = (
        "一行是一条线路的一个站，按行车的先后排列。示例行看懂后请删掉。文件就是整张时刻表，文件里没有的站会删掉。",
        "时间：24 小时制，从早到晚，几个时间用顿号分开。往返请写成两条线路，环线的终点站请写“（终点）”。",
        "运行日：每天、工作日、周末、周一至周五、周一、周三……留空是每天。",
        "生效日期、失效日期：写成 2026-12-01 这样，留空是不限。",
    )
    model = BusStop
    key = ("line", "stop", "weekdays", "from_day")
    fields = {"times": TIMES, "until_day": UNTIL, "position": "第几站"}

    def read(self, sheet: Sheet) -> ReadRows:
        """Return the stops of a file."""
        rows: dict[int, dict[str, Any]] = {}
        first: dict[tuple[str, ...], int] = {}
        errors = list(sheet.errors)
        places: Counter[str] = Counter()
        for row in sheet.rows:
            reader = RowReader(row)
            places[row[LINE]] += 1
            facts: dict[str, Any] = {
                "line": reader.text(LINE, LONGEST),
                "stop": reader.text(STOP, LONGEST),
                "times": _times(reader),
                "weekdays": _weekdays(reader),
                "from_day": reader.day(FROM, required=False),
                "until_day": reader.day(UNTIL, required=False),
                "position": places[row[LINE]],
            }
            if facts["until_day"] and facts["until_day"] < facts["from_day"]:
                reader.wrong(UNTIL, Sentence("早于生效日期", "is before the first day"))
            key = tuple(str(facts[name]) for name in self.key)
            if not reader.errors and first.setdefault(key, row.number) != row.number:
                reader.wrong(STOP, repeats_row(first[key]))
            errors += reader.errors
            if not reader.errors:
                rows[row.number] = facts
        return ReadRows(rows, errors)

    def replaced(self, rows: Sequence[Mapping[str, Any]]) -> Any:
        """Return the condition for all stops."""
        return BusStop.id > 0

    def named(self, facts: Mapping[str, Any]) -> str:
        """Return line and stop."""
        return f"{facts['line']} {facts['stop']}"

    def days(self) -> tuple[str, str]:
        """Return the first and the last day of validity."""
        rows = list(BusStop.select(BusStop.from_day, BusStop.until_day).tuples())
        ends = [until for _, until in rows]
        return (
            min((first for first, _ in rows), default=""),
            "" if "" in ends else max(ends, default=""),
        )


def answer(asked: AskedText, local: datetime) -> list[Answer]:
    """Return the answer about buses: the next ones from a stop, a line, or all lines of a day; for
    a stop that no line has, the names of similar ones.

    Empty if the text names neither buses nor a stop or a line.
    """
    stops = list(BusStop.select().order_by(BusStop.line, BusStop.position))
    named = [one for one in stops if holds(asked.phrase, one.stop)]
    of_lines = [one for one in stops if holds(asked.phrase, _short_name(one.line))]
    if BUSES not in asked.topics and not named and not of_lines:
        return []
    day = asked.day or local.date()
    if named:
        return [next_buses(named, local)] if day == local.date() else [_of_day(named, day)]
    if not of_lines and stops and (place := place_of(asked.phrase, asked.is_next)):
        return [_unknown(place, stops)]
    if asked.is_next and day == local.date():
        return [next_buses(of_lines or stops, local)]
    return [_of_day(of_lines or stops, day)]


def _unknown(place: str, stops: Sequence[BusStop]) -> Answer:
    """Return the answer about a stop that no line has: the names of the most similar stops.

    If no name is similar, those of the first stops of the timetable.
    """
    names = list(dict.fromkeys(stop.stop for stop in stops))
    scores = likeness(phrase(place), [term for name in names for term in terms_of([name])])
    scored = sorted(zip(scores, names, strict=True), key=lambda one: -one[0])
    similar = [name for score, name in scored if score >= SIMILAR]
    offer = "是不是下面的站？" if similar else "可以查这些站："
    text = f"没有名叫“{place}”的站或线路，{offer}"
    return Answer(BUSES, "班车", text=text, choices=(similar or names)[:MOST_CHOICES])


def _short_name(line: str) -> str:
    """Return the spoken name of a line: 1 号线 for 1 号线（东城）."""
    return re.split("[（(]", line, maxsplit=1)[0] or line


def next_buses(stops: Sequence[BusStop], local: datetime) -> Answer:
    """Return the next bus of each line from each of these stops.

    Rows whose last day is over are left out, unless nothing else is left.
    """
    today = local.date().isoformat()
    left = [one for one in stops if not _is_over(one, today)] or stops
    found = []
    for stop in _first_of_each(left):
        same = [one for one in left if (one.line, one.stop) == (stop.line, stop.stop)]
        found.append((*_wait(same, local), f"{stop.line} · {stop.stop}"))
    # The bus that leaves first comes first.
    rows = [AnswerRow(label, told) for _, _, told, label in sorted(found)]
    return Answer(BUSES, "下一班车", rows)


def _wait(stops: Sequence[BusStop], local: datetime) -> tuple[int, str, str]:
    """Return in how many days and at what time the next bus leaves, and both in words."""
    now = f"{local:%H:%M}"
    for ahead in range(DAYS_AHEAD + 1):
        day = local.date() + timedelta(days=ahead)
        times = sorted(
            time
            for stop in stops
            if _runs(stop, day)
            for time in stop.times
            if ahead or time >= now
        )
        if not times:
            continue
        left = ahead * _DAY_MINUTES + _minutes(times[0]) - _minutes(now)
        if not ahead:
            later = f"，之后 {'、'.join(times[1:4])}" if times[1:] else "，这是今天最后一班"
            return 0, times[0], f"{times[0]}（{_soon(left)}）{later}"
        told = f"今天没有了，{'明天' if ahead == 1 else short(day)} {times[0]}"
        # Just before midnight, the first bus of tomorrow is the next one.
        return ahead, times[0], told + (f"（{_soon(left)}）" if left < _SOON_MINUTES else "")
    if all(_is_over(stop, local.date().isoformat()) for stop in stops):
        last = date.fromisoformat(max(stop.until_day for stop in stops))
        return DAYS_AHEAD + 1, "", f"时刻表只到 {short(last)}，之后没有车"
    return DAYS_AHEAD + 1, "", "这几天不开"


def _soon(minutes: int) -> str:
    """Return in words how long a wait is."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} 小时"] if hours else []
    parts += [f"{rest} 分钟"] if rest else []
    return " ".join(parts) + "后" if parts else "现在"


def _of_day(stops: Sequence[BusStop], day: date) -> Answer:
    """Return the times at these stops on a day, for each line."""
    running = [one for one in stops if _runs(one, day)]
    lines: dict[str, list[str]] = {}
    for one in running:
        lines.setdefault(one.line, []).append(f"{one.stop} {'、'.join(one.times)}")
    rows = [AnswerRow(line, "\n".join(texts)) for line, texts in lines.items()]
    text = "" if rows else "这一天没有班车。"
    return Answer(BUSES, f"班车 · {short(day)}", rows, text=text)


def _runs(stop: BusStop, day: date) -> bool:
    written = day.isoformat()
    return (
        str(day.isoweekday()) in stop.weekdays
        and stop.from_day <= written
        and not _is_over(stop, written)
    )


def _is_over(stop: BusStop, day: str) -> bool:
    """Return whether the last day of a row is before a day (2026-11-30)."""
    return bool(stop.until_day) and stop.until_day < day


def _first_of_each(stops: Sequence[BusStop]) -> list[BusStop]:
    found: dict[tuple[str, str], BusStop] = {}
    for stop in stops:
        found.setdefault((stop.line, stop.stop), stop)
    return list(found.values())


def _minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def _times(reader: RowReader) -> list[str]:
    parts = [part for part in _BETWEEN.split(plain(reader.row[TIMES])) if part]
    if not parts:
        reader.wrong(TIMES, EMPTY)
    found = []
    for part in parts[:MOST_TIMES]:
        time = time_of(part)
        if time is None:
            reader.wrong(TIMES, not_a_time(part))
        else:
            found.append(time)
    if found != sorted(set(found)):
        reader.wrong(TIMES, Sentence("没有从早到晚排列", "is not in the order of the day"))
    return found


def _weekdays(reader: RowReader) -> str:
    text = plain(reader.row[DAYS])
    if text in _DAY_WORDS:
        return _DAY_WORDS[text]
    names = text.replace("天", "日")
    for prefix in ("星期", "礼拜", "周"):
        names = names.replace(prefix, "")
    names = names.replace("到", "至").replace("-", "至").replace("—", "至").replace("~", "至")
    if _SPAN.fullmatch(names):
        first, last = (WEEKDAY_NAMES.index(names[at]) + 1 for at in (0, 2))
        if first <= last:
            return EVERY_DAY[first - 1 : last]
    parts = [part for part in _BETWEEN.split(names) if part]
    if parts and all(part in WEEKDAY_NAMES for part in "".join(parts)):
        return "".join(sorted(str(WEEKDAY_NAMES.index(one) + 1) for one in set("".join(parts))))
    reader.wrong(
        DAYS,
        Sentence(
            f"看不懂“{text}”，请写每天、工作日、周末、周一至周五或周一、周三",
            f"“{text}” names no days of the week",
        ),
    )
    return EVERY_DAY
