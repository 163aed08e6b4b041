"""Roles of staff: host, trainer, leader of one's own team, or admin; everywhere or for one event."""

from backend.db import Database
from backend.errors import Invalid, LinkaError, Sentence
from backend.identity import audit
from backend.identity.keys import normal_number
from backend.identity.models import Grant, Staff

ROLES = ("host", "trainer", "leader", "admin")
EVERYWHERE = 0


class UnknownStaff(LinkaError):
    """No active person of the roster has this 工号."""

    slug = "unknown_staff"
    status = 404
    zh = "名册里没有在职员工使用工号 {number}。"
    en = "No active member of staff has the number {number}."


def grant(
    role: str,
    staff_number: str,
    event_id: int = EVERYWHERE,
    *,
    database: Database,
    now: int,
    actor_id: int | None = None,
) -> bool:
    """Grant a role, with an audit line; returns False if the person had it already.

    Raises `UnknownStaff`, and `Invalid` for a role that does not exist.
    """
    _check_role(role)
    with database.write():
        staff = _staff(staff_number, must_be_active=True)
        given = (
            Grant.insert(staff=staff.id, role=role, event_id=event_id, granted_at=now)
            .on_conflict_ignore()
            .as_rowcount()
            .execute()
        )
        if given:
            _record("role_granted", role, staff.number, event_id, now, actor_id)
    return bool(given)


def revoke(
    role: str,
    staff_number: str,
    event_id: int = EVERYWHERE,
    *,
    database: Database,
    now: int,
    actor_id: int | None = None,
) -> bool:
    """Revoke a role, with an audit line; returns False if the person did not have it.

    People who left can lose a role, too. Raises `UnknownStaff`, and `Invalid` for a role that does
    not exist.
    """
    _check_role(role)
    with database.write():
        staff = _staff(staff_number, must_be_active=False)
        taken = (
            Grant.delete()
            .where(Grant.staff == staff.id, Grant.role == role, Grant.event_id == event_id)
            .execute()
        )
        if taken:
            _record("role_revoked", role, staff.number, event_id, now, actor_id)
    return bool(taken)


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise Invalid(
            fields={
                "role": [
                    Sentence(
                        f"须为 {'、'.join(ROLES)} 之一", f"Must be one of: {', '.join(ROLES)}."
                    )
                ]
            }
        )


def active_staff(number: str) -> Staff:
    """Return an active person of the roster by 工号; raises `UnknownStaff`."""
    return _staff(number, must_be_active=True)


def _staff(number: str, *, must_be_active: bool) -> Staff:
    staff = Staff.get_or_none(Staff.number == normal_number(number))
    if staff is None or (must_be_active and not staff.active):
        raise UnknownStaff(number=number)
    return staff


def _record(
    action: str, role: str, number: str, event_id: int, now: int, actor_id: int | None
) -> None:
    audit.record(actor_id, action, f"staff:{number}", now, role=role, event_id=event_id)
