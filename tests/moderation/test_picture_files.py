"""Picture files that are made to keep a decoder busy are refused before they are decoded."""

import time

import pytest

from backend.moderation.errors import BadPicture
from backend.moderation.picture_files import MAX_CHUNKS, MAX_SCANS, MAX_SEGMENTS, require_simple
from backend.moderation.pictures import clean
from tests.moderation import hostile
from tests.moderation.evening import Evening
from tests.support import picture_bytes, refused

HOSTILE = {
    "scans": hostile.with_scans(2_000),
    "segments": hostile.with_segments(100_000),
    "EXIF of a JPEG": hostile.jpeg_with_exif(1_800_000),
    "EXIF of a PNG": hostile.png_with_exif(1_800_000),
    "EXIF of a WebP": hostile.webp_with_exif(1_000_000),
    "chunks": hostile.png_with_chunks(100_000),
    "metadata": hostile.png(*[(b"iCCP", b"p\0\0" + bytes(900_000))] * 2),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_file_of_too_many_parts_is_refused_without_decoding(data: bytes) -> None:
    began = time.process_time()
    with pytest.raises(BadPicture, match="bad_picture") as raised:
        clean(data)
    assert time.process_time() - began < 0.5
    assert "另存为普通的 JPG" in raised.value.message("zh")


@pytest.mark.parametrize(
    "data",
    [
        *(picture_bytes(kind, (640, 480)) for kind in ("JPEG", "PNG", "WEBP", "GIF")),
        picture_bytes("JPEG", (640, 480), progressive=True),
        hostile.with_scans(MAX_SCANS - 10, (64, 48)),
        hostile.with_segments(MAX_SEGMENTS - 20),
        hostile.png_with_chunks(MAX_CHUNKS - 3),
        hostile.jpeg_with_exif(60_000),
        hostile.png_with_packed_exif(400_000),
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff\xe1",
        b"\x89PNG\r\n\x1a\n\x00",
        b"RIFF\x00\x00\x00\x00WEBP",
    ],
)
def test_other_files_are_left_to_the_decoder(data: bytes) -> None:
    require_simple(data)


@pytest.mark.parametrize("marker", [b"\xff\x01", b"\xff\xd0", b"\xff\xd8", b"\xff\xff\x01"])
def test_marker_without_a_length_hides_no_scan(marker: bytes) -> None:
    whole = hostile.with_scans(MAX_SCANS + 1, (64, 48))
    scans = whole.index(b"\xff\xda")
    with pytest.raises(BadPicture):
        require_simple(whole[:scans] + marker + whole[scans:])


@pytest.mark.parametrize("size", [60_000, 65_000])
def test_photograph_with_much_metadata_is_taken(size: int) -> None:
    assert clean(hostile.jpeg_with_exif(size)).width == 64


def test_picture_with_packed_metadata_is_taken_without_unpacking_it() -> None:
    began = time.process_time()
    assert clean(hostile.png_with_packed_exif(480_000)).width == 64
    assert time.process_time() - began < 0.5


def test_uploaded_trap_is_refused_and_the_next_picture_taken(evening: Evening) -> None:
    path, phone = f"{evening.path}/pictures", evening.phones[0]
    refused(phone.uploads(path, HOSTILE["scans"]), 422, "bad_picture")
    refused(phone.uploads(path, hostile.jpeg_with_exif(200_000)), 422, "bad_picture")
    refused(phone.uploads(path, hostile.png(size=(4001, 2000))), 422, "bad_picture")
    assert phone.uploads(path, picture_bytes()).status_code == 201
