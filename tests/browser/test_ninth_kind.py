"""A kind that no shared file knows is shown on the big screen, with its own script and style."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from backend.config import Settings
from backend.events import templates
from tests.browser.conftest import Profiles
from tests.browser.screen import OLD_PROJECTOR
from tests.kinds.evening import QuickfireEvening, app_with_quickfire, served, write_template
from tests.support import Centre

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def app(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Return the application with `quickfire` among its kinds."""
    monkeypatch.setattr(templates, "FOLDER", write_template(tmp_path))
    with app_with_quickfire(settings) as made:
        yield made


def test_new_kind_takes_the_stage(app: Flask, centre: Centre, profiles: Profiles) -> None:
    evening = QuickfireEvening(centre)
    page = profiles.page(OLD_PROJECTOR)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    with served(app) as server:
        page.goto(f"http://127.0.0.1:{server.port}{evening.event['screen_path']}")
        stem = page.get_by_test_id("quickfire-stem")
        expect(stem).to_have_text("哪一项？")
        expect(stem).to_have_css("color", "rgb(1, 2, 3)")
        expect(page.get_by_test_id("quickfire-answers").locator("li")).to_have_count(0)
        evening.reply(evening.phones[0], "B")
        expect(page.get_by_test_id("quickfire-answers").locator("li")).to_have_count(1)
        expect(page.get_by_test_id("quickfire-buzz")).not_to_be_empty()
        profiles.take_back()
    assert errors == []
