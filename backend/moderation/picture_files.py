"""Checks the structure of picture files without decoding them.

A file of a few kilobytes can occupy a decoder for minutes, with thousands of scans over the same
pixels or thousands of EXIF entries that refer to the same megabyte. Such files are refused here.
The limits are several times what cameras, phones and image editors produce.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from backend.errors import Sentence
from backend.moderation.errors import BadPicture

MAX_SCANS = 40
MAX_SEGMENTS = 400
MAX_CHUNKS = 5_000
MAX_EXIF_BYTES = 65_536
MAX_TEXT_BYTES = 1_000_000

_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_START_OF_SCAN, _END_OF_IMAGE, _APP1 = 0xDA, 0xD9, 0xE1
# Markers without a length are excluded: a stuffed byte (0x00), TEM, restarts and the start of the
# image.
_MARKER = re.compile(rb"\xff+([^\x00\x01\xd0-\xd8\xff])", re.DOTALL)
_METADATA = frozenset((b"eXIf", b"EXIF", b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"XMP ", b"ICCP"))


def require_simple(data: bytes) -> None:
    """Raise `BadPicture` for a JPEG, PNG or WebP with too many parts; other formats are not
    checked."""
    if data.startswith(_JPEG):
        _require_simple_jpeg(data)
    elif data.startswith(_PNG):
        _require_simple_chunks(_png_chunks(data))
    elif data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        _require_simple_chunks(_webp_chunks(data))


@dataclass(frozen=True)
class _Part:
    """A segment of a JPEG, or a chunk of a PNG or WebP, and its length in bytes."""

    kind: int | bytes
    length: int
    is_exif: bool


def _require_simple_jpeg(data: bytes) -> None:
    scans = exif_bytes = 0
    for segments, segment in enumerate(_jpeg_segments(data), 1):
        scans += segment.kind == _START_OF_SCAN
        exif_bytes += segment.length if segment.is_exif else 0
        if scans > MAX_SCANS or segments > MAX_SEGMENTS:
            raise _too_many_parts()
    if exif_bytes > MAX_EXIF_BYTES:
        raise _too_much_metadata()


def _jpeg_segments(data: bytes) -> Iterator[_Part]:
    """Yield the segments up to the end of the picture; decoders ignore what follows it."""
    at = len(_JPEG)
    while (found := _MARKER.search(data, at)) is not None:
        kind, start = found[1][0], found.end()
        if kind == _END_OF_IMAGE:
            return
        length = int.from_bytes(data[start : start + 2], "big")
        is_exif = kind == _APP1 and data[start + 2 : start + 6] == b"Exif"
        yield _Part(kind, length, is_exif)
        at = start + max(length, 2)


def _require_simple_chunks(chunks: Iterator[_Part]) -> None:
    exif_bytes = text_bytes = 0
    for count, chunk in enumerate(chunks, 1):
        if count > MAX_CHUNKS:
            raise _too_many_parts()
        exif_bytes += chunk.length if chunk.is_exif else 0
        text_bytes += chunk.length if chunk.kind in _METADATA else 0
    if exif_bytes > MAX_EXIF_BYTES or text_bytes > MAX_TEXT_BYTES:
        raise _too_much_metadata()


def _png_chunks(data: bytes) -> Iterator[_Part]:
    at = len(_PNG)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield _Part(kind, length, kind == b"eXIf")
        at += 12 + length


def _webp_chunks(data: bytes) -> Iterator[_Part]:
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        yield _Part(kind, length, kind == b"EXIF")
        at += 8 + length + length % 2


def _too_many_parts() -> BadPicture:
    return BadPicture(
        Sentence(
            "这张图片的内部结构太复杂，处理不了，请把它截图或另存为普通的 JPG 再上传。",
            "The picture's file has too many parts; take a screenshot of it, or save it as a plain JPEG.",
        )
    )


def _too_much_metadata() -> BadPicture:
    return BadPicture(
        Sentence(
            "这张图片附带的信息（如拍摄参数）太多，请把它截图或另存为普通的 JPG 再上传。",
            "The picture carries too much metadata; take a screenshot of it, or save it as a plain JPEG.",
        )
    )
