"""What the kinds of activity bring to the big screen's page."""

import re

import pytest
from flask import Flask

from backend.activities import KINDS
from backend.events.kinds import Kind

with_screen = pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.screen_scripts], ids=lambda kind: kind.name
)


@with_screen
def test_a_kind_names_each_file_of_its_screen_folder(kind: Kind) -> None:
    there = {file.name for file in kind.screen_folder.iterdir()}
    assert there == {*kind.screen_scripts, *kind.screen_styles}


@with_screen
def test_files_of_a_kind_are_served_with_the_policy_of_the_pages(app: Flask, kind: Kind) -> None:
    for file in (*kind.screen_scripts, *kind.screen_styles):
        with app.test_client().get(f"/screen/kinds/{kind.name}/{file}") as answer:
            assert answer.status_code == 200
            assert answer.mimetype in ("text/javascript", "text/css")
            assert "unsafe" not in answer.headers["Content-Security-Policy"]


@with_screen
def test_scripts_of_a_kind_import_what_is_shared_and_their_own(kind: Kind) -> None:
    sources = [(kind.screen_folder / file).read_text("utf-8") for file in kind.screen_scripts]
    found = {name for source in sources for name in re.findall(r' from "([^"]+)";', source)}
    own = {f"./{file}" for file in kind.screen_scripts}
    assert {name for name in found if not name.startswith("/screen/static/")} <= own
