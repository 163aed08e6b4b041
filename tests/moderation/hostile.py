"""Picture files that are made to keep a decoder busy, and honest ones that take a while."""

import io
import random
import struct
import zlib

from PIL import Image


def photograph(width: int, height: int, quality: int = 60) -> bytes:
    """Return a progressive JPEG of this size with something to see everywhere."""
    noise = Image.frombytes("RGB", (160, 120), random.Random(5).randbytes(160 * 120 * 3))
    written = io.BytesIO()
    noise.resize((width, height), Image.Resampling.BICUBIC).save(
        written, "JPEG", quality=quality, progressive=True
    )
    return written.getvalue()


def with_scans(count: int, size: tuple[int, int] = (3000, 2000)) -> bytes:
    """Return a progressive JPEG whose last scan comes again, so many times."""
    written = io.BytesIO()
    Image.new("RGB", size, "#1d6fdc").save(written, "JPEG", progressive=True, quality=20)
    whole = written.getvalue()
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * count + b"\xff\xd9"


def with_segments(count: int) -> bytes:
    """Return a small JPEG with so many comments."""
    written = io.BytesIO()
    Image.new("RGB", (64, 48)).save(written, "JPEG")
    whole = written.getvalue()
    return whole[:2] + b"\xff\xfe\x00\x03x" * count + whole[2:]


def _exif(size: int) -> bytes:
    """Return EXIF whose thousands of entries all mean the same bytes."""
    entries = min((size - 64) // 24, 65_000)
    shared = size - 8 - 2 - 12 * entries - 4
    start = 8 + 2 + 12 * entries + 4
    table = b"".join(
        struct.pack("<HHII", 0xC000 + at % 0x3000, 7, shared, start) for at in range(entries)
    )
    return b"II*\0\x08\0\0\0" + struct.pack("<H", entries) + table + bytes(4) + b"x" * shared


def jpeg_with_exif(size: int) -> bytes:
    """Return a small JPEG with so many bytes of EXIF, in as many segments as it takes."""
    written = io.BytesIO()
    Image.new("RGB", (64, 48)).save(written, "JPEG")
    whole = written.getvalue()
    data, segments = _exif(size), b""
    for at in range(0, len(data), 65_000):
        part = b"Exif\0\0" + data[at : at + 65_000]
        segments += b"\xff\xe1" + struct.pack(">H", len(part) + 2) + part
    return whole[:2] + segments + whole[2:]


def png(*chunks: tuple[bytes, bytes], size: tuple[int, int] = (64, 48)) -> bytes:
    """Return a black PNG of this size with more chunks before its pixels."""

    def packed(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    width, height = size
    pixels = zlib.compress(bytes(height * (width * 3 + 1)), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        packed(name, data)
        for name, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            *chunks,
            (b"IDAT", pixels),
            (b"IEND", b""),
        )
    )


def png_with_exif(size: int) -> bytes:
    """Return a small PNG with so many bytes of EXIF."""
    return png((b"eXIf", _exif(size)))


def png_with_packed_exif(size: int) -> bytes:
    """Return a small PNG with so many bytes of EXIF in a compressed text."""
    data = _exif(size)
    text = f"\nexif\n{len(data):8}\n{data.hex()}\n".encode()
    return png((b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(text)))


def png_with_chunks(count: int) -> bytes:
    """Return a small PNG with so many chunks."""
    return png(*[(b"tEXt", b"a\0b")] * count)


def webp_with_exif(size: int) -> bytes:
    """Return a small WebP with so many bytes of EXIF."""
    written = io.BytesIO()
    Image.new("RGB", (64, 48)).save(written, "WEBP", exif=b"Exif\0\0" + _exif(size))
    return written.getvalue()
