"""The phone in the browser is for development: production has neither its pages nor its files."""

import configparser
from fnmatch import fnmatch
from pathlib import Path

import pytest
from flask import Flask

from backend import processes
from backend.app import create_app
from backend.config import Settings, load_settings
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


def emulator_for(bind: str, asked: str, folder: Path) -> object:
    """Return the emulator's address that a caller is told, who asked for a host by this name."""
    given = {"LINKA_BIND": bind, "LINKA_SECRET_KEY": PRODUCTION["LINKA_SECRET_KEY"]}
    app = create_app(load_settings(given | {"LINKA_DATA_DIR": str(folder)}))
    answer = app.test_client().get("/stub/files/settings.json", base_url=f"http://{asked}")
    assert answer.json
    policy = answer.headers["Content-Security-Policy"]
    assert answer.json["emulator"] in policy
    return answer.json["emulator"]


@pytest.mark.parametrize(
    ("bind", "asked", "told"),
    [
        ("127.0.0.1:8000", "127.0.0.1:8000", "http://127.0.0.1:9000"),
        ("127.0.0.1:8000", "linka.example", "http://127.0.0.1:9000"),
        ("0.0.0.0:8000", "192.168.1.20:8000", "http://192.168.1.20:9000"),
        ("0.0.0.0:8000", "127.0.0.1:8000", "http://127.0.0.1:9000"),
    ],
)
def test_a_phone_in_the_network_finds_the_emulator_where_it_found_the_server(
    bind: str, asked: str, told: str, tmp_path: Path
) -> None:
    assert emulator_for(bind, asked, tmp_path) == told


@pytest.mark.parametrize(
    ("bind", "listens"),
    [("127.0.0.1:8000", "127.0.0.1:9000"), ("0.0.0.0:8000", "0.0.0.0:9000")],
)
def test_the_emulator_listens_where_the_server_does(bind: str, listens: str) -> None:
    given = {"LINKA_BIND": bind, "LINKA_SECRET_KEY": PRODUCTION["LINKA_SECRET_KEY"]}
    assert processes.emulator(load_settings(given)).command[-1] == listens


def test_landing_page_leads_to_phone_and_emulator(app: Flask, settings: Settings) -> None:
    page = app.test_client().get("/").text
    assert 'href="/stub"' in page
    assert 'href="/stub/phone"' in page
    assert f'href="{settings.wechat_url}/__emulator__/"' in page


def test_landing_page_in_production_leads_nowhere(production: Flask) -> None:
    page = production.test_client().get("/").text
    assert "请在微信小程序里参加活动" in page
    assert "stub" not in page
    assert "emulator" not in page
