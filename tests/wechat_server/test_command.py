"""`linka-stub wechat` as a process."""

import os
import signal
import socket
import subprocess

import pytest
from click.testing import CliRunner

from miniprogram_stub.cli import main

from .conftest import COMMAND


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command that is meant to fail at once."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=clean_environment() | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LINKA_")}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_when_it_is_ready_and_stops_cleanly(number):
    with (
        socket.socket() as keep_alive,
        subprocess.Popen(
            [*COMMAND, "--bind", "127.0.0.1:0"],
            env=clean_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        line = process.stdout.readline()
        assert line.startswith("WeChat emulator on http://127.0.0.1:")
        keep_alive.connect(("127.0.0.1", int(line.rpartition(":")[2])))
        process.send_signal(number)
        rest, errors = process.communicate(timeout=30)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_a_taken_port_is_one_line_and_exit_code_two():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("--bind", f"127.0.0.1:{port}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"Error: cannot listen on 127.0.0.1:{port}: Address already in use\n"


def test_the_default_port_belongs_to_the_service():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(LINKA_WECHAT_URL=f"http://127.0.0.1:{port}")
    assert done.stderr == f"Error: cannot listen on 127.0.0.1:{port}: Address already in use\n"


@pytest.mark.parametrize("bind", ["nonsense", "127.0.0.1:99999", "192.0.2.1:9000"])
def test_a_bad_bind_is_one_line_and_exit_code_two(bind):
    done = run("--bind", bind)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    assert bind in done.stderr


def test_an_unknown_host_is_one_line_and_exit_code_two():
    done = run("--bind", "no-such-host.invalid:9000")
    assert done.returncode == 2
    assert done.stderr == "Error: cannot listen on no-such-host.invalid:9000: no such host\n"


def test_help_tells_the_options():
    text = CliRunner().invoke(main, ["wechat", "--help"]).output
    for option in ("--bind HOST:PORT", "--appid", "--secret"):
        assert option in text
