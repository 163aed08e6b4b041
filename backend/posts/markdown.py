"""Renders the Markdown of a post as sanitised HTML. Pure.

Links keep only their text, and pictures from elsewhere are dropped: what is shown leads to nobody
else's address, and nobody else learns who reads. HTML in the text is shown as it was typed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from backend.errors import Sentence

TAGS = frozenset(
    (
        *("p", "br", "hr", "h2", "h3", "h4", "blockquote", "pre", "code"),
        *("ul", "ol", "li", "strong", "em", "s"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    )
)
LINKS = Sentence("链接只保留文字，不能点开。", "Links keep only their text.")
PICTURES = Sentence("正文里的外部图片没有显示。", "Pictures from elsewhere are not shown.")
# A row of a table has as many cells as its head, whatever was typed: 500 columns are millions.
MOST_COLUMNS = 20
MOST_CELLS = 4_000
WIDE_TABLE = Sentence(
    f"表格太大，没有排成表格：最多 {MOST_COLUMNS} 列，行数乘列数不超过 {MOST_CELLS}。",
    f"A table is too large: {MOST_COLUMNS} columns and {MOST_CELLS} cells at most.",
)
# What the line below the head of a table is made of, also within quotations and lists.
_RULER = " \t>*+-|:.)0123456789"

# Titles are h1 already; small headings look like text on a phone.
_HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}
_DROPPED = ("link_open", "link_close", "image")


@dataclass(frozen=True)
class Rendered:
    """The HTML of a text, and notes about what of it is not shown."""

    html: str
    notes: tuple[Sentence, ...]


def _parser_of(*rules: str) -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(list(rules))


_parser = _parser_of("table", "strikethrough")
_parser_without_tables = _parser_of("strikethrough")


@lru_cache(maxsize=512)
def rendered(body: str) -> Rendered:
    """Return a text of Markdown as HTML that holds no script, no attribute and no address."""
    is_wide = _has_wide_table(body)
    tokens = (_parser_without_tables if is_wide else _parser).parse(body)
    found = {token.type for token in _all(tokens)}
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
        if token.children:
            token.children = [child for child in token.children if child.type not in _DROPPED]
    written = _parser.renderer.render(tokens, _parser.options, {})
    notes = [
        *([LINKS] if "link_open" in found else []),
        *([PICTURES] if "image" in found else []),
        *([WIDE_TABLE] if is_wide else []),
    ]
    return Rendered(nh3.clean(written, tags=set(TAGS), attributes={}), tuple(notes))


def _has_wide_table(body: str) -> bool:
    """Say whether the tables of a text may have too many columns or cells: a table ends with the
    text at the latest."""
    lines = body.splitlines()
    widths = [
        (max(line.count("|") - 1, 1), len(lines) - place)
        for place, line in enumerate(lines)
        if "|" in line and not line.strip(_RULER)
    ]
    return any(width > MOST_COLUMNS or width * rows > MOST_CELLS for width, rows in widths)


def _all(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()
