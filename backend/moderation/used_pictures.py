"""Pictures of an event that are used elsewhere: by an option of a poll, or by a prize."""

from collections.abc import Collection

import peewee

from backend.moderation.errors import UnknownPicture
from backend.moderation.models import ModerationItem, ModerationPicture
from backend.moderation.moderator import PICTURE_KIND


def require_pictures(event_id: int, picture_ids: Collection[int]) -> None:
    """Raise `UnknownPicture` unless all these pictures were uploaded to the event."""
    found = ModerationItem.select().where(
        ModerationItem.event == event_id,
        ModerationItem.kind == PICTURE_KIND,
        ModerationItem.id.in_(list(picture_ids)),
    )
    if found.count() < len(set(picture_ids)):
        raise UnknownPicture


def keep_pictures(picture_ids: peewee.ModelSelect) -> None:
    """Detach pictures from the players who uploaded them, so that a wipe keeps the pictures.

    Runs in the caller's transaction; `picture_ids` is a query.
    """
    ModerationItem.update(player=None).where(ModerationItem.id.in_(picture_ids)).execute()


def copy_picture(picture_id: int, event_id: int) -> int:
    """Copy a picture to another event as one of its hosts'; returns the id of the copy.

    Runs in the caller's transaction. The same picture is copied only once.
    """
    source = ModerationItem.get_by_id(picture_id)
    same = (ModerationItem.event == event_id, ModerationItem.digest == source.digest)
    there = ModerationItem.get_or_none(*same, ModerationItem.account_id == source.account_id)
    if there is not None:
        return int(there.id)
    kept = ("account_id", "kind", "digest", "status", "finding", "label", "created_at")
    decision = ("decided_at", "decided_by", "reason")
    facts = {name: getattr(source, name) for name in kept + decision}
    made = ModerationItem.create(event=event_id, player=None, **facts)
    picture = ModerationPicture.get_or_none(ModerationPicture.item == source)
    if picture is not None:
        ModerationPicture.create(
            item=made, data=picture.data, width=picture.width, height=picture.height
        )
    return int(made.id)
