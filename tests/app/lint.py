"""Rules for scripts and templates of the mini program; each returns the violations.

Nothing outside `lib/platform.js` may call WeChat, which is what keeps the rest testable; WeChat has
no PATCH; and only what the server documents may be called and named. A field is known by its name
here: the server's are in snake case, those of the mini program's own are not. A strict phone
(`miniprogram_stub/browser/runtime/contract.js`) knows which answer has which field.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from miniprogram_stub.protocol import PROTOCOL

APP = Path(__file__).parents[2] / "miniprogram_stub" / "app"
PLATFORM = "lib/platform.js"
# Written from protocol.json, whose names are compared with the server's elsewhere.
WRITTEN = "lib/protocol.js"
METHODS = {"get": "get", "post": "post", "put": "put", "remove": "delete", "upload": "post"}

_COMMENTS = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*|<!--.*?-->", re.DOTALL)
_WECHAT = re.compile(r"(?<![\w.])wx\s*[.\[]")
_SNAKE = re.compile(r"(?<![\w-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w-])")
_CALL = re.compile(r"\bapi\.(get|post|put|remove|upload)\(\s*(`[^`]*`|'[^']*')")
_ROLE = re.compile(r"\srole=")
# The list of a page's data object, which is null until the page is loaded.
_BARE_LIST = re.compile(r'wx:for="\{\{((?!item\.|group\.)\w+\.[\w.]+)\}\}"')
_INDEX_KEY = re.compile(r'wx:key="index"')
_KIND_PATH = re.compile(r"\$\{words\.activityPath\('(\w+)'[^}]*\)\}")


def sources() -> Iterator[tuple[str, str]]:
    """Return path and text of each script and template, without comments."""
    for file in sorted([*APP.rglob("*.js"), *APP.rglob("*.wxml")]):
        path = file.relative_to(APP).as_posix()
        if path != WRITTEN and not path.startswith("miniprogram_npm/"):
            yield path, _COMMENTS.sub("", file.read_text(encoding="utf-8"))


def styles() -> Iterator[tuple[str, str]]:
    """Return path and text of each style sheet."""
    for file in sorted(APP.rglob("*.wxss")):
        path = file.relative_to(APP).as_posix()
        if not path.startswith("miniprogram_npm/"):
            yield path, file.read_text(encoding="utf-8")


def colours(text: str) -> list[str]:
    """Return the colours that a style sheet names."""
    return re.findall(r"#[0-9a-fA-F]{3,8}\b", text)


def wechat_calls(path: str, text: str) -> list[str]:
    """Return calls of WeChat outside the one module for them."""
    return [] if path == PLATFORM else _WECHAT.findall(text)


def patches(text: str) -> list[str]:
    """Return requests by PATCH, which WeChat does not send."""
    return re.findall(r"\bPATCH\b", text)


def plain_roles(text: str) -> list[str]:
    """Return attributes `role`: WeChat knows only `aria-role`."""
    return _ROLE.findall(text)


def bare_lists(text: str) -> list[str]:
    """Return lists of `wx:for` that are undefined until the page is loaded; they need `|| []`."""
    return _BARE_LIST.findall(text)


def index_keys(text: str) -> list[str]:
    """Return keys named `index`: a key is the name of a field, and no item has a field of that
    name.
    """
    return _INDEX_KEY.findall(text)


def unknown_names(text: str, known: set[str]) -> set[str]:
    """Return names in snake case that the server does not document."""
    return set(_SNAKE.findall(text)) - known


def unknown_calls(text: str, document: dict[str, Any]) -> list[str]:
    """Return calls of the API whose method and path are not in the OpenAPI document.

    A path that begins with an expression is compared by its end.
    """
    return [
        f"{method} {literal}"
        for method, literal in _CALL.findall(text)
        if not any(_fits(literal, path) for path in _paths(METHODS[method], document))
    ]


def _paths(method: str, document: dict[str, Any]) -> list[list[str]]:
    prefix = PROTOCOL["api_path"]
    return [
        re.sub(r"\{\w+\}", "*", path.removeprefix(prefix)).split("/")
        for path, operations in document["paths"].items()
        if method in operations
    ]


def _fits(literal: str, path: list[str]) -> bool:
    asked = _KIND_PATH.sub(
        lambda found: PROTOCOL["kinds"][found[1]]["path"] + "/*", literal.strip("`'")
    )
    parts = re.sub(r"\$\{[^}]*\}", "*", asked).split("/")
    if parts[0] == "*":
        parts = parts[1:]
        path = path[len(path) - len(parts) :]
    if len(parts) != len(path):
        return False
    pairs = list(zip(parts, path, strict=True))
    # A word alone would fit every path that ends with a parameter.
    said = [part == there for part, there in pairs if "*" not in part]
    return (not said or any(said)) and all(
        "*" in part or there in ("*", part) for part, there in pairs
    )


def documented_names(document: Any) -> set[str]:
    """Return the names of fields, parameters and fixed words in the OpenAPI document."""
    if isinstance(document, list):
        return set().union(*map(documented_names, document))
    if not isinstance(document, dict):
        return set()
    names = set(document.get("properties", ()))
    names |= {word for word in document.get("enum", ()) if isinstance(word, str)}
    if "in" in document:
        names.add(document["name"])
    return names.union(*map(documented_names, document.values()))
