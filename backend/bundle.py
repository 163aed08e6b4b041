"""A zip archive of several parts in which every byte is checked.

`manifest.json` names each part with its bytes, its rows and its SHA-256, and has facts of the
program that wrote the file. The comment of the archive is the SHA-256 of all bytes before it, so
that a change of any byte is found, also in the directory of the archive. A part is JSON lines, or
plain bytes.
"""

import contextlib
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Self

from backend.errors import OperatorError

MANIFEST = "manifest.json"
VERSION = 1
_SEAL = b"linka-sha256:"
_SEAL_BYTES = len(_SEAL) + 64
_CHUNK = 1 << 20
# A line holds one row; the largest possible one is eight megabytes of music in base 64.
_LONGEST_LINE = 32 << 20
_LARGEST_MANIFEST = 4 << 20
_MOST_PARTS = 10_000
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# The exceptions of the standard library for damaged archives.
_BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError)


class BrokenBundle(OperatorError):
    """The file is damaged, cut off, of another kind, or of a newer version."""


class BundleWriter:
    """Writes a file that appears only when it is complete; only its owner can read it.

    `about` goes into the manifest. An exception within the block leaves no file behind.
    """

    def __init__(self, path: Path, kind: str, made_at: int) -> None:
        self.about: dict[str, Any] = {}
        self._path = path
        self._kind = kind
        self._made_at = made_at
        self._unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._parts: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        try:
            # Always creates a new file: an existing one may belong to another user, or be a link.
            self._unfinished.unlink(missing_ok=True)
            opened = os.open(self._unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise OperatorError(f"写不了 {self._path}：{error.strerror}") from None
        self._file = os.fdopen(opened, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: Any) -> None:
        try:
            if kind is None:
                self._finish()
        except OSError as failure:
            error = failure
        finally:
            for opened in (self._zip, self._file):
                with contextlib.suppress(OSError):
                    opened.close()
            self._unfinished.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OperatorError(f"写不了 {self._path}：{error.strerror}") from None

    def lines(self, name: str, rows: Iterable[Any]) -> int:
        """Write a part of JSON lines and return the number of lines."""
        encoded = (
            json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            for row in rows
        )
        return self._write(name, encoded)

    def data(self, name: str, content: bytes) -> None:
        """Write a part of plain bytes, uncompressed: pictures and music do not become smaller."""
        self._write(name, [content], zipfile.ZIP_STORED)

    def _write(
        self, name: str, pieces: Iterable[bytes], packing: int = zipfile.ZIP_DEFLATED
    ) -> int:
        digest, size, count = hashlib.sha256(), 0, 0
        info = zipfile.ZipInfo(name)
        info.compress_type = packing
        with self._zip.open(info, "w", force_zip64=True) as part:
            for piece in pieces:
                part.write(piece)
                digest.update(piece)
                size += len(piece)
                count += 1
        self._parts.append(
            {"name": name, "bytes": size, "rows": count, "sha256": digest.hexdigest()}
        )
        return count

    def _finish(self) -> None:
        manifest = {
            "format": self._kind,
            "version": VERSION,
            "made_at": self._made_at,
            "parts": self._parts,
            **self.about,
        }
        self._zip.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        self._zip.comment = b"0" * _SEAL_BYTES
        self._zip.close()
        self._file.flush()
        self._file.seek(-_SEAL_BYTES, os.SEEK_END)
        self._file.write(_seal_of(self._file))
        self._file.flush()
        os.fsync(self._file.fileno())
        os.replace(self._unfinished, self._path)


def _seal_of(file: IO[bytes]) -> bytes:
    """Return the comment that an archive must have: the digest of all bytes before it."""
    left = file.seek(0, os.SEEK_END) - _SEAL_BYTES
    file.seek(0)
    digest = hashlib.sha256()
    while left > 0:
        piece = file.read(min(left, _CHUNK))
        digest.update(piece)
        left -= len(piece)
    return _SEAL + digest.hexdigest().encode()


class BundleReader:
    """Reads a file after checking all of it: every part has the bytes that the manifest names.

    Raises `BrokenBundle` when it is opened, and when a row is not JSON.
    """

    def __init__(self, path: Path, kind: str) -> None:
        self._path = path
        with contextlib.ExitStack() as opened:
            try:
                file = opened.enter_context(path.open("rb"))
            except OSError as error:
                raise OperatorError(f"打不开 {path}：{error.strerror}") from None
            self._check_seal(file)
            try:
                self._zip = opened.enter_context(zipfile.ZipFile(file))
                self._check_packings()
                self.manifest = self._manifest(kind)
                self._parts = {part["name"]: part for part in self.manifest["parts"]}
                self._check_parts()
            except (*_BROKEN, KeyError, TypeError, AttributeError):
                raise self.broken() from None
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def broken(self, what: str = "文件已损坏") -> BrokenBundle:
        """Return the exception that refuses this file."""
        return BrokenBundle(f"{self._path}：{what}，什么都没有写入")

    def _check_seal(self, file: IO[bytes]) -> None:
        size = os.fstat(file.fileno()).st_size
        if size > _SEAL_BYTES:
            file.seek(-_SEAL_BYTES, os.SEEK_END)
            if file.read() == _seal_of(file):
                return
        raise self.broken("文件不完整、已损坏，或者不是林卡的文件")

    def _check_packings(self) -> None:
        """Refuse methods of compression that `BundleWriter` does not use: each fails in its own
        way.
        """
        if not {info.compress_type for info in self._zip.infolist()} <= _PACKINGS:
            raise self.broken()

    def _manifest(self, kind: str) -> dict[str, Any]:
        with self._zip.open(MANIFEST) as part:
            found: dict[str, Any] = json.loads(part.read(_LARGEST_MANIFEST))
        if found["format"] != kind:
            raise self.broken(f"这是 {found['format']}，不是 {kind}")
        if found["version"] != VERSION:
            raise self.broken(f"格式版本 {found['version']} 比这里的 {VERSION} 新")
        return found

    def _check_parts(self) -> None:
        there = sorted(self._zip.namelist())
        if there != sorted([*self._parts, MANIFEST]) or len(there) > _MOST_PARTS:
            raise self.broken()
        for name, part in self._parts.items():
            digest, size = hashlib.sha256(), 0
            with self._zip.open(name) as file:
                while piece := file.read(_CHUNK):
                    digest.update(piece)
                    size += len(piece)
                    if size > part["bytes"]:
                        break
            if (size, digest.hexdigest()) != (part["bytes"], part["sha256"]):
                raise self.broken(f"{name} 与校验值不符")

    @property
    def names(self) -> list[str]:
        """The names of the parts."""
        return list(self._parts)

    def row_count(self, name: str) -> int:
        """Return how many rows a part has."""
        return int(self._parts[name]["rows"])

    def rows(self, name: str) -> Iterator[Any]:
        """Yield the rows of a part."""
        if name not in self._parts:
            raise self.broken(f"缺少 {name}")
        with self._zip.open(name) as part:
            while line := part.readline(_LONGEST_LINE):
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError):
                    raise self.broken(f"{name} 里有一行不是 JSON") from None

    def data(self, name: str, most: int) -> bytes:
        """Return a part as bytes; a part of more than `most` bytes is refused."""
        if name not in self._parts:
            raise self.broken(f"缺少 {name}")
        if self._parts[name]["bytes"] > most:
            raise self.broken(f"{name} 太大")
        return self._zip.read(name)
