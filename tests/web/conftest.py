"""One event with its people for all tests of a file: none of them depends on what others wrote."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from flask.testing import FlaskClient

from backend import logs
from backend.app import create_app
from backend.config import load_settings
from tests.support import Centre, FakeClock
from tests.web.operations import Operation, Stage, operations, set_stage


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_files: dict[str, Path],
    redis_url: str,
    wechat_url: str,
) -> Iterator[Stage]:
    """Return people around an open event."""
    folder = tmp_path_factory.mktemp("stage")
    shutil.copyfile(sqlite_files["centre"], folder / "linka.sqlite3")
    settings = load_settings(
        {
            "LINKA_DATA_DIR": str(folder),
            "LINKA_REDIS_URL": redis_url,
            "LINKA_WECHAT_URL": wechat_url,
        }
    )
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    logs.configure(settings)
    app = create_app(settings, FakeClock())
    yield set_stage(Centre(app, wechat_url))
    app.extensions["linka.plays"]["shake"].close()
    app.extensions["linka.offload"].close()
    app.extensions["linka.redis"].close()
    app.extensions["linka.database"].close()


@pytest.fixture(scope="module")
def every(stage: Stage) -> list[Operation]:
    """Return every operation."""
    return operations(stage.host.app)


@pytest.fixture
def client(stage: Stage) -> FlaskClient:
    """Return a client that is nobody."""
    return stage.host.app.test_client()
