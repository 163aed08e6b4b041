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

# Titles are h1 already; small headings look like text on a phone.
_HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}
_DROPPED = ("link_open", "link_close", "image")


@dataclass(frozen=True)
class Rendered:
    """The HTML of a text, and notes about what of it is not shown."""

    html: str
    notes: tuple[Sentence, ...]


_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(
    ["table", "strikethrough"]
)


@lru_cache(maxsize=512)
def rendered(body: str) -> Rendered:
    """Return a text of Markdown as HTML that holds no script, no attribute and no address."""
    tokens = _parser.parse(body)
    found = {token.type for token in _all(tokens)}
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
        if token.children:
            token.children = [child for child in token.children if child.type not in _DROPPED]
    written = _parser.renderer.render(tokens, _parser.options, {})
    notes = [
        *([LINKS] if "link_open" in found else []),
        *([PICTURES] if "image" in found else []),
    ]
    return Rendered(nh3.clean(written, tags=set(TAGS), attributes={}), tuple(notes))


def _all(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()
