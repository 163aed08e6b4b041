"""Imports a file of questions into a bank: new codes become version 1, changed questions a new
version.

A question that may have been asked is never edited: its row is only no longer the current one.
Questions whose codes are not in the file do not change.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from backend.db import Database
from backend.errors import Invalid, Sentence
from backend.identity import audit
from backend.offload.steps import chunks, in_steps, pause
from backend.questions.models import Question, QuestionBank
from backend.questions.reading import (
    OPTIONAL_COLUMNS,
    REQUIRED_COLUMNS,
    QuestionDraft,
    QuestionFile,
    stem_key,
)
from backend.sheets import BadRows, RowError
from backend.sheets.preview import (
    ADDED,
    CHANGED,
    ImportPreview,
    Outcome,
    RowFindings,
    preview_of,
)
from backend.visible import longest_form, shown

_WRONG_NAME = Sentence(
    "题库名须为 1–60 个字，首尾没有空格，其中没有看不见的字符",
    "The name must have 1 to 60 characters, none of them invisible, and no spaces around it.",
)
_WRONG_TITLE = Sentence("题库标题须为 1–60 个字", "The title must have 1 to 60 characters.")

ROWS_PER_STATEMENT = 100

_COLUMN_NAMES = {
    "kind": "题型",
    "topic": "主题",
    "difficulty": "难度",
    "stem": "题干",
    "options": "选项",
    "key": "答案",
    "explanation": "解析",
    "source": "来源",
    "expires_on": "有效期",
    "reviewer": "审核人",
}


@dataclass(frozen=True)
class BankName:
    """The bank of an import; `title` None keeps the title of a bank that exists."""

    name: str
    title: str | None = None


@dataclass(frozen=True)
class QuestionRevision:
    """A question that changes: the version it gets, and which columns differ."""

    draft: QuestionDraft
    version: int
    columns: tuple[str, ...]
    replaces_id: int | None


@dataclass(frozen=True)
class BankDiff:
    """What a file changes in a bank; `notes` are about the file, `warnings` about its rows.

    `expired` are the codes of questions that have expired and are not drawn.
    """

    added: tuple[QuestionDraft, ...]
    changed: tuple[QuestionRevision, ...]
    unchanged: int
    warnings: tuple[RowError, ...]
    expired: tuple[str, ...]
    notes: tuple[Sentence, ...] = ()


def compare(parsed: QuestionFile, bank_name: str) -> BankDiff:
    """Return what importing the file would change, without writing; raises `BadRows`."""
    _refuse_errors(parsed)
    return _compare(parsed, _bank_id(bank_name))


def preview(parsed: QuestionFile, bank_name: str) -> ImportPreview:
    """Return what importing the file would do, row by row, wrong rows included; writes nothing.

    Raises `Invalid` for a bad name.
    """
    _check_names(BankName(bank_name))
    return _preview(parsed, _compare(parsed, _bank_id(bank_name)))


def _preview(parsed: QuestionFile, diff: BankDiff) -> ImportPreview:
    outcomes = {draft.row: Outcome(ADDED) for draft in diff.added}
    for revision in diff.changed:
        columns = "、".join(revision.columns)
        told = Sentence(
            f"第 {revision.version} 版：{columns or '重新启用'}",
            f"version {revision.version}: {columns or 'in use again'}",
        )
        outcomes[revision.draft.row] = Outcome(CHANGED, (told,))
    findings = RowFindings(outcomes, parsed.errors, diff.warnings, diff.notes)
    return preview_of(parsed.sheet, (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS), findings)


def _bank_id(name: str) -> int:
    bank = QuestionBank.get_or_none(QuestionBank.name == name)
    return bank.id if bank else 0


def import_questions(
    parsed: QuestionFile,
    bank: BankName,
    *,
    database: Database,
    now: int,
    actor_id: int | None = None,
    on_written: Callable[[int], None] = lambda rows: None,
    agreed: str | None = None,
) -> BankDiff:
    """Write a file into a bank, which is created if it is new, in one transaction.

    Two imports into one bank wait for each other. `on_written` is called with the number of rows
    after each statement. Raises `BadRows` when a row is wrong, `Invalid` for a bad name, and
    `ImportMoved` if `agreed` is the seal of another preview; nothing was written then.
    """
    _refuse_errors(parsed)
    _check_names(bank)
    with database.write(takes_time=True):
        bank_id = _claim_bank(bank)
        diff = _compare(parsed, bank_id)
        # Making the preview of 3,000 questions takes some 30 ms, in which no other greenlet runs.
        if agreed is not None:
            pause()
            _preview(parsed, diff).require(agreed)
        pause()
        _write(bank_id, diff, now, on_written)
        if diff.added or diff.changed:
            codes = [revision.draft.code for revision in diff.changed]
            subject = f"bank:{bank.name}"
            added = len(diff.added)
            audit.record(actor_id, "questions_imported", subject, now, added=added, changed=codes)
    return diff


def _refuse_errors(parsed: QuestionFile) -> None:
    if parsed.errors:
        raise BadRows(parsed.errors)


def _check_names(bank: BankName) -> None:
    if not 1 <= len(longest_form(bank.name)) <= 60 or bank.name != shown(bank.name):
        raise Invalid(fields={"bank": [_WRONG_NAME]})
    if bank.title is not None and not 1 <= len(longest_form(shown(bank.title))) <= 60:
        raise Invalid(fields={"title": [_WRONG_TITLE]})


def _claim_bank(bank: BankName) -> int:
    """Create the bank or find it, and lock its row until the transaction ends."""
    name, title = bank.name, None if bank.title is None else shown(bank.title)
    update = {QuestionBank.name: name} if title is None else {QuestionBank.title: title}
    QuestionBank.insert(name=name, title=title or name).on_conflict(
        conflict_target=[QuestionBank.name], update=update
    ).execute()
    bank_id: int = QuestionBank.get(QuestionBank.name == name).id
    return bank_id


def _compare(parsed: QuestionFile, bank_id: int) -> BankDiff:
    rows = {row["code"]: row for row in in_steps(_latest_rows(bank_id))}
    added, changed = [], []
    for draft in in_steps(parsed.drafts):
        row = rows.get(draft.code)
        if row is None:
            added.append(draft)
        elif not row["current"] or row["digest"] != draft.digest():
            changed.append(_revision(draft, row))
    return BankDiff(
        added=tuple(added),
        changed=tuple(changed),
        unchanged=len(parsed.drafts) - len(added) - len(changed),
        warnings=(*parsed.warnings, *_known_stems(parsed, rows)),
        notes=parsed.notes,
        expired=_expired(parsed, rows),
    )


def _expired(parsed: QuestionFile, rows: dict[str, dict[str, Any]]) -> tuple[str, ...]:
    """Return the codes of the bank that have expired, as after the import."""
    days = {code: row["expires_on"] for code, row in rows.items() if row["current"]}
    days |= {draft.code: draft.expires_on for draft in parsed.drafts}
    return tuple(sorted(code for code, day in days.items() if day and day < parsed.today))


def _latest_rows(bank_id: int) -> Iterator[dict[str, Any]]:
    """Return the newest version of every question of the bank."""
    return iter(
        Question.select()
        .where(Question.bank == bank_id)
        .order_by(Question.code, Question.version)
        .dicts()
    )


def _revision(draft: QuestionDraft, row: dict[str, Any]) -> QuestionRevision:
    columns = [_COLUMN_NAMES[name] for name, value in draft.content().items() if row[name] != value]
    replaces_id = row["id"] if row["current"] else None
    return QuestionRevision(draft, row["version"] + 1, tuple(columns), replaces_id)


def _known_stems(parsed: QuestionFile, rows: dict[str, dict[str, Any]]) -> Iterator[RowError]:
    """Yield warnings for questions that the bank has under another code."""
    codes = {draft.code for draft in parsed.drafts}
    stems = {
        stem_key(row["stem"]): code
        for code, row in in_steps(rows.items())
        if row["current"] and code not in codes
    }
    for draft in in_steps(parsed.drafts):
        code = stems.get(stem_key(draft.stem))
        if code is not None:
            yield RowError(
                draft.row,
                "题干",
                Sentence(f"与题库里 {code} 的题干相同", f"is the same as of {code} in the bank"),
            )


def _write(bank_id: int, diff: BankDiff, now: int, on_written: Callable[[int], None]) -> None:
    replaced = [revision.replaces_id for revision in diff.changed if revision.replaces_id]
    for ids in chunks(replaced, ROWS_PER_STATEMENT):
        Question.update(current=False).where(Question.id.in_(ids)).execute()
    versions = [(draft, 1) for draft in diff.added]
    versions += [(revision.draft, revision.version) for revision in diff.changed]
    for chunk in in_steps(chunks(versions, ROWS_PER_STATEMENT), 1):
        Question.insert_many(
            [_row(bank_id, draft, version, now) for draft, version in chunk]
        ).execute()
        on_written(len(chunk))


def _row(bank_id: int, draft: QuestionDraft, version: int, now: int) -> dict[str, Any]:
    return {
        "bank": bank_id,
        "code": draft.code,
        "version": version,
        "current": True,
        "digest": draft.digest(),
        "created_at": now,
        **draft.content(),
    }
