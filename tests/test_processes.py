"""`linka up` and its parts as real processes: started, stopped, side by side, and on servers that
Linka does not start."""

import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
import urllib3

from backend.processes import (
    FILES_NEEDED,
    LONGEST_PAUSE_SECONDS,
    RESTARTS_AT_ONCE,
    Child,
    file_warning,
)
from backend.web.bodies import MAX_BODY_BYTES
from tests.conftest import Postgres
from tests.installation import Installation, free_bind, until
from tests.phones import Phone, staff_phone
from tests.support import HOST, Keys

PLAYER = "200001"

Install = Callable[..., Installation]


@pytest.fixture(scope="module")
def running(install: Install) -> Installation:
    """Return an installation that was started with `linka up`."""
    made = install()
    made.up()
    return made


def played(installation: Installation) -> tuple[Phone, int, Any]:
    """Let a player earn points; returns the phone, the event and the rows of the board."""
    host = staff_phone(installation, HOST)
    event = host.ok("POST", "/events", {"template": "hunt"})
    event = host.ok("POST", f"/events/{event['id']}/transitions", {"action": "open"})
    phone = staff_phone(installation, PLAYER)
    hunt = f"/hunts/{phone.join(event['join_code'])['activities'][0]['id']}"
    phone.dig(hunt, ["pass", "lake"], Keys())
    rows = board(phone, event["id"])
    assert rows[0]["points"] == sum(phone.told.values()) > 0
    return phone, event["id"], rows


def board(phone: Phone, event_id: int) -> Any:
    return phone.ok("GET", f"/events/{event_id}/leaderboards/event")["rows"]


@pytest.mark.parametrize(
    ("part", "count"),
    [
        ("linka up", 1),
        ("redis.sock", 1),
        ("miniprogram_stub.cli wechat", 1),
        ("backend.forkserver", 1),
        ("backend.cli worker", 1),
        ("gunicorn: master", 1),
        ("gunicorn: worker", 2),
    ],
)
def test_up_starts_everything(running: Installation, part: str, count: int) -> None:
    commands = [process.command for process in running.processes()]
    assert sum(part in command for command in commands) == count, commands


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/api/docs", "/api/openapi.json", "/screen/static/screen.js"]
)
def test_what_everybody_may_read_is_served(running: Installation, path: str) -> None:
    assert urllib3.request("GET", running.url + path).status == 200


@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, 3 * 1024 * 1024])
def test_huge_body_in_chunks_is_too_large(running: Installation, size: int) -> None:
    body = iter([b'{"code": "', *[b"x" * 4096] * (size // 4096), b'"}'])
    answer = urllib3.request(
        "POST",
        f"{running.url}/api/v1/login",
        body=body,
        headers={"Content-Type": "application/json"},
        retries=False,
    )
    assert (answer.status, answer.json()["error"]) == (413, "too_large")


def test_metrics_are_those_of_all_processes(running: Installation) -> None:
    assert running.is_ready()

    def count(name: str) -> float:
        lines = urllib3.request("GET", f"{running.url}/metrics").data.decode().splitlines()
        return sum(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))

    # The worker writes one of them, each server process the other.
    until(lambda: count("linka_boards_compared_timestamp_seconds"), 30, "the worker's figures")
    until(lambda: count("linka_loop_lag_seconds_count") >= 2, 30, "the servers' figures")
    assert count("linka_sockets") == 0


def test_setting_that_does_not_exist_is_named_once(install: Install) -> None:
    made = install(LINKA_WORKRES="3")
    made.up()
    environ = Path(f"/proc/{made.process('miniprogram_stub.cli').pid}/environ").read_bytes()
    assert b"LINKA_BIND" in environ
    assert b"LINKA_WORKRES" not in environ
    assert made.log.count("LINKA_WORKRES") == 1
    assert made.stop() == 0


def test_up_says_where_it_is(running: Installation) -> None:
    until(lambda: f"林卡已就绪：{running.url}" in running.log, 10, "its address in the log")


def test_what_is_embedded_stays_in_the_data_folder(running: Installation) -> None:
    assert running.database_file.exists()
    assert (running.folder / "redis" / "appendonlydir").is_dir()
    names = {path.name.partition(".sqlite3")[0] for path in running.folder.iterdir()}
    assert names == {"linka", "redis", "redis.lock"}


def test_stop_leaves_no_process_and_start_brings_the_points_back(running: Installation) -> None:
    phone, event_id, rows = played(running)
    with open_stream(running, event_id):
        assert running.stop() == 0
    assert running.survivors() == []
    running.up()
    assert board(phone, event_id) == rows
    assert running.linka("boards", "verify").returncode == 0


@contextmanager
def open_stream(installation: Installation, event_id: int) -> Iterator[None]:
    """Watch an event during the block."""
    stream = urllib3.request(
        "GET",
        f"{installation.url}/api/v1/events/{event_id}/stream",
        headers={"Authorization": f"Bearer {staff_phone(installation, HOST).token}"},
        preload_content=False,
    )
    assert stream.read(5) == b"retry"
    yield
    stream.close()


def test_ctrl_c_while_starting_leaves_no_process(install: Install) -> None:
    made = install()
    made.start()
    until(lambda: len(made.processes()) > 2, 30, "some processes")
    assert made.stop(signal.SIGINT) == 0
    assert made.survivors() == []
    assert "Traceback" not in made.log


def test_dead_emulator_is_started_again(running: Installation) -> None:
    running.kill([running.process("miniprogram_stub.cli wechat")])
    until(lambda: running.log.rstrip().endswith(running.wechat_url), 30, "a new emulator")
    assert staff_phone(running, PLAYER).token


def test_process_that_watches_imports_no_client_and_no_framework() -> None:
    dear = "{'flask', 'gevent', 'marshmallow', 'peewee', 'prometheus_client', 'psycopg', 'redis'}"
    code = (
        "import sys, backend.starting\n"
        "from backend.config import load_settings\n"
        "load_settings({})\n"
        f"print(sorted({dear} & sys.modules.keys()))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert found.stdout == "[]\n"


def test_fork_server_looks_for_no_plugins_and_imports_no_rich() -> None:
    code = (
        "import importlib.metadata, sys\n"
        # A search for plugins calls this function, and then fails.
        "importlib.metadata.entry_points = None\n"
        "import backend.forkserver, structlog.dev, threading\n"
        "from gevent.monkey import is_object_patched, patch_all\n"
        # As gunicorn does in each worker.
        "patch_all()\n"
        "assert is_object_patched('threading', 'local') and structlog.dev.rich is None\n"
        "print('rich' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert found.stdout == "False\n"


def test_what_keeps_ending_is_started_after_growing_pauses() -> None:
    child = Child("a child", [])
    pauses = [child.plan_restart(100.0 + end) - (100.0 + end) for end in range(12)]
    assert pauses[:RESTARTS_AT_ONCE] == [0] * RESTARTS_AT_ONCE
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_SECONDS
    assert child.plan_restart(1000.0) == 1000.0


@pytest.mark.parametrize(("most", "phones"), [(1024, "824 "), (100, "0 ")])
def test_low_limit_of_open_files_is_said(most: int, phones: str) -> None:
    warning = file_warning(most)
    assert warning is not None and f"about {phones}" in warning
    for enough in (FILES_NEEDED, resource.RLIM_INFINITY):
        assert file_warning(enough) is None


def test_second_up_on_the_same_folder_is_refused(running: Installation) -> None:
    second = running.linka("up", LINKA_BIND=free_bind())
    assert (second.returncode, second.stdout) == (2, "")
    assert (
        second.stderr
        == f"linka: another Linka is running on {running.folder}; set LINKA_DATA_DIR\n"
    )
    assert running.is_ready()


def test_two_copies_run_side_by_side(running: Installation, install: Install) -> None:
    other = install()
    other.up()
    _, event_id, rows = played(running)
    assert played(other)[2][0]["points"] > 0
    with running.redis() as here, other.redis() as there:
        assert here.info("server")["run_id"] != there.info("server")["run_id"]
    other.crash()
    assert board(staff_phone(running, PLAYER), event_id) == rows


@pytest.fixture
def own_servers(
    install: Install, postgres_templates: Postgres, redis_url: str
) -> Iterator[Installation]:
    """Return an installation on PostgreSQL and on a Redis that is not its own."""
    postgres_templates.execute("CREATE DATABASE own_servers")
    client = redis.Redis.from_url(redis_url)
    client.flushall()
    made = install(
        LINKA_DATABASE_URL=postgres_templates.address("own_servers"), LINKA_REDIS_URL=redis_url
    )
    made.database_file.unlink()
    yield made
    made.remove()
    client.close()
    postgres_templates.execute("DROP DATABASE own_servers WITH (FORCE)")


def test_up_uses_postgresql_and_redis_that_are_given(own_servers: Installation) -> None:
    own_servers.up()
    played(own_servers)
    assert not any("redis.sock" in process.command for process in own_servers.processes())
    assert list(own_servers.folder.iterdir()) == []
    with psycopg.connect(own_servers.environ["LINKA_DATABASE_URL"]) as connection:
        entries = connection.execute("SELECT count(*) FROM score_entry WHERE reason = 'answer'")
        assert entries.fetchone() == (2,)
    assert own_servers.linka("boards", "verify").returncode == 0


def test_serve_and_worker_are_the_parts_of_up(install: Install, running: Installation) -> None:
    made = install(LINKA_WECHAT_URL=running.wechat_url)
    made.up("serve")
    assert not any("backend.cli worker" in process.command for process in made.processes())
    phone, event_id, rows = played(made)
    with made.redis() as client:
        client.flushall()
    worker = Installation(made.folder)
    worker.environ = made.environ
    worker.start("worker")
    try:
        until(lambda: made.linka("boards", "verify").returncode == 0, 30, "repaired boards")
    finally:
        worker.remove()
    assert board(phone, event_id) == rows
    assert made.stop() == 0
    assert made.survivors() == []
