"""Rows older than the settings allow are erased, and no others."""

from dataclasses import replace

import pytest
from flask import Flask

from backend.clock import DAY_MS
from backend.config import Settings
from backend.db import Database
from backend.identity.models import Account, AuditLine, BindingAttempt
from backend.moderation.models import ModerationItem, ModerationPicture
from backend.retention import ROWS_AT_ONCE, Housekeeper, erase_old
from tests.scoring.board_evening import BoardEvening
from tests.support import START, Centre, FakeClock, picture_bytes


@pytest.fixture
def database(app: Flask) -> Database:
    """Return the sample centre's database."""
    found: Database = app.extensions["linka.database"]
    return found


def test_old_attempts_and_lines_are_erased_many_at_a_time(
    database: Database, settings: Settings
) -> None:
    for model, days, fields in (
        (BindingAttempt, settings.keep_attempts_days, {"account_id": 1, "staff_number": "x"}),
        (AuditLine, settings.keep_audit_days, {"action": "x", "subject": "x", "detail": {}}),
    ):
        model.delete().execute()
        old = START - days * DAY_MS - 1
        with database.write():
            model.insert_many([{"at": old, **fields} for _ in range(ROWS_AT_ONCE + 1)]).execute()
            model.create(at=old + 1, **fields)
    erased = erase_old(database, settings, START)
    assert (erased["binding_attempts"], erased["audit_lines"]) == (ROWS_AT_ONCE + 1,) * 2
    assert BindingAttempt.select().count() == AuditLine.select().count() == 1
    assert not any(erase_old(database, settings, START).values())


def test_session_keys_of_those_who_stay_away_are_erased(
    database: Database, settings: Settings
) -> None:
    days = settings.keep_session_keys_days
    first, second = Account.select().order_by(Account.id).limit(2)
    Account.update(last_login_at=START).execute()
    Account.update(last_login_at=START - days * DAY_MS - 1).where(Account.id == first.id).execute()
    assert erase_old(database, settings, START)["session_keys"] == 1
    assert Account.get_by_id(first.id).session_key == ""
    assert Account.get_by_id(second.id).session_key


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_refused_pictures_are_erased_and_their_decision_stays(
    centre: Centre, database: Database, settings: Settings, clock: FakeClock
) -> None:
    host, [phone] = centre.host(), centre.people(1)
    event = centre.open_event(host)
    centre.join(event, phone)
    path = f"/events/{event['id']}"
    items = [
        phone.upload(f"{path}/pictures", picture_bytes(colour=colour))["id"]
        for colour in ("#d7263d", "#1b998b")
    ]
    for item, status in zip(items, ("rejected", "approved"), strict=True):
        host.ok("PUT", f"{path}/moderation/{item}", {"status": status, "reason": "看不清"})
    later = clock.now() + settings.keep_refused_days * DAY_MS
    assert erase_old(database, settings, later)["refused_pictures"] == 0
    assert erase_old(database, settings, later + 1)["refused_pictures"] == 1
    assert [row.item_id for row in ModerationPicture.select()] == [items[1]]
    assert ModerationItem.select().count() == 2


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_housekeeper_seals_anew_and_erases_once_an_hour(
    app: Flask, database: Database, settings: Settings, clock: FakeClock
) -> None:
    changed = replace(
        settings,
        secret_key="a new secret of more than 32 letters",
        secret_key_old=settings.secret_key,
        secret_key_changed_at="2026-11-28T10:00+08:00",
    )
    before = Account.select().first().session_key
    housekeeper = Housekeeper(database, changed, clock, app.extensions["linka.boards"])
    housekeeper.look()
    assert Account.select().first().session_key not in ("", before)
    BindingAttempt.create(account_id=1, staff_number="x", at=0)
    housekeeper.look()
    assert BindingAttempt.select().count() == 1


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_boards_leave_redis_after_the_end_and_come_back_when_read(
    centre: Centre, settings: Settings, clock: FakeClock
) -> None:
    evening = BoardEvening(centre)
    boards = centre.app.extensions["linka.boards"]
    before = evening.board(evening.host)["rows"]
    evening.does("close")
    days = settings.keep_boards_days * DAY_MS
    ended = clock.now()
    assert boards.put_away(ended, ended + days) == 0
    assert boards.put_away(ended + 1, ended + days + 1) == 1
    assert not evening.is_clean()
    # A starting worker compares all boards, except those of events that are over.
    assert boards.reconcile(ended + days, everything=True) == 0
    assert not evening.is_clean()
    assert evening.board(evening.host)["rows"] == before
    assert evening.is_clean()
