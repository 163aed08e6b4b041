"""Where the style sheets of the pages may name a colour."""

import re
from pathlib import Path

BACKEND = Path(__file__).parents[2] / "backend"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(")
TOKENS = {"screen/static/tokens.css"}


def test_colours_are_named_in_the_tokens_alone() -> None:
    named = {
        str(sheet.relative_to(BACKEND)): COLOUR.findall(sheet.read_text(encoding="utf-8"))
        for sheet in BACKEND.rglob("screen/**/*.css")
    }
    assert {sheet for sheet, colours in named.items() if colours} == TOKENS
