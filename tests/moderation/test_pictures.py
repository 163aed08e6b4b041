"""Uploaded bytes: which are pictures, what is kept of them, and hostile files."""

import io
import random
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from backend.moderation.errors import BadPicture
from backend.moderation.pictures import MAX_PIXELS, SHOWN_BYTES, CleanPicture, clean
from tests.support import picture_bytes

RED, BLUE = (215, 38, 61), (29, 111, 220)


def opened(picture: CleanPicture) -> Image.Image:
    """Return a clean picture as one who looks at it has it."""
    found = Image.open(io.BytesIO(picture.data))
    found.load()
    assert (found.format, found.size) == ("JPEG", (picture.width, picture.height))
    return found


def is_near(pixel: object, colour: tuple[int, int, int]) -> bool:
    """Say whether a pixel has about this colour."""
    assert isinstance(pixel, tuple)
    return all(abs(have - want) <= 8 for have, want in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_picture_of_a_known_kind_is_taken(kind: str) -> None:
    found = opened(clean(picture_bytes(kind, colour="#d7263d")))
    assert found.size == (64, 48)
    assert is_near(found.getpixel((30, 20)), RED)


def test_large_picture_is_made_smaller() -> None:
    picture = clean(picture_bytes("PNG", (3200, 2400)))
    assert (picture.width, picture.height) == (1280, 960)
    assert len(picture.data) <= SHOWN_BYTES


def test_photograph_of_a_phone_is_taken_and_a_larger_one_refused() -> None:
    assert clean(picture_bytes("JPEG", (4032, 3024))).width == 1280
    with pytest.raises(BadPicture):
        clean(picture_bytes("JPEG", (4001, 4000)))


def test_noise_is_made_to_fit() -> None:
    noise = Image.frombytes("RGB", (1400, 1300), random.Random(7).randbytes(1400 * 1300 * 3))
    written = io.BytesIO()
    noise.save(written, "JPEG", quality=60)
    assert len(clean(written.getvalue()).data) <= SHOWN_BYTES


def _with_exif() -> bytes:
    """Return a picture, red above blue, lying on its side, that says where it was taken."""
    picture = Image.new("RGB", (100, 60), "#d7263d")
    picture.paste(BLUE, (50, 0, 100, 60))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "MAKER-OF-PHONES"
    exif.get_ifd(0x8825)[1] = "N"
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif, comment=b"SECRET-COMMENT", quality=95)
    return written.getvalue()


def test_picture_is_turned_upright_and_tells_nothing_but_itself() -> None:
    data = _with_exif()
    assert b"MAKER-OF-PHONES" in data
    picture = clean(data)
    found = opened(picture)
    assert found.size == (60, 100)
    assert is_near(found.getpixel((30, 10)), RED)
    assert is_near(found.getpixel((30, 90)), BLUE)
    assert not found.getexif()
    assert not {"comment", "exif", "icc_profile", "xmp"} & found.info.keys()
    assert b"MAKER-OF-PHONES" not in picture.data
    assert b"SECRET-COMMENT" not in picture.data


def test_hidden_text_and_a_trailing_archive_are_left_behind() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "SECRET-AUTHOR")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("secret.txt", "SECRET-FILE")
    data = picture_bytes("PNG", pnginfo=text) + archive.getvalue()
    picture = clean(data)
    assert b"SECRET" in data
    assert b"SECRET" not in picture.data
    assert b"PK" not in picture.data


def test_first_frame_of_an_animation_is_kept() -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in (RED, BLUE)]
    written = io.BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    found = opened(clean(written.getvalue()))
    assert is_near(found.getpixel((20, 20)), RED)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_every_mode_can_be_shown_and_what_is_transparent_is_white(mode: str) -> None:
    picture = Image.new(mode, (40, 40), 0)
    if mode == "P":
        picture.info["transparency"] = 0
    written = io.BytesIO()
    picture.save(written, "PNG")
    pixel = opened(clean(written.getvalue())).getpixel((20, 20))
    assert is_near(pixel, (255,) * 3 if mode in ("RGBA", "LA", "P") else (0,) * 3)


def test_print_colours_can_be_shown() -> None:
    written = io.BytesIO()
    Image.new("CMYK", (40, 40), (0, 0, 0, 0)).save(written, "JPEG")
    assert is_near(opened(clean(written.getvalue())).getpixel((20, 20)), (255, 255, 255))


def _bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few hundred bytes that claims these many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(name, data) for name, data in ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    )


@pytest.mark.parametrize(
    "size",
    [
        (60_000, 60_000),
        (10_000, 9_000),
        (4001, 2000),
        (16_001, 9),
        (9, 16_001),
        (2**31 - 1, 2**31 - 1),
    ],
)
def test_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    assert size[0] * size[1] > MAX_PIXELS or max(size) > 16_000
    with pytest.raises(BadPicture):
        clean(_bomb(*size))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7",
        b"\x00" * 5000,
        picture_bytes("BMP"),
        picture_bytes("TIFF"),
        picture_bytes("JPEG")[:200],
        picture_bytes("PNG")[:60],
        picture_bytes(size=(7, 100)),
    ],
    ids=[
        "empty",
        "x",
        "svg",
        "html",
        "pdf",
        "zeros",
        "bmp",
        "tiff",
        "half a jpeg",
        "half a png",
        "too thin",
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(BadPicture):
        clean(data)


WHOLE = [picture_bytes(kind, (24, 16)) for kind in ("JPEG", "PNG", "WEBP", "GIF")]


@given(
    whole=st.sampled_from(WHOLE),
    changes=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=8),
)
@settings(max_examples=150)
def test_damaged_file_is_a_picture_or_none_and_nothing_else(
    whole: bytes, changes: list[tuple[int, int]]
) -> None:
    damaged = bytearray(whole)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    try:
        picture = clean(bytes(damaged))
    except BadPicture:
        return
    assert opened(picture).mode == "RGB"
