"""The contest as a kind: its beginning, re-scoring, wiping."""

from typing import Any

from backend.activities.contest.models import Contest, ContestRound
from backend.activities.contest.play import ContestPlay
from backend.activities.contest.rescore import rescore
from backend.activities.contest.settings import ContestSettings
from backend.errors import Sentence
from backend.events.kinds import CorrectionFacts, Kind, Tools
from backend.events.models import Activity
from backend.questions import supply
from backend.scoring.scorekeeper import Scorekeeper


class ContestKind(Kind):
    """The kind `contest`."""

    name = "contest"
    title = Sentence("现场竞赛", "Live contest")
    settings = ContestSettings
    tables = (ContestRound,)
    screen_scripts = ("contest.js", "ladder.js", "lobby.js", "marks.js", "question.js")
    screen_styles = ("contest.css", "phone.css")

    def play(self, tools: Tools) -> ContestPlay:
        """Return the play that takes answers and advances rounds."""
        return ContestPlay(tools.scores, tools.feed)

    def lacks(self, settings: dict[str, Any], day: str) -> list[Sentence]:
        """Return sentences about banks that do not exist or have no question on that day."""
        return supply.lacks(settings["banks"], (), day)

    def prepare(self, activity: Activity) -> None:
        """Create the contest in its first phase."""
        Contest.create(activity=activity)

    def rescore(
        self, scores: Scorekeeper, activity: Activity, correction: CorrectionFacts, now: int
    ) -> set[int] | None:
        """Score the answers to a corrected question again."""
        return rescore(scores, activity, correction, now)

    def wipe(self, activity: Activity) -> None:
        """Remove rounds and answers, and reset the contest to its first phase."""
        super().wipe(activity)
        Contest.update(
            phase="idle", phase_at=0, position=0, auto=False, playoff=None, playoff_from=None
        ).where(Contest.activity == activity).execute()
