"""One event with its people for all tests of a file: none of them depends on what others wrote."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support import Centre
from tests.web.operations import Operation, Stage, operations, set_stage


@pytest.fixture(scope="module")
def stage(lasting_app: Flask, wechat_url: str) -> Stage:
    """Return people around an open event."""
    return set_stage(Centre(lasting_app, wechat_url))


@pytest.fixture(scope="module")
def every(stage: Stage) -> list[Operation]:
    """Return every operation."""
    return operations(stage.host.app)


@pytest.fixture
def client(stage: Stage) -> FlaskClient:
    """Return a client that is nobody."""
    return stage.host.app.test_client()
