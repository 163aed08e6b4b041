"""The page docs/access.md: who may call which operation, as the tables of the tests say.

`make access` writes it; `tests/identity/test_access.py` fails when it is out of date.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from tests.callers import (
    ADMIN_,
    GUEST,
    GUEST_PLAYER,
    HOST,
    HOST_ELSEWHERE,
    HOST_HERE,
    LEADER,
    NOBODY,
    SCREEN,
    STAFF_PLAYER,
    TRAINER_,
    Operation,
)

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
# The title of each column, and its meaning.
COLUMNS = {
    NOBODY: ("anyone", "somebody without a token"),
    SCREEN: ("screen", "a browser with the pass of this event's big screen"),
    GUEST: ("guest", "an account that is bound to nobody of the roster and has not joined"),
    GUEST_PLAYER: ("guest player", "such an account that has joined the event"),
    STAFF_PLAYER: ("staff player", "a person of the roster who has joined the event"),
    LEADER: ("other leader", "the leader of another team, who has not joined"),
    HOST_ELSEWHERE: ("other host", "a host of another event alone, who has not joined"),
    HOST_HERE: ("its host", "a host of this event alone"),
    HOST: ("host", "a host of all events"),
    TRAINER_: ("trainer", "a trainer, who has not joined"),
    ADMIN_: ("admin", "an admin"),
}
LET_IN, REFUSED = "●", "·"
INTRODUCTION = """# Who may call what

`tests/identity/test_access.py` calls every operation as each of these callers, in an open event in which a game of every
kind has begun, and compares the answers with this page. `make access` writes the page from the tables of the tests.

● is let in. · is refused, and nothing is written: with 401 where there is no token, with 403 else. A screen that is
not let in gets 403 where a pass would do. What is refused in another way has a note.

| caller | who it is |
|---|---|
"""


def page(app: Flask, operations: Mapping[str, Operation]) -> str:
    """Return the text of the page."""
    document: Any = app.test_client().get("/api/openapi.json").json
    callers = "".join(f"| {title} | {who} |\n" for title, who in COLUMNS.values())
    return INTRODUCTION + callers + "".join(_sections(document, operations))


def _sections(document: dict[str, Any], operations: Mapping[str, Operation]) -> Iterator[str]:
    """Yield a section for each part of the API, in the order of the document."""
    rows: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            if method != "parameters":
                name = f"{method.upper()} {path}"
                row = _row(name, described["summary"], operations[name])
                rows.setdefault(described["tags"][0], []).append(row)
    titles = {tag["name"]: tag["description"] for tag in document["tags"]}
    heads = " | ".join(title for title, _ in COLUMNS.values())
    lines = "|".join([":-:"] * len(COLUMNS))
    for tag, found in rows.items():
        yield f"\n## {titles[tag]}\n| what | operation | {heads} |\n|---|---|{lines}|\n"
        yield from found


def _row(name: str, summary: str, operation: Operation) -> str:
    """Return the row of an operation; its first sentence says what it does."""
    what = " ".join(summary.split()).partition(". ")[0].rstrip(".")
    if operation.refused_as:
        what += " (refused with {} `{}`)".format(*operation.refused_as)
    marks = " | ".join(LET_IN if one in operation.callers else REFUSED for one in COLUMNS)
    return f"| {what} | `{name.replace('/api/v1', '')}` | {marks} |\n"
