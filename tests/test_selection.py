"""Rows of hand-written statements are read by name, on both databases."""

from dataclasses import dataclass
from typing import Any

from backend.db import Database
from backend.events.models import Activity, Event
from backend.selection import AllColumns, Bool, Json, Selection


@dataclass(frozen=True)
class Found:
    """A row of the statements below."""

    event: Event
    title: str
    activity: Activity | None
    is_new: bool
    about: Any


FOUND = Selection(
    Found,
    title="e.title",
    event=AllColumns(Event, "e"),
    is_new=Bool("e.began_at > 1"),
    activity=AllColumns(Activity, "a"),
    about=Json("CAST(e.settings AS TEXT)"),
)
SQL = (
    f"SELECT {FOUND} FROM event e LEFT JOIN activity a ON a.event_id = e.id"
    " ORDER BY e.id, a.position"
)


def made(database: Database, title: str, began_at: int, **settings: Any) -> Event:
    facts = {"title": title, "template": "t", "join_code": title, "screen_key": "k"}
    with database.write():
        return Event.create(**facts, began_at=began_at, created_at=0, settings=settings)


def test_columns_have_the_types_of_their_fields(database: Database) -> None:
    event = made(database, "大淘金", 2, formula=["mean"])
    with database.write():
        activity = Activity.create(
            event=event, kind="hunt", title="淘金", position=1, settings={"sites": []}
        )
    [found] = FOUND.read(database.read(SQL))
    assert (found.title, found.is_new, found.about) == ("大淘金", True, {"formula": ["mean"]})
    assert found.event.settings == {"formula": ["mean"]}
    assert (found.event.rehearsal, found.event.pauses) == (False, [])
    assert found.activity is not None
    assert found.activity == activity and found.activity.settings == {"sites": []}


def test_table_that_an_outer_join_did_not_find_is_none(database: Database) -> None:
    made(database, "早场", 1)
    [found] = FOUND.read(database.read(SQL))
    assert (found.activity, found.is_new) == (None, False)


def test_selection_can_be_part_of_another(database: Database) -> None:
    made(database, "早场", 1), made(database, "晚场", 2)
    pair = Selection(lambda number, found: (number, found.title), number="e.id", found=FOUND)
    statement = (
        f"SELECT {pair} FROM event e LEFT JOIN activity a ON a.event_id = e.id ORDER BY e.id"
    )
    assert pair.read(database.read(statement)) == [(1, "早场"), (2, "晚场")]


def test_nothing_found_is_an_empty_list(database: Database) -> None:
    assert FOUND.read(database.read(SQL)) == []


def test_rows_of_a_condition_are_read_as_peewee_reads_them(database: Database) -> None:
    first, second = made(database, "早场", 1, formula=["sum"]), made(database, "晚场", 2)
    found = Event.find("began_at >= ? AND title != ? ORDER BY began_at DESC", 1, "夜场")
    assert found == [second, first]
    assert found[1].__data__ == Event.get_by_id(first.id).__data__
    assert Event.find("title = ?", "夜场") == []
