"""Translates marshmallow's and webargs' messages about wrong fields."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from marshmallow.exceptions import SCHEMA

from backend.errors import Sentence

# webargs' names for the parts of a request; only the field's name is shown.
_LOCATIONS = ("json", "query", "form", "files", "headers", "path", "json_or_form")
_FALLBACK = "不符合要求。"
# How many sentences are returned about one field.
MOST_SENTENCES = 50

_BOUND = {
    "greater than or equal to": "不小于",
    "greater than": "大于",
    "less than or equal to": "不大于",
    "less than": "小于",
}
_OPERATOR = "|".join(sorted(_BOUND, key=len, reverse=True))
_SENTENCES = [
    (re.compile(pattern, re.DOTALL), chinese)
    for pattern, chinese in {
        r"Missing data for required field\.": "必填。",
        r"Field may not be null\.": "不能为空（null）。",
        r"Unknown field\.": "没有这个字段。",
        r"Too many fields\.": "字段太多。",
        r"Invalid (input type|type|value|input)\.": "类型或值不对。",
        r"Invalid JSON body\.": "请求内容不是 JSON。",
        r"Not a valid string\.": "须为文字。",
        r"Not a valid utf-8 string\.": "须为 UTF-8 文字。",
        r"Not a valid integer\.": "须为整数。",
        r"Not a valid number\.": "须为数字。",
        r"Number too large\.": "数字太大。",
        r"Special numeric values .*": "须为有限的数字。",
        r"Not a valid boolean\.": "须为 true 或 false。",
        r"Not a valid (delimited )?(list|tuple)\.": "须为列表。",
        r"Not a valid mapping type\.": "须为对象。",
        r"Not a valid (aware |naive )?(datetime|date|time)\.": "须为带时区的 ISO 8601 时间。",
        r'".*" cannot be formatted as a .*': "须为带时区的 ISO 8601 时间。",
        r"Not a moment between 1970 and 2100\.": "须为 1970 年到 2100 年之间的时间。",
        r"Not a valid URL\.": "须为网址。",
        r"Not a valid file\.": "须为文件。",
        r"String does not match expected pattern\.": "格式不对。",
        r"Shorter than minimum length (\S+)\.": "长度须不小于 {0}。",
        r"Longer than maximum length (\S+)\.": "长度须不大于 {0}。",
        r"Length must be between (\S+) and (\S+)\.": "长度须在 {0} 到 {1} 之间。",
        r"Length must be (\S+)\.": "长度须为 {0}。",
        rf"Must be ({_OPERATOR}) (\S+) and ({_OPERATOR}) (\S+)\.": "须{0} {1} 且{2} {3}。",
        rf"Must be ({_OPERATOR}) (\S+)\.": "须{0} {1}。",
        r"Must be equal to (.+)\.": "须等于 {0}。",
        r"Must not be 0\.": "不能为 0。",
        r"Must be one of: (.*)\.": "须为以下之一：{0}。",
        r"One or more of the choices you made was not in: (.*)\.": "只能从以下选择：{0}。",
        r"Control characters are not allowed\.": "不能有控制字符。",
        r"Invisible characters are not allowed\.": "不能有看不见的字符。",
        r"Whole numbers from (\S+) to (\S+)\.": "须为 {0} 到 {1} 之间的整数。",
        r"A list of (\S+) to (\S+) numbers\.": "须为 {0} 到 {1} 个数字的列表。",
        r"Name each of them once\.": "每项只能出现一次。",
        r"Name at least two teams, each of them once\.": "至少选两个班组，每个只能出现一次。",
        r"A single choice names one option\.": "单选只能选一项。",
        r"Send suggestion_ids or best\.": "请填写 suggestion_ids 或 best。",
        r"Two (\S+) have the same \S+\.": "有重复的项。",
        r"Two words are written the same way\.": "有写法相同的关键词。",
        r"A treasure lies at an unknown site\.": "宝藏所在的地点不存在。",
        r"A better place must not earn less\.": "名次靠前的得分不能更少。",
    }.items()
]


def sentence(message: object) -> Sentence:
    """Return a message about a field in both languages; it is a `Sentence`, or English of a
    library."""
    if isinstance(message, Sentence):
        return message
    text = str(message)
    for pattern, chinese in _SENTENCES:
        found = pattern.fullmatch(text)
        if found:
            parts = (_BOUND.get(part or "", part) for part in found.groups())
            return Sentence(chinese.format(*parts), text)
    return Sentence(_FALLBACK, text)


def by_field(messages: Mapping[Any, Any]) -> dict[str, list[Sentence]]:
    """Return {field: sentences} for the messages of marshmallow or webargs.

    Messages about members of a field belong to the field and begin with their path: `0: title: …`.
    There are at most `MOST_SENTENCES` for each field.
    """
    fields: dict[str, list[Sentence]] = {}
    for key, value in messages.items():
        nested = value if key in _LOCATIONS and isinstance(value, Mapping) else {key: value}
        for name, texts in nested.items():
            fields[str(name)] = list(islice(_sentences(texts), MOST_SENTENCES))
    return fields


def by_path(messages: Mapping[Any, Any], before: str = "") -> dict[str, list[Sentence]]:
    """Return {path: sentences} for the messages of marshmallow, with paths such as `sites.0.title`.

    `before` is the path of the object that the messages are about.
    """
    paths: dict[str, list[Sentence]] = {}
    for key, value in messages.items():
        path = f"{before}.{key}" if before and key != SCHEMA else before or str(key)
        if isinstance(value, Mapping):
            paths |= by_path(value, path)
        else:
            paths[path] = [sentence(text) for text in _listed(value)]
    return paths


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _sentences(value: object) -> Iterator[Sentence]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            for inside in _sentences(inner):
                yield Sentence(f"{key}: {inside.zh}", f"{key}: {inside.en}")
    else:
        yield from map(sentence, _listed(value))
