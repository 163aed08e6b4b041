"""The pages of the big screen when something is missing."""

from urllib.parse import urlsplit

import pytest
from flask import Flask

from backend.config import Settings
from tests.conftest import Postgres


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_page_waits_for_a_database_that_is_away(
    app: Flask, settings: Settings, postgres: Postgres
) -> None:
    name = urlsplit(settings.database_url).path.lstrip("/")
    postgres.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    postgres.execute(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    )
    answer = app.test_client().get("/screen/1")
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert answer.headers["Refresh"] == "3"
    assert "大屏会自己再试" in answer.text
    postgres.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert app.test_client().get("/screen/1").status_code == 404
