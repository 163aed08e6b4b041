"""The raffle as a kind: its prizes, wiping."""

from collections.abc import Collection
from typing import Any

from backend.activities.raffle import pools, rules, steps, view
from backend.activities.raffle.models import (
    RaffleDraw,
    RaffleEntry,
    RafflePick,
    RafflePrize,
    RaffleStage,
)
from backend.activities.raffle.panel import panel
from backend.activities.raffle.play import RafflePlay
from backend.activities.raffle.report import report
from backend.activities.raffle.settings import PrizeSchema, RaffleSettings
from backend.errors import Sentence
from backend.events.kinds import Download, Earning, Kind, LeftCount, Tools, about_of
from backend.events.models import Activity
from backend.events.preflight import GREEN, PREPARE, RED, YELLOW, PreflightLine
from backend.events.reporting import ActivityReport
from backend.events.steps import HostSteps
from backend.events.tables import TableImport
from backend.moderation.used_pictures import copy_picture, keep_pictures


class Raffle(Kind):
    """The kind `raffle`."""

    name = "raffle"
    title = Sentence("抽奖", "Raffle")
    settings = RaffleSettings
    tables = (RaffleDraw, RaffleStage)
    actions = {
        "add_raffle_prize": "添加奖品",
        "edit_raffle_prize": "修改奖品",
        "remove_raffle_prize": "删除奖品",
        "raffle_prizes_imported": "导入奖品",
        "remove_raffle_list": "删除抽奖名单",
        "raffle_list_imported": "导入抽奖名单",
        "commit_raffle_draw": "定奖池",
        "draw_raffle": "抽奖",
        "call_raffle_winner": "叫号",
        "raffle_winner_absent": "缺席重抽",
        "reveal_raffle_seed": "公开随机种子",
        "abandon_raffle_draw": "放弃抽奖",
        "hand_over_prize": "发放奖品",
        "show_raffle": "大屏显示抽奖",
    }
    command_names = ("raffle",)
    screen_scripts = ("raffle.js",)
    screen_styles = ("raffle.css", "phone.css")
    phases = steps.WORDS
    subjects = {
        "raffle_prize": "奖品",
        "raffle_list": "名单",
        "raffle_draw": "抽奖",
        "raffle_pick": "中奖",
    }
    audit_words = steps.AUDIT_WORDS

    def play(self, tools: Tools) -> RafflePlay:
        """Return the play that shows draws."""
        return RafflePlay(tools.feed, tools.redis)

    def steps(
        self, activity: Activity, shown: dict[str, Any] | None, present: int | None, now: int
    ) -> HostSteps:
        """Return what a host can do next."""
        return steps.steps(
            f"/raffles/{activity.id}",
            view.shown_prizes(activity),
            view.shown_draws(activity, now),
            is_on=shown is not None,
            is_anybody_left=pools.is_anybody_left(activity),
        )

    def panel(self, activity: Activity, now: int) -> dict[str, Any]:
        """Return the raffle as hosts see it."""
        return panel(activity, now)

    def prepare(self, activity: Activity) -> None:
        """Create the prizes."""
        for position, prize in enumerate(activity.settings["prizes"], start=1):
            RafflePrize.create(activity=activity, position=position, **prize)

    def copied(self, source: Activity, made: Activity) -> None:
        """Give the prizes of a copied event the pictures of the prizes that they are copies of."""
        with_picture = RafflePrize.picture_id.is_null(False)
        for prize in RafflePrize.select().where(RafflePrize.activity == source, with_picture):
            picture_id = copy_picture(prize.picture_id, made.event_id)
            of_title = (RafflePrize.activity == made) & (RafflePrize.title == prize.title)
            RafflePrize.update(picture_id=picture_id).where(of_title).execute()

    def downloads(self, activity: Activity) -> list[Download]:
        """Return the lists of winners, and the pool of each draw."""
        here = f"/raffles/{activity.id}"
        draws = (
            RaffleDraw.select(RaffleDraw, RafflePrize)
            .join(RafflePrize)
            .where(RaffleDraw.activity == activity)
            .order_by(RaffleDraw.number)
        )
        return [
            Download("中奖名单", f"{here}/winners.xlsx"),
            Download("未领奖名单", f"{here}/winners.xlsx?unclaimed=true"),
            *[
                Download(
                    f"第 {draw.number} 次抽奖的参与名单：{draw.prize.title}",
                    f"{here}/draws/{draw.id}/pool.xlsx",
                )
                for draw in draws
            ],
        ]

    def preview(self, settings: dict[str, Any]) -> list[Earning]:
        """Say that prizes earn no points, and how many prizes there are."""
        stock = sum(prize["stock"] for prize in settings["prizes"])
        return [Earning(f"抽奖不计分；一共 {stock} 份奖品", 0)]

    def settings_of(self, activity: Activity) -> dict[str, Any]:
        """Return the settings with the prizes that hosts have prepared."""
        prizes = RafflePrize.select().where(RafflePrize.activity == activity)
        shown = [
            {name: getattr(prize, name) for name in PrizeSchema().fields}
            for prize in prizes.order_by(RafflePrize.position, RafflePrize.id)
        ]
        return {**activity.settings, "prizes": shown}

    def renew(self, activity: Activity) -> None:
        """Make the prizes equal to those of the settings.

        A prize that keeps its title keeps its row.
        """
        prizes = activity.settings["prizes"]
        of_activity = RafflePrize.activity == activity
        titles = [prize["title"] for prize in prizes]
        RafflePrize.delete().where(of_activity, RafflePrize.title.not_in(titles)).execute()
        for position, prize in enumerate(prizes, start=1):
            known = RafflePrize.get_or_none(of_activity, RafflePrize.title == prize["title"])
            if known is None:
                RafflePrize.create(activity=activity, position=position, **prize)
            else:
                known.change(position=position, **prize)

    def forget(self, player_ids: Collection[int]) -> None:
        """Do nothing: only masked names are stored, which records of draws need."""
        for entry in RaffleEntry.select().where(RaffleEntry.player_id.in_(list(player_ids))):
            entry.name, entry.staff_number = rules.masked(entry.name), None
            entry.save()

    def imports(self, activity: Activity) -> list[TableImport]:
        """Return the tables that can be imported: prizes, and people to draw from."""
        path = f"/raffles/{activity.id}"
        prizes = "一行一个奖品，接在已有的奖品后面。"
        people = "只在名单里的人当中抽奖时用，工号要在花名册里。"
        return [
            TableImport("奖品", prizes, f"{path}/prizes/imports", f"{path}/prizes/template.xlsx"),
            TableImport(
                "抽奖名单",
                people,
                f"{path}/lists",
                f"{path}/lists/template.xlsx",
                asks_title=True,
            ),
        ]

    def preflight(self, activity: Activity, day: str) -> list[PreflightLine]:
        """Return a line about the stock of prizes."""
        prizes = list(RafflePrize.select().where(RafflePrize.activity == activity))
        left = sum(prize.stock - prize.given for prize in prizes)
        about = about_of(activity)
        if not prizes:
            text = Sentence("还没有奖品。", "There are no prizes.")
            return [PreflightLine(RED, about, text, PREPARE)]
        if not left:
            text = Sentence("奖品都抽完了。", "All prizes are gone.")
            return [PreflightLine(YELLOW, about, text, PREPARE)]
        text = Sentence(
            f"{len(prizes)} 种奖品，还有 {left} 份可抽。",
            f"{len(prizes)} prizes, {left} pieces left to draw.",
        )
        return [PreflightLine(GREEN, about, text, PREPARE)]

    def report(self, activity: Activity, now: int) -> ActivityReport:
        """Return what the report of the event shows of the raffle."""
        return report(activity)

    def left(self, activity: Activity) -> list[LeftCount]:
        """Return the numbers of draws and of people who were drawn."""
        draws = RaffleDraw.select().where(RaffleDraw.activity == activity)
        picks = RafflePick.select().where(RafflePick.activity == activity)
        return [
            LeftCount("draws", Sentence("抽奖轮次", "draws"), draws.count()),
            LeftCount("picks", Sentence("中签记录", "people drawn"), picks.count()),
        ]

    def wipe(self, activity: Activity) -> None:
        """Remove the draws of a rehearsal and restore the stock of prizes."""
        super().wipe(activity)
        prizes = RafflePrize.activity == activity
        with_picture = RafflePrize.picture_id.is_null(False)
        keep_pictures(RafflePrize.select(RafflePrize.picture_id).where(prizes, with_picture))
        RafflePrize.update(given=0).where(prizes).execute()
