"""Drafts that are made by themselves from stored facts; editors add words and publish them."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import peewee
import structlog
from peewee import DatabaseError

from backend.clock import Clock, Hourly
from backend.db import Database
from backend.posts import writing
from backend.posts.models import Post, PostColumn

log = structlog.get_logger(__name__)

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>~&.-])")


def column_of(prefix: str, title: str) -> PostColumn | None:
    """Return the open column of the newest post whose code has a prefix, otherwise the one with a
    title.

    A centre may have renamed the column.
    """
    last = Post.select().where(Post.code.startswith(prefix)).order_by(Post.id.desc()).first()
    found = last.column if last else PostColumn.get_or_none(PostColumn.title == title)
    return found if found is not None and found.active else None


def is_made(code: str) -> bool:
    """Say whether the draft with a code was made."""
    return bool(Post.select().where(Post.code == code).exists())


def make(
    database: Database, column: PostColumn, facts: dict[str, Any], code: str, now: int
) -> Post | None:
    """Make a draft; None if another process has just made it, which the unique code decides."""
    try:
        return writing.make(database, column, facts, writing.SHELL, now, code)
    except peewee.IntegrityError:
        return None


def literal(name: str) -> str:
    """Return a name as Markdown that shows every character literally."""
    return _MARKUP.sub(r"\\\1", name)


class Drafts:
    """Makes the drafts that are due, once an hour; call `look` about once a second.

    Each of `due` makes one draft that is due at a moment, or returns None. What was due while no
    worker ran is made when one runs again.
    """

    def __init__(
        self, database: Database, clock: Clock, due: Sequence[Callable[[int], Post | None]]
    ) -> None:
        self._database = database
        self._clock = clock
        self._due = due
        self._hourly = Hourly()

    def look(self) -> None:
        """Make the drafts that are due; if the database cannot be reached, try again an hour later."""
        if not self._hourly.is_due():
            return
        try:
            for draft in self._due:
                while (made := draft(self._clock.now())) is not None:
                    log.info("draft_made", post_id=made.id, code=made.code)
        except DatabaseError as error:
            log.warning("drafts_failed", error=str(error))
        finally:
            self._database.release()
