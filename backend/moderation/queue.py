"""Actions of hosts on the queue: approve, reject, block and unblock. Each writes a line of the
audit."""

from backend.db import Database
from backend.errors import NotFound
from backend.events.models import Player
from backend.identity import audit
from backend.moderation.models import ModerationItem, WritingBlock
from backend.moderation.policy import APPROVED


def decide(
    database: Database,
    event_id: int,
    item_id: int,
    status: str,
    reason: str,
    actor_id: int,
    now: int,
) -> tuple[ModerationItem, bool]:
    """Approve or reject an item, also against an earlier decision; returns it, and whether it
    changed.

    A repeat changes nothing. If two hosts decide differently, the later decision counts, and the
    audit has both. Raises `NotFound`.
    """
    reason = "" if status == APPROVED else reason
    off_wall = {} if status == APPROVED else {"pinned_at": None, "full_screen_at": None}
    with database.write():
        known = ModerationItem.lock(item_id)
        changed = (
            ModerationItem.update(
                status=status, reason=reason, decided_at=now, decided_by=actor_id, **off_wall
            )
            .where(
                ModerationItem.id == item_id,
                ModerationItem.event == event_id,
                (ModerationItem.status != status)
                | (ModerationItem.reason != reason)
                | ModerationItem.decided_by.is_null(),
            )
            .execute()
        )
        item = ModerationItem.of(item_id, event=event_id)
        if item is None or known is None:
            raise NotFound
        if changed:
            audit.record(
                actor_id,
                f"moderation_{status}",
                f"item:{item_id}",
                now,
                before=_audited(known),
                after=_audited(item),
            )
    return item, bool(changed)


def _audited(item: ModerationItem) -> dict[str, str]:
    return {"status": item.status, "reason": item.reason}


def block(
    database: Database, event_id: int, player_id: int, reason: str, actor_id: int, now: int
) -> WritingBlock:
    """Block a player from writing in an event; a repeat changes nothing. Raises `NotFound`."""
    with database.write():
        _require_player(event_id, player_id)
        new = WritingBlock.insert_new(
            event=event_id, player=player_id, reason=reason, blocked_at=now, blocked_by=actor_id
        )
        if new is not None:
            audit.record(actor_id, "block_writing", f"player:{player_id}", now, reason=reason)
        kept: WritingBlock = WritingBlock.get(WritingBlock.player == player_id)
    return kept


def unblock(database: Database, event_id: int, player_id: int, actor_id: int, now: int) -> None:
    """Let a player write again; a repeat changes nothing. Raises `NotFound`."""
    with database.write():
        _require_player(event_id, player_id)
        gone = WritingBlock.delete().where(WritingBlock.player == player_id).execute()
        if gone:
            audit.record(actor_id, "unblock_writing", f"player:{player_id}", now)


def _require_player(event_id: int, player_id: int) -> None:
    if Player.of(player_id, event=event_id) is None:
        raise NotFound
