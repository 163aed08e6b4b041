"""The running emulator over real connections: what only HTTP can show."""

import socket
from urllib.parse import urlsplit

import pytest
import urllib3

from .conftest import APPID, SECRET

LOGIN = f"/sns/jscode2session?appid={APPID}&secret={SECRET}&grant_type=authorization_code&js_code="


def fault(live, kind, **more):
    live.control("POST", "/faults", {"path": "/sns/jscode2session", "kind": kind, **more})


def test_refusals_come_with_status_200_as_json(live):
    answer = live.call("GET", LOGIN + "nonsense")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json()["errcode"] == 40029


@pytest.mark.parametrize(
    ("method", "path", "errcode"),
    [
        ("GET", "/sns/jsCode2Session", 40066),
        ("GET", "//sns/jscode2session", 40066),
        ("GET", "/", 40066),
        ("PATCH", "/nothing", 40066),
        ("POST", "/sns/jscode2session", 43001),
        ("OPTIONS", "/sns/jscode2session", 43001),
        ("MADEUP", "/cgi-bin/token", 43001),
        ("GET", "/cgi-bin/stable_token", 43002),
        ("POST", "/cgi-bin/stable_token", 44002),
        ("GET", "/sns/jscode2session?appid=%FF%00&secret=%ED%A0%80&js_code=x", 40002),
        ("GET", "/%E6%9E%97%E5%8D%A1", 40066),
    ],
)
def test_wire_conventions(live, method, path, errcode):
    answer = live.call(method, path)
    assert (answer.status, answer.json()["errcode"]) == (200, errcode)


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_json_is_read_whatever_its_header_says(live, content_type):
    body = f'{{"grant_type":"client_credential","appid":"{APPID}","secret":"{SECRET}"}}'
    headers = {"Content-Type": content_type} if content_type else {}
    answer = live.pool.request(
        "POST", live.url + "/cgi-bin/stable_token", body=body.encode(), headers=headers
    )
    assert answer.json()["expires_in"] == 7200


def test_a_huge_body_is_no_json(live):
    body = b'{"appid": "' + b"x" * 2_000_000 + b'"}'
    answer = live.pool.request("POST", live.url + "/cgi-bin/stable_token", body=body)
    assert answer.json()["errcode"] == 47001


def test_text_plain_is_the_right_answer_under_the_wrong_type(live):
    fault(live, "text_plain")
    answer = live.call("GET", LOGIN + live.code("alice"))
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.json()["openid"].startswith("o")


def test_malformed_is_half_an_answer(live):
    fault(live, "malformed")
    answer = live.call("GET", LOGIN + live.code("alice"))
    assert answer.status == 200
    with pytest.raises(ValueError, match="Unterminated|Expecting"):
        answer.json()


def test_http_500_is_no_json_and_leaves_the_code_good(live):
    fault(live, "http_500")
    code = live.code("alice")
    assert live.call("GET", LOGIN + code).status == 500
    assert "openid" in live.call("GET", LOGIN + code).json()


def test_a_dropped_answer_has_burnt_the_code(live):
    fault(live, "drop")
    code = live.code("alice")
    with pytest.raises(urllib3.exceptions.ProtocolError):
        live.call("GET", LOGIN + code)
    assert live.call("GET", LOGIN + code).json()["errcode"] == 40163
    dropped, refused = live.control("GET", "/requests")["requests"]
    assert (dropped["fault"], dropped["status"]) == ("drop", None)
    assert (refused["fault"], refused["errcode"]) == (None, 40163)


def test_latency_holds_up_nobody_else(live):
    fault(live, "latency", seconds=30)
    address = urlsplit(live.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as waiting:
        waiting.sendall(f"GET {LOGIN}x HTTP/1.1\r\nHost: api\r\n\r\n".encode())
        while not live.control("GET", "/faults")["faults"][0]["hits"]:
            pass
        assert live.call("GET", LOGIN + "x").json()["errcode"] == 40029


@pytest.mark.parametrize(
    "request_text",
    [
        b"POST /__emulator__/codes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"POST /__emulator__/codes HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /cgi-bin/stable_token HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n",
        b"GET /cgi-bin/token HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
        b"GET /cgi-bin/token HTTP/1.1\r\nHost: x\r\nX-Long: a\r\n folded: b\r\n\r\n",
        b"GET /cgi-bin/token HTTP/1.1\r\n" + b"X: y\r\n" * 101 + b"\r\n",
        b"GET /cgi-bin/token HTTP/1.1\r\nX: " + b"y" * 65_536 + b"\r\n\r\n",
    ],
    ids=["chunk", "negative", "no number", "no colon", "folded", "many headers", "long header"],
)
def test_broken_http_is_a_400(live, request_text):
    address = urlsplit(live.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(request_text)
        assert connection.recv(100).startswith(b"HTTP/1.1 400")


def test_control_paths_are_never_wechats(live):
    answer = live.call("GET", "/__emulator__/nothing")
    assert (answer.status, answer.json()) == (404, {"error": "not_found"})
    assert live.call("GET", "/__emulator__x").json()["errcode"] == 40066
    assert len(live.control("GET", "/requests")["requests"]) == 1
