"""The worker answers short operations itself, with the bytes that gunicorn would send."""

import dataclasses
import json
import re
import signal
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import gevent
import gevent.socket
import pytest
from gunicorn import util
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser

from backend import processes
from backend.config import Settings
from backend.serving import DrainingWorker, JsonLog
from backend.web.short import ShortAnswer, ShortOperations
from tests.scoring.board_evening import BoardEvening
from tests.support import Centre

ANSWER = re.compile(rb"HTTP/1\.1 .*?\r\n\r\n", re.DOTALL)


class Worker:
    """A worker that serves one connection at a time; `short` counts its short answers."""

    def __init__(self, app: Any) -> None:
        config = Config()
        self.worker = DrainingWorker(1, 1, [], None, 60, config, Logger(config))
        self.worker.wsgi = app
        self._operations: ShortOperations = app.extensions["linka.short"]
        self.worker.answer_shortly(self)
        self.short = 0

    def answer(self, environ: dict[str, Any]) -> ShortAnswer | None:
        """Return the short answer of the app."""
        found = self._operations.answer(environ)
        self.short += found is not None
        return found

    def answers(self, sent: bytes) -> list[bytes]:
        """Return the answers to what a phone sends before it closes its side, without the date."""
        phone, server = gevent.socket.socketpair()
        with gevent.socket.socket() as listener, phone:
            phone.sendall(sent)
            phone.shutdown(gevent.socket.SHUT_WR)
            served = gevent.spawn(self.worker.handle, listener, server, ("127.0.0.1", 1))
            got = b"".join(iter(lambda: phone.recv(65536), b""))
            served.get()
        found = re.split(rb"(?=HTTP/1\.1 )", re.sub(rb"\r\nDate: [^\r]+", b"", got))
        return found[1:]


@pytest.fixture
def worker(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    """Return a worker; it leaves gunicorn's parser and its errors to other tests as they were."""
    monkeypatch.setattr(RequestParser, "mesg_class", Request)
    monkeypatch.setattr(util, "write_error", util.write_error)
    made = Worker(centre.app)
    yield made
    made.worker.tmp.close()


@pytest.fixture
def asked(centre: Centre) -> Iterator[bytes]:
    """Return the request of a player for a board, ready for further fields."""
    evening = BoardEvening(centre)
    yield (
        f"GET /api/v1{evening.path}/leaderboards/event?top=2 HTTP/1.1\r\nHost: linka\r\n"
        f"X-Request-Id: one\r\nAuthorization: Bearer {evening.phones[0].token}\r\n"
    ).encode()


def test_short_answers_are_those_of_gunicorn(worker: Worker, asked: bytes) -> None:
    # Flask reads the query string of the first request.
    worker.answers(asked + b"\r\n")
    worker.short = 0
    by_gunicorn, and_by_flask, last = worker.answers(
        b"".join(asked + more + b"\r\n" for more in (b"", b"TE: a\r\n", b""))
    )
    assert worker.short == 1
    assert worker.answers(asked + b"\r\n") == [by_gunicorn]
    assert worker.short == 2
    assert by_gunicorn == and_by_flask == last
    assert b"\r\nConnection: keep-alive\r\n" in last
    [tag] = re.findall(rb'\r\nETag: ("\w+")', last)
    [unchanged] = worker.answers(asked + b"If-None-Match: " + tag + b"\r\n\r\n")
    assert unchanged.startswith(b"HTTP/1.1 304 NOT MODIFIED\r\n")
    assert worker.short == 3


def test_other_requests_are_left_to_gunicorn(worker: Worker, asked: bytes) -> None:
    read = asked + b"\r\n"
    worker.answers(read)
    worker.short = 0
    for unusual, status in (
        (read.replace(b"Bearer", b"Basic"), b"401"),
        (read.replace(b"top=2", b"top=0"), b"422"),
        (read.replace(b"\r\nHost", b"\r\n Host"), b"400"),
        (read.replace(b"leaderboards", b"leader%62oards"), b"200"),
        (asked + b"Transfer-Encoding: gzip\r\n\r\n", b"400"),
        (asked + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400"),
        (b"POST /api/v1/login HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", b"400"),
    ):
        [answer] = worker.answers(unusual)
        assert answer[9:12] == status, unusual
    assert worker.short == 0
    assert [answer[9:12] for answer in worker.answers(read)] == [b"200"]
    assert worker.short == 1


@pytest.mark.parametrize(
    ("sent", "status", "slug"),
    [
        (b"GET / HTTP/1.1\r\nno field\r\n\r\n", 400, "bad_request"),
        (b"GET  / HTTP/1.1\r\n\r\n", 400, "bad_request"),
        (b"GET /?" + b"x" * 4094 + b" HTTP/1.1\r\n\r\n", 414, "uri_too_long"),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 9000 + b"\r\n\r\n", 431, "headers_too_large"),
        (b"GET / HTTP/1.1\r\nExpect: much\r\n\r\n", 417, "expectation_failed"),
    ],
    ids=["no-header", "no-request-line", "long-line", "large-header", "expectation"],
)
def test_what_gunicorn_refuses_has_the_body_of_the_api(
    worker: Worker, sent: bytes, status: int, slug: str
) -> None:
    [answer] = worker.answers(sent)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head[9:12] == str(status).encode()
    assert b"\r\nContent-Type: application/json\r\n" in head
    assert b"\r\nConnection: close\r\n" in head
    told = json.loads(body)
    assert (told["code"], told["error"], told["request_id"]) == (status, slug, "")
    assert told["status"] == HTTPStatus(status).phrase
    assert re.search(r"[\u4e00-\u9fff]", told["message"])
    assert told.keys() == {"code", "error", "message", "status", "request_id"}


def test_answer_of_a_draining_worker_closes_the_connection(worker: Worker, asked: bytes) -> None:
    worker.answers(asked + b"\r\n")
    worker.short = 0
    worker.worker.cfg.set("keepalive", 0)
    [answer] = worker.answers(asked + b"\r\n")
    assert b"\r\nConnection: close\r\n" in answer
    assert worker.short == 0


def test_worker_that_is_stopped_before_it_has_an_app_just_ends(worker: Worker) -> None:
    del worker.worker.wsgi
    worker.worker.handle_exit(signal.SIGTERM, None)
    gevent.sleep(0)
    assert not worker.worker.alive


def test_worker_with_an_access_log_leaves_all_to_gunicorn(
    worker: Worker, asked: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    worker.answers(asked + b"\r\n")
    worker.short = 0
    worker.worker.cfg.set("accesslog", "-")
    worker.worker.log.setup(worker.worker.cfg)
    assert len(worker.answers(asked + b"\r\n")) == 1
    assert worker.short == 0
    assert capfd.readouterr().out.count("/leaderboards/event?top=2 HTTP/1.1") == 1


def test_gunicorn_writes_lines_of_json_in_production(capsys: pytest.CaptureFixture[str]) -> None:
    log = JsonLog(Config())
    log.warning("Worker (pid:%s) was sent %s!", 7, "SIGKILL")
    try:
        raise ValueError("of a request")
    except ValueError:
        log.exception("Error handling request %s", "/")
    killed, failed = map(json.loads, capsys.readouterr().err.splitlines())
    assert killed["event"] == "Worker (pid:7) was sent SIGKILL!"
    assert (killed["level"], failed["level"]) == ("warning", "error")
    assert killed["timestamp"].endswith("Z")
    assert "ValueError: of a request" in failed["exception"]


@pytest.mark.parametrize(("env", "has"), [("production", True), ("development", False)])
def test_server_in_production_has_the_log_of_json(settings: Settings, env: str, has: bool) -> None:
    command = processes.web_server(dataclasses.replace(settings, env=env)).command
    assert ("backend.serving.JsonLog" in command) == has
