"""Files of pages under addresses that contain their version."""

import os
import re
import shutil
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask

from backend.web.static_files import FOR_GOOD, StaticFiles

PAGE = "/host/login"
# An address in an element.
ADDRESS = re.compile(r'(?:href|src)="(/(?:host|screen)/(?:static|kinds)/[^"]+)"')


def got(app: Flask, path: str) -> tuple[int, str, str]:
    """Return the status, the rule for caches and the text of an answer."""
    with app.test_client().get(path) as answer:
        return answer.status_code, answer.headers["Cache-Control"], answer.text


def test_a_browser_keeps_the_files_that_a_page_names(app: Flask) -> None:
    status, rule, page = got(app, PAGE)
    assert (status, rule) == (200, "no-cache")
    files = ADDRESS.findall(page)
    assert len(files) > 4
    for file in files:
        assert got(app, file)[:2] == (200, FOR_GOOD)


@pytest.mark.parametrize("version", ["", "v-0123456789ab/"])
def test_a_browser_asks_again_for_a_file_of_no_version_or_another(app: Flask, version: str) -> None:
    status, rule, text = got(app, f"/screen/static/{version}parts.js")
    assert (status, rule) == (200, "no-cache")
    assert "export" in text


@pytest.mark.parametrize(
    "path",
    [
        "/screen/static/v-0123456789ab/",
        "/screen/static/v-0123456789ab/nothing.js",
        "/screen/static/v-0123456789ab/../api.py",
        "/screen/static/v-0123456789ab/v-0123456789ab/parts.js",
        "/host/kinds/shake/v-0123456789ab/panel.html",
        "/screen/kinds/shake/v-0123456789ab/../kind.py",
    ],
)
def test_a_version_leads_to_no_other_file(app: Flask, path: str) -> None:
    assert got(app, path)[0] == 404


def test_a_file_of_a_kind_has_the_version_of_its_page(app: Flask) -> None:
    page = got(app, PAGE)[2]
    version = re.search(r"/(v-[0-9a-f]+)/", page)
    assert version
    for path in (
        f"/host/kinds/shake/{version[1]}/panel.js",
        f"/screen/kinds/shake/{version[1]}/track.js",
    ):
        assert got(app, path)[:2] == (200, FOR_GOOD)


def test_what_a_script_imports_has_the_version_of_the_page(app: Flask) -> None:
    page = got(app, PAGE)[2]
    found = re.search(r'<script type="importmap">(.*)</script>', page)
    assert found
    imports = app.json.loads(found[1])["imports"]
    for path in ("/screen/static/", "/host/static/"):
        own = urljoin(imports[path] + "one.js", "./other.js")
        longest = max((start for start in imports if own.startswith(start)), key=len)
        assert own.replace(longest, imports[longest]) == own
    assert got(app, imports["/screen/static/"] + "parts.js")[1] == FOR_GOOD


def test_a_changed_or_new_file_is_another_version(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    file = tmp_path / "below" / "one.js"
    file.write_text("1", "utf-8")
    files = StaticFiles([tmp_path, tmp_path / "missing"])
    seen = [files.version(), files.version()]
    file.write_text("2", "utf-8")
    os.utime(file, ns=(0, 0))
    seen.append(files.version())
    (tmp_path / "two.css").write_text("", "utf-8")
    seen.append(files.version())
    assert seen[0] == seen[1]
    assert len(set(seen)) == 3
    copy = tmp_path.with_name(f"{tmp_path.name}-copy")
    shutil.copytree(tmp_path, copy, copy_function=shutil.copyfile)
    assert StaticFiles([copy]).version() == files.version()
