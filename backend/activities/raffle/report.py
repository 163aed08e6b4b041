"""What the report of an event shows of a raffle."""

from backend.activities.raffle.models import RaffleDraw, RaffleEntry, RafflePick, RafflePrize
from backend.activities.raffle.rules import WON
from backend.events.models import Activity
from backend.events.reporting import ActivityReport, Fact, Landmark, NamedWinner


def report(activity: Activity) -> ActivityReport:
    """Return the draws and their winners; people who were absent or passed over are left out."""
    draws = list(
        RaffleDraw.select(RaffleDraw, RafflePrize)
        .join(RafflePrize)
        .where(RaffleDraw.activity == activity, RaffleDraw.begun_at.is_null(False))
        .order_by(RaffleDraw.number)
    )
    winners = (
        RafflePick.select(RafflePrize.title, RaffleEntry.name, RaffleEntry.team_name)
        .join(RafflePrize)
        .switch(RafflePick)
        .join(RaffleEntry)
        .where(RafflePick.activity == activity, RafflePick.status == WON)
        .order_by(RafflePrize.position, RafflePick.item, RafflePick.id)
        .tuples()
    )
    found = [NamedWinner(*row) for row in winners]
    return ActivityReport(
        facts=[Fact("抽奖次数", len(draws)), Fact("送出的奖品", len(found))],
        landmarks=[Landmark(draw.begun_at, f"抽奖：{draw.prize.title}") for draw in draws],
        winners=found,
    )
