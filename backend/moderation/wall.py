"""The wall of the big screen (上墙): items that a host has pinned, and the one that fills the
screen.
"""

from typing import Any

import peewee

from backend.db import Database
from backend.errors import NotFound
from backend.events import service
from backend.events.models import Player
from backend.identity import audit
from backend.moderation.errors import NotApproved
from backend.moderation.models import ModerationItem
from backend.moderation.policy import APPROVED

PINNED_SHOWN = 4


def put(
    database: Database,
    event_id: int,
    item_id: int,
    wanted: dict[str, bool],
    actor_id: int,
    now: int,
) -> tuple[ModerationItem, bool]:
    """Pin an item or not (`pinned`), and let it fill the screen or not (`full_screen`).

    A field that is left out stays unchanged. Returns the item, and whether it changed. At most one
    item of an event fills the screen: a new one replaces it. Raises `NotFound`, and `NotApproved`
    for an item that others may not see.
    """
    with database.write():
        service.locked(event_id)
        item = ModerationItem.of(item_id, event=event_id)
        if item is None:
            raise NotFound
        if item.status != APPROVED and any(wanted.values()):
            raise NotApproved
        before = _audited(item)
        after = before | wanted
        if before == after:
            return item, False
        if after["full_screen"]:
            ModerationItem.update(full_screen_at=None).where(
                ModerationItem.event == event_id
            ).execute()
        item.change(
            pinned_at=(item.pinned_at or now) if after["pinned"] else None,
            full_screen_at=now if after["full_screen"] else None,
        )
        audit.record(
            actor_id, "moderation_wall", f"item:{item_id}", now, before=before, after=after
        )
    return item, True


def authors(event_id: int) -> set[int]:
    """Return the players who wrote or drew what is on the wall of an event."""
    on_wall = ModerationItem.select(ModerationItem.player).where(
        ModerationItem.event == event_id,
        ModerationItem.player.is_null(False),
        ModerationItem.pinned_at.is_null(False) | ModerationItem.full_screen_at.is_null(False),
    )
    return {player_id for (player_id,) in on_wall.tuples()}


def _audited(item: ModerationItem) -> dict[str, bool]:
    return {
        "pinned": item.pinned_at is not None,
        "full_screen": item.full_screen_at is not None,
    }


def shown(event_id: int) -> dict[str, Any]:
    """Return the newest pinned items, and the item that fills the screen; reads one statement.

    Items that were rejected later are left out.
    """
    is_on = ModerationItem.pinned_at.is_null(False) | ModerationItem.full_screen_at.is_null(False)
    found = _approved(event_id).where(is_on)
    rows = list(found.order_by(ModerationItem.pinned_at.desc(), ModerationItem.id))
    pinned = [_shown(item) for item in rows if item.pinned_at is not None]
    full = next((_shown(item) for item in rows if item.full_screen_at is not None), None)
    return {"pinned": pinned[:PINNED_SHOWN], "full_screen": full}


def pinned(event_id: int) -> list[dict[str, Any]]:
    """Return all pinned items that others may still see, the oldest first."""
    found = _approved(event_id).where(ModerationItem.pinned_at.is_null(False))
    return [_shown(item) for item in found.order_by(ModerationItem.pinned_at, ModerationItem.id)]


def _approved(event_id: int) -> peewee.ModelSelect:
    """Return the query of the items that others may see, with their players."""
    return (
        ModerationItem.select(ModerationItem, Player)
        .join(Player, peewee.JOIN.LEFT_OUTER)
        .where(ModerationItem.event == event_id, ModerationItem.status == APPROVED)
    )


def _shown(item: ModerationItem) -> dict[str, Any]:
    player = item.player if item.player_id is not None else None
    return {
        "id": item.id,
        "kind": item.kind,
        "text": item.text,
        "name": player and player.name,
        "team": player and player.team_name,
    }
