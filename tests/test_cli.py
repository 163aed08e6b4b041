"""The `linka` and `linka-stub` commands: help, mistakes of the operator, the database.

A mistake is one line on stderr and exit code 2, never a traceback.
"""

import os
import re
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click
import pytest
import structlog
from click.testing import CliRunner, Result

from backend import readiness
from backend.cli import main as linka
from backend.config import DEVELOPMENT_SECRET_KEY
from backend.db import Database
from backend.errors import LinkaError, NotFound, OperatorError, Unavailable
from backend.processes import Child
from backend.shell import Shell
from miniprogram_stub.cli import main as stub
from tests.installation import LINKA, STUB, free_bind

Run = Callable[..., Result]
# They start processes, whose output only a real terminal shows.
STARTERS = ("up", "serve")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Return what runs a command over an empty data folder, in this process where that is possible."""
    for name in [name for name in os.environ if name.startswith("LINKA_")]:
        monkeypatch.delenv(name)
    usual = {"LINKA_DATA_DIR": str(tmp_path / "var"), "LINKA_BIND": free_bind()}

    def invoke(*words: str, **settings: str) -> Result:
        if words[0] in STARTERS:
            return _run_program(*words, **{**usual, **settings})
        return CliRunner().invoke(linka, words, env={**usual, **settings})

    yield invoke
    structlog.reset_defaults()


def _run_program(*words: str, **settings: str) -> Result:
    """Run the installed program."""
    ended = subprocess.run(
        [LINKA, *words], capture_output=True, env={**os.environ, **settings}, check=False
    )
    written = (ended.stdout, ended.stderr, ended.stdout + ended.stderr)
    return Result(CliRunner(), *written, None, ended.returncode, None)


def is_one_line(result: Result, *words: str) -> None:
    """Assert that a command ended with exit code 2 and one line that says these words."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("linka: ")
    assert result.stderr.count("\n") == 1
    for word in words:
        assert word in result.stderr


def _paths(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    yield before
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _paths(command, *before, name)
        else:
            yield (*before, name)


@pytest.mark.parametrize("path", list(_paths(linka)), ids=" ".join)
def test_every_command_helps(path: tuple[str, ...]) -> None:
    found = CliRunner().invoke(linka, [*path, "--help"])
    assert found.exit_code == 0
    assert found.output.startswith("Usage: ")
    assert len(found.output.split("\n\n")) > 2, "it does not say what it does"


@pytest.mark.parametrize("path", list(_paths(stub)), ids=" ".join)
def test_every_stub_command_helps(path: tuple[str, ...]) -> None:
    found = CliRunner().invoke(stub, [*path, "--help"])
    assert (found.exit_code, found.output[:7]) == (0, "Usage: ")


@pytest.mark.parametrize(
    "command",
    [
        ("up",),
        ("serve",),
        ("worker",),
        ("migrate",),
        ("settings",),
        ("roster", "import"),
        ("questions", "import"),
        ("grant",),
        ("boards", "rebuild"),
        ("boards", "verify"),
        ("archive", "export"),
        ("archive", "replay"),
        ("archive", "import"),
        ("backup",),
        ("restore",),
        ("events", "list"),
        ("events", "create"),
        ("events", "open"),
        ("events", "pause"),
        ("events", "resume"),
        ("events", "close"),
        ("events", "freeze"),
        ("events", "reveal"),
        ("events", "show"),
    ],
    ids=" ".join,
)
def test_promised_command_is_there(command: tuple[str, ...]) -> None:
    assert command in set(_paths(linka))


@pytest.mark.parametrize("command", ["wechat", "play", "phone"])
def test_promised_stub_command_is_there(command: str) -> None:
    assert (command,) in set(_paths(stub))


@pytest.mark.parametrize("program", [LINKA, STUB])
def test_programs_are_installed(program: Path) -> None:
    found = subprocess.run([program, "--help"], capture_output=True, text=True, check=True)
    assert found.stdout.startswith("Usage: ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("dance",), "No such command 'dance'. (see main --help)"),
        (("boards", "dance"), "No such command 'dance'. (see main boards --help)"),
        (("boards", "verify", "x"), "'x' is neither an event's id nor a join code."),
        (("migrate", "--fast"), "No such option"),
        (("grant",), "Missing argument"),
        (("roster", "import"), "(see main roster import --help)"),
    ],
)
def test_mistake_of_usage_is_one_line(run: Run, words: tuple[str, ...], said: str) -> None:
    is_one_line(run(*words), said)


def test_group_without_a_command_helps(run: Run) -> None:
    found = run("boards")
    assert (found.exit_code, found.output[:7]) == (2, "Usage: ")
    assert "rebuild" in found.output


@pytest.mark.parametrize(
    "words", [("boards", "verify"), ("boards", "rebuild"), ("events", "pair", "1", "123456")]
)
def test_redis_that_is_away_is_one_line(run: Run, words: tuple[str, ...]) -> None:
    run("migrate")
    assert run("events", "create", "hunt", "--force").exit_code == 0
    found = run(*words, LINKA_REDIS_URL="redis://127.0.0.1:1")
    assert (found.exit_code, found.stderr.count("\n")) == (2, 1)
    assert found.stderr.startswith("linka: 连不上 Redis：")


@pytest.mark.parametrize(("fact", "code"), [(Unavailable(), 2), (NotFound(), 1)])
def test_what_is_away_is_no_refusal(
    run: Run, monkeypatch: pytest.MonkeyPatch, fact: LinkaError, code: int
) -> None:
    def fails(_shell: Shell, _text: str) -> int | None:
        raise fact

    monkeypatch.setattr(Shell, "event_id", fails)
    found = run("grant", "host", "900001", "--event", "1")
    assert (found.exit_code, found.stderr.count("\n")) == (code, 1)


@pytest.mark.parametrize("command", ["settings", "up", "serve", "worker", "migrate", "sample"])
def test_bad_setting_is_one_line(run: Run, command: str) -> None:
    is_one_line(run(command, LINKA_WORKERS="many"), "LINKA_WORKERS")


def test_bad_setting_is_one_line_for_the_installed_program(tmp_path: Path) -> None:
    environ = {**os.environ, "LINKA_BIND": "nowhere", "LINKA_DATA_DIR": str(tmp_path)}
    found = subprocess.run([LINKA, "up"], capture_output=True, text=True, env=environ, check=False)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith("linka: LINKA_BIND must be HOST:PORT")
    assert found.stderr.count("\n") == 1


def test_settings_show_what_is_in_force_and_no_secret(run: Run) -> None:
    secrets = {
        "LINKA_SECRET_KEY": "a secret key that nobody may read!!",
        "LINKA_WECHAT_SECRET": "a-wechat-secret",
        "LINKA_DATABASE_URL": "postgresql://linka:pass-one@db.example/linka",
        "LINKA_REDIS_URL": "redis://:pass-two@redis.example:6379/3",
    }
    shown = run("settings", LINKA_WORKERS="7", **secrets).stdout
    assert "LINKA_WORKERS=7\n" in shown
    assert "db.example" in shown and "redis.example:6379/3" in shown
    for hidden in ("nobody may read", "a-wechat-secret", "pass-one", "pass-two"):
        assert hidden not in shown


@pytest.mark.parametrize("command", ["up", "serve", "worker", "migrate"])
def test_production_does_not_start_with_defaults(run: Run, command: str) -> None:
    is_one_line(run(command, LINKA_ENV="production"), "production", "LINKA_SECRET_KEY")


def test_production_has_neither_demo_nor_sample(run: Run) -> None:
    real = {
        "LINKA_ENV": "production",
        "LINKA_SECRET_KEY": "a-secret-of-our-own-with-32-letters",
        "LINKA_WECHAT_APPID": "wx0123456789abcdef",
        "LINKA_WECHAT_SECRET": "s" * 32,
    }
    is_one_line(run("up", "--demo", **real), "--demo")
    assert run("migrate", **real).exit_code == 0
    is_one_line(run("sample", **real), "sample", "production")


def test_database_is_migrated_once(run: Run, tmp_path: Path) -> None:
    first, second = run("migrate"), run("migrate")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "0001_first" in first.output
    assert second.output == "数据库已是最新\n"
    assert (tmp_path / "var" / "linka.sqlite3").exists()


def test_a_bad_file_of_posts_is_named_and_the_others_are_imported(run: Run, tmp_path: Path) -> None:
    run("migrate")
    good = "---\ncolumn: 新闻资讯\ntitle: 好消息\n---\n正文。\n"
    texts = {"1.md": good, "2.md": "没有文件头", "3.md": good.replace("新闻资讯", "没有的栏目")}
    files = [tmp_path / name for name in [*texts, "4.md"]]
    for file in files:
        file.write_text(texts.get(file.name, good), encoding="utf-8")
    found = run("posts", "import", *map(str, files))
    assert (found.exit_code, found.stdout) == (1, "新增 2 篇，有改动 0 篇，未变 0 篇。\n")
    assert [line.split("：")[0] for line in found.stderr.splitlines()[:2]] == ["2.md", "3.md"]
    assert "没有这个栏目" in found.stderr
    assert found.stderr.splitlines()[2] == "linka: 2 个文件有误，没有导入。"


def test_a_table_of_look_ups_is_imported_and_wrong_rows_are_named(run: Run, tmp_path: Path) -> None:
    run("migrate")
    file = tmp_path / "canteen.csv"
    good, bad = "日期,餐别,菜品\n2026-12-01,午餐,面、汤\n", "明天,午餐,面\n"
    file.write_text(good, encoding="utf-8")
    words = ("lookup", "import", "canteen", str(file))
    assert run(*words).output == "饭堂：新增 1 行，有改动 0 行，删掉 0 行，未变 0 行。\n"
    file.write_text(good + bad, encoding="utf-8")
    found = run(*words)
    assert found.exit_code == 1
    assert found.stderr.splitlines() == [
        "第 3 行 日期：“明天”不是日期，请写成 2026-12-31 这样",
        "共 1 处错误，饭堂没有任何改动。",
    ]


def test_keys_are_renewed_after_a_change_alone(run: Run) -> None:
    run("migrate")
    assert run("sample").exit_code == 0
    assert "0 条" in run("keys", "renew").output
    # The shell of the operator lacks the old key, which the service has.
    forgotten = run("keys", "renew", LINKA_SECRET_KEY="a-secret-of-our-own-with-32-letters")
    assert forgotten.exit_code == 2
    [line] = forgotten.stderr.splitlines()
    assert "1200 个邀请码" in line and "LINKA_SECRET_KEY_OLD" in line
    changed = {
        "LINKA_SECRET_KEY": "a-secret-of-our-own-with-32-letters",
        "LINKA_SECRET_KEY_OLD": DEVELOPMENT_SECRET_KEY,
        "LINKA_SECRET_KEY_CHANGED_AT": "2026-11-28T10:00+08:00",
    }
    assert "1200 条" in run("keys", "renew", **changed).output
    assert "0 条" in run("keys", "renew", **changed).output


def test_data_folder_is_for_its_user_alone(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "var"
    assert run("migrate").exit_code == 0
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    assert run("migrate").exit_code == 0
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "words",
    [
        ("serve",),
        ("worker",),
        ("sample",),
        ("grant", "host", "900001"),
        ("events", "list"),
        ("boards", "verify"),
        ("boards", "rebuild", "1"),
    ],
    ids=" ".join,
)
def test_unmigrated_database_is_one_line(run: Run, words: tuple[str, ...]) -> None:
    is_one_line(run(*words), "linka migrate")


@pytest.mark.parametrize("command", ["migrate", "sample"])
def test_database_that_is_away_is_one_line(run: Run, command: str) -> None:
    result = run(command, LINKA_DATABASE_URL="postgresql://linka:pass-one@127.0.0.1:1/linka")
    is_one_line(result, "postgresql at 127.0.0.1")
    assert "pass-one" not in result.stderr


def test_full_disk_is_one_line_that_says_so(run: Run) -> None:
    run("migrate")
    run("sample")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file may grow.
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        result = run("grant", "host", "900001")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    is_one_line(result, "cannot use the database", "disk")


@pytest.mark.parametrize("command", ["serve", "up", "migrate"])
def test_file_that_is_no_database_is_one_line(run: Run, tmp_path: Path, command: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database, however long this text may be " * 100)
    is_one_line(run(command, LINKA_DATABASE_URL=f"sqlite:///{file}"), "database")
    is_one_line(run(command, LINKA_DATABASE_URL=f"sqlite:///{tmp_path}"), "database")


@pytest.fixture
def taken() -> Iterator[int]:
    """Return a port on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.mark.parametrize("command", ["serve", "up"])
def test_taken_port_is_one_line(run: Run, taken: int, command: str) -> None:
    run("migrate")
    bind = f"127.0.0.1:{taken}"
    is_one_line(run(command, LINKA_BIND=bind), f"cannot listen on {bind}", "LINKA_BIND")


def test_taken_port_of_the_emulator_is_one_line(run: Run, taken: int) -> None:
    offset = -1000 if taken > 2000 else 1000
    found = run("up", LINKA_BIND=f"127.0.0.1:{taken + offset}")
    is_one_line(found, f"cannot listen on 127.0.0.1:{taken}", "LINKA_WECHAT_URL")


def test_address_of_another_machine_is_one_line(run: Run) -> None:
    run("migrate")
    elsewhere = {
        "LINKA_BIND": "192.0.2.1:8000",
        "LINKA_SECRET_KEY": "a-secret-of-our-own-with-32-letters",
    }
    is_one_line(run("serve", **elsewhere), "cannot listen on 192.0.2.1:8000")


@pytest.mark.parametrize(
    ("command", "seconds", "reason"),
    [
        (["false"], 60, "the server did not start; its reason stands above"),
        (["sleep", "60"], 0.2, "the server does not answer after 0.2 s; it is stopped"),
    ],
)
def test_server_that_ended_and_one_that_is_slow_are_told_apart(
    monkeypatch: pytest.MonkeyPatch, command: list[str], seconds: float, reason: str
) -> None:
    monkeypatch.setattr(readiness, "START_SECONDS", seconds)
    server = Child("server", command)
    server.start()
    assert server.process is not None
    try:
        with pytest.raises(OperatorError, match=f"^{re.escape(reason)}$"):
            readiness.wait_until_it_answers(server, f"http://{free_bind()}")
    finally:
        server.process.kill()
        server.process.wait()


# The console lacks its libraries, as where npm cannot be reached.
PAGES = {"/host/": 503, "/stub": 200}


@pytest.fixture
def readyz() -> Iterator[tuple[str, list[tuple[int, bytes]]]]:
    """Return the address of a server, and the answers that it gives to `/readyz` one by one."""
    answers: list[tuple[int, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.pop(0) if self.path == "/readyz" else (PAGES[self.path], b"")
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", answers
        server.shutdown()


def test_ready_is_said_only_when_everything_is(
    readyz: tuple[str, list[tuple[int, bytes]]], capsys: pytest.CaptureFixture[str]
) -> None:
    address, answers = readyz
    away = b'{"parts": {"database": "ok", "migrations": "ok", "redis": "away"}}'
    answers += [(503, away), (503, away), (500, b"{}"), (200, b"{}")]
    ready = readiness.Readiness(address)
    assert [ready.tell() for _ in range(4)] == [False, False, False, True]
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "linka: not ready yet: redis away",
        "linka: not ready yet: /readyz answers 500",
    ]
    assert said.out.splitlines() == [
        f"林卡已就绪：{address}  接口文档：{address}/api/docs",
        f"浏览器里的手机：{address}/stub",
    ]


def test_server_that_does_not_answer_is_not_ready(capsys: pytest.CaptureFixture[str]) -> None:
    assert not readiness.Readiness(f"http://{free_bind()}").tell()
    assert capsys.readouterr().err == "linka: not ready yet: no answer\n"


def _from_the_future(run: Run, tmp_path: Path) -> None:
    run("migrate")
    database = Database(f"sqlite:///{tmp_path}/var/linka.sqlite3")
    with database.write():
        database.sql(
            "INSERT INTO schema_migration (name, applied) VALUES (?, ?)",
            ("9999_later", "2030-01-01 00:00:00"),
        )
    database.close()


@pytest.mark.parametrize(
    "words",
    [
        ("up",),
        ("serve",),
        ("worker",),
        ("migrate",),
        ("sample",),
        ("events", "list"),
        ("boards", "verify"),
    ],
    ids=" ".join,
)
def test_database_of_a_newer_version_is_one_line(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    _from_the_future(run, tmp_path)
    is_one_line(run(*words), "newer version", "9999_later")


def test_setting_that_does_not_exist_is_named(run: Run) -> None:
    found = run("settings", LINKA_WORKRES="3", LINKA_SOMETHING_ELSE="1")
    assert (found.exit_code, "LINKA_WORKERS=2\n" in found.stdout) == (0, True)
    assert found.stderr.splitlines() == [
        "linka: LINKA_SOMETHING_ELSE is no setting and is ignored",
        "linka: LINKA_WORKRES is no setting and is ignored; did you mean LINKA_WORKERS?",
    ]


def test_windows_is_refused_before_anything_is_imported() -> None:
    program = "import sys; sys.platform = 'win32'; from backend.__main__ import main; main()"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout) == (2, "")
    assert (
        found.stderr == "linka: Linka does not run on Windows itself: use WSL (Linux on Windows)\n"
    )


@pytest.mark.parametrize("words", [("boards", "verify", "42"), ("events", "show", "42")])
def test_unknown_event_is_one_line_and_a_refusal(run: Run, words: tuple[str, ...]) -> None:
    run("migrate")
    found = run(*words)
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("boards", "verify", "x"),
        ("boards", "verify", "9" * 30),
        ("events", "open", "9" * 30),
        ("grant", "host", "900002", "--event", "9" * 30),
    ],
)
def test_odd_event_number_is_no_traceback(run: Run, words: tuple[str, ...]) -> None:
    run("migrate")
    found = run(*words)
    assert found.exit_code in (1, 2)
    assert isinstance(found.exception, SystemExit), found.exception
