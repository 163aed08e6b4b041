"""Retention: erases data that is older than the settings say, once an hour, in any worker."""

from typing import Any

import structlog
from peewee import DatabaseError
from redis import RedisError

from backend.clock import DAY_MS, Clock, Hourly, local_time
from backend.config import Settings
from backend.db import Database
from backend.identity.models import Account, AuditLine, BindingAttempt, ConsoleSession
from backend.identity.renewing import renew
from backend.lookup.models import Duty, LookupQuestion
from backend.moderation.models import ModerationItem, ModerationPicture
from backend.posts.models import DRAFT, REJECTED, RETURNED, Post, PostReading, PostSubmission
from backend.scoring.boards import Boards

log = structlog.get_logger(__name__)

ROWS_AT_ONCE = 500


def erase_old(database: Database, settings: Settings, now: int) -> dict[str, int]:
    """Erase what is older than the settings say; returns how many rows of each kind.

    Uses small transactions, so that other writers do not wait long. A repeat, also in another
    worker, erases the rest.
    """
    refused = ModerationItem.select(ModerationItem.id).where(
        ModerationItem.status == "rejected",
        ModerationItem.decided_at < now - settings.keep_refused_days * DAY_MS,
    )
    rejected = PostSubmission.select(PostSubmission.post).where(
        PostSubmission.state == REJECTED,
        PostSubmission.decided_at < now - settings.keep_refused_days * DAY_MS,
    )
    last_touched = now - settings.keep_drafts_days * DAY_MS
    unsent = PostSubmission.select(PostSubmission.post).where(
        PostSubmission.state.in_((DRAFT, RETURNED)),
        PostSubmission.changed_at < last_touched,
        PostSubmission.decided_at.is_null() | (PostSubmission.decided_at < last_touched),
    )
    oldest = now - settings.keep_lookups_days * DAY_MS
    return {
        "binding_attempts": _delete(
            database,
            BindingAttempt,
            BindingAttempt.at < now - settings.keep_attempts_days * DAY_MS,
        ),
        "audit_lines": _delete(
            database, AuditLine, AuditLine.at < now - settings.keep_audit_days * DAY_MS
        ),
        "session_keys": _forget_session_keys(
            database, now - settings.keep_session_keys_days * DAY_MS
        ),
        "console_sessions": _delete(
            database,
            ConsoleSession,
            ConsoleSession.created_at < now - settings.keep_attempts_days * DAY_MS,
        ),
        "refused_pictures": _delete(
            database, ModerationPicture, ModerationPicture.item.in_(refused)
        ),
        "rejected_submissions": _delete(database, Post, Post.id.in_(rejected)),
        "unsent_submissions": _delete(database, Post, Post.id.in_(unsent)),
        "post_readings": _delete(
            database, PostReading, PostReading.read_at < now - settings.keep_readings_days * DAY_MS
        ),
        "lookup_questions": _delete(database, LookupQuestion, LookupQuestion.asked_at < oldest),
        "duties": _delete(
            database,
            Duty,
            Duty.day < local_time(oldest, settings.timezone).date().isoformat(),
        ),
    }


def _delete(database: Database, model: Any, old: Any) -> int:
    erased = 0
    while True:
        found = model.select(model.id).where(old).order_by(model.id).limit(ROWS_AT_ONCE).tuples()
        ids = [number for (number,) in found]
        if not ids:
            return erased
        with database.write():
            # What was changed since it was found stays.
            erased += model.delete().where(model.id.in_(ids), old).execute()


def _forget_session_keys(database: Database, before: int) -> int:
    with database.write():
        forgotten: int = (
            Account.update(session_key="")
            .where(Account.session_key != "", Account.last_login_at < before)
            .execute()
        )
    return forgotten


class Housekeeper:
    """Erases old data once an hour; call `look` about once a second. The first call erases at once."""

    def __init__(
        self, database: Database, settings: Settings, clock: Clock, boards: Boards
    ) -> None:
        self._boards = boards
        self._database = database
        self._settings = settings
        self._clock = clock
        self._hourly = Hourly()

    def look(self) -> None:
        """Erase when an hour has passed; if the database cannot be reached, try again an hour
        later."""
        if not self._hourly.is_due():
            return
        try:
            erased = erase_old(self._database, self._settings, self._clock.now())
            secret = self._settings.secret
            renewed = renew(self._database, secret).renewed if secret.old else 0
            before = self._clock.now() - self._settings.keep_boards_days * DAY_MS
            erased["boards"] = self._boards.put_away(before, self._clock.now())
            if renewed or any(erased.values()):
                log.info("erased", renewed=renewed, **erased)
        except (DatabaseError, RedisError) as error:
            log.warning("housekeeping_failed", error=str(error))
        finally:
            self._database.release()
