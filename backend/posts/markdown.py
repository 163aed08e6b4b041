"""Renders the Markdown of a post as sanitised HTML. Pure.

Links keep only their text. Pictures from elsewhere are dropped, and pictures of the post become pieces of
their own, so that what is shown leads to nobody else's address and nobody else learns who reads. HTML in
the text is shown as it was typed. The only attribute is the class of a bar in a table, which is added
after the text was sanitised.
"""

import html
import re
from collections.abc import Iterator, Sequence
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
NOT_ALONE = Sentence(
    "图片要单独写成一段，前后各空一行，否则不显示。",
    "A picture is shown only where it is alone in its paragraph.",
)
# A row of a table has as many cells as its head, even if fewer were typed: 500 columns would make
# millions of cells.
MOST_COLUMNS = 20
MOST_CELLS = 4_000
WIDE_TABLE = Sentence(
    f"表格太大，没有排成表格：最多 {MOST_COLUMNS} 列，行数乘列数不超过 {MOST_CELLS}。",
    f"A table is too large: {MOST_COLUMNS} columns and {MOST_CELLS} cells at most.",
)
# Each bracket may begin a link or a picture, whose end is searched in the whole text.
MOST_BRACKETS = 400
BRACKETS = Sentence(
    f"方括号太多，链接和图片没有认出来：最多 {MOST_BRACKETS} 个“[”。",
    f"Too many brackets for links and pictures: {MOST_BRACKETS} “[” at most.",
)
# A cell of a table that ends with such characters has a bar of that length, of `LONGEST_BAR` at most.
BAR = "█"
LONGEST_BAR = 12
# The characters of the line below the head of a table, also inside quotations and lists.
_RULER = " \t>*+-|:.)0123456789"

# Titles are h1 already; small headings look like text on a phone.
_HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}
_DROPPED = ("link_open", "link_close", "image")
_BAR = re.compile(f"<td>([^<{BAR}]*?) ?({BAR}{{1,{LONGEST_BAR}}})</td>")
_PARAGRAPH = re.compile("<p>(.*?)</p>", re.DOTALL)
# The address by which the text refers to a picture of its own post.
_OWN_PICTURE = re.compile("picture:([0-9]{1,15})")


@dataclass(frozen=True)
class TextPiece:
    """HTML up to a picture, or a picture of the post with its caption."""

    html: str = ""
    picture_id: int | None = None
    words: str = ""


@dataclass(frozen=True)
class Rendered:
    """A text in pieces, and notes about parts of it that are not shown."""

    pieces: tuple[TextPiece, ...]
    notes: tuple[Sentence, ...]

    @property
    def html(self) -> str:
        """The text without its pictures."""
        return "".join(piece.html for piece in self.pieces)

    @property
    def picture_ids(self) -> list[int]:
        """The pictures to which the text refers."""
        return [piece.picture_id for piece in self.pieces if piece.picture_id is not None]


@lru_cache
def _parser(*, tables: bool, links: bool) -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough")
    if tables:
        made.enable("table")
    return made if links else made.disable(["link", "image", "reference"])


@lru_cache(maxsize=512)
def rendered(body: str) -> Rendered:
    """Return Markdown as HTML without scripts, attributes and addresses, with the post's pictures
    between.
    """
    is_wide, is_bracketed = _has_wide_table(body), body.count("[") > MOST_BRACKETS
    tokens = _parser(tables=not is_wide, links=not is_bracketed).parse(body)
    pieces, texts = _pieces(tokens)
    found = list(_all(texts))
    images = [token for token in found if token.type == "image"]
    own = [token for token in images if _OWN_PICTURE.fullmatch(str(token.attrs["src"]))]
    notes = [
        *([LINKS] if any(token.type == "link_open" for token in found) else []),
        *([PICTURES] if len(images) > len(own) else []),
        *([NOT_ALONE] if own else []),
        *([WIDE_TABLE] if is_wide else []),
        *([BRACKETS] if is_bracketed else []),
    ]
    return Rendered(
        tuple(TextPiece(_html(piece)) if isinstance(piece, list) else piece for piece in pieces),
        tuple(notes),
    )


def opening(body: str) -> str:
    """Return the words of the first paragraph of a text; empty if there is none."""
    found = _PARAGRAPH.search(rendered(body).html)
    words = html.unescape(nh3.clean(found[1], tags=set())) if found else ""
    return " ".join(words.split())


def _pieces(tokens: Sequence[Token]) -> tuple[list[TextPiece | list[Token]], list[Token]]:
    """Return tokens split at the pictures that are alone in a paragraph, and all other tokens."""
    found: list[TextPiece | list[Token]] = []
    texts: list[Token] = []
    place = 0
    while place < len(tokens):
        picture = _picture(tokens[place : place + 3])
        if picture is not None:
            found.append(picture)
            place += 3
            continue
        if not found or isinstance(found[-1], TextPiece):
            found.append([])
        assert isinstance(found[-1], list)
        found[-1].append(tokens[place])
        texts.append(tokens[place])
        place += 1
    return found, texts


def _picture(paragraph: Sequence[Token]) -> TextPiece | None:
    """Return the picture that is the whole content of a top-level paragraph; None otherwise."""
    if len(paragraph) < 3 or paragraph[0].type != "paragraph_open" or paragraph[0].level > 0:
        return None
    children = paragraph[1].children or []
    if len(children) != 1 or children[0].type != "image":
        return None
    named = _OWN_PICTURE.fullmatch(str(children[0].attrs["src"]))
    return TextPiece(picture_id=int(named[1]), words=children[0].content) if named else None


def _html(tokens: list[Token]) -> str:
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
        if token.children:
            token.children = [child for child in token.children if child.type not in _DROPPED]
    parser = _parser(tables=True, links=True)
    written = parser.renderer.render(tokens, parser.options, {})
    return _BAR.sub(_drawn, nh3.clean(written, tags=set(TAGS), attributes={}))


def _drawn(cell: re.Match[str]) -> str:
    return f'<td>{cell[1]}<span class="post-bar post-bar-{len(cell[2])}"></span></td>'


def _has_wide_table(body: str) -> bool:
    """Return whether a table of a text may have too many columns or cells.

    It assumes that a table may last until the end of the text.
    """
    lines = body.splitlines()
    widths = [
        (max(line.count("|") - 1, 1), len(lines) - place)
        for place, line in enumerate(lines)
        if "|" in line and not line.strip(_RULER)
    ]
    return any(width > MOST_COLUMNS or width * rows > MOST_CELLS for width, rows in widths)


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()
