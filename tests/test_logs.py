"""Lines of the log: whose request it was; a traceback of the same place comes once a minute."""

import dataclasses
import json
from typing import Any

import pytest
import structlog
from flask import Flask

from backend import logs
from backend.config import Settings
from backend.logs import TRACEBACK_SECONDS, RareTracebacks
from tests.support import Centre, Phone


class Elapsed:
    """Seconds, set by hand."""

    seconds = 5.0

    def __call__(self) -> float:
        """Return them."""
        return self.seconds


def broken(message: str) -> ValueError:
    """Return an exception that was raised here."""
    try:
        raise ValueError(message)
    except ValueError as error:
        return error


def broken_elsewhere() -> ValueError:
    """Return one that was raised here."""
    try:
        raise ValueError
    except ValueError as error:
        return error


@pytest.fixture
def elapsed() -> Elapsed:
    """Return the time of the log."""
    return Elapsed()


@pytest.fixture
def rare(elapsed: Elapsed) -> RareTracebacks:
    """Return the processor, which has seen no line."""
    return RareTracebacks(elapsed)


def test_traceback_of_a_place_is_logged_once_a_minute(
    rare: RareTracebacks, elapsed: Elapsed
) -> None:
    first, again, later = broken("a"), broken("b"), broken("c")
    assert rare(None, "error", {"exc_info": first}) == {"exc_info": first}
    elapsed.seconds += TRACEBACK_SECONDS - 0.1
    for _ in range(2):
        line = rare(None, "error", {"path": "/x", "exc_info": again})
        assert line == {"path": "/x", "error": "ValueError('b')"}
    elapsed.seconds += 0.1
    line = rare(None, "error", {"exc_info": later})
    assert line == {"exc_info": later, "tracebacks_left_out": 2}


def test_other_places_and_lines_are_logged_in_full(rare: RareTracebacks) -> None:
    other = broken_elsewhere()
    rare(None, "error", {"exc_info": broken("a")})
    assert rare(None, "error", {"exc_info": other}) == {"exc_info": other}
    assert rare(None, "info", {"event": "refused"}) == {"event": "refused"}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_line_in_production_names_request_event_and_a_hash_of_the_account(
    app: Flask, centre: Centre, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(dataclasses.replace(settings, env="production"))
    event = centre.open_event(centre.host())
    one, other = centre.people(2)

    def logged(phone: Phone, path: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {phone.token}", "X-Request-Id": "0123456789abcdef"}
        with app.test_request_context(f"/api/v1{path}", headers=headers):
            app.preprocess_request()
            structlog.get_logger().warning("said")
        line: dict[str, Any] = json.loads(capsys.readouterr().err.splitlines()[-1])
        return line

    line = logged(one, f"/events/{event['id']}")
    assert (line["event"], line["level"], line["event_id"]) == ("said", "warning", event["id"])
    assert line["request_id"] == "0123456789abcdef"
    assert len(line["account"]) == 12
    assert logged(one, "/me")["account"] == line["account"] != logged(other, "/me")["account"]
