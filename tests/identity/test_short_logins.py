"""A login that skips Flask is answered as Flask answers it; WeChat is asked once for each code."""

import json

import pytest

from backend.identity.models import Account
from tests.support import Centre, WeChatSide
from tests.web.test_short import Compared, Sent


@pytest.fixture
def compared(centre: Centre) -> Compared:
    """Return the app, whose short way is compared with Flask alone."""
    return Compared(centre.app)


def login(body: bytes, **headers: str) -> Sent:
    """Return the request of a login."""
    given = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    return Sent("/login", "", "POST", {"Authorization": "", **given, **headers}, body)


def test_logins_skip_flask(centre: Centre, compared: Compared, wechat: WeChatSide) -> None:
    before = Account.select().count()
    body = json.dumps({"code": wechat.code("pema")}).encode()
    # The second one is the repeat of a phone that got no answer.
    status, _, answer = compared.same(login(body))
    assert (status, compared.short) == ("200 OK", 2)
    assert json.loads(answer)["account"]["is_staff"] is False
    assert Account.select().count() == before + 1


@pytest.mark.parametrize(
    "form",
    [b'{"code":"%s"}', b'{"code": "%s"}', b' { "code" : "%s" } ', b'{"code": "\\u0030%s"}'],
    ids=["compact", "usual", "spaces", "escape"],
)
def test_code_is_read_in_every_form_of_json(
    compared: Compared, wechat: WeChatSide, form: bytes
) -> None:
    code = wechat.code("pema").encode()
    body = form % (code.removeprefix(b"0") if b"u0030" in form else code)
    assert compared.same(login(body))[0] == "200 OK"
    assert compared.short == 2


def test_refused_logins_are_left_to_flask(compared: Compared) -> None:
    code = json.dumps({"code": "nobody"}).encode()
    for body in (b"", b"[]", b"{}", b'{"code": 1}', b'{"code": "a b"}', b'{"code": "\xff"}', code):
        assert compared.same(login(body))[0].startswith("4"), body
    assert compared.short == 0
