"""Where the style sheets may name a colour, and how small their letters may be."""

import re
from pathlib import Path

BACKEND = Path(__file__).parents[2] / "backend"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(")
TOKENS = {"screen/static/tokens.css"}
LETTER = re.compile(r"font-size: ([0-9.]+)rem")
LEAST_REM = 1.5
# Pages that are not shown on the big screen.
NEAR = {"phone.css", "landing.css"}


def test_colours_are_named_in_the_tokens_alone() -> None:
    named = {
        str(sheet.relative_to(BACKEND)): COLOUR.findall(sheet.read_text(encoding="utf-8"))
        for sheet in BACKEND.rglob("screen/**/*.css")
    }
    assert {sheet for sheet, colours in named.items() if colours} == TOKENS


def test_letters_of_the_stage_are_read_from_afar() -> None:
    sheets = (BACKEND / "screen" / "static").glob("*.css")
    small = {
        sheet.name: [size for size in sizes if float(size) < LEAST_REM]
        for sheet in sheets
        if sheet.name not in NEAR and (sizes := LETTER.findall(sheet.read_text(encoding="utf-8")))
    }
    assert len(small) > 10
    assert {name: sizes for name, sizes in small.items() if sizes} == {}
