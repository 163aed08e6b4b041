"""Pages of lists."""

from typing import Any


def paged(query: Any, asked: dict[str, int]) -> tuple[list[Any], int]:
    """Return the page that was asked for, and how many rows there are in all."""
    return list(query.paginate(asked["page"], asked["page_size"])), query.count()
