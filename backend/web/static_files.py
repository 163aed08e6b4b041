"""Scripts and style sheets of pages, under addresses that contain their version.

A browser keeps such a file and asks for it only once. Without this each page of the console asked
again for up to 95 files. Each address also works without a version; then the browser asks each time.

A template writes `/host/static/{{ static_version() }}/act.js`. What a script imports relative to itself has
the same version; what it imports as `/screen/static/…` gets it from the page's import map.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import flask
from flask import Flask, Response, current_app, g, send_from_directory
from markupsafe import Markup
from werkzeug.utils import safe_join

# No file of ours begins so.
MARK = "v-"
FOR_GOOD = "public, max-age=31536000, immutable"
IMPORTED = ("/screen/static/", "/host/static/")


class StaticFiles:
    """The folders of files whose version is part of their addresses."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = tuple(folders)

    def version(self) -> str:
        """Return the version of all files together, which follows from what they contain.

        Whether a file has changed is looked at each time, so that it has a new address at once.
        """
        every = [b"".join(sorted(_digests(folder))) for folder in self._folders]
        found = b"".join(hashlib.sha256(one).digest() for one in every if one)
        return MARK + hashlib.sha256(found).hexdigest()[:12]


def _digests(folder: str | Path, below: str = "") -> Iterator[bytes]:
    """Yield the digests of name and contents, as one, of each file in a folder, and below it."""
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            name = below + entry.name
            if entry.is_dir():
                yield from _digests(entry.path, f"{name}/")
                continue
            # An editor removes its own files at any moment.
            with suppress(FileNotFoundError):
                contents = _digest(entry.path, _state(entry.stat()))
                yield hashlib.sha256(name.encode()).digest() + contents


def _state(status: os.stat_result) -> tuple[int, ...]:
    """Return what differs once a file has changed. Copying can give a file the same size and time of
    change, but not the same moment at which the system changed or replaced it."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


@lru_cache(maxsize=2000)
def _digest(path: str, _state: tuple[int, ...]) -> bytes:
    """Return the digest of a file; it is read again when its state is another."""
    return hashlib.sha256(Path(path).read_bytes()).digest()


class PagesBlueprint(flask.Blueprint):
    """A blueprint whose static files may be asked for with their version."""

    def send_static_file(self, filename: str) -> Response:
        """Send a file of the static folder, as `send` does."""
        assert self.static_folder
        return send(Path(self.static_folder), filename)


def install(app: Flask, folders: Iterable[Path]) -> None:
    """Give these folders a version, and templates `static_version()` and `import_map()`."""
    app.extensions["linka.static_files"] = StaticFiles(folders)
    app.context_processor(lambda: {"static_version": version, "import_map": import_map})


def version() -> str:
    """Return the version of the static files, the same throughout a request."""
    if "static_version" not in g:
        files: StaticFiles = current_app.extensions["linka.static_files"]
        g.static_version = files.version()
    found: str = g.static_version
    return found


def send(folder: Path, name: str) -> Response:
    """Send a file of a folder, whose name may begin with a version.

    A browser keeps it if the version is the current one. Another version is that of a page that is
    older or comes from another server; then the browser asks again each time.
    """
    file = unversioned(name)
    # By Flask's own mark, of size and time, one letter more or less would not be another file, and a
    # server of a new release would tell the browser to keep what one of the old release sent.
    response = send_from_directory(folder, file, etag=_etag(folder, file))
    if file != name and name == f"{version()}/{file}":
        response.headers["Cache-Control"] = FOR_GOOD
    return response


def _etag(folder: Path, name: str) -> str | bool:
    """Return a mark of what a file contains; False for none that can be sent."""
    path = safe_join(str(folder), name)
    if path is None or not os.path.isfile(path):
        return False
    return _digest(path, _state(os.stat(path))).hex()[:32]


def unversioned(name: str) -> str:
    """Return the name of a file without its version."""
    first, _, rest = name.partition("/")
    return rest if first.startswith(MARK) else name


def import_map() -> Markup:
    """Return the element that gives a version to what scripts import; it comes before all scripts."""
    # The longest beginning decides, so an address with the version stays as it is.
    imports = {
        start: f"{path}{version()}/" for path in IMPORTED for start in (path, f"{path}{version()}/")
    }
    text = json.dumps({"imports": imports})
    g.import_map_digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(f'<script type="importmap">{text}</script>')  # nosec B704 # our own JSON


def allowed_scripts() -> list[str]:
    """Return the sources of a page's `script-src`: our files, and its import map if it has one."""
    return ["'self'", *([f"'sha256-{g.import_map_digest}'"] if "import_map_digest" in g else [])]
