"""A phone behaves like `wx`: any status is a success, only a missing reply is a failure."""

import json

import pytest

from miniprogram_stub.phone import RequestFailed
from miniprogram_stub.storage import BadStorage, Storage
from tests.stub.little_server import HANGS_UP, Said, refusal


def test_login_gives_a_code_of_this_user(new_phone, server):
    assert new_phone("staff-7").login() == {"code": "code-1", "errMsg": "login:ok"}
    assert server.calls[0].body == {"user": "staff-7"}


def test_login_fails_when_wechat_does_not_give_a_code(new_phone, server):
    server.queue("/__emulator__/codes", Said(500, b"oops"))
    with pytest.raises(RequestFailed, match="login:fail status 500"):
        new_phone().login()


def test_refusal_is_a_successful_request(new_phone, server):
    server.queue("/thing", refusal(409, "already_answered"))
    answer = new_phone().request(f"{server.url}/thing", "POST", {"choice": ["A"]})
    assert answer["statusCode"] == 409
    assert answer["data"]["error"] == "already_answered"
    assert answer["errMsg"] == "request:ok"


def test_lost_reply_is_a_failed_request(new_phone, server):
    server.queue("/thing", HANGS_UP)
    with pytest.raises(RequestFailed) as failure:
        new_phone().request(f"{server.url}/thing")
    assert failure.value.errMsg == "request:fail connection closed"


def test_nobody_listening_is_a_failed_request(new_phone):
    with pytest.raises(RequestFailed, match="request:fail cannot connect"):
        new_phone().request("http://127.0.0.1:1/thing")


def test_data_of_a_get_go_into_the_query(new_phone, server):
    new_phone().request(f"{server.url}/board?top=5", data={"scope": "班组"})
    assert server.calls[0].query == "top=5&scope=%E7%8F%AD%E7%BB%84"
    assert server.calls[0].body is None


def test_data_of_a_post_are_json_in_plain_utf8(new_phone, server):
    new_phone().request(f"{server.url}/thing", "POST", {"name": "林卡"}, {"x-more": "1"})
    call = server.calls[0]
    assert call.body == {"name": "林卡"}
    assert call.header["content-type"] == "application/json"
    assert call.header["x-more"] == "1"
    assert call.header["referer"].startswith("https://servicewechat.com/wxlinkasample0001/")


@pytest.mark.parametrize(("body", "data"), [(b"", ""), (b"plain", "plain"), (b"[1]", [1])])
def test_reply_is_parsed_where_it_can_be(new_phone, server, body, data):
    server.queue("/thing", Said(200, body))
    assert new_phone().request(f"{server.url}/thing")["data"] == data


def test_patch_is_not_in_a_mini_program(new_phone, server):
    with pytest.raises(ValueError, match="PATCH"):
        new_phone().request(f"{server.url}/thing", "PATCH")
    assert server.calls == []


def test_storage_belongs_to_one_phone(new_phone):
    mine, yours = new_phone("a"), new_phone("b")
    mine.set_storage("token", "t")
    assert (mine.get_storage("token"), yours.get_storage("token")) == ("t", None)
    mine.remove_storage("token")
    mine.remove_storage("token")
    assert mine.get_storage("token", "none") == "none"


def test_stored_value_is_a_copy():
    storage, value = Storage(), {"digs": [1]}
    storage.set("hunt", value)
    value["digs"].append(2)
    storage.get("hunt")["digs"].append(3)
    assert storage.get("hunt") == {"digs": [1]}


def test_storage_in_a_file_outlives_the_phone(tmp_path):
    file = tmp_path / "phones" / "one.json"
    Storage(file).set("event", 7)
    assert Storage(file).get("event") == 7
    assert json.loads(file.read_text()) == {"event": 7}


@pytest.mark.parametrize("text", ["{", "[]"])
def test_strange_storage_file_is_refused(tmp_path, text):
    file = tmp_path / "one.json"
    file.write_text(text)
    with pytest.raises(BadStorage, match="one.json"):
        Storage(file)
