"""Binding: a person proves once who they are, with 工号 and invite code. The unique row decides."""

import peewee

from backend.db import Database
from backend.errors import Forbidden, LinkaError, NotFound, TooManyRequests
from backend.identity import audit
from backend.identity.invites import InviteCodes
from backend.identity.keys import normal_number
from backend.identity.models import Account, BindingAttempt, Staff

# After so many tries of one number an account has to wait, each time twice as long.
FREE_TRIES = 3
FIRST_DELAY_SECONDS = 60
# The limit for a day, over all numbers. docs/decisions/0058-binding-delays.md calculates what
# somebody with many accounts can try.
TRIES_PER_ACCOUNT = 10
WINDOW_SECONDS = 24 * 3600


class BindingRefused(Forbidden):
    """The pair of 工号 and invite code is wrong; the caller is not told which of the two."""

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
    """The account sent too many wrong pairs; it may try again after `retry_after_seconds`."""

    slug = "too_many_attempts"
    zh = "尝试次数过多，请 {minutes} 分钟后再试。"
    en = "Too many attempts; please try again in {minutes} minutes."


def bind(
    database: Database, codes: InviteCodes, account_id: int, number: str, code: str, now: int
) -> None:
    """Bind an account to a person; a repeat of a successful binding changes nothing.

    The attempt is written before the pair is compared, in a transaction of its own that locks the
    account, so that parallel guesses are all counted. An attempt that comes too early is neither
    written nor compared. Attempts count for their own account only. Raises `BindingRefused`,
    `AlreadyBound`, `StaffTaken` or `TooManyAttempts`.
    """
    number = normal_number(number)
    with database.write():
        # Other attempts of the account wait for this transaction.
        Account.lock(account_id)
        wait = _wait_ms(account_id, number, now)
        if wait > 0:
            raise too_many_attempts(wait)
        BindingAttempt.create(account_id=account_id, staff_number=number, at=now)
    staff = Staff.get_or_none(Staff.number == number, Staff.active)
    if staff is None or not codes.fits(staff.invite_digest, number, code):
        raise BindingRefused
    with database.write():
        _take(staff.id, number, account_id, now)


def too_many_attempts(wait_ms: int) -> TooManyAttempts:
    """Return the refusal that says how long to wait."""
    seconds = -(-wait_ms // 1000)
    return TooManyAttempts(retry_after_seconds=seconds, minutes=-(-seconds // 60))


def _wait_ms(account_id: int, number: str, now: int) -> int:
    """Return how long the account has to wait before it may try this number."""
    tries = list(
        BindingAttempt.select(BindingAttempt.staff_number, BindingAttempt.at)
        .where(
            BindingAttempt.account_id == account_id, BindingAttempt.at > now - WINDOW_SECONDS * 1000
        )
        .order_by(BindingAttempt.at.desc())
        .limit(TRIES_PER_ACCOUNT)
    )
    for_number = [attempt.at for attempt in tries if attempt.staff_number == number]
    due = now
    if len(for_number) >= FREE_TRIES:
        delay = FIRST_DELAY_SECONDS * 2 ** (len(for_number) - FREE_TRIES)
        due = for_number[0] + delay * 1000
    if len(tries) >= TRIES_PER_ACCOUNT:
        due = max(due, tries[-1].at + WINDOW_SECONDS * 1000)
    return due - now


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
    # Deletes only the tries for this person. If it deleted all, someone who knows one pair could
    # reset the count and guess without limit.
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
    # The digest of the last login code is deleted, too: sent again, that code would give a valid
    # token.
    Account.update(token_version=Account.token_version + 1, code_digest=None).where(
        Account.id == account_id
    ).execute()
