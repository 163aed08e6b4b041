"""All answers to a text: those from tables first, then cards. Text messages get the same answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from backend.clock import local_time
from backend.identity.principal import Principal
from backend.lookup import buses, canteen, cards, duties, tables
from backend.lookup.answers import Answer
from backend.lookup.asking import AskedText, ask
from backend.lookup.models import TABLES

LONGEST_MESSAGE = 600
NOTHING = "没有找到“{text}”。换个说法试试，或者在小程序的“便捷查询”里提问，负责人会回答。"
GUEST = "没有找到“{text}”。班车、班表、饭堂和内部事务请绑定工号以后在小程序里查。"


@dataclass(frozen=True)
class FoundAnswers:
    """The answers to a text, the surest first, and the titles of cards that are only similar."""

    answers: Sequence[Answer]
    similar: Sequence[str]


def find(who: Principal, text: str, now: int, zone: str) -> FoundAnswers:
    """Return the answers to a text. Guests get only cards for guests."""
    local = local_time(now, zone)
    asked = ask(text, local.date())
    found: list[Answer] = []
    if who.person is not None:
        of_tables = [
            *buses.answer(asked, local),
            *duties.answer(asked, who.person, local),
            *canteen.answer(asked, local),
        ]
        if asked.no_such_day:
            found = [
                _no_such_day(kind, asked) for kind in dict.fromkeys(one.kind for one in of_tables)
            ]
        else:
            found = [_dated(answer, asked, local, zone) for answer in of_tables]
    sure, similar = cards.found(asked.phrase, local.date(), who.person is None)
    return FoundAnswers([*found, *sure], similar)


def message(who: Principal, text: str, now: int, zone: str) -> str:
    """Return the answer to a text message, at most `LONGEST_MESSAGE` characters."""
    found = find(who, text, now, zone)
    if not found.answers:
        words = NOTHING if who.is_staff else GUEST
        told = words.format(text=text[:30])
        if found.similar:
            told += f"\n你是不是想问：{'、'.join(found.similar)}"
        return told
    told = "\n\n".join(_told(answer) for answer in found.answers)
    return told if len(told) <= LONGEST_MESSAGE else told[: LONGEST_MESSAGE - 1] + "…"


def _no_such_day(kind: str, asked: AskedText) -> Answer:
    text = f"日历上没有“{asked.no_such_day}”，请换一个日期。"
    return Answer(kind, tables.TITLES[kind], text=text)


def _dated(answer: Answer, asked: AskedText, local: datetime, zone: str) -> Answer:
    """Return an answer from a table, with a notice if the table is old."""
    assert answer.kind in TABLES
    table = tables.imported(answer.kind)
    imported_on = local_time(table.imported_at, zone).date() if table else None
    day: date = asked.day or local.date()
    said = tables.notice(answer.kind, day, local, imported_on)
    # If the table is missing or ends before the day, the notice alone is the answer.
    is_alone = bool(said) and not (answer.rows or answer.choices)
    return replace(answer, notice=said, text="" if is_alone else answer.text)


def _told(answer: Answer) -> str:
    lines = [answer.title]
    lines += [f"{row.label}：{row.text}" for row in answer.rows]
    lines += [answer.text] if answer.text else []
    lines += ["、".join(answer.choices)] if answer.choices else []
    lines += [f"{one['title']}：{one['text']}" for one in answer.attachments]
    lines += [answer.notice] if answer.notice else []
    return "\n".join(lines)
