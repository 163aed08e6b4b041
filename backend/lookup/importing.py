"""Compares a file with the stored rows and writes the differences, in one way for all kinds of
rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.db import Database
from backend.errors import Sentence
from backend.identity import audit
from backend.lookup.tables import ReadRows, RowKind, note_import, rows_of
from backend.offload.steps import chunks, in_steps
from backend.sheets import BadRows, Sheet, days_of
from backend.sheets.preview import (
    ADDED,
    CHANGED,
    ImportPreview,
    Outcome,
    RowFindings,
    preview_of,
)

ROWS_PER_STATEMENT = 100


@dataclass(frozen=True)
class TableDiff:
    """The differences of a file: new rows, changed ones by the id of the stored row, and ids of
    rows to delete.

    `told` lists the differences of each changed row of the file; `gone` names the rows to delete.
    """

    added: Mapping[int, dict[str, Any]]
    changed: Mapping[int, tuple[int, dict[str, Any]]]
    told: Mapping[int, tuple[Sentence, ...]]
    unchanged: int
    gone_ids: Sequence[int]
    gone: Sequence[str]


def preview(kind: RowKind, sheet: Sheet) -> ImportPreview:
    """Return what an import would do, row by row, wrong rows included. Writes nothing."""
    read = kind.read(sheet)
    return _preview(kind, sheet, read, compare(kind, read))


def import_rows(
    kind: RowKind,
    sheet: Sheet,
    *,
    database: Database,
    now: int,
    actor_id: int | None = None,
    agreed: str | None = None,
) -> TableDiff:
    """Write a file in one transaction; returns what it has changed.

    Raises `BadRows` when a row is wrong, and `ImportMoved` if `agreed` is the seal of another preview.
    """
    with database.write(takes_time=True):
        read = kind.read(sheet)
        if read.errors:
            raise BadRows(read.errors)
        diff = compare(kind, read)
        _preview(kind, sheet, read, diff).require(agreed)
        _write(kind, diff, now)
        note_import(kind, now)
        counts = {
            "added": len(diff.added),
            "changed": len(diff.changed),
            "gone": len(diff.gone_ids),
        }
        audit.record(actor_id, "lookup_imported", f"lookup:{kind.name}", now, **counts)
    return diff


def compare(kind: RowKind, read: ReadRows) -> TableDiff:
    """Return the differences between a file and the stored rows."""
    names = (*kind.key, *kind.fields)
    condition = kind.replaced(list(read.rows.values())) if read.rows else None
    stored = {_key(kind, row): row for row in in_steps(rows_of(kind.model, names))}
    added: dict[int, dict[str, Any]] = {}
    changed: dict[int, tuple[int, dict[str, Any]]] = {}
    told = {}
    for number, facts in in_steps(read.rows.items()):
        there = stored.get(_key(kind, facts))
        if there is None:
            added[number] = facts
        elif differences := _differences(kind, there, facts):
            changed[number] = (there["id"], facts)
            told[number] = differences
    keys = {_key(kind, facts) for facts in read.rows.values()}
    going = [] if condition is None else rows_of(kind.model, names, condition)
    gone = [row for row in in_steps(going) if _key(kind, row) not in keys]
    return TableDiff(
        added=added,
        changed=changed,
        told=told,
        unchanged=len(read.rows) - len(added) - len(changed),
        gone_ids=[row["id"] for row in gone],
        gone=[kind.named(row) for row in gone],
    )


def _key(kind: RowKind, facts: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(facts[name] for name in kind.key)


def _differences(
    kind: RowKind, there: Mapping[str, Any], facts: Mapping[str, Any]
) -> tuple[Sentence, ...]:
    found = []
    for name, column in kind.fields.items():
        if there[name] != facts[name]:
            change = f"{_shown(there[name])} → {_shown(facts[name])}"
            found.append(Sentence(f"{column}：{change}", f"{column}: {change}"))
    return tuple(found)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value) if value not in (None, "") else "（空）"


def _preview(kind: RowKind, sheet: Sheet, read: ReadRows, diff: TableDiff) -> ImportPreview:
    outcomes = {read.numbers.get(key, key): Outcome(ADDED) for key in diff.added}
    changes: dict[int, tuple[Sentence, ...]] = {}
    for key in diff.changed:
        number = read.numbers.get(key, key)
        changes[number] = (*changes.get(number, ()), *diff.told[key])
    outcomes |= {number: Outcome(CHANGED, told) for number, told in changes.items()}
    findings = RowFindings(outcomes, read.errors, read.warnings, sheet.notes, diff.gone)
    return preview_of(sheet, (*sum(kind.columns, ()), *days_of(sheet)), findings)


def _write(kind: RowKind, diff: TableDiff, now: int) -> None:
    model = kind.model
    for ids in chunks(diff.gone_ids, ROWS_PER_STATEMENT):
        model.delete().where(model.id.in_(ids)).execute()
    for row_id, facts in in_steps(diff.changed.values()):
        model.update(**kind.stored(facts, now)).where(model.id == row_id).execute()
    for rows in chunks(diff.added.values(), ROWS_PER_STATEMENT):
        model.insert_many([kind.stored(facts, now) for facts in rows]).execute()
