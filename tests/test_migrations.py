"""The migrations: they make the tables that the models describe, on both databases."""

import re
from collections.abc import Iterator
from importlib import import_module

import pytest

import backend.app  # noqa: F401, because it brings every model with it
from backend.chinese import normalised
from backend.db import Database, IdField, Model
from backend.db import database as bound
from backend.identity.models import Staff, Team
from backend.moderation.models import BlockedWord

HISTORY = "schema_migration"

_POSTGRESQL_FACTS = """
SELECT table_name, column_name || ' ' || data_type || ' null ' || is_nullable || ' default '
       || COALESCE(column_default, '-')
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


def models() -> list[type[Model]]:
    """Return every model."""
    return Model.__subclasses__()


def facts(database: Database) -> set[tuple[str, str]]:
    """Return (table, what holds for it): columns, keys, checks and indexes, in no order."""
    found = _sqlite_facts(database) if database.is_sqlite else database.read(_POSTGRESQL_FACTS)
    return {(table, fact) for table, fact in found if table != HISTORY}


def _sqlite_facts(database: Database) -> Iterator[tuple[str, str]]:
    made = database.read("SELECT tbl_name, type, sql FROM sqlite_master WHERE sql IS NOT NULL")
    for table, kind, sql in made:
        if kind == "table" and not table.startswith("sqlite_"):
            inside = sql[sql.index("(") + 1 : sql.rindex(")")]
            # The commas between columns, not those within brackets.
            yield from ((table, part) for part in re.split(r", (?![^()]*\))", inside))
        elif kind == "index":
            # A condition may be written with and without brackets and quotes.
            yield table, re.sub(r'["()]', "", sql)


@pytest.fixture
def by_models(database: Database) -> set[tuple[str, str]]:
    """Return what holds for the tables that are made from the models alone."""
    tables = models()
    bound.drop_tables(tables)
    assert facts(database) == set()
    bound.create_tables(tables)
    return facts(database)


@pytest.fixture
def by_migrations(database: Database) -> set[tuple[str, str]]:
    """Return what holds for the tables that the migrations made."""
    return facts(database)


def test_migrations_make_what_the_models_describe(
    by_migrations: set[tuple[str, str]], by_models: set[tuple[str, str]]
) -> None:
    assert by_migrations - by_models == set()
    assert by_models - by_migrations == set()


def test_every_row_number_is_given_once() -> None:
    """One field class for all of them keeps it so."""
    numbered = [model for model in models() if "id" in model._meta.fields]
    assert len(numbered) > 40
    assert {type(model._meta.fields["id"]) for model in numbered} == {IdField}


def test_stored_texts_lose_what_nobody_sees(database: Database) -> None:
    with database.write():
        first = Team.create(name="夜班组")
        second = Team.create(name="夜班\u200b组")
        third = Team.create(name="\u202e早班组")
        Staff.create(number="700001", name="\u202e民卓巴边\u202c", team=first, invite_digest="")
        Staff.create(number="700002", name="\u3164", team=first, invite_digest="")
        Staff.create(number="700003", name="👨\u200d👩\u200d👧 一家", team=first, invite_digest="")
        BlockedWord.create(word="笨\u3164蛋", plain="笨\u1160蛋")
        BlockedWord.create(word="\u3164", plain="\u1160")
        BlockedWord.create(word="坏蛋", plain="坏蛋")
        import_module("backend.migrations.0052_visible").up(None, bound)
    assert [Team[team.id].name for team in (first, second, third)] == [
        "夜班组",
        "夜班组 2",
        "早班组",
    ]
    names = [person.name for person in Staff.select().order_by(Staff.number)]
    assert names == ["民卓巴边", "？", "👨\u200d👩\u200d👧 一家"]
    plain = {row.plain for row in BlockedWord.select()}
    assert plain >= {normalised("笨蛋"), "坏蛋"}
    assert "" not in plain
