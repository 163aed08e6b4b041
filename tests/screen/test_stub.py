"""The phone in the browser is for development: production has neither its pages nor its files."""

import configparser
from fnmatch import fnmatch
from pathlib import Path

import pytest
from flask import Flask

from backend.app import create_app
from backend.config import load_settings
from backend.screen import stub

PRODUCTION = {
    "LINKA_ENV": "production",
    "LINKA_SECRET_KEY": "a-secret-of-our-own-with-32-letters",
    "LINKA_WECHAT_APPID": "wx0123456789abcdef",
    "LINKA_WECHAT_SECRET": "0123456789abcdef0123456789abcdef",
}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def production(tmp_path: Path) -> Flask:
    """Return an app with the settings of production."""
    return create_app(load_settings(PRODUCTION | {"LINKA_DATA_DIR": str(tmp_path)}))


def test_production_has_no_route_of_the_phone(production: Flask, app: Flask) -> None:
    assert [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/stub")]
    rules = [rule.rule for rule in production.url_map.iter_rules()]
    assert [rule for rule in rules if rule.startswith("/stub")] == []
    assert "stub" not in production.blueprints


def test_an_installed_package_holds_no_file_of_the_phone() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    data = config["options.package_data"]
    assert not (ROOT / "MANIFEST.in").exists()
    for package in ("browser", "app"):
        for file in (ROOT / "miniprogram_stub" / package).rglob("*"):
            assert file.suffix != ".py"
            relative = str(file.relative_to(ROOT / "miniprogram_stub"))
            assert not any(fnmatch(relative, kept) for kept in data["miniprogram_stub"].split(", "))
    assert not stub.BUILT.is_relative_to(ROOT / "backend")
    assert not stub.BUILT.is_relative_to(ROOT / "miniprogram_stub")
