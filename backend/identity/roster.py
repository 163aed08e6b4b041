"""Imports the staff roster: reads a file, compares it with the roster, and writes the difference in
one transaction.

Nothing is written if a row is wrong. Invite codes are read as text and stored as digests only.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from backend.chinese import letters
from backend.db import Database
from backend.errors import LinkaError, Sentence
from backend.identity import audit
from backend.identity.invites import InviteCodes
from backend.identity.keys import normal_number, normal_team
from backend.identity.models import Staff, Team
from backend.identity.slips import ROSTER_COLUMNS, Slip, new_code
from backend.offload.steps import chunks, in_steps
from backend.sheets import BadRows, Column, RowError, Sheet, plain, read_sheet
from backend.sheets.cells import RowReader
from backend.sheets.days import birthday_of
from backend.sheets.errors import EMPTY, repeats_row
from backend.sheets.preview import (
    ADDED,
    CHANGED,
    RETURNED,
    ImportPreview,
    Outcome,
    RowFindings,
    preview_of,
)
from backend.sheets.writing import Worksheet, write_template
from backend.visible import longest_form, shown
from backend.web.paging import paged

REQUIRED_COLUMNS = ("工号", "姓名", "班组")
OPTIONAL_COLUMNS = ("班次", "邀请码", "入职日期", "生日")
SHIFTS = ("早班", "中班", "夜班", "行政班")
_TEMPLATE_ROWS = (
    ("200001", "张三", "话务一组", "早班", "", "2026-12-01", "05-03"),
    ("200002", "李四", "话务二组", "夜班", "", "", ""),
)
_TEMPLATE_NOTES = (
    "工号：4–20 位数字或字母，每人一个，不能重复。",
    "姓名、班组：40 个字以内。同一个班组请始终写成一样。",
    f"班次：{'、'.join(SHIFTS)}，或留空。",
    "邀请码：4–20 位，只有数字的须为 6–20 位；新员工必须有。留空时可用 --invite-codes 由系统生成。",
    "入职日期、生日可以没有这两列。生日只存月和日，写成 05-03 或 5月3日；写了年份也不会存。",
    "前两行是示例，填写时请删除。",
)
ROWS_PER_STATEMENT, ROWS_AT_ONCE = 1_000, 200

_NUMBER = re.compile("[0-9A-Z]{4,20}")
# A code of digits must be longer: four letters and digits, or six digits, give about a million
# codes.
_CODE = re.compile(r"(?!\d{1,5}$)\S{4,20}")
_SPACE_IN_NAME = re.compile(r"[\u3400-\u9fff]\s+[\u3400-\u9fff]")
_NUMERALS = str.maketrans("一二三四五六七八九〇零", "12345678900")
_FIELDS = (
    ("name", "姓名"),
    ("team", "班组"),
    ("shift", "班次"),
    ("entered_on", "入职日期"),
    ("birthday", "生日"),
)

# Fields whose columns a file may lack.
_OPTIONAL = ("shift", "entered_on", "birthday")

# Test players of rehearsals appear on no list.
IS_REAL = Staff.test_event_id.is_null()


class RosterMoved(LinkaError):
    """The roster was changed after the difference was shown and before it was written."""

    slug = "roster_moved"
    status = 409
    zh = "在你确认期间名册被别人改动过，本次没有写入，请重新导入。"
    en = "The roster was changed meanwhile; nothing was written. Please import again."


class RosterIncomplete(LinkaError):
    """People who are missing in the file cannot be marked as left, because the file was not read as
    a whole."""

    slug = "roster_incomplete"
    status = 422
    zh = "文件没有全部读取，不能把文件里没有的人设为离职。{notes}"
    en = "The file was not read as a whole, so nobody in it can be called missing. {notes_en}"

    def __init__(self, notes: Sequence[Sentence]) -> None:
        super().__init__(
            notes="".join(note.zh for note in notes), notes_en=" ".join(note.en for note in notes)
        )


class UnknownNumbers(LinkaError):
    """The roster has no active people with these 工号."""

    slug = "unknown_numbers"
    status = 404
    zh = "名册里没有这些在职的工号：{numbers}。"
    en = "The roster has no active people with these numbers: {numbers}."


class NobodyToInvite(LinkaError):
    """Every active person has bound an account, so nobody needs an invite code."""

    slug = "nobody_to_invite"
    status = 409
    zh = "在职员工都已绑定微信，不用再发邀请码。"
    en = "All active people have bound WeChat; nobody needs an invite code."


@dataclass(frozen=True)
class RosterRow:
    """A person in a row of the file.

    An empty `code` means unchanged, as None does for the columns that the file lacks.
    """

    row: int
    number: str
    name: str
    team: str
    shift: str | None
    code: str = field(repr=False)
    entered_on: str | None = None
    birthday: str | None = None


@dataclass(frozen=True)
class Roster:
    """A file that was read: its people, errors in its rows, and notes about the file.

    `sheet` is the table as it was read.
    """

    entries: tuple[RosterRow, ...]
    errors: tuple[RowError, ...]
    sheet: Sheet = field(repr=False)

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """Sentences about parts of the file that were not read or are hidden."""
        return self.sheet.notes

    @property
    def is_partial(self) -> bool:
        """Whether some rows or worksheets were not read."""
        return self.sheet.is_partial


@dataclass(frozen=True)
class FieldChange:
    """The old and the new text of a field; of an invite code it shows only that it changed."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class RosterChange:
    """A person of the roster whose row differs, or who becomes active again."""

    number: str
    name: str
    fields: tuple[FieldChange, ...]
    bound: bool = field(compare=False)


@dataclass(frozen=True)
class Leaver:
    """An active person who is not in the file."""

    number: str
    name: str
    team: str


@dataclass(frozen=True)
class RosterDiff:
    """What applying a file would change; people in `left` are marked as left only if `deactivates`."""

    errors: tuple[RowError, ...]
    added: tuple[RosterRow, ...]
    changed: tuple[RosterChange, ...]
    reactivated: tuple[RosterChange, ...]
    left: tuple[Leaver, ...]
    unchanged: int
    deactivates: bool

    @property
    def is_empty(self) -> bool:
        """Whether applying it would write nothing."""
        leaves = self.deactivates and self.left
        return not (self.added or self.changed or self.reactivated or leaves)


def read_roster(data: bytes) -> Roster:
    """Read the roster from an .xlsx or CSV file; raises `BadSheet` when it is no such table.

    A row with a cell that cannot be read is no entry, but the errors of its other cells are told.
    """
    sheet = read_sheet(data, REQUIRED_COLUMNS, OPTIONAL_COLUMNS)
    unreadable = {(error.row, error.column) for error in sheet.errors}
    partial = {row.number for row in sheet.unreadable}
    errors = list(sheet.errors)
    entries: dict[str, RosterRow] = {}
    first: dict[str, int] = {}
    for row in sorted((*sheet.rows, *sheet.unreadable), key=lambda row: row.number):
        reader = RowReader(row)
        entry = _entry(sheet, reader)
        found = [*_entry_errors(entry), *reader.errors]
        earlier = first.setdefault(entry.number, row.number)
        if entry.number and earlier != row.number:
            found.append(RowError(row.number, "工号", repeats_row(earlier)))
        errors += [one for one in found if (one.row, one.column) not in unreadable]
        if row.number not in partial:
            entries.setdefault(entry.number, entry)
    return Roster(tuple(entries.values()), tuple(sorted(errors, key=lambda one: one.row)), sheet)


def _entry(sheet: Sheet, reader: RowReader) -> RosterRow:
    """Return the person of a row; `reader` collects the errors of its days."""
    row = reader.row
    return RosterRow(
        row=row.number,
        number=normal_number(row["工号"]),
        name=row["姓名"],
        team=row["班组"],
        shift=plain(row["班次"]) if "班次" in sheet.columns else None,
        code=plain(row["邀请码"]),
        entered_on=reader.day("入职日期", required=False) if "入职日期" in sheet.columns else None,
        birthday=_birthday(reader) if "生日" in sheet.columns else None,
    )


def _birthday(reader: RowReader) -> str:
    """Return month and day of a birthday; a year in the cell is not kept."""
    text = plain(reader.row["生日"])
    day = birthday_of(text) if text else ""
    if day is None:
        told = "须写成 05-03 或 5月3日"
        reader.wrong("生日", Sentence(told, "must be written like 05-03"))
    return day or ""


def _entry_errors(entry: RosterRow) -> Iterator[RowError]:
    if not entry.number:
        yield RowError(entry.row, "工号", EMPTY)
    elif not _NUMBER.fullmatch(entry.number):
        yield RowError(
            entry.row,
            "工号",
            Sentence(
                f"“{entry.number}”须为 4–20 位数字或字母",
                f"“{entry.number}” does not have 4 to 20 digits or letters",
            ),
        )
    for column, text in (("姓名", entry.name), ("班组", entry.team)):
        if not text:
            yield RowError(entry.row, column, EMPTY)
        elif len(longest_form(text)) > 40 or "\n" in text:
            yield RowError(
                entry.row,
                column,
                Sentence(
                    "须在 40 个字以内，写在一行里", "must have at most 40 characters, on one line"
                ),
            )
    if entry.shift and entry.shift not in SHIFTS:
        choices = "、".join(SHIFTS)
        yield RowError(
            entry.row,
            "班次",
            Sentence(
                f"“{entry.shift}”不在可选班次里（{choices}，或留空）",
                f"“{entry.shift}” is none of the shifts ({choices}, or empty)",
            ),
        )
    if entry.code and not _CODE.fullmatch(entry.code):
        yield RowError(
            entry.row,
            "邀请码",
            Sentence(
                "须为 4–20 位，中间不能有空格；只有数字的须为 6–20 位",
                "must have 4 to 20 characters without spaces; if all are digits, 6 to 20",
            ),
        )


@dataclass(frozen=True)
class StaffRow:
    """A person of the roster as admins see them in lists."""

    number: str
    name: str
    team: str
    shift: str
    active: bool
    bound_at: int | None


@dataclass(frozen=True)
class Headcount:
    """How many people of the roster are active, and how many of these have bound an account."""

    active: int
    bound: int
    teams: int


def headcount() -> Headcount:
    """Count the active people of the roster."""
    people = Staff.select().where(Staff.active, IS_REAL)
    return Headcount(
        active=people.count(),
        bound=people.where(Staff.account.is_null(False)).count(),
        teams=people.select(Staff.team).distinct().count(),
    )


def search_staff(
    *, words: str, state: str, page: int, page_size: int
) -> tuple[list[StaffRow], int]:
    """Return a page of the roster by team and 工号, and how many people match in all.

    Each of the `words` must occur in 工号, name or team. `state` is `unbound` (active people who
    have not bound), `bound` (active people who have), `left` (people who left) or empty (all active
    people).
    """
    found = Staff.select(Staff, Team).join(Team).where(Staff.active == (state != "left"), IS_REAL)
    for word in words.split():
        found = found.where(
            Staff.number.contains(word) | Staff.name.contains(word) | Team.name.contains(word)
        )
    if state in ("bound", "unbound"):
        found = found.where(Staff.account.is_null(state == "unbound"))
    people, total = paged(
        found.order_by(Team.name, Staff.number), {"page": page, "page_size": page_size}
    )
    return [
        StaffRow(one.number, one.name, one.team.name, one.shift, one.active, one.bound_at)
        for one in people
    ], total


def roster_template() -> bytes:
    """Return an empty roster as .xlsx, with two example rows and notes on how to fill it in."""
    columns = (*ROSTER_COLUMNS, Column("入职日期", 14), Column("生日", 10))
    return write_template(Worksheet("员工名册", columns, _TEMPLATE_ROWS), _TEMPLATE_NOTES)


def doubts(roster: Roster) -> list[str]:
    """Return warnings about a file, as sentences; the file is imported nevertheless.

    They name people with a space between Chinese characters, and teams whose names differ only by a
    common typing mistake: 话务2组 and 话务二组.
    """
    found = [
        f"第 {entry.row} 行 姓名：“{entry.name}”中间有空格"
        for entry in roster.entries
        if _SPACE_IN_NAME.search(entry.name)
    ]
    spellings: dict[str, set[str]] = {}
    known = [team.name for team in Team.select()]
    for name in (*known, *(entry.team for entry in _with_known_teams(roster).entries)):
        spellings.setdefault(letters(name).translate(_NUMERALS), set()).add(name)
    found += [
        f"班组{'、'.join(f'“{name}”' for name in sorted(names))}只差写法，是不是同一个班组？"
        for names in spellings.values()
        if len(names) > 1
    ]
    return found


def preview(roster: Roster, diff: RosterDiff) -> ImportPreview:
    """Return what writing a difference would do, row by row; see `compare`."""
    rows = {entry.number: entry.row for entry in roster.entries}
    outcomes = {entry.row: Outcome(ADDED) for entry in diff.added}
    for word, changes in ((CHANGED, diff.changed), (RETURNED, diff.reactivated)):
        outcomes |= {rows[change.number]: Outcome(word, _told(change)) for change in changes}
    leaves = [f"{one.number} {one.name}（{one.team}）" for one in diff.left]
    notes = [*roster.notes, *(Sentence(text, text) for text in doubts(roster))]
    if leaves and not diff.deactivates:
        notes.append(
            Sentence(
                f"花名册里有 {len(leaves)} 人不在文件里，他们保持在职。",
                f"{len(leaves)} people of the roster are not in the file; they stay active.",
            )
        )
    findings = RowFindings(
        outcomes, diff.errors, notes=notes, gone=leaves if diff.deactivates else ()
    )
    return preview_of(roster.sheet, (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS), findings)


def _told(change: RosterChange) -> tuple[Sentence, ...]:
    told = [
        Sentence(
            f"{item.column}：{item.old or '空'} → {item.new or '空'}",
            f"{item.column}: {item.old} → {item.new}",
        )
        for item in change.fields
    ]
    if change.bound and any(item.column == "姓名" for item in change.fields):
        told.append(
            Sentence(
                "已绑定微信；若换了人，请先解绑",
                "bound to WeChat; unbind first if this is somebody else",
            )
        )
    return tuple(told)


def with_new_codes(roster: Roster) -> tuple[Roster, list[Slip]]:
    """Give a new invite code to everybody who is new and has none in the file.

    Returns the roster with these codes, and a slip for each of these people.
    """
    known = {number for (number,) in Staff.select(Staff.number).tuples()}
    entries, slips = [], []
    for entry in _with_known_teams(roster).entries:
        if entry.number and entry.number not in known and not entry.code:
            entry = replace(entry, code=new_code())
            slips.append(_slip(entry))
        entries.append(entry)
    return replace(roster, entries=tuple(entries)), slips


def _slip(entry: RosterRow) -> Slip:
    return Slip(entry.number, entry.name, entry.team, entry.shift or "", entry.code)


def new_slips(numbers: Sequence[str]) -> list[Slip]:
    """Return slips with new codes for these active people, or for all who have not bound yet.

    The codes are valid after `replace_codes` has stored them. Raises `UnknownNumbers`.
    """
    wanted = [normal_number(number) for number in numbers]
    people = (
        Staff.select(Staff, Team).join(Team).where(Staff.active).order_by(Team.name, Staff.number)
    )
    if wanted:
        found = [
            person
            for chunk in chunks(wanted, ROWS_PER_STATEMENT)
            for person in people.where(Staff.number.in_(chunk))
        ]
    else:
        found = list(people.where(Staff.account.is_null()))
    missing = set(wanted) - {person.number for person in found}
    if missing:
        raise UnknownNumbers(numbers="、".join(sorted(missing)))
    return [
        Slip(person.number, person.name, person.team.name, person.shift, new_code())
        for person in found
    ]


def replace_codes(
    slips: Sequence[Slip],
    *,
    database: Database,
    codes: InviteCodes,
    now: int,
    actor_id: int | None = None,
) -> None:
    """Store the codes of slips in one transaction with its audit line; earlier codes become
    invalid."""
    with database.write(takes_time=True):
        for slip in in_steps(slips):
            Staff.update(invite_digest=codes.seal(slip.number, slip.code)).where(
                Staff.number == slip.number
            ).execute()
        numbers = [slip.number for slip in slips]
        audit.record(actor_id, "invite_codes_replaced", "roster", now, numbers=numbers)


def compare(roster: Roster, codes: InviteCodes, *, deactivate_missing: bool = False) -> RosterDiff:
    """Return what applying the file would change; writes nothing.

    Raises `RosterIncomplete` if missing people are to be marked as left and the file was not read
    as a whole.
    """
    if deactivate_missing and roster.is_partial:
        raise RosterIncomplete(roster.notes)
    roster = _with_known_teams(roster)
    known = _known_people()
    errors = list(roster.errors)
    added, changed, reactivated = [], [], []
    for entry in in_steps(roster.entries):
        person = known.get(entry.number)
        if person is None:
            added.append(entry)
            if not entry.code:
                errors.append(
                    RowError(
                        entry.row,
                        "邀请码",
                        Sentence("新员工必须有邀请码", "a new person needs an invite code"),
                    )
                )
            continue
        fields = tuple(_field_changes(entry, person, codes))
        change = RosterChange(entry.number, entry.name, fields, person["account"] is not None)
        if not person["active"]:
            reactivated.append(change)
        elif fields:
            changed.append(change)
    present = {entry.number for entry in roster.entries}
    left = [
        Leaver(person["number"], person["name"], person["team"])
        for person in known.values()
        if person["active"] and person["number"] not in present
    ]
    return RosterDiff(
        errors=tuple(sorted(errors, key=lambda error: error.row)),
        added=tuple(added),
        changed=tuple(changed),
        reactivated=tuple(reactivated),
        left=tuple(left),
        unchanged=len(roster.entries) - len(added) - len(changed) - len(reactivated),
        deactivates=deactivate_missing,
    )


def _with_known_teams(roster: Roster) -> Roster:
    """Return a roster with each team's name as it is stored, or as the file has it first."""
    names = {normal_team(team.name): team.name for team in Team.select().order_by(Team.id.desc())}
    entries = tuple(
        replace(entry, team=names.setdefault(normal_team(entry.team), entry.team))
        for entry in in_steps(roster.entries, 1_000)
    )
    return replace(roster, entries=entries)


def _known_people() -> dict[str, dict[str, Any]]:
    people: Any = (
        Staff.select(
            Staff.number,
            Staff.name,
            Team.name.alias("team"),
            Staff.shift,
            Staff.entered_on,
            Staff.birthday,
            Staff.invite_digest,
            Staff.active,
            Staff.account,
        )
        .join(Team)
        .where(IS_REAL)
        .order_by(Staff.number)
        .dicts()
    )
    return {person["number"]: person for person in in_steps(people, 500)}


def _field_changes(
    entry: RosterRow, person: dict[str, Any], codes: InviteCodes
) -> Iterator[FieldChange]:
    for attribute, column in _FIELDS:
        old, new = person[attribute], getattr(entry, attribute)
        if new is not None and new != old:
            yield FieldChange(column, old, new)
    if entry.code:
        stored = person["invite_digest"]
        if not (codes.is_current(stored) and codes.fits(stored, entry.number, entry.code)):
            yield FieldChange("邀请码", "（旧）", "（新）")


def apply(
    roster: Roster,
    agreed: RosterDiff,
    *,
    database: Database,
    codes: InviteCodes,
    now: int,
    source: str,
    actor_id: int | None = None,
) -> RosterDiff:
    """Write the diff that was agreed to, in one transaction with its audit line; return it.

    Raises `BadRows` if a row is wrong, and `RosterMoved` if the roster changed after `agreed` was
    made; nothing is written then. `source` names the file.
    """
    if agreed.errors:
        raise BadRows(agreed.errors)
    with database.write(takes_time=True):
        _take_turn(database)
        diff = compare(roster, codes, deactivate_missing=agreed.deactivates)
        if diff != agreed:
            raise RosterMoved
        if not diff.is_empty:
            _write(roster, diff, codes)
            audit.record(actor_id, "roster_imported", shown(source), now, **_audit_detail(diff))
    return diff


def accounts_of(numbers: Sequence[str]) -> list[int]:
    """Return the accounts that are bound to people of the roster, who may have left."""
    found: list[int] = []
    for chunk in chunks(numbers, ROWS_PER_STATEMENT):
        bound = Staff.select(Staff.account).where(
            Staff.number.in_(chunk), Staff.account.is_null(False)
        )
        found += [account_id for (account_id,) in bound.tuples()]
    return found


def _take_turn(database: Database) -> None:
    """Make imports wait for each other. Only imports write teams, so nothing else waits."""
    if not database.is_sqlite:
        database.sql("LOCK TABLE team IN SHARE ROW EXCLUSIVE MODE")


def _write(roster: Roster, diff: RosterDiff, codes: InviteCodes) -> None:
    moving = {entry.number for entry in diff.added}
    moving |= {change.number for change in (*diff.changed, *diff.reactivated)}
    entries = [e for e in _with_known_teams(roster).entries if e.number in moving]
    teams = _team_ids({entry.team for entry in entries})
    known = _known_people()
    rows = [_staff_row(entry, known.get(entry.number), teams, codes) for entry in in_steps(entries)]
    kept = [
        getattr(Staff, name) for name in (*(name for name, _ in _FIELDS), "invite_digest", "active")
    ]
    for chunk in in_steps(chunks(rows, ROWS_AT_ONCE), 1):
        Staff.insert_many(chunk).on_conflict(
            conflict_target=[Staff.number], preserve=kept
        ).execute()
    if diff.deactivates:
        for leavers in chunks([leaver.number for leaver in diff.left], ROWS_PER_STATEMENT):
            Staff.update(active=False).where(Staff.number.in_(leavers)).execute()


def _team_ids(names: set[str]) -> dict[str, int]:
    for chunk in chunks([{"name": name} for name in sorted(names)], ROWS_PER_STATEMENT):
        Team.insert_many(chunk).on_conflict_ignore().execute()
    return {team.name: team.id for team in Team.select()}


def _staff_row(
    entry: RosterRow, person: dict[str, Any] | None, teams: dict[str, int], codes: InviteCodes
) -> dict[str, Any]:
    known = person or dict.fromkeys((*_OPTIONAL, "invite_digest"), "")
    optional = {name: getattr(entry, name) for name in _OPTIONAL}
    return {
        "number": entry.number,
        "name": entry.name,
        "team": teams[entry.team],
        **{name: known[name] if new is None else new for name, new in optional.items()},
        "invite_digest": codes.seal(entry.number, entry.code)
        if entry.code
        else known["invite_digest"],
        "active": True,
    }


def _audit_detail(diff: RosterDiff) -> dict[str, object]:
    return {
        "added": [entry.number for entry in diff.added],
        "changed": {
            change.number: [item.column for item in change.fields] for change in diff.changed
        },
        "reactivated": [change.number for change in diff.reactivated],
        "deactivated": [leaver.number for leaver in diff.left] if diff.deactivates else [],
    }
