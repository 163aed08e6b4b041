"""Pictures and music of an event: who may upload, what is accepted, and what the screen is told."""

import io
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from urllib3.filepost import encode_multipart_formdata
from werkzeug.test import TestResponse

from backend.events import media
from backend.events.models import Event, EventMedia
from backend.identity.models import AuditLine
from tests.support import Centre, Phone, picture_bytes, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

MP3 = b"ID3\x04\x00\x00" + bytes(64)
OGG = b"OggS" + bytes(24) + b"\x01vorbis" + bytes(64)


@pytest.fixture
def host(centre: Centre) -> Phone:
    """Return the phone of a host."""
    return centre.host()


@pytest.fixture
def event(centre: Centre, host: Phone) -> dict[str, Any]:
    """Return an open event."""
    return centre.open_event(host)


def add(host: Phone, event: dict[str, Any], data: bytes, kind: str, name: str = "a.jpg") -> Any:
    return host.upload(f"/events/{event['id']}/media?kind={kind}", data, name)


def uploaded(host: Phone, event: dict[str, Any], data: bytes) -> TestResponse:
    """Upload music as one body, because the test client would write a large file to disk and leave
    it open.
    """
    body, content_type = encode_multipart_formdata({"file": ("song.mp3", data)})
    return host.app.test_client().post(
        f"/api/v1/events/{event['id']}/media?kind=music",
        data=body,
        content_type=content_type,
        headers={"Authorization": f"Bearer {host.token}"},
    )


def listed(host: Phone, event: dict[str, Any]) -> list[tuple[str, str]]:
    found = host.ok("GET", f"/events/{event['id']}/media")
    return [(one["kind"], one["title"]) for one in found]


def test_background_is_drawn_anew_and_replaces_the_old_one(
    host: Phone, event: dict[str, Any]
) -> None:
    add(host, event, picture_bytes(), "background", "first.jpg")
    written = io.BytesIO()
    Image.new("RGB", (2400, 1350), (200, 30, 30)).save(written, "PNG")
    made = add(host, event, written.getvalue(), "background", "second.png")
    assert (made["width"], made["height"], made["mimetype"]) == (1920, 1080, "image/jpeg")
    assert listed(host, event) == [("background", "second.png")]


def test_copy_of_an_event_has_its_files(host: Phone, event: dict[str, Any]) -> None:
    add(host, event, picture_bytes(), "background", "wall.jpg")
    add(host, event, picture_bytes(), "picture", "team.jpg")
    add(host, event, MP3, "music", "song.mp3")
    copy = host.ok("POST", "/events", {"copy_of": event["id"]})
    assert listed(host, copy) == listed(host, event)
    for one in host.ok("GET", f"/events/{event['id']}/media"):
        host.ok("DELETE", f"/events/{event['id']}/media/{one['id']}")
    files = {one.kind: bytes(one.data) for one in EventMedia.select()}
    assert files.keys() == {"background", "picture", "music"}
    assert files["music"] == MP3


def test_same_file_again_is_the_first_one(host: Phone, event: dict[str, Any]) -> None:
    first = add(host, event, MP3, "music", "song.mp3")
    again = host.uploads(f"/events/{event['id']}/media?kind=music", MP3, "song.mp3")
    assert (again.status_code, again.json["id"]) == (200, first["id"])


def test_large_music_is_taken_and_too_large_is_refused(host: Phone, event: dict[str, Any]) -> None:
    assert uploaded(host, event, MP3 + bytes(5_000_000)).status_code == 201
    too_large = MP3 + bytes(media.MOST_MUSIC_BYTES + 200_000)
    refused(uploaded(host, event, too_large), 413, "too_large")


def test_picture_in_the_place_of_music_is_refused(host: Phone, event: dict[str, Any]) -> None:
    path = f"/events/{event['id']}/media"
    refused(host.uploads(f"{path}?kind=music", picture_bytes()), 422, "bad_music")
    refused(host.uploads(f"{path}?kind=background", MP3), 422, "bad_picture")
    refused(host.uploads(f"{path}?kind=film", MP3), 422, "invalid")


def test_thirteenth_picture_is_refused(host: Phone, event: dict[str, Any]) -> None:
    for number in range(media.MOST_PICTURES):
        facts = {"mimetype": "image/jpeg", "data": b"x", "size": 1, "uploaded_at": 1}
        EventMedia.create(event=event["id"], kind="picture", title="x", digest=str(number), **facts)
    path = f"/events/{event['id']}/media?kind=picture"
    refused(host.uploads(path, picture_bytes()), 409, "too_many_pictures")


def test_player_and_host_of_another_event_change_nothing(
    centre: Centre, host: Phone, event: dict[str, Any]
) -> None:
    made = add(host, event, MP3, "music")
    [player] = centre.people(1)
    centre.join(event, player)
    refused(player.uploads(f"/events/{event['id']}/media?kind=music", OGG), 403, "forbidden")
    refused(player.get(made["path"].removeprefix("/api/v1")), 403, "forbidden")
    refused(player.delete(made["path"].removeprefix("/api/v1")), 403, "forbidden")
    other = centre.open_event(host)
    refused(host.delete(f"/events/{other['id']}/media/{made['id']}"), 404, "not_found")
    assert len(listed(host, event)) == 1


def test_screen_that_was_let_in_plays_a_part_of_the_music(
    app: Flask, host: Phone, event: dict[str, Any]
) -> None:
    made = add(host, event, MP3 + bytes(range(200)), "music")
    client = app.test_client()
    refused(client.get(made["path"]), 403, "screen_not_paired")
    client.get(f"/screen/{event['id']}?key={Event.get_by_id(event['id']).screen_key}")
    answer = client.get(made["path"], headers={"Range": "bytes=70-79"})
    assert (answer.status_code, answer.data) == (206, bytes(range(10)))
    assert answer.headers["Content-Range"] == f"bytes 70-79/{made['size']}"
    assert answer.mimetype == "audio/mpeg"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_removed_music_is_gone_and_both_acts_are_in_the_audit(
    host: Phone, event: dict[str, Any]
) -> None:
    made = add(host, event, MP3, "music", "song.mp3")
    assert media.shown(event["id"])["music"] == {"path": made["path"], "title": "song.mp3"}
    host.delete(made["path"].removeprefix("/api/v1"))
    assert media.shown(event["id"]) == {"background": None, "music": None, "pictures": []}
    refused(host.get(made["path"].removeprefix("/api/v1")), 404, "not_found")
    lines = AuditLine.select().where(AuditLine.action.startswith("media_"))
    assert [(line.action, line.detail["title"]) for line in lines] == [
        ("media_added", "song.mp3"),
        ("media_removed", "song.mp3"),
    ]
