"""Text messages to the official account get the answers of look-ups that guests may have."""

import dataclasses
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.lookup.official_account import signature
from tests.lookup.conftest import card
from tests.support import TRAINER, Centre, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

TOKEN = "AAAAA"
SIGNED = {"timestamp": "1714036504", "nonce": "1514711492"}
MESSAGE = (
    "<xml><ToUserName><![CDATA[gh_centre]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
    "<CreateTime>1714036504</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>"
    "<Content><![CDATA[{text}]]></Content><MsgId>1</MsgId></xml>"
)


@pytest.fixture
def client(centre: Centre) -> Iterator[FlaskClient]:
    """Return WeChat's server, which knows the token of a centre."""
    settings = centre.app.extensions["linka.settings"]
    centre.app.extensions["linka.settings"] = dataclasses.replace(
        settings, wechat_message_token=TOKEN
    )
    yield centre.app.test_client()
    centre.app.extensions["linka.settings"] = settings


def sent(client: FlaskClient, text: str, kind: str = "text", sender: str = "anna") -> TestResponse:
    """Deliver a message."""
    return delivered(client, MESSAGE.format(sender=sender, kind=kind, text=text))


def delivered(client: FlaskClient, body: str) -> TestResponse:
    """Deliver a body with WeChat's signature."""
    query = {**SIGNED, "signature": signature(TOKEN, *SIGNED.values())}
    return client.post("/wechat/messages", query_string=query, data=body, content_type="text/xml")


def told(answer: TestResponse) -> dict[str, str]:
    """Return the parts of an answer."""
    assert answer.status_code == 200, answer.text
    return {part.tag: part.text or "" for part in ElementTree.fromstring(answer.data)}


def test_a_text_gets_the_cards_for_guests_and_never_those_of_staff(
    centre: Centre, client: FlaskClient
) -> None:
    for title, text, for_guests in (("停车证", "<b>&]]>", True), ("党关系转移", "内部", False)):
        made = card(title=title, text=text, synonyms=[], for_guests=for_guests)
        centre.staff(TRAINER).ok("POST", "/lookup/cards", made)
    parts = told(sent(client, "停車證怎么办"))
    assert (parts["ToUserName"], parts["FromUserName"]) == ("anna", "gh_centre")
    assert (parts["MsgType"], parts["Content"]) == ("text", "停车证\n<b>&]]>")
    assert told(sent(client, "停車證怎么办"))["Content"] == parts["Content"]
    for text in ("党关系转移", "班车", "明天班表"):
        assert "绑定工号" in told(sent(client, text))["Content"]


def test_what_is_no_text_or_too_much_gets_no_answer(client: FlaskClient) -> None:
    assert sent(client, "", kind="event").text == "success"
    answers = [sent(client, "你好", sender="many").text for _ in range(21)]
    assert answers.count("success") == 1
    assert sent(client, "你好", sender="other").text != "success"


def test_only_wechat_is_answered(centre: Centre, client: FlaskClient) -> None:
    good = {**SIGNED, "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696", "echostr": "<1>"}
    answer = client.get("/wechat/messages", query_string=good)
    assert (answer.text, answer.mimetype) == ("<1>", "text/plain")
    for wrong in ("", "é", good["signature"][:-1] + "7"):
        forged = {**good, "signature": wrong}
        refused(client.get("/wechat/messages", query_string=forged), 403, "forbidden")
        body = MESSAGE.format(sender="anna", kind="text", text="停车证")
        refused(client.post("/wechat/messages", query_string=forged, data=body), 403, "forbidden")
    for hostile in ("<xml>", "", '<!DOCTYPE x [<!ENTITY a "b">]><xml><Content>&a;</Content></xml>'):
        assert delivered(client, hostile).status_code == 400
    settings = centre.app.extensions["linka.settings"]
    centre.app.extensions["linka.settings"] = dataclasses.replace(settings, wechat_message_token="")
    refused(client.get("/wechat/messages", query_string=good), 404, "not_found")
