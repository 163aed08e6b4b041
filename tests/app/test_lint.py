"""The mini program calls WeChat in one module, and the server as it is documented."""

import re
from pathlib import Path
from typing import Any

import pytest

from backend.app import create_app
from backend.config import load_settings
from tests.app import lint

API = Path(__file__).parents[2] / "docs" / "api.md"
# What the mini program calls a refusal of its own.
OWN = {"consent_missing"}
HUNT = "words.activityPath('hunt', activity)"


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the OpenAPI document of the server."""
    folder = tmp_path_factory.mktemp("document")
    app = create_app(load_settings({"LINKA_DATA_DIR": str(folder)}))
    found: dict[str, Any] = app.test_client().get("/api/openapi.json").json
    app.extensions["linka.redis"].close()
    app.extensions["linka.database"].close()
    return found


@pytest.fixture(scope="module")
def names(document: dict[str, Any]) -> set[str]:
    """Return all names of the OpenAPI document, of the API's page and of the protocol."""
    text = API.read_text(encoding="utf-8") + (lint.APP / lint.WRITTEN).read_text(encoding="utf-8")
    return lint.documented_names(document) | OWN | set(re.findall(r"[a-z][a-z0-9_]+", text))


def test_wechat_is_called_in_one_module() -> None:
    found = {path: lint.wechat_calls(path, text) for path, text in lint.sources()}
    assert {path for path, calls in found.items() if calls} == set()


def test_no_request_is_a_patch() -> None:
    assert [path for path, text in lint.sources() if lint.patches(text)] == []


def test_style_sheets_take_their_colours_from_the_tokens_of_the_app() -> None:
    assert {path for path, text in lint.styles() if lint.colours(text)} == {"app.wxss"}


def test_roles_are_named_as_wechat_knows_them() -> None:
    assert [path for path, text in lint.sources() if lint.plain_roles(text)] == []


def test_no_list_is_undefined_while_a_page_loads() -> None:
    found = {path: lint.bare_lists(text) for path, text in lint.sources()}
    assert {path: lists for path, lists in found.items() if lists} == {}


def test_no_list_is_keyed_by_a_field_that_its_items_do_not_have() -> None:
    assert [path for path, text in lint.sources() if lint.index_keys(text)] == []


def test_server_documents_every_call(document: dict[str, Any]) -> None:
    found = {path: lint.unknown_calls(text, document) for path, text in lint.sources()}
    assert {path: calls for path, calls in found.items() if calls} == {}


def test_server_documents_every_name(names: set[str]) -> None:
    found = {path: lint.unknown_names(text, names) for path, text in lint.sources()}
    assert {path: unknown for path, unknown in found.items() if unknown} == {}


@pytest.mark.parametrize("line", ["wx.login()", "const { tap } = wx ['a'];", "x = [wx.a];"])
def test_call_of_wechat_on_a_page_is_found(line: str) -> None:
    assert lint.wechat_calls("pages/me/me.js", line)


def test_names_that_end_in_wx_are_no_call_of_wechat() -> None:
    assert lint.wechat_calls("pages/me/me.js", "this.wx.a; awx.b; 'wxss'") == []


def test_role_that_wechat_does_not_know_is_found() -> None:
    assert lint.plain_roles('<view role="status">') != []
    assert lint.plain_roles('<view aria-role="status">') == []


def test_list_that_may_be_undefined_is_found() -> None:
    assert lint.bare_lists('<view wx:for="{{plan.cards}}">') == ["plan.cards"]
    assert lint.bare_lists('<view wx:for="{{plan.cards || []}}"><i wx:for="{{item.a}}">') == []


def test_key_named_index_is_found() -> None:
    assert lint.index_keys('<view wx:for="{{names}}" wx:key="index">') != []


def test_patch_is_found() -> None:
    assert lint.patches("api.call('PATCH', path)")


@pytest.mark.parametrize(
    "name", ["hunt.digs_lefft", "{{item.found_att}}", "const { join_kode } = event"]
)
def test_misspelt_field_is_found(name: str, names: set[str]) -> None:
    assert len(lint.unknown_names(name, names)) == 1


@pytest.mark.parametrize(
    "call",
    [
        "api.get(`/events/${event}/me`)",
        "api.get('/event-templates')",
        "api.post(`${" + HUNT + "}/digs`, { site })",
        "api.post(`${path}/digs`)",
        "api.remove('/me')",
    ],
)
def test_documented_call_is_fine(call: str, document: dict[str, Any]) -> None:
    assert lint.unknown_calls(call, document) == []


@pytest.mark.parametrize(
    "call",
    [
        "api.get(`/event/${event}/me`)",
        "api.get(`/events/${event}/mine`)",
        "api.get('/event-template')",
        "api.post(`${" + HUNT + "}/dig`, { site })",
        "api.post(`${path}/dig`)",
        "api.put('/me')",
    ],
)
def test_undocumented_call_is_found(call: str, document: dict[str, Any]) -> None:
    assert len(lint.unknown_calls(call, document)) == 1
