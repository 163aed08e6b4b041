"""Names of libraries that we use although they do not document them.

`setup.cfg` has an upper bound for each of these packages. Before a bound is raised, these tests
show what the new version has changed.
"""

from importlib.metadata import requires
from inspect import signature

import flask_smorest
import gevent.socket
import psycopg
import psycopg.waiting
import pytest
import redis
from flask import Flask
from gunicorn.config import Config
from gunicorn.http.message import Message, Request
from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import IterUnreader
from packaging.requirements import Requirement
from pypinyin import converter
from pypinyin.seg import mmseg, simpleseg
from simple_websocket.ws import Base
from werkzeug.routing import Rule
from zhconv import zhconv

from backend import postgres_waits
from backend.dictionaries import simplified
from backend.phrases import Phrases


@pytest.mark.parametrize(
    "name",
    [
        "flask-smorest",
        "flask-sock",
        "gevent",
        "gunicorn",
        "psycopg",
        "pypinyin",
        "redis",
        "simple-websocket",
        "zhconv",
    ],
)
def test_package_has_an_upper_bound(name: str) -> None:
    [needed] = [found for found in map(Requirement, requires("linka") or ()) if found.name == name]
    assert "<" in str(needed.specifier)


def test_pypinyin_reads_its_phrases_from_ours() -> None:
    assert isinstance(converter.PHRASES_DICT, Phrases)
    assert mmseg.PHRASES_DICT is simpleseg.PHRASES_DICT is converter.PHRASES_DICT
    assert list(mmseg.seg.cut("重庆银行")) == ["重庆", "银行"]
    assert simpleseg.seg("重庆银行") == ["重庆", "银行"]


def test_zhconv_keeps_one_dictionary() -> None:
    assert set(zhconv.zhcdicts) == {"zh2Hans"}
    assert simplified("乾淨") == "干净"


def test_flask_smorest_keeps_what_is_said_of_an_operation_in_one_attribute() -> None:
    blueprint = flask_smorest.Blueprint("any", __name__)
    view = blueprint.doc(security=[])(lambda: None)
    assert view._apidoc["manual_doc"] == {"security": []}


def test_flask_smorest_serves_its_document_from_one_method(routes: Flask) -> None:
    assert "_openapi_json" in dir(flask_smorest.Api)
    served = routes.view_functions["api-docs.openapi_json"]
    assert served.__qualname__ == "_Api._openapi_json"


def test_flask_smorest_describes_each_blueprint_with_one_method() -> None:
    names = flask_smorest.Api.register_blueprint.__code__.co_names
    assert "register_views_in_doc" in names


def test_werkzeug_compiles_what_builds_urls_with_one_method(routes: Flask) -> None:
    assert "_compile_builder" in Rule.compile.__code__.co_names
    [rule] = routes.url_map.iter_rules("sockets.socket")
    built = routes.url_map.bind("linka.test").build(rule.endpoint, {"event_id": 7, "since": 3})
    assert built == "ws://linka.test/api/v1/events/7/socket?since=3"


def test_socket_of_simple_websocket_reads_in_a_thread_of_its_class() -> None:
    names = set(Base.__init__.__code__.co_names)
    assert {"sock", "ws", "connected", "thread", "start"} <= names
    assert "thread_class" in signature(Base.__init__).parameters


def test_socket_of_gevent_is_ended_by_the_socket_below_it() -> None:
    with gevent.socket.socket() as ours:
        assert callable(ours._sock.shutdown)
        assert ours._sock.fileno() == ours.fileno()


def test_request_of_gunicorn_reads_what_is_there_and_parses_it() -> None:
    assert RequestParser.mesg_class is Request
    assert {"parse", "unread", "set_body_reader"} <= set(Message.__init__.__code__.co_names)
    unreader = IterUnreader([b"GET / HTTP/1.1", b"\r\n\r\n"])
    unreader.unread(unreader.read())
    assert Request(Config(), unreader, None).uri == "/"
    assert unreader.read() == b""


def test_connection_of_redis_has_its_socket_in_one_attribute() -> None:
    assert redis.Connection()._sock is None
    assert "_sock" in redis.Connection.disconnect.__code__.co_names


def test_each_wait_of_a_psycopg_connection_is_one_method_with_a_limit() -> None:
    assert "timeout" in signature(psycopg.Connection.wait).parameters
    assert psycopg.Connection.commit.__code__.co_names.count("wait") == 1


def test_psycopg_looks_up_its_wait_at_each_call() -> None:
    names = psycopg.Connection.wait.__code__.co_names
    assert names[:2] == ("waiting", "wait")
    ours, theirs = signature(postgres_waits.wait), signature(psycopg.waiting.wait_poll)
    assert list(ours.parameters) == list(theirs.parameters)
    assert set(psycopg.waiting.Wait) == postgres_waits.WAITS.keys()
