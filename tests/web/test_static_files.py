"""Files of pages under addresses that contain their version."""

import os
import re
import shutil
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask

from backend.web.static_files import FOR_GOOD, StaticFiles, install, send

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


def test_files_that_change_places_are_another_version(tmp_path: Path) -> None:
    one, two = tmp_path / "one.js", tmp_path / "two.js"
    one.write_text("1", "utf-8")
    two.write_text("2", "utf-8")
    files = StaticFiles([tmp_path])
    before = files.version()
    one.rename(tmp_path / "three.js")
    two.rename(one)
    (tmp_path / "three.js").rename(two)
    assert files.version() != before


def release(folder: Path, text: str) -> Flask:
    """Return an app over a folder of one file, whose size and time are those of any other release."""
    folder.mkdir(exist_ok=True)
    (folder / "one.js").write_text(text, "utf-8")
    os.utime(folder / "one.js", ns=(0, 0))
    made = Flask(__name__)
    install(made, [folder])
    made.add_url_rule("/<path:name>", view_func=lambda name: send(folder, name))
    return made


def current_version(app: Flask) -> str:
    """Return the version of an app's files."""
    found: StaticFiles = app.extensions["linka.static_files"]
    return found.version()


def test_a_file_of_the_same_size_and_time_is_another_version(tmp_path: Path) -> None:
    before = current_version(release(tmp_path, "old"))
    assert current_version(release(tmp_path, "new")) != before


def test_a_file_that_a_server_of_the_old_release_sent_is_not_kept(tmp_path: Path) -> None:
    # Images of both releases have the file at the same path.
    app = release(tmp_path, "new")
    address = f"/{current_version(app)}/one.js"
    with release(tmp_path, "old").test_client().get(address) as sent:
        assert (sent.text, sent.headers["Cache-Control"]) == ("old", "no-cache")
        mark = {"If-None-Match": sent.headers["ETag"]}
    with release(tmp_path, "new").test_client().get(address, headers=mark) as again:
        assert (again.status_code, again.text) == (200, "new")
        mark = {"If-None-Match": again.headers["ETag"]}
    with app.test_client().get(address, headers=mark) as unchanged:
        assert (unchanged.status_code, unchanged.headers["Cache-Control"]) == (304, FOR_GOOD)
