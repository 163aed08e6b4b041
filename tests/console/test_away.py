"""Pages of the console while the database takes no writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from flask import Flask

from backend.config import Settings
from backend.identity.sessions import NOTED_MS
from tests.conftest import Postgres
from tests.console.test_rights import entered
from tests.support import Centre, FakeClock


@contextmanager
def read_only(settings: Settings, postgres: Postgres) -> Iterator[None]:
    """Let new connections to the database only read during the block, as on a server that is a replica
    by now."""
    name = urlsplit(settings.database_url).path.lstrip("/")
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    postgres.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    postgres.execute(end)
    try:
        yield
    finally:
        postgres.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        postgres.execute(end)


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_page_waits_for_a_database_that_only_reads(
    app: Flask, settings: Settings, postgres: Postgres, centre: Centre, clock: FakeClock
) -> None:
    browser = entered(app, clock, centre.host())
    # The session notes about once a minute that it is used.
    clock.advance(2 * NOTED_MS / 1000)
    app.extensions["linka.database"].release()
    with read_only(settings, postgres):
        page = browser.get("/host/")
    assert (page.status_code, page.headers["Refresh"]) == (503, "3")
    assert "正在重试" in page.text
    assert browser.get("/host/").status_code == 200
