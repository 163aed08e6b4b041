"""Exports who replied which word to Excel."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from backend.activities.keywords.models import Keyword, KeywordHit
from backend.events.models import Activity, Player
from backend.sheets.writing import Column, Worksheet

COLUMNS = (
    Column("关键词", 20),
    Column("名次", 8),
    Column("姓名", 14),
    Column("工号", 12),
    Column("班组", 26),
    Column("得分", 8),
    Column("回复时间", 22),
)


def hits_sheet(activity: Activity, timezone: str) -> Worksheet:
    """Return the hits by word and place; times are those of the centre. Decoys have none."""
    rows = (
        KeywordHit.select(
            Keyword.text,
            KeywordHit.place,
            Player.name,
            Player.staff_number,
            Player.team_name,
            KeywordHit.points,
            KeywordHit.at,
        )
        .join(Keyword)
        .switch(KeywordHit)
        .join(Player)
        .where(KeywordHit.activity == activity, ~Keyword.decoy)
        .order_by(Keyword.number, KeywordHit.place)
        .tuples()
    )
    zone = ZoneInfo(timezone)
    return Worksheet("关键词命中", COLUMNS, (_row(row, zone) for row in rows))


def _row(row: tuple[Any, ...], zone: ZoneInfo) -> list[Any]:
    *cells, at = row
    # Excel has no time zones, so moments are local times of the centre.
    return [*cells, datetime.fromtimestamp(at / 1000, zone).replace(tzinfo=None)]
