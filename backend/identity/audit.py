"""The audit: one line for each thing that somebody did to somebody else's data."""

from backend.identity.models import AuditLine


def record(actor_id: int | None, action: str, subject: str, now: int, **detail: object) -> None:
    """Write a line in the caller's transaction; `actor_id` is null for the operator's shell."""
    AuditLine.create(at=now, actor_id=actor_id, action=action, subject=subject, detail=detail)
