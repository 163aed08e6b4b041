"""The contest as a kind: its beginning, re-scoring, wiping."""

from typing import Any

import peewee

from backend.activities.contest import pacing, steps
from backend.activities.contest.current import play
from backend.activities.contest.models import Contest, ContestAnswer, ContestRound
from backend.activities.contest.panel import panel
from backend.activities.contest.play import ContestPlay
from backend.activities.contest.report import report
from backend.activities.contest.rescore import rescore
from backend.activities.contest.settings import ContestSettings
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
from backend.events.models import Activity, Player
from backend.events.preflight import PreflightLine
from backend.events.reporting import ActivityReport
from backend.events.steps import HostSteps
from backend.questions import marking, supply
from backend.questions.models import Question
from backend.scoring.scorekeeper import Scorekeeper
from backend.web.forms import Choice


class ContestKind(Kind):
    """The kind `contest`."""

    name = "contest"
    title = Sentence("现场竞赛", "Live contest")
    settings = ContestSettings
    tables = (ContestRound,)
    prepared = (Contest,)
    actions = {
        "contest_begin": "开始竞赛",
        "contest_next": "下一题",
        "contest_reveal": "公布答案",
        "contest_board": "显示排名",
        "contest_podium": "颁奖",
        "contest_playoff": "加赛",
        "contest_dismiss": "收起竞赛",
    }
    reasons = {"answer": "答题"}
    screen_scripts = ("contest.js", "ladder.js", "lobby.js", "marks.js", "question.js")
    screen_styles = ("contest.css", "phone.css")
    phases = steps.WORDS
    audit_words = steps.PHASE_NAMES

    def play(self, tools: Tools) -> ContestPlay:
        """Return the play that takes answers and advances rounds."""
        return ContestPlay(tools.scores, tools.feed)

    def steps(
        self, activity: Activity, shown: dict[str, Any] | None, present: int | None, now: int
    ) -> HostSteps:
        """Return what a host can do next."""
        was_played = shown is None and pacing.was_played(activity.id)
        return steps.steps(f"/contests/{activity.id}", shown, present, was_played=was_played)

    def panel(self, activity: Activity, now: int) -> dict[str, Any]:
        """Return the contest as hosts see it."""
        return panel(activity, play().panel_counts, now)

    def fresh(self) -> dict[str, Any]:
        """Return all banks."""
        return {"banks": [one.value for one in supply.banks_to_choose()]}

    def choices(self, settings: dict[str, Any]) -> dict[str, list[Choice]]:
        """Return the banks."""
        return {"banks": supply.banks_to_choose()}

    def preview(self, settings: dict[str, Any]) -> list[Earning]:
        """Return what a typical player earns in a whole contest."""
        count, seconds = settings["questions"], settings["question_seconds"]
        right, points = marking.typical_points(
            settings["scoring"], count, seconds, streaks=settings["streak"]
        )
        return [Earning(f"{count} 题答对 {right} 题，速度居中", points)]

    def lacks(self, settings: dict[str, Any], day: str) -> list[Sentence]:
        """Return sentences about banks that do not exist or have no question on that day."""
        return supply.lacks(settings["banks"], (), day)

    def preflight(self, activity: Activity, day: str) -> list[PreflightLine]:
        """Return lines about the questions: what is missing, how many can be asked that day."""
        settings = activity.settings
        lacks = self.lacks(settings, day)
        return supply.preflight(about_of(activity), settings["banks"], day, lacks)

    def prepare(self, activity: Activity) -> None:
        """Create the contest in its first phase."""
        Contest.create(activity=activity)

    def rescore(
        self, scores: Scorekeeper, activity: Activity, correction: CorrectionFacts, now: int
    ) -> set[int] | None:
        """Score the answers to a corrected question again."""
        return rescore(scores, activity, correction, now)

    def team_answers(self, activity: Activity, now: int) -> list[TeamAnswers] | None:
        """Return how teams answered the questions that were revealed."""
        wrong = peewee.fn.SUM(peewee.Case(None, ((ContestAnswer.correct, 0),), 1))
        rows = (
            ContestAnswer.select(
                ContestRound.question,
                Player.team_name,
                peewee.fn.COUNT(ContestAnswer.id),
                wrong,
            )
            .join(ContestRound)
            .switch(ContestAnswer)
            .join(Player)
            .where(
                ContestRound.activity == activity,
                ContestAnswer.counted,
                ContestAnswer.correct.is_null(False),
            )
            .group_by(ContestRound.question, Player.team_name)
            .tuples()
        )
        return [
            TeamAnswers(question, team, answers, int(bad)) for question, team, answers, bad in rows
        ]

    def stand_in(self, seat: StandIn) -> bool:
        """Let a test player answer the question that is shown."""
        now_on = (
            ContestRound.select(ContestRound, Question)
            .join(Question)
            .switch(ContestRound)
            .join(Contest, on=(Contest.activity == ContestRound.activity))
            .where(
                ContestRound.activity == seat.activity,
                ContestRound.position == Contest.position,
                Contest.phase == "question",
            )
            .first()
        )
        done = ContestAnswer.round == now_on, ContestAnswer.player == seat.player
        if now_on is None or ContestAnswer.select().where(*done).exists():
            return False
        question = now_on.question
        choice = marking.guess(seat.random, question.kind, len(question.options))
        said = {"round_id": now_on.id, "choice": choice}
        seat.play.messages["contest.answer"].hear(seat.speaker, seat.activity.id, said, seat.now)
        return True

    def report(self, activity: Activity, now: int) -> ActivityReport:
        """Return what the report of the event shows of the contest."""
        return report(activity)

    def left(self, activity: Activity) -> list[LeftCount]:
        """Count rounds and answers."""
        rounds = ContestRound.select().where(ContestRound.activity == activity)
        answers = ContestAnswer.select().join(ContestRound).where(ContestRound.activity == activity)
        return [
            LeftCount("rounds", Sentence("题目轮次", "rounds"), rounds.count()),
            LeftCount("answers", Sentence("答题", "answers"), answers.count()),
        ]

    def asked(self, activity: Activity) -> list[AskedQuestion]:
        """Return the questions that were shown."""
        rows = (
            ContestRound.select(
                ContestRound.question_id,
                peewee.fn.COUNT(ContestAnswer.id),
                peewee.fn.SUM(peewee.Case(None, [(ContestAnswer.correct, 1)], 0)),
            )
            .left_outer_join(ContestAnswer)
            .where(ContestRound.activity == activity, ContestRound.shown_at.is_null(False))
            .group_by(ContestRound.question_id)
        )
        return [AskedQuestion(*row) for row in rows.tuples()]

    def wipe(self, activity: Activity) -> None:
        """Remove rounds and answers, and reset the contest to its first phase."""
        super().wipe(activity)
        Contest.update(
            phase="idle", phase_at=0, position=0, auto=False, playoff=None, playoff_from=None
        ).where(Contest.activity == activity).execute()
