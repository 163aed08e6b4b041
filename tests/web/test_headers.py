"""Every answer, of pages and of the API, has the security headers."""

import base64
import hashlib
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.console.test_rights import entered
from tests.support import FakeClock, refused
from tests.web.operations import ENDLESS, Operation, Stage

OTHERS = ("/", "/api/docs", "/api/openapi.json", "/healthz", "/readyz", "/nothing", "/screen/1")


def addresses(app: Flask, every: list[Operation], stage: Stage) -> Iterator[str]:
    """Yield the address of each page, of each operation that reads, and of the rest."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(("/host", "/stub", "/screen")) and "GET" in (rule.methods or ()):
            yield adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1))
    for operation in every:
        if operation.method == "GET" and operation.path != ENDLESS:
            yield operation.at(stage.ids)
    yield from OTHERS


def allowed(page: bytes) -> str:
    """Return the source that allows the import map of a page."""
    found = re.search(rb'<script type="importmap">(.*)</script>', page)
    digest = hashlib.sha256(found[1] if found else b"none").digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@pytest.mark.parametrize("who", ["host", "nobody"])
def test_every_answer_has_the_headers_of_security(
    stage: Stage, every: list[Operation], who: str
) -> None:
    app = stage.host.app
    clock: FakeClock = app.extensions["linka.clock"]
    browser = entered(app, clock, stage.host) if who == "host" else app.test_client()
    found = list(addresses(app, every, stage))
    for address in found:
        answer = browser.get(address)
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert headers["Referrer-Policy"] == "no-referrer", address
        assert not any(name.startswith("Access-Control") for name, _ in headers), address
        policy = {
            name: values
            for name, *values in (
                part.split() for part in headers["Content-Security-Policy"].split(";")
            )
        }
        assert policy["default-src"] in (["'none'"], ["'self'"]), address
        assert policy.get("frame-ancestors") in (["'none'"], ["'self'"]), (address, policy)
        assert policy["base-uri"] == policy["form-action"] == ["'none'"], address
        scripts = policy.get("script-src", policy["default-src"])
        assert scripts in (["'none'"], ["'self'"], ["'self'", allowed(answer.data)]), address
        if address.startswith("/api/v1/"):
            assert headers["Cache-Control"].startswith(("no-store", "private")), address
        answer.close()
    assert len(found) > 150


def test_cookie_of_the_console_alone_changes_nothing(stage: Stage, every: list[Operation]) -> None:
    app = stage.host.app
    browser = entered(app, app.extensions["linka.clock"], stage.host)
    changing = [one for one in every if one.method != "GET" and not one.is_public]
    for operation in changing:
        answer = browser.open(operation.at(stage.ids), method=operation.method, json={})
        refused(answer, 403, "not_from_console")
    assert len(changing) > 100


def test_cookies_are_for_our_own_pages_alone(stage: Stage) -> None:
    app = stage.host.app
    path = stage.host.ok("GET", f"/events/{stage.ids['event_id']}")["screen_path"]
    cookie = app.test_client().get(path).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert "Domain=" not in cookie
