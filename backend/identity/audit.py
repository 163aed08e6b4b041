"""The audit: one line for each action of a person on another person's data."""

from typing import Any

from flask import g, has_app_context

from backend.identity.models import Account, AuditLine, Staff
from backend.web.paging import paged

_EVENT = "event:"

# The action of an event that was brought in from an archive.
IMPORTED = "import_event"


def about(event_id: int) -> None:
    """Assign the lines that this request writes to an event, whose hosts may read them."""
    g.audited_event_id = event_id


def record(actor_id: int | None, action: str, subject: str, now: int, **detail: object) -> None:
    """Write a line in the caller's transaction; `actor_id` is null for the operator's shell.

    The line belongs to the event that is its subject, else to that of the request, see `about`.
    """
    AuditLine.create(
        at=now,
        actor_id=actor_id,
        action=action,
        subject=subject,
        detail=detail,
        event_id=_event_id(subject),
    )


def _event_id(subject: str) -> int | None:
    if subject.startswith(_EVENT):
        return int(subject.removeprefix(_EVENT))
    found: int | None = g.get("audited_event_id") if has_app_context() else None
    return found


def page(query: dict[str, Any], event_id: int | None = None) -> dict[str, Any]:
    """Return a page of the lines of an event, or of all lines, the newest first.

    `query` may name the `action`.
    """
    asked = dict(query)
    action = asked.pop("action", None)
    found = _lines(event_id).order_by(AuditLine.id.desc())
    if action is not None:
        found = found.where(AuditLine.action == action)
    rows, total = paged(found.dicts(), asked)
    return {"items": [_shown(row) for row in rows], "total": total, **asked}


def all_of(event_id: int) -> list[dict[str, Any]]:
    """Return all lines of an event, the oldest first."""
    return [_shown(row) for row in _lines(event_id).order_by(AuditLine.id).dicts()]


def actions_of(event_id: int) -> list[str]:
    """Return the actions that occur in the lines of an event."""
    rows = AuditLine.select(AuditLine.action).where(AuditLine.event_id == event_id).distinct()
    return sorted(action for (action,) in rows.tuples())


def _lines(event_id: int | None) -> Any:
    found = (
        AuditLine.select(AuditLine, Staff.number, Staff.name)
        .left_outer_join(Account, on=(AuditLine.actor_id == Account.id))
        .left_outer_join(Staff, on=(Staff.account == Account.id))
    )
    return found if event_id is None else found.where(AuditLine.event_id == event_id)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    actor = {"account_id": row["actor_id"], "number": row["number"], "name": row["name"]}
    return {
        "id": row["id"],
        "at": row["at"],
        "actor": actor if row["actor_id"] is not None else None,
        "action": row["action"],
        "subject": row["subject"],
        "event_id": row["event_id"],
        "detail": row["detail"],
    }
