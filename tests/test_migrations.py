"""The migrations: they make the tables that the models describe, on both databases."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from playhouse.migrations import Runner

import backend.app  # noqa: F401, because it brings every model with it
from backend.db import MIGRATIONS, Database, IdField, Model
from backend.db import database as bound
from tests.conftest import Databases
from tests.dumps import POSTGRESQL, SQLITE

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
    """Return (table, fact) for its columns, keys, checks and indexes, in no order."""
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


_SQLITE_COLUMNS = """
SELECT m.name, c.name, c."notnull" AND c.dflt_value IS NULL AND NOT c.pk
FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'
"""
_POSTGRESQL_COLUMNS = """
SELECT table_name, column_name, is_nullable = 'NO' AND column_default IS NULL
FROM information_schema.columns WHERE table_schema = 'public'
"""


def columns(database: Database) -> dict[tuple[str, str], bool]:
    """Return {(table, column): whether each new row must have a value for it}."""
    statement = _SQLITE_COLUMNS if database.is_sqlite else _POSTGRESQL_COLUMNS
    return {(table, column): bool(must) for table, column, must in database.read(statement)}


@pytest.fixture
def by_models(database: Database) -> set[tuple[str, str]]:
    """Return the facts of tables that are made from the models alone."""
    tables = models()
    bound.drop_tables(tables)
    assert facts(database) == set()
    bound.create_tables(tables)
    return facts(database)


@pytest.fixture
def by_migrations(database: Database) -> set[tuple[str, str]]:
    """Return the facts of tables that the migrations made."""
    return facts(database)


def test_migrations_make_what_the_models_describe(
    by_migrations: set[tuple[str, str]], by_models: set[tuple[str, str]]
) -> None:
    assert by_migrations - by_models == set()
    assert by_models - by_migrations == set()


def test_every_row_number_is_given_once() -> None:
    """All models use one class of field for it."""
    numbered = [model for model in models() if "id" in model._meta.fields]
    assert len(numbered) > 40
    assert {type(model._meta.fields["id"]) for model in numbered} == {IdField}


@pytest.fixture
def dumped(databases: Databases) -> Iterator[Database]:
    """Return a database of the last released version, one row in each table."""
    url = databases.new()
    if url.startswith("sqlite:"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as sqlite:
            sqlite.executescript(SQLITE.read_text())
    else:
        with psycopg.connect(url) as postgresql:
            postgresql.execute(POSTGRESQL.read_text())  # type: ignore[arg-type]
    opened = Database(url)
    yield opened
    opened.close()


def released(database: Database) -> list[str]:
    """Return the names of the migrations of a database."""
    return [name for (name,) in database.read(f"SELECT name FROM {HISTORY} ORDER BY name")]


def test_database_of_the_last_version_is_upgraded_and_keeps_its_rows(
    by_models: set[tuple[str, str]], dumped: Database
) -> None:
    before = {table: dumped.read(f"SELECT COUNT(*) FROM {table}") for table, _ in facts(dumped)}
    assert set(map(repr, before.values())) == {"[(1,)]"}
    dumped.migrate()
    assert facts(dumped) == by_models
    for model in models():
        if model._meta.table_name in before:
            assert model.select().get()


def test_the_last_version_writes_on_while_the_database_is_upgraded(dumped: Database) -> None:
    """Its nodes play until they are restarted: what they read stays, and the rows that they insert
    need no value for a new column."""
    before = columns(dumped)
    dumped.migrate()
    after = columns(dumped)
    assert before.keys() - after.keys() == set()
    tables = {table for table, _ in before}
    needed = {name for name, must in after.items() if must and name[0] in tables}
    assert needed - {name for name, must in before.items() if must} == set()


def test_released_migrations_make_what_they_made(dumped: Database, databases: Databases) -> None:
    made, last = facts(dumped), released(dumped)[-1]
    again = Database(databases.new())
    Runner(bound.obj, str(MIGRATIONS)).up(last)
    assert facts(again) == made
    again.close()
