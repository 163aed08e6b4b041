"""The check of texts: the opinions, and the limits for apps and people."""

import re

import pytest

from miniprogram_stub.wechat_server.calls import Call
from miniprogram_stub.wechat_server.facts import Quotas

from .conftest import wire_with

OFFICIAL = "特3456书yuuo莞6543李zxcz蒜7782法fgnv级"


def test_harmless_text_passes(wire):
    wire.login()
    answer = wire.check_text("我建议食堂加一个夜宵窗口")
    assert (answer["errcode"], answer["errmsg"]) == (0, "ok")
    assert answer["result"] == {"suggest": "pass", "label": 100}
    assert [line["strategy"] for line in answer["detail"]] == ["content_model"]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{8}){2}", answer["trace_id"])


@pytest.mark.parametrize(
    ("text", "suggest"),
    [(OFFICIAL, "risky"), ("这是测试复核的话", "review")],
    ids=["risky", "review"],
)
def test_suspicious_text_is_told_with_its_label_and_word(wire, text, suggest):
    wire.login()
    answer = wire.check_text(text)
    assert answer["errcode"] == 0
    assert answer["result"]["suggest"] == suggest
    assert answer["result"]["label"] != 100
    model, word = answer["detail"]
    assert word["strategy"] == "keyword"
    assert word["keyword"] in text
    assert all(line["errcode"] == 0 and 0 <= line["prob"] <= 100 for line in (model, word))


def test_strictest_opinion_counts(wire):
    wire.login()
    answer = wire.check_text("测试复核，测试广告")
    assert answer["result"] == {"suggest": "risky", "label": 10001}


def test_version_before_refuses_what_is_risky(wire):
    assert wire.check_text("你好", version=None)["errcode"] == 0
    assert wire.check_text(OFFICIAL, version=None)["errcode"] == 87014


def test_text_is_checked_of_people_who_were_here_within_two_hours(wire, clock):
    wire.login()
    clock.pass_seconds(2 * 3600)
    assert wire.check_text("你好")["errcode"] == 0
    clock.pass_seconds(0.001)
    assert wire.check_text("你好")["errcode"] == 61010
    wire.login()
    assert wire.check_text("你好")["errcode"] == 0


def test_person_must_be_of_this_app(wire):
    wire.emulator.world.register("wxother", "secret")
    wire.login("bob", "wxother")
    other = wire.emulator.world.find_user("bob", "wxother").openid
    assert wire.check_text("你好", openid=other)["errcode"] == 43104
    assert wire.check_text("你好", openid="o-nobody")["errcode"] == 40003


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"scene": 5}, 40129),
        ({"scene": "3"}, 40129),
        ({"scene": True}, 40129),
        ({"scene": None}, 40129),
        ({"openid": None}, 40003),
        ({"openid": 7}, 47001),
        ({"content": ""}, 47001),
        ({"content": 7}, 47001),
        ({"content": "长" * 2501}, 40097),
        ({"access_token": "nonsense"}, 40014),
        ({"access_token": "43_" + "x" * 133}, 40001),
    ],
)
def test_call_that_is_not_well_formed(wire, changes, errcode):
    wire.login()
    assert wire.check_text("你好", **changes)["errcode"] == errcode


def test_token_belongs_into_the_address(wire):
    sent = b'{"access_token":"x","content":"a"}'
    assert wire.send(Call("POST", "/wxa/msg_sec_check", {}, sent))["errcode"] == 47001
    assert wire.send(Call("POST", "/wxa/msg_sec_check", {}, b"{}"))["errcode"] == 41001
    assert wire.send(Call("POST", "/wxa/msg_sec_check", {}, b""))["errcode"] == 44002


def test_old_token_is_refused_as_everywhere(wire, clock):
    wire.login()
    token = wire.token()["access_token"]
    clock.pass_seconds(7200)
    assert wire.check_text("你好", access_token=token)["errcode"] == 42001


def test_quotas_of_a_minute_and_a_day(clock):
    wire = wire_with(clock, Quotas(text_checks_per_minute=2, text_checks_per_day=3))
    wire.login()
    assert [wire.check_text("你好")["errcode"] for _ in range(3)] == [0, 0, 44991]
    clock.pass_seconds(60)
    assert [wire.check_text("你好")["errcode"] for _ in range(2)] == [0, 45009]


def test_long_text_just_fits(wire):
    wire.login()
    assert wire.check_text("长" * 2500)["errcode"] == 0
