"""Binding: a person proves once who they are, with 工号 and invite code. The unique row decides."""

import peewee

from backend.db import Database
from backend.errors import Forbidden, LinkaError, NotFound, TooManyRequests
from backend.identity import audit
from backend.identity.invites import invite_digest, same_digest
from backend.identity.keys import normal_number
from backend.identity.models import Account, BindingAttempt, Staff

WINDOW_SECONDS = 3600
TRIES_PER_ACCOUNT = 5
TRIES_PER_NUMBER = 10


class BindingRefused(Forbidden):
    """The pair of 工号 and invite code is wrong; which of the two is never said."""

    slug = "binding_refused"
    zh = "工号或邀请码不正确。"
    en = "The staff number or the invite code is wrong."


class AlreadyBound(LinkaError):
    """The account belongs to another person already."""

    slug = "already_bound"
    status = 409
    zh = "这个微信号已绑定其他工号，如需更换请联系管理员。"
    en = "This account is bound to another person; ask an admin to undo that."


class StaffTaken(LinkaError):
    """The person is bound to another account already."""

    slug = "staff_taken"
    status = 409
    zh = "该工号已绑定其他微信号，如需更换请联系管理员。"
    en = "This person is bound to another account; ask an admin to undo that."


class TooManyAttempts(TooManyRequests):
    """Too many wrong pairs within an hour, for this account or this 工号."""

    slug = "too_many_attempts"
    zh = "尝试次数过多，请一小时后再试。"
    en = "Too many attempts; please try again in an hour."


def bind(
    database: Database, secret_key: str, account_id: int, number: str, code: str, now: int
) -> None:
    """Bind an account to a person; repeating a successful binding is harmless.

    The attempt is written before it is judged, in a transaction of its own, so that parallel
    guesses are all counted. One that is not judged is taken back: an account that is out of tries
    cannot use up the tries of somebody else's 工号. Raises `BindingRefused`, `AlreadyBound`,
    `StaffTaken` or `TooManyAttempts`.
    """
    number = normal_number(number)
    with database.write():
        attempt = BindingAttempt.create(account_id=account_id, staff_number=number, at=now)
    if _too_many_attempts(account_id, number, now):
        with database.write():
            attempt.delete_instance()
        raise TooManyAttempts(retry_after_seconds=WINDOW_SECONDS)
    staff = Staff.get_or_none(Staff.number == number, Staff.active)
    digest = invite_digest(secret_key, number, code)
    if staff is None or not same_digest(staff.invite_digest, digest):
        raise BindingRefused
    with database.write():
        _take(staff.id, number, account_id, now)


def _too_many_attempts(account_id: int, number: str, now: int) -> bool:
    since = now - WINDOW_SECONDS * 1000
    recent = BindingAttempt.select().where(BindingAttempt.at > since)
    return (
        recent.where(BindingAttempt.account_id == account_id).count() > TRIES_PER_ACCOUNT
        or recent.where(BindingAttempt.staff_number == number).count() > TRIES_PER_NUMBER
    )


def _take(staff_id: int, number: str, account_id: int, now: int) -> None:
    other = Staff.get_or_none(Staff.account == account_id)
    if other is not None and other.id != staff_id:
        raise AlreadyBound
    try:
        taken = (
            Staff.update(account=account_id, bound_at=now)
            .where(Staff.id == staff_id, Staff.account.is_null() | (Staff.account == account_id))
            .execute()
        )
    except peewee.IntegrityError:
        raise AlreadyBound from None
    if not taken:
        raise StaffTaken
    # Only the tries for this very person: guesses at others still count, or whoever knows one
    # pair could go on guessing without end.
    BindingAttempt.delete().where(
        BindingAttempt.account_id == account_id, BindingAttempt.staff_number == number
    ).execute()


def unbind(database: Database, number: str, actor_id: int | None, now: int) -> int:
    """Undo a binding and sign the account out everywhere; leaves an audit line; returns the account.

    Raises `NotFound` for an unknown or unbound 工号.
    """
    with database.write():
        staff = Staff.get_or_none(Staff.number == normal_number(number))
        if staff is None or staff.account_id is None:
            raise NotFound
        account_id = int(staff.account_id)
        Staff.update(account=None, bound_at=None).where(Staff.id == staff.id).execute()
        _end_tokens(account_id)
        audit.record(actor_id, "unbind", f"staff:{staff.number}", now, account_id=account_id)
    return account_id


def sign_out_everywhere(database: Database, account_id: int, now: int) -> None:
    """Make every token of the account worthless at once."""
    with database.write():
        _end_tokens(account_id)
        audit.record(account_id, "sign_out_everywhere", f"account:{account_id}", now)


def _end_tokens(account_id: int) -> None:
    # The code of the last login goes too: sent again, it would give a token that is good.
    Account.update(token_version=Account.token_version + 1, code_digest=None).where(
        Account.id == account_id
    ).execute()
