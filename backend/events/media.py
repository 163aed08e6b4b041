"""Pictures and music of an event for its big screen: stored as rows, shown by their addresses."""

import hashlib
from dataclasses import dataclass
from typing import Any

import peewee

from backend.db import Database
from backend.errors import LinkaError, NotFound
from backend.events.models import Event, EventMedia
from backend.identity import audit
from backend.visible import shown as without_invisible

BACKGROUND, PICTURE, MUSIC = "background", "picture", "music"
KINDS = (BACKGROUND, PICTURE, MUSIC)
# An event has one background and one piece of music; a new one replaces it.
MOST_PICTURES = 12
MOST_MUSIC_BYTES = 8 * 1024 * 1024
MOST_TITLE = 80

_KEPT = ("kind", "digest", "mimetype", "data", "width", "height")
# Layer III of an MPEG audio frame: eleven bits of synchronisation, then version and layer.
_LAYER_3 = 0b01


class BadMusic(LinkaError):
    """The file is not music that browsers play, or it is too large."""

    slug = "bad_music"
    status = 422
    zh = "请上传 MP3、M4A 或 OGG 音乐，最大 8 MB。"
    en = "Upload music as MP3, M4A or OGG, 8 MB at most."


class TooManyPictures(LinkaError):
    """The event has as many pictures as it may have."""

    slug = "too_many_pictures"
    status = 409
    zh = "最多 12 张图片，请先删掉一张。"
    en = "There are 12 pictures at most; remove one first."


@dataclass(frozen=True)
class MediaFile:
    """A file that was checked: pictures are drawn anew, music stays as uploaded.

    `digest` is that of the uploaded bytes.
    """

    kind: str
    title: str
    digest: str
    mimetype: str
    data: bytes
    width: int | None = None
    height: int | None = None


def digest(uploaded: bytes) -> str:
    """Return the digest of uploaded bytes."""
    return hashlib.sha256(uploaded).hexdigest()


def music_type(data: bytes) -> str:
    """Return the media type that the first bytes of music show; raises `BadMusic`."""
    if len(data) > MOST_MUSIC_BYTES:
        raise BadMusic
    if _is_mp3(data):
        return "audio/mpeg"
    if data[4:8] == b"ftyp" and data[8:12] in (b"M4A ", b"M4B ", b"mp42", b"isom", b"iso2"):
        return "audio/mp4"
    if data.startswith(b"OggS") and any(
        mark in data[:128] for mark in (b"\x01vorbis", b"OpusHead", b"\x7fFLAC")
    ):
        return "audio/ogg"
    raise BadMusic


def _is_mp3(data: bytes) -> bool:
    if data.startswith(b"ID3"):
        return len(data) > 10
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return False
    version, layer = data[1] >> 3 & 0b11, data[1] >> 1 & 0b11
    bitrate, rate = data[2] >> 4, data[2] >> 2 & 0b11
    return layer == _LAYER_3 and version != 0b01 and bitrate not in (0, 15) and rate != 0b11


def keep(
    database: Database, event: Event, file: MediaFile, actor_id: int, now: int
) -> tuple[EventMedia, bool]:
    """Store a file; returns (row, whether it is new). The same file again returns the first row.

    A background and music replace earlier ones. Raises `TooManyPictures`.
    """
    with database.write():
        Event.lock(event.id)
        same_kind = (EventMedia.event == event, EventMedia.kind == file.kind)
        known = EventMedia.get_or_none(*same_kind, EventMedia.digest == file.digest)
        if known is not None:
            return known, False
        if file.kind != PICTURE:
            EventMedia.delete().where(*same_kind).execute()
        elif EventMedia.select().where(*same_kind).count() >= MOST_PICTURES:
            raise TooManyPictures
        made = EventMedia.create(
            event=event,
            title=without_invisible(file.title)[:MOST_TITLE] or file.kind,
            size=len(file.data),
            uploaded_at=now,
            **{name: getattr(file, name) for name in _KEPT},
        )
        detail = {"kind": made.kind, "title": made.title}
        audit.record(actor_id, "media_added", f"event:{event.id}", now, **detail)
    return made, True


def remove(database: Database, event: Event, media_id: int, actor_id: int, now: int) -> None:
    """Remove a file; raises `NotFound`."""
    with database.write():
        found = EventMedia.of(media_id, event=event)
        if found is None:
            raise NotFound
        found.delete_instance()
        detail = {"kind": found.kind, "title": found.title}
        audit.record(actor_id, "media_removed", f"event:{event.id}", now, **detail)


def of_event(event_id: int) -> list[EventMedia]:
    """Return the files of an event without their data, in the order of their uploads."""
    columns = [field for field in EventMedia._meta.sorted_fields if field.name != "data"]
    return list(
        EventMedia.select(*columns).where(EventMedia.event == event_id).order_by(EventMedia.id)
    )


def copy(source_id: int, event: Event, now: int) -> None:
    """Give a new event the files of another one, in the caller's transaction."""
    own = {"event": peewee.Value(event.id), "uploaded_at": peewee.Value(now)}
    fields = [field for field in EventMedia._meta.sorted_fields if field.name != "id"]
    rows = EventMedia.select(*(own.get(field.name, field) for field in fields))
    source = rows.where(EventMedia.event == source_id).order_by(EventMedia.id)
    EventMedia.insert_from(source, fields).execute()


def path(event_id: int, media_id: int) -> str:
    """Return the address of a file."""
    return f"/api/v1/events/{event_id}/media/{media_id}"


def shown(event_id: int) -> dict[str, Any]:
    """Return the addresses for the screen: `background` and `music` (null without one), and
    `pictures`.
    """
    rows = EventMedia.select(EventMedia.id, EventMedia.kind, EventMedia.title)
    found: dict[str, Any] = {"background": None, "music": None, "pictures": []}
    for media_id, kind, title in (
        rows.where(EventMedia.event == event_id).order_by(EventMedia.id).tuples()
    ):
        address = path(event_id, media_id)
        if kind == PICTURE:
            found["pictures"].append(address)
        elif kind == MUSIC:
            found["music"] = {"path": address, "title": title}
        else:
            found["background"] = address
    return found
