"""Columns: who may write in which, and how an admin changes them."""

from typing import Any

from backend.db import Database
from backend.errors import Forbidden, Invalid, NotFound, Sentence
from backend.identity import audit
from backend.identity.principal import Principal
from backend.posts.models import PostColumn

_TAKEN = Sentence("已有同名的栏目。", "Another column has this title.")

_NOT_ALL = Sentence(
    "栏目刚有变化，请刷新后再排。", "The columns have changed; name each of them once."
)


def all_columns() -> list[PostColumn]:
    """Return every column in its order, closed ones included."""
    return list(PostColumn.select().order_by(PostColumn.position, PostColumn.id))


def may_write(who: Principal, column: PostColumn) -> bool:
    """Return whether a caller may write and publish in a column; roles for one event do not count."""
    return any(who.has(role) for role in (*column.writers, "admin"))


def writable(who: Principal) -> list[PostColumn]:
    """Return the columns that a caller may write in; raises `Forbidden` if there is none."""
    found = [column for column in all_columns() if may_write(who, column)]
    if not found:
        raise Forbidden
    return found


def may_write_any(who: Principal) -> bool:
    """Return whether a caller may write in any column."""
    return any(may_write(who, column) for column in all_columns())


def require_writer(who: Principal, column: PostColumn) -> None:
    """Raise `Forbidden` unless the caller may write in a column."""
    if not may_write(who, column):
        raise Forbidden


def make(database: Database, facts: dict[str, Any], actor_id: int, now: int) -> PostColumn:
    """Make a column; raises `Invalid` if the title is taken."""
    with database.write():
        position = max((column.position for column in all_columns()), default=0) + 1
        column_id = PostColumn.insert_new(PostColumn.title, position=position, **facts)
        if column_id is None:
            raise Invalid(fields={"title": [_TAKEN]})
        PostColumn.note_change(column_id)
        audit.record(actor_id, "column_made", f"column:{column_id}", now, after=facts)
    found: PostColumn = PostColumn.get_by_id(column_id)
    return found


def change(
    database: Database, column_id: int, facts: dict[str, Any], actor_id: int, now: int
) -> PostColumn:
    """Change a column; raises `NotFound`, and `Invalid` if another column has the title."""
    with database.write():
        column = PostColumn.lock(column_id)
        if column is None:
            raise NotFound
        others = PostColumn.select().where(
            PostColumn.title == facts.get("title"), PostColumn.id != column_id
        )
        if others.exists():
            raise Invalid(fields={"title": [_TAKEN]})
        before = {name: getattr(column, name) for name in facts}
        column.change(**facts)
        PostColumn.note_change(column_id)
        subject = f"column:{column_id}"
        audit.record(actor_id, "column_changed", subject, now, before=before, after=facts)
    return column


def arrange(database: Database, column_ids: list[int], actor_id: int, now: int) -> list[PostColumn]:
    """Set the order of the columns; raises `Invalid` unless each is named exactly once."""
    with database.write():
        before = [column.id for column in all_columns()]
        if sorted(column_ids) != sorted(before):
            raise Invalid(fields={"column_ids": [_NOT_ALL]})
        for position, column_id in enumerate(column_ids, 1):
            PostColumn.update(position=position).where(PostColumn.id == column_id).execute()
        PostColumn.note_change(*column_ids)
        if column_ids != before:
            audit.record(
                actor_id, "columns_arranged", "columns", now, before=before, after=column_ids
            )
    return all_columns()
