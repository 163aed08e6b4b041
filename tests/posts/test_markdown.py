"""The HTML of a Markdown text has no script, no attribute and no address."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.posts.markdown import (
    BRACKETS,
    LINKS,
    MOST_BRACKETS,
    MOST_COLUMNS,
    PICTURES,
    TAGS,
    WIDE_TABLE,
    rendered,
)

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


def test_bars_of_a_table_have_their_length_as_a_class_and_nothing_that_was_typed() -> None:
    def cell(text: str) -> str:
        return rendered(f"|a|\n|-|\n|{text}|\n").html.split("<tbody>")[1]

    assert '<td>27.5<span class="post-bar post-bar-3"></span></td>' in cell("27.5 ███")
    assert '<td><span class="post-bar post-bar-12"></span></td>' in cell("█" * 12)
    for typed in ("█" * 13, "█ 1", "1 █ █", "█**1**"):
        assert "class" not in cell(typed)
    assert "class" not in rendered("███").html


def test_notes_say_what_is_not_shown() -> None:
    assert rendered("[官网](https://example.com)").notes == (LINKS,)
    assert "官网" in rendered("[官网](https://example.com)").html
    assert rendered("![](https://example.com/a.png)").notes == (PICTURES,)
    assert rendered("你好").notes == ()


def _table(columns: int, rows: int, before: str = "") -> str:
    line = before + "|a" * columns
    return "\n".join([line, before + "|-" * columns + "|", *[before + "|b"] * rows])


@pytest.mark.parametrize("before", ["", "> ", "- "])
def test_a_table_that_would_be_millions_of_cells_stays_text(before: str) -> None:
    wide = rendered(_table(500, 6000, before)[:20_000])
    long = rendered(_table(MOST_COLUMNS, 6000, before)[:20_000])
    for shown in (wide, long):
        assert "<td>" not in shown.html
        assert len(shown.html) < 60_000
        assert WIDE_TABLE in shown.notes
    assert rendered(_table(MOST_COLUMNS, 50)).html.count("<td>") == MOST_COLUMNS * 50


@pytest.mark.parametrize("sign", ["[", "![", "[a]("])
def test_very_many_brackets_are_text(sign: str) -> None:
    shown = rendered((sign * 20_000)[:20_000])
    assert BRACKETS in shown.notes
    assert shown.html.count("[") == (sign * 20_000)[:20_000].count("[")
    few = rendered("[a](https://example.com) " * MOST_BRACKETS)
    assert BRACKETS not in few.notes
    assert LINKS in few.notes
