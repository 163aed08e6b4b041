"""Openids, unionids and the session key's signature."""

import base64

import pytest

from miniprogram_stub.wechat_server.identities import openid_of, session_signature, unionid_of
from miniprogram_stub.wechat_server.state import UnknownApp

from .conftest import APPID, NOON, SECRET


def test_openid_looks_like_one_and_never_changes():
    assert openid_of(APPID, "alice") == "oGnVOyTzQ_JgsGfaPvS3BVcqPzn_"
    assert len(openid_of(APPID, "林卡")) == 28


def test_openid_differs_by_person_and_by_app():
    ids = {openid_of(app, key) for app in ("wxa", "wxb") for key in ("alice", "bob")}
    assert len(ids) == 4


def test_unionid_is_the_same_in_every_app(world):
    world.register("wxother", "other")
    here, there = world.meet("alice"), world.meet("alice", "wxother")
    for user in (here, there):
        world.change_user(user, unionid=True, blocked=None)
    assert here.unionid == there.unionid == unionid_of("alice")
    assert here.openid != there.openid


def test_unionid_comes_only_where_it_was_given(wire):
    assert "unionid" not in wire.redeem(wire.login())
    wire.emulator.world.change_user(wire.emulator.world.meet("alice"), True, None)
    assert wire.redeem(wire.login())["unionid"] == unionid_of("alice")
    wire.emulator.world.change_user(wire.emulator.world.meet("alice"), False, None)
    assert "unionid" not in wire.redeem(wire.login())


def test_an_app_that_is_not_registered_has_no_people(world):
    with pytest.raises(UnknownApp):
        world.meet("alice", "wxother")


def test_session_key_is_sixteen_bytes_in_base64(world):
    user = world.code_to_session(APPID, SECRET, world.login("alice", NOON), NOON)
    assert len(user.session_key) == 24
    assert len(base64.b64decode(user.session_key)) == 16


@pytest.mark.parametrize(
    ("message", "signature"),
    [
        (b'{"foo":"bar"}', "654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b"),
        (b"", "46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128"),
    ],
)
def test_signature_is_that_of_the_documentation(message, signature):
    assert session_signature("o0q0otL8aEzpcZL/FT9WsQ==", message) == signature
