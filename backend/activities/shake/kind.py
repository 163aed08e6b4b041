"""The shake as a kind: wiping."""

from typing import Any

from backend.activities.shake import current, rounds, rules, service, steps
from backend.activities.shake.models import ShakeResult, ShakeRound
from backend.activities.shake.panel import panel
from backend.activities.shake.play import ShakePlay
from backend.activities.shake.report import report
from backend.activities.shake.settings import ShakeSettings, terms_of
from backend.errors import Sentence
from backend.events.kinds import Earning, Kind, LeftCount, StandIn, Tools
from backend.events.models import Activity
from backend.events.reporting import ActivityReport
from backend.events.steps import HostSteps


class Shake(Kind):
    """The kind `shake`."""

    name = "shake"
    title = Sentence("摇一摇", "Shake")
    settings = ShakeSettings
    tables = (ShakeRound,)
    actions = {
        "begin_shake_round": "开始一轮摇一摇",
        "cancel_shake_round": "取消一轮摇一摇",
        "dismiss_shake_round": "收起摇一摇结果",
    }
    reasons = {"shake": "摇一摇"}
    screen_scripts = ("shake.js", "track.js", "winners.js")
    screen_styles = ("shake.css", "phone.css")
    phases = steps.WORDS
    subjects = {"shake_round": "摇一摇轮次"}
    audit_words = steps.MODE_NAMES
    console_scripts = ("panel.js",)

    def preview(self, settings: dict[str, Any]) -> list[Earning]:
        """Return what the first and somebody in the middle of a round earn, and a winner of a draw."""
        terms = terms_of(settings)
        shakers = [rules.Shaker(number, number, 100 - number) for number in range(100)]
        race = rules.ranked(rules.PlayedRound(rules.RACE, ""), shakers, terms)
        tug = rules.ranked(rules.PlayedRound(rules.TUG, ""), shakers, terms)
        draw = rules.ranked(rules.PlayedRound(rules.DRAW, "", winner_count=1), shakers, terms)
        return [
            Earning("百人赛跑一轮得第 1 名", race[0].points),
            Earning("百人赛跑一轮得第 50 名", race[49].points),
            Earning("班组对抗赢的一队，每人", tug[0].points),
            Earning("摇奖中奖", max(one.points for one in draw)),
        ]

    def play(self, tools: Tools) -> ShakePlay:
        """Return the play that takes reports and scores rounds."""
        return ShakePlay(tools.scores, tools.feed, tools.redis)

    def steps(
        self, activity: Activity, shown: dict[str, Any] | None, present: int | None, now: int
    ) -> HostSteps:
        """Return what a host can do next."""
        return steps.steps(f"/shakes/{activity.id}", shown, service.last_number(activity))

    def stand_in(self, seat: StandIn) -> bool:
        """Let a test player report a count of shakes; each player has a speed of their own."""
        on = rounds.newest_alone(seat.tools.scores.database, seat.activity.id)
        if on is None or on.phase(seat.now) != rounds.RUNNING:
            return False
        speed = 2 + seat.player.id % 5
        count = speed * on.played_ms(seat.now) // 1000
        said = {
            "round_id": on.round.id,
            "count": count,
            "how": rules.first_way(on.round.shown_mode),
        }
        seat.play.hear_report(seat.speaker, seat.activity.id, said, seat.now)
        return True

    def report(self, activity: Activity, now: int) -> ActivityReport:
        """Return what the report of the event shows of the shake."""
        return report(activity)

    def left(self, activity: Activity) -> list[LeftCount]:
        """Count rounds and results."""
        rounds = ShakeRound.select().where(ShakeRound.activity == activity)
        results = ShakeResult.select().join(ShakeRound).where(ShakeRound.activity == activity)
        return [
            LeftCount("rounds", Sentence("摇一摇轮次", "rounds"), rounds.count()),
            LeftCount("results", Sentence("摇一摇成绩", "results"), results.count()),
        ]

    def panel(self, activity: Activity, now: int) -> dict[str, Any]:
        """Return the shake as hosts see it."""
        return panel(activity, current.play(), now)
