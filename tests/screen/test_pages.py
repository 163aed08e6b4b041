"""The pages of the big screen when something is missing."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from flask import Flask

from backend.config import Settings
from tests.conftest import Postgres


@contextmanager
def away(settings: Settings, postgres: Postgres) -> Iterator[None]:
    """Keep everybody out of the database during the block."""
    name = urlsplit(settings.database_url).path.lstrip("/")
    postgres.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    postgres.execute(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    )
    try:
        yield
    finally:
        postgres.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_page_waits_for_a_database_that_is_away(
    app: Flask, settings: Settings, postgres: Postgres
) -> None:
    with away(settings, postgres):
        answer = app.test_client().get("/screen/1")
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert answer.headers["Refresh"] == "3"
    assert "大屏会自己再试" in answer.text
    assert app.test_client().get("/screen/1").status_code == 404


def test_landing_page_shows_what_runs_and_that_there_is_no_event_yet(app: Flask) -> None:
    page = app.test_client().get("/")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert page.text.count("✓ 正常") == 3
    assert "还没有活动" in page.text


def test_landing_page_names_nothing_in_production(app: Flask, settings: Settings) -> None:
    app.extensions["linka.settings"] = dataclasses.replace(settings, env="production")
    page = app.test_client().get("/")
    assert page.status_code == 200
    assert "请在微信小程序里参加活动" in page.text
    for hidden in ("正在运行</h2>", "活动与大屏", settings.wechat_url, "/api/docs"):
        assert hidden not in page.text


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_landing_page_opens_while_the_database_is_away(
    app: Flask, settings: Settings, postgres: Postgres
) -> None:
    with away(settings, postgres):
        page = app.test_client().get("/")
    assert page.status_code == 200
    assert "✗ 连不上" in page.text
