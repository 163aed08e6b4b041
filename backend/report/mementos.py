"""Pictures and texts of an event for its report: its own pictures, and what a host pinned on the
wall.
"""

from dataclasses import dataclass

from backend.events import media
from backend.events.models import Event
from backend.moderation import wall
from backend.moderation.view import picture_path


@dataclass(frozen=True)
class Photo:
    """A picture with its address.

    `author` and `team` are those of the person who sent it to the wall.
    """

    path: str
    title: str
    author: str | None = None
    team: str | None = None


@dataclass(frozen=True)
class WallText:
    """A text that a host pinned on the wall."""

    text: str
    author: str | None
    team: str | None


@dataclass(frozen=True)
class Mementos:
    """The pictures and texts of an event that everybody at the event could see."""

    photos: list[Photo]
    texts: list[WallText]


def mementos(event: Event) -> Mementos:
    """Return the event's own pictures, then the pictures of the wall; and the texts of the wall."""
    photos = [
        Photo(media.path(event.id, one.id), one.title)
        for one in media.of_event(event.id)
        if one.kind == media.PICTURE
    ]
    pinned = wall.pinned(event.id)
    photos += [
        Photo(f"/api/v1{picture_path(event.id, one['id'])}", "", one["name"], one["team"])
        for one in pinned
        if one["kind"] == "picture"
    ]
    texts = [
        WallText(one["text"], one["name"], one["team"]) for one in pinned if one["kind"] == "text"
    ]
    return Mementos(photos, texts)
