"""Builds the queue for hosts and its Excel file, and decides who sees a picture."""

from collections.abc import Iterable
from typing import Any

import peewee

from backend.clock import local_time
from backend.errors import NotFound
from backend.events.models import Player
from backend.events.visibility import View, shows_written
from backend.moderation.models import ModerationItem, ModerationPicture, WritingBlock
from backend.moderation.policy import APPROVED, PENDING
from backend.sheets.writing import Column, Worksheet
from backend.web.paging import paged

HOST_NAME = "主持人"
KINDS = {"text": "文字", "picture": "图片"}
STATUSES = {"pending": "待审核", "approved": "已通过", "rejected": "未通过"}
FINDINGS = {
    "listed": "本地词库命中",
    "clean": "本地词库未命中",
    "pass": "微信检查通过",  # nosec B105 # no password
    "review": "微信建议人工复核",
    "risky": "微信判为违规",
    "unavailable": "微信检查不可用",
    "picture": "图片需人工审核",
    "host": "主持人提交",
}
COLUMNS = (
    Column("编号", 8),
    Column("类型", 8),
    Column("内容", 50),
    Column("提交人", 14),
    Column("班组", 18),
    Column("状态", 10),
    Column("检查结果", 18),
    Column("提交时间", 20),
    Column("处理时间", 20),
    Column("原因", 30),
)
BLOCK_COLUMNS = (
    Column("姓名", 14),
    Column("工号", 12),
    Column("班组", 18),
    Column("原因", 30),
    Column("停止时间", 20),
)


def queue_page(event_id: int, query: dict[str, Any]) -> dict[str, Any]:
    """Return a page of the queue: what waits with the oldest first, all else the newest first."""
    asked = dict(query)
    status, kind = asked.pop("status"), asked.pop("kind", None)
    oldest_first = status == PENDING
    found = _items(event_id).order_by(
        ModerationItem.id if oldest_first else ModerationItem.id.desc()
    )
    if status != "all":
        found = found.where(ModerationItem.status == status)
    if kind:
        found = found.where(ModerationItem.kind == kind)
    page, total = paged(found, asked)
    return {"items": shown_items(page), "total": total, "pending": pending(event_id), **asked}


def pending(event_id: int) -> int:
    """Return how many items wait for a host."""
    waiting = (ModerationItem.event == event_id) & (ModerationItem.status == PENDING)
    return int(ModerationItem.select().where(waiting).count())


def _items(event_id: int) -> peewee.ModelSelect:
    return (
        ModerationItem.select(ModerationItem, Player)
        .join(Player, peewee.JOIN.LEFT_OUTER)
        .where(ModerationItem.event == event_id)
    )


def shown_items(items: Iterable[ModerationItem]) -> list[dict[str, Any]]:
    """Return items as hosts see them."""
    listed = list(items)
    writers = {item.player_id for item in listed if item.player_id is not None}
    rows = WritingBlock.select(WritingBlock.player).where(WritingBlock.player.in_(list(writers)))
    blocked = {player_id for (player_id,) in rows.tuples()} if writers else set()
    return [_shown(item, item.player_id in blocked) for item in listed]


def _shown(item: ModerationItem, is_blocked: bool) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "text": item.text,
        "picture_path": picture_path(item.event_id, item.id) if item.kind == "picture" else None,
        "author": {**_author(item), "blocked": is_blocked},
        "status": item.status,
        "finding": item.finding,
        "label": item.label,
        "created_at": item.created_at,
        "decided_at": item.decided_at,
        "by_host": item.decided_by is not None,
        "reason": item.reason,
        "pinned": item.pinned_at is not None,
        "full_screen": item.full_screen_at is not None,
    }


def _author(item: ModerationItem) -> dict[str, Any]:
    if item.player_id is None:
        return {"player_id": None, "name": HOST_NAME, "team": None}
    return {
        "player_id": item.player_id,
        "name": item.player.name,
        "team": item.player.team_name,
    }


def picture_path(event_id: int, item_id: int) -> str:
    """Return where a picture is, below `/api/v1`, for those who may see it."""
    return f"/events/{event_id}/pictures/{item_id}"


def screen_picture_path(event_id: int, item_id: int) -> str:
    """Return the address of a picture for big screens."""
    return f"/api/v1/events/{event_id}/screen-pictures/{item_id}"


def picture_for(event_id: int, item_id: int, view: View, account_id: int | None) -> bytes:
    """Return a picture for somebody who may see it; raises `NotFound` for everybody else."""
    found = (
        ModerationPicture.select(ModerationPicture, ModerationItem)
        .join(ModerationItem)
        .where(ModerationItem.id == item_id, ModerationItem.event == event_id)
        .first()
    )
    if found is None:
        raise NotFound
    item = found.item
    if not shows_written(item.status == APPROVED, view, item.account_id == account_id):
        raise NotFound
    return bytes(found.data)


def shown_block(block: WritingBlock) -> dict[str, Any]:
    """Return a block as hosts see it."""
    return {
        "player_id": block.player_id,
        "name": block.player.name,
        "team": block.player.team_name,
        "reason": block.reason,
        "blocked_at": block.blocked_at,
    }


def blocks(event_id: int) -> list[dict[str, Any]]:
    """Return who may not write in an event, the latest first."""
    return [shown_block(block) for block in _blocks(event_id)]


def _blocks(event_id: int) -> peewee.ModelSelect:
    return (
        WritingBlock.select(WritingBlock, Player)
        .join(Player)
        .where(WritingBlock.event == event_id)
        .order_by(WritingBlock.id.desc())
    )


def worksheets(event_id: int, zone: str) -> list[Worksheet]:
    """Return everything that came in, and who may not write, as two worksheets."""
    rows = (
        (
            item.id,
            KINDS[item.kind],
            item.text or None,
            _author(item)["name"],
            _author(item)["team"],
            STATUSES[item.status],
            FINDINGS[item.finding],
            local_time(item.created_at, zone),
            item.decided_at and local_time(item.decided_at, zone),
            item.reason or None,
        )
        for item in _items(event_id).order_by(ModerationItem.id)
    )
    stopped = (
        (
            block.player.name,
            block.player.staff_number,
            block.player.team_name,
            block.reason,
            local_time(block.blocked_at, zone),
        )
        for block in _blocks(event_id)
    )
    return [Worksheet("审核记录", COLUMNS, rows), Worksheet("停止发言", BLOCK_COLUMNS, stopped)]
