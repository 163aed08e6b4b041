"""Exports winners and pools to Excel."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from backend.activities.raffle.host_view import host_picks
from backend.activities.raffle.models import RaffleDraw, RaffleEntry
from backend.activities.raffle.rules import ABSENT, PASSED, WON
from backend.events.models import Activity
from backend.sheets.writing import Column, Worksheet

WINNER_COLUMNS = (
    Column("奖项", 24),
    Column("第几次抽奖", 12),
    Column("抽中顺序", 10),
    Column("姓名", 14),
    Column("工号", 12),
    Column("班组", 26),
    Column("状态", 12),
    Column("领奖码", 14),
    Column("抽中时间", 22),
    Column("呼叫时间", 22),
    Column("呼叫人", 14),
    Column("记为未到场的时间", 22),
    Column("记录人", 14),
    Column("领取时间", 22),
)
POOL_COLUMNS = (
    Column("编号", 8),
    Column("姓名", 14),
    Column("工号", 12),
    Column("班组", 26),
    Column("核对标记", 22),
)
_STATUS_WORDS = {ABSENT: "未到场", PASSED: "此前已中奖或已无资格"}


def winners_sheet(activity: Activity, timezone: str, now: int, *, unclaimed: bool) -> Worksheet:
    """Return the people who were drawn, or only those who have not fetched their prize; times are
    local times of the centre."""
    zone = ZoneInfo(timezone)
    picks = host_picks(activity, now, unclaimed=unclaimed)
    title = "未领取" if unclaimed else "中奖名单"
    return Worksheet(title, WINNER_COLUMNS, (_winner_row(pick, zone) for pick in picks))


def _winner_row(pick: dict[str, Any], zone: ZoneInfo) -> list[Any]:
    handed = pick["handed_at"]
    status = "已领取" if handed else "未领取"
    return [
        pick["prize"],
        pick["draw"],
        pick["turn"],
        pick["name"],
        pick["staff_number"],
        pick["team"],
        status if pick["status"] == WON else _STATUS_WORDS[pick["status"]],
        pick["code"],
        _local(pick["drawn_at"], zone),
        _local(pick["called_at"], zone),
        pick["called_by"],
        _local(pick["absent_at"], zone),
        pick["absent_by"],
        _local(handed, zone),
    ]


def _local(moment: int | None, zone: ZoneInfo) -> datetime | None:
    """Return the local time of the centre, because Excel has no time zones."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment / 1000, zone).replace(tzinfo=None)


def pool_sheet(draw: RaffleDraw) -> Worksheet:
    """Return the pool of a draw by number, with the names that its proof hides."""
    rows = (
        RaffleEntry.select(
            RaffleEntry.number,
            RaffleEntry.name,
            RaffleEntry.staff_number,
            RaffleEntry.team_name,
            RaffleEntry.tag,
        )
        .where(RaffleEntry.draw == draw)
        .order_by(RaffleEntry.number)
        .tuples()
    )
    return Worksheet(f"第{draw.number}次抽奖名单", POOL_COLUMNS, rows)
