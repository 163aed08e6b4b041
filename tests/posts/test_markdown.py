"""What a text of Markdown becomes carries no script, no attribute and no address."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.posts.markdown import LINKS, PICTURES, TAGS, rendered

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[点我](javascript:alert(1))",
    "[点我](https://example.com/x?who=200001)",
    "![图](https://example.com/pixel.gif)",
    "![图][1]\n\n[1]: https://example.com/pixel.gif",
    "<https://example.com>",
    '<a href="https://example.com" onclick="x()">点</a>',
    "<style>body{display:none}</style>",
    "<svg/onload=alert(1)>",
    '<iframe src="//example.com"></iframe>',
    "| a |\n|:-:|\n| <b onmouseover=x()>1</b> |",
    '```js" onclick="x()\n1\n```',
)
TAG = re.compile(r"<(/?)([a-z0-9]*)([^>]*)>")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_becomes_plain_tags_without_attributes(text: str) -> None:
    for _, name, rest in TAG.findall(rendered(text).html):
        assert name in TAGS
        assert rest.strip(" /") == ""


@given(st.text(alphabet="<>[]()!\"'`*_#|:-/\n aj&;=x1", max_size=80))
def test_no_text_becomes_an_attribute(text: str) -> None:
    for _, name, rest in TAG.findall(rendered(text).html):
        assert name in TAGS
        assert rest.strip(" /") == ""


def test_layout_of_a_notice_is_kept() -> None:
    html = rendered("# 时刻\n\n**早班**：\n\n- 一\n- 二\n\n|线|点|\n|-|-|\n|1|06:50|\n").html
    for part in ("<h2>时刻</h2>", "<strong>早班</strong>", "<li>一</li>", "<td>06:50</td>"):
        assert part in html


def test_notes_say_what_is_not_shown() -> None:
    assert rendered("[官网](https://example.com)").notes == (LINKS,)
    assert "官网" in rendered("[官网](https://example.com)").html
    assert rendered("![](https://example.com/a.png)").notes == (PICTURES,)
    assert rendered("你好").notes == ()
