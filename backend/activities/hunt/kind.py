"""The hunt as a kind: its treasures, re-scoring, wiping."""

from typing import Any

from peewee import Case, fn

from backend.activities.hunt import current, standing_in, statistics
from backend.activities.hunt.models import Dig, HuntAnswer, Treasure, TreasureClaim
from backend.activities.hunt.panel import panel
from backend.activities.hunt.play import HuntPlay
from backend.activities.hunt.report import report
from backend.activities.hunt.rescore import rescore
from backend.activities.hunt.settings import ANY_TOPIC, HuntSettings
from backend.errors import Sentence
from backend.events.kinds import (
    AskedQuestion,
    CorrectionFacts,
    Earning,
    Kind,
    LeftCount,
    StandIn,
    TeamAnswers,
    Tools,
    about_of,
)
from backend.events.models import Activity
from backend.events.preflight import PreflightLine
from backend.events.reporting import ActivityReport
from backend.questions import marking, supply
from backend.scoring.current import scores
from backend.scoring.scorekeeper import Scorekeeper
from backend.web.forms import Choice


class Hunt(Kind):
    """The kind `hunt`."""

    name = "hunt"
    title = Sentence("“美多”大淘金", "Treasure hunt")
    settings = HuntSettings
    tables = (Dig,)
    prepared = (Treasure,)
    reasons = {"answer": "答题", "treasure": "挖到宝贝"}
    invitation = "拿起手机扫一扫，和同伴一起淘金"

    def play(self, tools: Tools) -> HuntPlay:
        """Return the play that takes answers."""
        return HuntPlay(tools.scores, tools.secret.key("hunts"))

    def panel(self, activity: Activity, now: int) -> dict[str, Any]:
        """Return the hunt as hosts see it."""
        return panel(activity, scores().calendar, current.panel_counts(), now)

    def fresh(self) -> dict[str, Any]:
        """Return all banks, and one site that draws from all topics."""
        site = {"key": "tent", "title": "美多的帐篷", "topic": ANY_TOPIC, "x": 50, "y": 50}
        return {"banks": [one.value for one in supply.banks_to_choose()], "sites": [site]}

    def choices(self, settings: dict[str, Any]) -> dict[str, list[Choice]]:
        """Return the banks, the topics of the chosen banks, and the sites for treasures."""
        sites = [Choice(site["key"], site["title"]) for site in settings.get("sites", [])]
        topics = supply.topics_to_choose(settings.get("banks", []))
        return {
            "banks": supply.banks_to_choose(),
            "sites.topic": [Choice(ANY_TOPIC, "全部主题，薄弱的优先"), *topics],
            "treasures.site": sites,
        }

    def preview(self, settings: dict[str, Any]) -> list[Earning]:
        """Return what a day of digging earns, and the most valuable treasure."""
        digs, seconds = settings["digs_per_day"], settings["question_seconds"]
        right, points = marking.typical_points(settings["scoring"], digs, seconds, streaks=True)
        found = [Earning(f"一天挖满 {digs} 次，答对 {right} 题，速度居中", points)]
        if settings["treasures"]:
            best = max(settings["treasures"], key=lambda treasure: int(treasure["points"]))
            found.append(Earning(f"挖到最贵的宝藏“{best['title']}”，另加", best["points"]))
        return found

    def lacks(self, settings: dict[str, Any], day: str) -> list[Sentence]:
        """Return sentences about banks that do not exist, and topics of sites without a question on
        that day."""
        topics = [site["topic"] for site in settings["sites"] if site["topic"] != ANY_TOPIC]
        return supply.lacks(settings["banks"], topics, day)

    def preflight(self, activity: Activity, day: str) -> list[PreflightLine]:
        """Return lines about the questions: what is missing, how many can be asked that day."""
        settings = activity.settings
        lacks = self.lacks(settings, day)
        return supply.preflight(about_of(activity), settings["banks"], day, lacks)

    def prepare(self, activity: Activity) -> None:
        """Create the treasures."""
        for treasure in activity.settings["treasures"]:
            Treasure.create(activity=activity, **treasure)

    def rescore(
        self, scores: Scorekeeper, activity: Activity, correction: CorrectionFacts, now: int
    ) -> set[int] | None:
        """Score the answers to a corrected question again."""
        return rescore(scores, activity, correction, now)

    def team_answers(self, activity: Activity, now: int) -> list[TeamAnswers] | None:
        """Return how teams answered, once the last sitting is over."""
        return statistics.team_answers(activity, now)

    def stand_in(self, seat: StandIn) -> bool:
        """Let a test player open a question, or answer the open one."""
        return standing_in.stand_in(seat)

    def report(self, activity: Activity, now: int) -> ActivityReport:
        """Return what the report of the event shows of the hunt."""
        return report(activity, now)

    def left(self, activity: Activity) -> list[LeftCount]:
        """Count digs, answers and treasures found."""
        digs = Dig.select().where(Dig.activity == activity)
        answers = HuntAnswer.select().where(HuntAnswer.activity_id == activity.id)
        found = TreasureClaim.select().join(Treasure).where(Treasure.activity == activity)
        return [
            LeftCount("digs", Sentence("挖宝", "digs"), digs.count()),
            LeftCount("answers", Sentence("答题", "answers"), answers.count()),
            LeftCount("treasures", Sentence("挖到的宝物", "treasures found"), found.count()),
        ]

    def asked(self, activity: Activity) -> list[AskedQuestion]:
        """Return the questions that players opened."""
        rows = (
            Dig.select(
                Dig.question_id,
                fn.COUNT(HuntAnswer.id),
                fn.SUM(Case(None, [(HuntAnswer.correct, 1)], 0)),
            )
            .left_outer_join(HuntAnswer)
            .where(Dig.activity == activity)
            .group_by(Dig.question_id)
        )
        return [AskedQuestion(*row) for row in rows.tuples()]

    def wipe(self, activity: Activity) -> None:
        """Remove digs, answers, snoozes and claims, and restore the stock of treasures."""
        super().wipe(activity)
        Treasure.update(claimed=0).where(Treasure.activity == activity).execute()
