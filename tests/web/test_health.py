"""`/healthz` and `/readyz`: when the service is ready, and when it is not."""

from flask import Flask

from backend.db import Database
from backend.screen import landing
from backend.web.health import Health
from tests.support import Centre


def test_current_database_is_ready(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json and answer.json["parts"]["migrations"]) == (200, "ok")


def test_server_stays_ready_while_the_database_is_upgraded(app: Flask) -> None:
    database = app.extensions["linka.database"]
    with database.write():
        database.sql(
            "INSERT INTO schema_migration (name, applied) VALUES (?, ?)",
            ("9999_later", "2030-01-01 00:00:00"),
        )
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json and answer.json["parts"]) == (
        200,
        {"database": "ok", "migrations": "newer", "redis": "ok"},
    )


def test_database_that_takes_no_writes_is_named(database: Database) -> None:
    # A released connection is given to the next caller.
    database.sql(
        "PRAGMA query_only = 1" if database.is_sqlite else "SET default_transaction_read_only = on"
    )
    database.release()
    found = Health(database, lambda: "ok").parts()
    assert found == {"database": "no_writes", "migrations": "ok", "redis": "ok"}
    assert found["database"] in landing.STATES


def test_answer_without_content_names_no_type(centre: Centre) -> None:
    answer = centre.people(1)[0].delete("/me/tokens")
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Content-Type" not in answer.headers
