"""A new kind is a package and a line: nothing else that is installed names a kind."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.activities import KINDS
from tests.installation import ROOT

# The line of each kind, the tables as they were made, the folders of the kinds themselves, and
# nginx, which reads addresses alone: it lists those that may be asked again.
ALLOWED = ("backend/activities/", "backend/migrations/", "deploy/nginx.conf")
WORDS = "|".join(KINDS.names())
# “Drawing” and “keywords” are also ordinary words, and name a kind only in the forms below.
PLAIN = "|".join(sorted({*KINDS.names()} - {"drawing", "keywords"}))
# A kind by its name anywhere; as a value, a prefix of messages or a table of the database; as a
# package, a folder, a file or a part of an address.
NAMED = re.compile(
    rf"""\b(?:{PLAIN})\b|["'`](?:{WORDS})(?:["'`]|[._-]\w)"""
    rf"|\b(?:activities|linka|kinds)[./](?:{WORDS})\b"
    rf"|/(?:{WORDS})s?/"
    rf"|\b(?:{WORDS})\.(?:py|js|css|html)\b"
)
TEXTS = (".py", ".js", ".css", ".html", ".cfg", ".toml", ".conf", ".env")


def shared_files() -> Iterator[Path]:
    """Return the files of the server that belong to no kind."""
    for path in [*(ROOT / "backend").rglob("*"), ROOT / "setup.cfg", *(ROOT / "deploy").iterdir()]:
        if path.suffix in TEXTS and not path.relative_to(ROOT).as_posix().startswith(ALLOWED):
            yield path


def test_no_shared_file_names_a_kind() -> None:
    named = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in shared_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if NAMED.search(line)
    ]
    assert named == []


def test_list_of_kinds_has_a_line_for_each_package() -> None:
    folder = ROOT / "backend" / "activities"
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert packages == set(KINDS.names())
    for kind in KINDS:
        assert type(kind).__module__ == f"backend.activities.{kind.name}.kind"


@pytest.mark.parametrize(
    "line",
    [
        "from backend.activities.hunt import api",
        'const KINDS = ["shake.pulse"];',
        '<link rel="stylesheet" href="/screen/static/raffle.css">',
        "    backend.activities.polls",
        '"linka.hunt.desk": desk,',
        "not everybody gets the same questions in a hunt",
    ],
)
def test_name_of_a_kind_is_found(line: str) -> None:
    assert NAMED.search(line)
