"""Settings: a bad one is reported in one line; production refuses settings that are for
development."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest

from backend.config import (
    DEVELOPMENT_SECRET_KEY,
    SAMPLE_APPID,
    SAMPLE_SECRET,
    WECHAT_API,
    BadSetting,
    Settings,
    emulator_port,
    is_loopback,
    load_settings,
    masked,
)
from backend.keys import Secret, TextCipher
from tests.conftest import Postgres

PRODUCTION = {
    "LINKA_ENV": "production",
    "LINKA_SECRET_KEY": "a-secret-of-our-own-with-32-letters",
    "LINKA_WECHAT_APPID": "wx0123456789abcdef",
    "LINKA_WECHAT_SECRET": "0123456789abcdef0123456789abcdef",
}

OWN_SECRET = {"LINKA_SECRET_KEY": "a-secret-of-our-own-with-32-letters"}


def test_defaults_need_no_environment(tmp_path: Path) -> None:
    settings = load_settings({"LINKA_DATA_DIR": str(tmp_path)})
    assert settings.bind == "127.0.0.1:8000"
    assert settings.wechat_url == "http://127.0.0.1:9000"
    assert settings.database_url == f"sqlite:///{tmp_path}/linka.sqlite3"
    assert (settings.redis_url, settings.workers, settings.debug) == ("", 2, False)


def test_types_are_those_of_the_fields() -> None:
    given = {"LINKA_WORKERS": "7", "LINKA_DEBUG": "yes", "LINKA_DATA_DIR": "here"}
    settings = load_settings(given)
    assert (settings.workers, settings.debug) == (7, True)
    assert settings.data_dir == Path("here").absolute()


def test_process_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKA_BIND", "127.0.0.1:8765")
    assert load_settings().port == 8765


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LINKA_ENV", "staging"),
        ("LINKA_BIND", "8000"),
        ("LINKA_BIND", "127.0.0.1:"),
        ("LINKA_BIND", ":8000"),
        ("LINKA_BIND", "127.0.0.1:0"),
        ("LINKA_BIND", "127.0.0.1:65536"),
        ("LINKA_BIND", "127.0.0.1:８０００"),
        ("LINKA_DATA_DIR", __file__),
        ("LINKA_DATA_DIR", f"{__file__}/below/a/file"),
        ("LINKA_DATABASE_URL", "mysql://localhost/linka"),
        ("LINKA_DATABASE_URL", "sqlite:relative"),
        ("LINKA_DATABASE_URL", "postgresql://[half/linka"),
        ("LINKA_DATABASE_URL", "postgresql://localhost:port/linka"),
        ("LINKA_DATABASE_URL", "postgresql://one:5432,two:port/linka"),
        ("LINKA_DATABASE_URL", "postgresql://localhost/linka?no_such=1"),
        ("LINKA_DATABASE_CONNECTIONS", "0"),
        # Without LINKA_DATABASE_URL of PostgreSQL there is nothing that it could be a replica of.
        ("LINKA_REPORTS_DATABASE_URL", "postgresql://linka@replica/linka"),
        ("LINKA_REPORTS_DATABASE_URL", "sqlite:////var/lib/linka/replica.sqlite3"),
        ("LINKA_REDIS_URL", "localhost:6379"),
        ("LINKA_REDIS_URL", "foo"),
        ("LINKA_REDIS_URL", " "),
        ("LINKA_REDIS_URL", "//localhost:6379/0"),
        ("LINKA_REDIS_URL", "redis:6379"),
        ("LINKA_REDIS_URL", "REDIS://localhost:6379"),
        ("LINKA_REDIS_URL", "redis://"),
        ("LINKA_REDIS_URL", "redis://:6379/0"),
        ("LINKA_REDIS_URL", "rediss:///0"),
        ("LINKA_REDIS_URL", "redis://localhost:6379/first"),
        ("LINKA_REDIS_URL", "redis://localhost:6379/0/1"),
        ("LINKA_REDIS_URL", "unix://"),
        ("LINKA_REDIS_URL", "http://localhost"),
        ("LINKA_REDIS_URL", "redis://[half"),
        ("LINKA_REDIS_URL", "redis://localhost:port/0"),
        ("LINKA_REDIS_URL", "redis://localhost:66000/0"),
        ("LINKA_REDIS_URL", "redis+sentinel://localhost:26379"),
        ("LINKA_REDIS_URL", "redis+sentinel://one,,two/linka"),
        ("LINKA_REDIS_URL", "redis+cluster://localhost:7000/1"),
        ("LINKA_REDIS_URL", "redis+cluster://"),
        ("LINKA_REDIS_URL", "redis+other://localhost"),
        ("LINKA_REDIS_URL", "redis://localhost?no_such=1"),
        ("LINKA_REDIS_URL", "redis+sentinel://localhost/linka?no_such=1"),
        ("LINKA_REDIS_URL", "redis://localhost?socket_timeout=soon"),
        ("LINKA_WECHAT_URL", "api.weixin.qq.com"),
        ("LINKA_WECHAT_URL", "ftp://api.weixin.qq.com"),
        ("LINKA_WECHAT_URL", "http://"),
        ("LINKA_WECHAT_URL", "http://[half"),
        ("LINKA_SECRET_KEY", "short"),
        ("LINKA_SECRET_KEY", "a" * 64),
        ("LINKA_SECRET_KEY", "ab" * 32),
        ("LINKA_SECRET_KEY", "abcdefghij" * 4),
        ("LINKA_SECRET_KEY", "1234567890" * 3 + "12"),
        ("LINKA_SECRET_KEY", "a" * 27 + "bcdefgh"),
        ("LINKA_SECRET_KEY_OLD", DEVELOPMENT_SECRET_KEY),
        ("LINKA_SECRET_KEY_CHANGED_AT", "2026-11-28T10:00+08:00"),
        ("LINKA_SECRET_KEY", ""),
        ("LINKA_WORKERS", "0"),
        ("LINKA_WORKERS", "65"),
        ("LINKA_WORKERS", "two"),
        ("LINKA_WORKERS", ""),
        ("LINKA_MINIMUM_CLIENT", "1.2.0-beta"),
        ("LINKA_MINIMUM_CLIENT", "latest"),
        ("LINKA_PROXIES", "-1"),
        ("LINKA_PROXIES", "6"),
        ("LINKA_PROXIES", "127.0.0.1"),
        ("LINKA_DEBUG", "perhaps"),
        ("LINKA_TIMEZONE", "Asia/Lhasa City"),
        ("LINKA_TIMEZONE", "../../etc/passwd"),
        ("LINKA_TIMEZONE", ""),
        ("LINKA_DAY_BOUNDARY_HOUR", "-1"),
        ("LINKA_DAY_BOUNDARY_HOUR", "13"),
        ("LINKA_DAY_BOUNDARY_HOUR", "4.5"),
        ("LINKA_LOG_LEVEL", "loud"),
    ],
)
def test_bad_value_is_one_line_that_names_it(variable: str, value: str) -> None:
    with pytest.raises(BadSetting) as refused:
        load_settings({variable: value})
    text = str(refused.value)
    assert variable in text
    assert "\n" not in text


@pytest.mark.parametrize(
    "address",
    [
        "",
        "redis://localhost",
        "redis://localhost/",
        "redis://:hush@[::1]:6379/15",
        "rediss://linka:hush@redis.example:6380/0?ssl_cert_reqs=none",
        "unix:///run/redis.sock?db=1",
        "redis+sentinel://linka:hush@one:26379,two,[::1]:26380/linka/2?sentinel_password=quiet",
        "rediss+cluster://one:7000,two:7001?ssl_cert_reqs=none",
    ],
)
def test_address_of_redis_is_taken(address: str) -> None:
    assert load_settings({"LINKA_REDIS_URL": address}).redis_url == address


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Settings)])
def test_value_that_is_not_utf8_is_one_line_that_names_it(name: str) -> None:
    variable = f"LINKA_{name.upper()}"
    with pytest.raises(BadSetting) as refused:
        load_settings({variable: "\udcff" * 40})
    assert str(refused.value) == f"{variable} must be UTF-8"


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("LINKA_SECRET_KEY", DEVELOPMENT_SECRET_KEY, "LINKA_SECRET_KEY"),
        ("LINKA_WECHAT_APPID", SAMPLE_APPID, "LINKA_WECHAT_APPID"),
        ("LINKA_WECHAT_SECRET", SAMPLE_SECRET, "LINKA_WECHAT_SECRET"),
        ("LINKA_WECHAT_APPID", "", "LINKA_WECHAT_APPID is empty"),
        ("LINKA_WECHAT_SECRET", "", "LINKA_WECHAT_SECRET is empty"),
        ("LINKA_WECHAT_URL", "http://127.0.0.1:9000", "LINKA_WECHAT_URL"),
        ("LINKA_WECHAT_URL", "https://localhost:9000", "LINKA_WECHAT_URL"),
        ("LINKA_WECHAT_URL", "https://[::1]:9000", "LINKA_WECHAT_URL"),
        ("LINKA_WECHAT_URL", "http://wechat.example", "LINKA_WECHAT_URL"),
        ("LINKA_DEBUG", "true", "LINKA_DEBUG"),
    ],
)
def test_production_refuses_what_is_for_trying_out(variable: str, value: str, named: str) -> None:
    with pytest.raises(BadSetting, match=f"refusing to start in production: {named}"):
        load_settings(PRODUCTION | {variable: value})


@pytest.mark.parametrize("missing", ["SECRET_KEY", "WECHAT_APPID", "WECHAT_SECRET"])
def test_production_refuses_defaults(missing: str) -> None:
    given = {name: value for name, value in PRODUCTION.items() if not name.endswith(missing)}
    with pytest.raises(BadSetting, match=f"LINKA_{missing}"):
        load_settings(given)


def test_production_talks_to_wechat_itself() -> None:
    settings = load_settings(PRODUCTION)
    assert settings.in_production
    assert settings.wechat_url == WECHAT_API
    assert not settings.emulates_wechat


@pytest.mark.parametrize(
    ("bind", "address"),
    [
        ("127.0.0.1:8000", "http://127.0.0.1:9000"),
        ("0.0.0.0:8000", "http://127.0.0.1:9000"),
        ("[::1]:8000", "http://[::1]:9000"),
        ("127.0.0.1:65000", "http://127.0.0.1:64000"),
    ],
)
def test_emulator_stands_beside_the_server(bind: str, address: str) -> None:
    settings = load_settings({"LINKA_BIND": bind, **OWN_SECRET})
    assert settings.wechat_url == address
    assert settings.emulates_wechat


@pytest.mark.parametrize("bind", ["0.0.0.0:8000", "10.0.0.1:8000", "[::]:8000", "linka.example:80"])
def test_published_key_is_refused_where_others_reach_the_server(bind: str) -> None:
    with pytest.raises(BadSetting, match="LINKA_SECRET_KEY must be one of your own"):
        load_settings({"LINKA_BIND": bind})
    assert load_settings({"LINKA_BIND": bind, **OWN_SECRET}).bind == bind


@pytest.mark.parametrize("bind", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_published_key_does_on_this_machine(bind: str) -> None:
    assert load_settings({"LINKA_BIND": bind}).bind == bind


@pytest.mark.parametrize("moment", ["", "yesterday", "2026-11-28", "2026-11-28T10:00", "10"])
def test_old_secret_needs_the_moment_of_its_change(moment: str) -> None:
    old = {"LINKA_SECRET_KEY_OLD": DEVELOPMENT_SECRET_KEY, "LINKA_SECRET_KEY_CHANGED_AT": moment}
    with pytest.raises(BadSetting, match="LINKA_SECRET_KEY_CHANGED_AT"):
        load_settings(OWN_SECRET | old)


def test_old_secret_is_accepted_for_a_day() -> None:
    old = {
        "LINKA_SECRET_KEY_OLD": "the-secret-before-with-32-letters",
        "LINKA_SECRET_KEY_CHANGED_AT": "1970-01-02T08:00+08:00",
    }
    secret = load_settings(OWN_SECRET | old).secret
    assert secret.old_until == 2 * 24 * 3600 * 1000
    assert secret.old_key("tokens", secret.old_until - 1)
    assert secret.old_key("tokens", secret.old_until) is None


def test_what_the_published_key_signed_is_not_accepted_but_what_it_encrypted_can_be_read() -> None:
    old = {
        "LINKA_SECRET_KEY_OLD": DEVELOPMENT_SECRET_KEY,
        "LINKA_SECRET_KEY_CHANGED_AT": "2026-11-28T10:00+08:00",
    }
    secret = load_settings(PRODUCTION | old).secret
    assert secret.old_key("tokens", 1) is None
    sealed = TextCipher(Secret(DEVELOPMENT_SECRET_KEY), "session keys").encrypt("1")
    assert TextCipher(secret, "session keys").decrypt(sealed) == "1"


@pytest.mark.parametrize(
    "old", ["short", "the-secret-before-with-", OWN_SECRET["LINKA_SECRET_KEY"]]
)
def test_old_secret_is_a_whole_one_and_another(old: str) -> None:
    given = {"LINKA_SECRET_KEY_OLD": old, "LINKA_SECRET_KEY_CHANGED_AT": "2026-11-28T10:00+08:00"}
    with pytest.raises(BadSetting, match="LINKA_SECRET_KEY_OLD must be the whole key before"):
        load_settings(OWN_SECRET | given)


@pytest.mark.parametrize(("port", "beside"), [(1, 1001), (64535, 65535), (64536, 63536)])
def test_emulator_port_is_always_a_port(port: int, beside: int) -> None:
    assert emulator_port(port) == beside


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("", ""),
        ("0123456789", "*** (10 characters)"),
        ("sqlite:////var/linka.sqlite3", "sqlite:////var/linka.sqlite3"),
        ("postgresql://linka:hush@db/linka", "postgresql://linka:***@db/linka"),
        (
            "postgresql://linka@db/linka?password=hush&x=1",
            "postgresql://linka@db/linka?password=***&x=1",
        ),
        ("redis://:hush@redis:6379/0", "redis://:***@redis:6379/0"),
        ("redis://linka:hush@redis:6379/0", "redis://linka:***@redis:6379/0"),
        ("redis://:hu@sh:@redis:6379/0", "redis://:***@redis:6379/0"),
        ("redis://hush@redis:6379/0", "redis://***@redis:6379/0"),
        ("redis://redis:6379/0", "redis://redis:6379/0"),
        ("https://api.weixin.qq.com/a@b", "https://api.weixin.qq.com/a@b"),
    ],
)
def test_secrets_are_masked(value: str, shown: str) -> None:
    assert masked(value) == shown


def test_no_secret_is_described() -> None:
    settings = load_settings(
        PRODUCTION
        | {
            "LINKA_DATABASE_URL": "postgresql://linka:hush@db/linka",
            "LINKA_REPORTS_DATABASE_URL": "postgresql://linka:hush@replica/linka",
            "LINKA_REDIS_URL": "redis://hush@redis:6379/0",
            "LINKA_WECHAT_URL": "https://linka:hush@wechat.example",
        }
    )
    rows = {variable: value for variable, value, _ in settings.described()}
    shown = " ".join(rows.values())
    assert rows["LINKA_WECHAT_APPID"] == PRODUCTION["LINKA_WECHAT_APPID"]
    for secret in (PRODUCTION["LINKA_SECRET_KEY"], PRODUCTION["LINKA_WECHAT_SECRET"], "hush"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        ("localhost", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("qq.com", False),
    ],
)
def test_own_addresses_are_known(host: str, is_own: bool) -> None:
    assert is_loopback(host) == is_own


def test_database_that_cannot_be_opened_is_one_line() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "backend.cli", "migrate"],
        env={**os.environ, "LINKA_DATABASE_URL": f"sqlite:///{__file__}/linka.sqlite3"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("linka: cannot use the database")
    assert ended.stderr.count("\n") == 1


def test_database_that_cannot_store_chinese_is_one_line(postgres: Postgres) -> None:
    postgres.execute("CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "backend.cli", "migrate"],
            env={**os.environ, "LINKA_DATABASE_URL": postgres.address("ascii")},
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        postgres.execute("DROP DATABASE ascii WITH (FORCE)")
    assert ended.returncode == 2
    assert "stores text as SQL_ASCII, Linka needs UTF8" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_several_hosts_of_postgresql_are_one_address() -> None:
    address = "postgresql://linka:hush@one:5432,two:5433/linka"
    assert load_settings({"LINKA_DATABASE_URL": address}).database_url == address
    assert masked(address) == "postgresql://linka:***@one:5432,two:5433/linka"
