"""What lists show of a post: what is the same for all readers, and what each has read of it.

`row` is a row of a query of posts with column and version, or a `ListedPost` of the catalog.
"""

from typing import Any

from backend.identity.principal import Principal


def head(row: Any, reading: Any, who: Principal) -> dict[str, Any]:
    """Return what lists show of a post; `reading` is what the caller has read of it, or None."""
    return {**for_all(row), **for_reader(row, reading, who)}


def for_all(row: Any) -> dict[str, Any]:
    """Return what is the same for all readers."""
    return {
        "id": row.id,
        "column": {
            "id": row.column.id,
            "title": row.column.title,
            "icon": row.column.icon,
            "module": row.column.module,
        },
        "title": row.version.title,
        "summary": row.version.summary,
        "byline": row.version.byline,
        "published_at": row.shown_at,
        "pinned": row.pinned,
        "cover_path": row.version.cover_id and picture_path(row.id, row.version.cover_id),
    }


def for_reader(row: Any, reading: Any, who: Principal) -> dict[str, Any]:
    """Return what depends on the caller; guests have nothing to confirm."""
    is_corrected = reading is not None and has_read_less(row, reading, who)
    return {
        "must_read": row.must_read and who.is_staff,
        "read_at": None if is_corrected else reading and reading.read_at,
        "confirmed_at": reading.confirmed_at if is_confirmed(row, reading) else None,
        "corrected": is_corrected,
    }


def picture_path(post_id: int, picture_id: int) -> str:
    """Return the address of a picture, below /api/v1."""
    return f"/posts/{post_id}/pictures/{picture_id}"


def is_confirmed(row: Any, reading: Any) -> bool:
    """Return whether a reading confirms a post in a version that counts."""
    return reading is not None and (reading.confirmed_version or 0) >= row.confirm_from


def has_read_less(row: Any, reading: Any, who: Principal) -> bool:
    """Return whether a person of staff read a must-read post only in a version from before a
    correction.
    """
    return bool(row.must_read and who.is_staff and reading.read_version < row.version.number)
