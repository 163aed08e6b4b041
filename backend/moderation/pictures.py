"""Turns uploaded bytes into a small clean picture, or refuses them.

The type of a file is detected from its content; its name and declared type are ignored. The picture
is drawn on an empty canvas, so that only its pixels are kept: no location, camera, hidden text or
appended archive.

A server must call `clean` in a child process (`backend.offload`): a normal file takes up to a
second, and a malicious one may take any time or crash the decoder.
"""

import io
import struct
import warnings
import zlib
from dataclasses import dataclass

from PIL import ExifTags, Image, UnidentifiedImageError

from backend.errors import Sentence
from backend.moderation.errors import BadPicture
from backend.moderation.picture_files import require_simple

MIMETYPE = "image/jpeg"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# A file of some kilobytes can declare a picture of gigabytes, so the size is checked before
# decoding. A JPEG is decoded at a fraction of its size, other formats as a whole.
MAX_PIXELS_OF_JPEG = 16_000_000
MAX_PIXELS = 8_000_000
MAX_SIDE = 16_000
MIN_SIDE = 8
# Sharp enough on a phone, and small enough for a database row.
SHOWN_SIDE = 1280
SHOWN_BYTES = 200_000
_QUALITIES = (85, 75, 60, 45)
_WHITE = (255, 255, 255)
# Transformations that turn a picture upright, by its EXIF orientation.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Some programs store EXIF in a compressed text of a PNG; it is not decompressed.
_PACKED_EXIF = "Raw profile type exif"

_BROKEN = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    SyntaxError,
    EOFError,
    OverflowError,
    ZeroDivisionError,
    struct.error,
    zlib.error,
)

# Pillow only warns, at a higher limit; ours refuses.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True)
class PictureLimits:
    """The limits of the size of a picture after it was drawn anew."""

    side: int
    bytes: int


SHOWN = PictureLimits(SHOWN_SIDE, SHOWN_BYTES)
# A background fills a screen of 1920 × 1080.
BACKGROUND = PictureLimits(side=1920, bytes=600_000)


@dataclass(frozen=True)
class CleanPicture:
    """A JPEG within the limits, without metadata, in upright orientation."""

    data: bytes
    width: int
    height: int


def clean(data: bytes, limits: PictureLimits = SHOWN) -> CleanPicture:
    """Draw a JPEG, PNG, WebP or GIF (its first frame) anew; raises `BadPicture`."""
    require_simple(data)
    # Pillow warns about unusual metadata, which is not kept.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _cleaned(data, limits)


def _cleaned(data: bytes, limits: PictureLimits) -> CleanPicture:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            most = MAX_PIXELS_OF_JPEG if opened.format == "JPEG" else MAX_PIXELS
            _require_size(*opened.size, most)
            # A JPEG is decoded at an eighth, a quarter or half of its size if that is enough.
            opened.draft("RGB", (limits.side, limits.side))
            picture = _redrawn(opened, limits.side)
        return _encoded(picture, limits.bytes)
    except _BROKEN:
        raise BadPicture(
            Sentence(
                "看不懂这个文件，请上传 JPG、PNG、WebP 或 GIF 图片。",
                "This is no JPEG, PNG, WebP or GIF picture.",
            )
        ) from None


def _require_size(width: int, height: int, most: int) -> None:
    if width * height > most or max(width, height) > MAX_SIDE:
        raise BadPicture(
            Sentence(
                f"图片太大，最多 {most // 10_000} 万像素，请缩小后再上传。",
                f"The picture has more than {most // 1_000_000} million pixels.",
            )
        )
    if min(width, height) < MIN_SIDE:
        raise BadPicture(Sentence("图片太小，看不清楚。", "The picture is too small."))


def _redrawn(opened: Image.Image, side: int) -> Image.Image:
    opened.info.pop(_PACKED_EXIF, None)
    turn = _TURNS.get(opened.getexif().get(ExifTags.Base.Orientation, 1))
    # Resized before it is turned, because a small picture turns faster.
    opened.thumbnail((side, side), Image.Resampling.LANCZOS)
    upright = opened if turn is None else opened.transpose(turn)
    canvas = Image.new("RGB", upright.size, _WHITE)
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        canvas.paste(upright, mask=upright.getchannel("A"))
    else:
        canvas.paste(upright.convert("RGB"))
    return canvas


def _encoded(picture: Image.Image, most_bytes: int) -> CleanPicture:
    """Encode a picture at the best quality that fits; a picture that never fits is made smaller."""
    while True:
        for quality in _QUALITIES:
            written = io.BytesIO()
            picture.save(written, "JPEG", quality=quality, optimize=True)
            if written.tell() <= most_bytes:
                return CleanPicture(written.getvalue(), picture.width, picture.height)
        picture = picture.reduce(2)
