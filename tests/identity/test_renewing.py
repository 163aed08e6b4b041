"""After a change of the secret key, invite codes and session keys stay valid and are encrypted
again."""

import hmac
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from backend.config import DEVELOPMENT_SECRET_KEY
from backend.db import Database
from backend.identity.binding import BindingRefused, bind
from backend.identity.invites import InviteCodes
from backend.identity.logins import SESSION_KEYS
from backend.identity.models import Account, Staff
from backend.identity.renewing import renew
from backend.keys import Secret, TextCipher
from tests.installation import until
from tests.support import START, sample_roster

NEW = "a new secret of more than 32 letters"
WRONG = "another secret, which was never in use here"
CHANGED = Secret(NEW, DEVELOPMENT_SECRET_KEY, START)


@pytest.fixture
def database(app: Flask) -> Database:
    """Return the sample centre's database."""
    found: Database = app.extensions["linka.database"]
    return found


def test_everything_is_sealed_anew_once(database: Database) -> None:
    expected = Staff.select().count() + Account.select().count()
    assert renew(database, CHANGED) == (expected, 0, 0)
    assert renew(database, CHANGED) == (0, 0, 0)
    assert TextCipher(Secret(NEW), SESSION_KEYS).decrypt(Account.select().first().session_key)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_invite_code_outlives_the_key_that_sealed_it(database: Database) -> None:
    number, row = next(
        (number, row)
        for number, row in sample_roster().items()
        if Staff.get(Staff.number == number).account_id is None
    )
    guest = Account.create(
        appid="a",
        openid="o",
        session_key="",
        session_key_updated_at=0,
        created_at=0,
        last_login_at=0,
    )
    with pytest.raises(BindingRefused):
        bind(database, InviteCodes(Secret(NEW)), guest.id, number, row["邀请码"], START)
    renew(database, CHANGED)
    bind(database, InviteCodes(Secret(NEW)), guest.id, number, row["邀请码"], START)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_without_a_change_nothing_is_renewed(database: Database) -> None:
    assert renew(database, Secret(DEVELOPMENT_SECRET_KEY)) == (0, 0, 0)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("secret", [Secret(NEW), Secret(NEW, WRONG, START)], ids=["none", "wrong"])
def test_what_no_key_can_read_is_counted_and_stays(database: Database, secret: Secret) -> None:
    # What was erased, and a digest of an earlier version, were never encrypted.
    erased, earlier = Account.select().first(), Staff.select().first()
    Account.update(session_key="").where(Account.id == erased.id).execute()
    Staff.update(invite_digest="0" * 64).where(Staff.id == earlier.id).execute()
    before = list(Staff.select(Staff.id, Staff.invite_digest).order_by(Staff.id).tuples())
    lost = (Staff.select().count() - 1, Account.select().count() - 1)
    assert renew(database, secret) == (0, *lost)
    assert list(Staff.select(Staff.id, Staff.invite_digest).order_by(Staff.id).tuples()) == before


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_people_log_in_while_keys_are_renewed(database: Database) -> None:
    sealed = TextCipher(CHANGED, SESSION_KEYS).encrypt("k")
    old = TextCipher(Secret(DEVELOPMENT_SECRET_KEY), SESSION_KEYS).encrypt("k")
    for openid in ("zz", "aa"):
        Account.create(
            appid="a",
            openid=openid,
            session_key=old,
            session_key_updated_at=0,
            created_at=0,
            last_login_at=0,
        )
    begun = threading.Event()

    def log_in() -> None:
        """Change both accounts in the order of logins, the second one once the other thread waits."""
        with database.write():
            database.sql(_LOG_IN_SQL, (sealed, "aa"))
            begun.set()
            until(lambda: database.sql(_WAITING_SQL).fetchone() != (0,), 10, "renewing waits")
            database.sql(_LOG_IN_SQL, (sealed, "zz"))
        database.release()

    with ThreadPoolExecutor(1) as pool:
        logged_in = pool.submit(log_in)
        assert begun.wait(10)
        renew(database, CHANGED)
        logged_in.result()
    keys = Account.select(Account.session_key).where(Account.appid == "a").tuples()
    assert list(keys) == [(sealed,), (sealed,)]


_LOG_IN_SQL = "UPDATE account SET session_key = ? WHERE appid = 'a' AND openid = ?"
_WAITING_SQL = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def test_code_that_was_only_digested_still_fits() -> None:
    said = b"invite\n200001\nQ8VRVN"
    stored = hmac.digest(DEVELOPMENT_SECRET_KEY.encode(), said, "sha256").hex()
    for secret in (Secret(DEVELOPMENT_SECRET_KEY), CHANGED):
        assert InviteCodes(secret).fits(stored, "200001", "q8vrvn")
        assert not InviteCodes(secret).fits(stored, "200001", "q8vrvx")
    assert not InviteCodes(Secret(NEW)).fits(stored, "200001", "q8vrvn")
