"""What is taken as music: by the first bytes of a file."""

import pytest

from backend.events import media
from backend.events.media import BadMusic, music_type

MP3 = b"ID3\x04\x00\x00" + bytes(64)
FRAME = b"\xff\xfb\x90\x64" + bytes(64)
M4A = b"\x00\x00\x00\x20ftypM4A " + bytes(64)
OGG = b"OggS" + bytes(24) + b"\x01vorbis" + bytes(64)


@pytest.mark.parametrize(
    "data, kind",
    [(MP3, "audio/mpeg"), (FRAME, "audio/mpeg"), (M4A, "audio/mp4"), (OGG, "audio/ogg")],
)
def test_music_is_known_by_its_first_bytes(data: bytes, kind: str) -> None:
    assert music_type(data) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"\xff\xf9\x50\x80" + bytes(64),
        b"\xff\xff\xff\xff" + bytes(64),
        b"\x00\x00\x00\x20ftypqt  " + bytes(64),
        b"OggS" + bytes(24) + b"\x80theora" + bytes(64),
        MP3 + bytes(media.MOST_MUSIC_BYTES),
    ],
)
def test_file_that_is_no_music_is_refused(data: bytes) -> None:
    with pytest.raises(BadMusic):
        music_type(data)
