"""A file with checksums: changed, cut off or missing parts are found, and nothing half-written is
left.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.bundle import BrokenBundle, BundleReader, BundleWriter
from backend.errors import OperatorError

ROWS = [{"名": "美多"}, [1, 2.5, None], "line\nbreak"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file with two parts."""
    path = tmp_path / "a.zip"
    with BundleWriter(path, "kind", 42) as bundle:
        bundle.about["more"] = "x"
        assert bundle.lines("rows.jsonl", iter(ROWS)) == 3
        bundle.data("media/1", b"\x00\xff")
    return path


def _read(path: Path) -> list[object]:
    with BundleReader(path, "kind") as bundle:
        return [*bundle.rows("rows.jsonl"), bundle.data("media/1", 2)]


def test_parts_and_facts_come_back(path: Path) -> None:
    with BundleReader(path, "kind") as bundle:
        assert list(bundle.rows("rows.jsonl")) == ROWS
        assert bundle.data("media/1", 2) == b"\x00\xff"
        with pytest.raises(BrokenBundle, match="太大"):
            bundle.data("media/1", 1)
        assert bundle.names == ["rows.jsonl", "media/1"]
        assert bundle.row_count("rows.jsonl") == 3
        assert (bundle.manifest["made_at"], bundle.manifest["more"]) == (42, "x")


def test_only_its_owner_can_read_it(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600


def test_nobody_else_prepares_the_file(path: Path) -> None:
    other = path.with_name("other")
    path.with_name(f".a.zip.{os.getpid()}.part").symlink_to(other)
    with BundleWriter(path, "kind", 1) as bundle:
        bundle.lines("rows.jsonl", ROWS)
    assert not other.exists()
    assert path.stat().st_mode & 0o777 == 0o600


def test_one_changed_byte_is_found_wherever_it_is(path: Path) -> None:
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BrokenBundle):
            _read(path)


def _cut(whole: bytes) -> Iterator[bytes]:
    yield from (whole[:size] for size in (0, 1, 50, len(whole) // 2, len(whole) - 1))
    yield whole + b"x"
    yield b"PK\x05\x06" + bytes(18)
    yield whole[:60] + whole


def test_what_is_cut_off_or_added_is_found(path: Path) -> None:
    for content in _cut(path.read_bytes()):
        path.write_bytes(content)
        with pytest.raises(BrokenBundle):
            _read(path)


def test_another_kind_or_a_newer_version_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BrokenBundle, match="不是 other"):
        BundleReader(path, "other")
    monkeypatch.setattr("backend.bundle.VERSION", 0)
    with pytest.raises(BrokenBundle, match="格式版本"):
        BundleReader(path, "kind")


def _sealed(path: Path, packing: int, rows: bytes) -> None:
    """Write a forged file with correct checksums."""
    part = {"name": "rows.jsonl", "bytes": len(rows), "sha256": hashlib.sha256(rows).hexdigest()}
    manifest = {"format": "kind", "version": 1, "made_at": 1, "parts": [{**part, "rows": 1}]}
    with zipfile.ZipFile(path, "w", packing) as made:
        made.writestr("rows.jsonl", rows)
        made.writestr("manifest.json", json.dumps(manifest))
        made.comment = b"0" * 77
    content = path.read_bytes()[:-77]
    path.write_bytes(content + b"linka-sha256:" + hashlib.sha256(content).hexdigest().encode())


def test_another_packing_and_rows_without_end_are_refused(path: Path) -> None:
    _sealed(path, zipfile.ZIP_DEFLATED, b"[1]\n")
    with BundleReader(path, "kind") as bundle:
        assert list(bundle.rows("rows.jsonl")) == [[1]]
    _sealed(path, zipfile.ZIP_LZMA, b"[1]\n")
    with pytest.raises(BrokenBundle):
        BundleReader(path, "kind")
    _sealed(path, zipfile.ZIP_DEFLATED, b"[" * 1_000_000)
    with BundleReader(path, "kind") as bundle, pytest.raises(BrokenBundle, match="不是 JSON"):
        list(bundle.rows("rows.jsonl"))


def test_failure_while_writing_leaves_nothing(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError), BundleWriter(path, "kind", 1) as bundle:
        bundle.lines("rows.jsonl", (1 // number for number in (1, 0)))
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["a.zip"]


def test_places_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="写不了"):
        BundleWriter(tmp_path / "no" / "a.zip", "kind", 1).__enter__()
    with pytest.raises(OperatorError, match="打不开"):
        BundleReader(tmp_path / "none.zip", "kind")
