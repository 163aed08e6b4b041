"""An evening of the contest for tests: an open rehearsal with a bank of its own."""

from typing import Any

from werkzeug.test import TestResponse

from backend.activities.contest.kind import ContestKind
from backend.activities.contest.models import ContestAnswer, ContestRound
from backend.events.models import Activity
from backend.questions.models import Question, QuestionBank
from backend.scoring.models import ScoreEntry
from tests.support import Centre, FakeClock, Phone

SECONDS = 20
# Every question is of the easiest kind, its key is B, and accuracy alone counts.
RIGHT, WRONG = ["B"], ["A"]
POINTS = 40


class ContestEvening:
    """An open event with a contest, its host, and phones that joined before it began."""

    def __init__(self, centre: Centre, clock: FakeClock, phones: int = 3, **settings: Any) -> None:
        self.app, self.clock, self.centre = centre.app, clock, centre
        self.host = centre.host()
        self.event = centre.open_event(self.host, "contest", rehearsal=True)
        self.activity_id = int(self.event["activities"][0]["id"])
        self.path = f"/contests/{self.activity_id}"
        self._write_bank()
        self._settle({"questions": 3, "scoring": "accuracy", "streak": False, **settings})
        self.phones = centre.people(phones)
        self.players = [one["id"] for one in centre.join(self.event, *self.phones)]
        clock.advance(1)

    def _write_bank(self) -> None:
        bank = QuestionBank.create(name="stage", title="舞台题库")
        for number in range(1, 6):
            Question.create(
                bank=bank,
                code=f"S-{number}",
                version=1,
                kind="single",
                topic="舞台",
                difficulty=1,
                stem=f"第{number}题？",
                options=["甲", "乙", "丙", "丁"],
                key=["B"],
                explanation=f"第{number}题的解析。",
                digest="",
                created_at=self.clock.now(),
            )

    def _settle(self, changes: dict[str, Any]) -> None:
        activity = Activity.get_by_id(self.activity_id)
        activity.settings = ContestKind().check(
            {**activity.settings, "banks": ["stage"], "question_seconds": SECONDS, **changes}
        )
        activity.save()

    def act(self, action: str, position: int | None = None, **more: Any) -> dict[str, Any]:
        """Do what a host does; returns the contest as hosts see it."""
        body = {"action": action, "position": position, **more}
        state: dict[str, Any] = self.host.ok("POST", f"{self.path}/actions", body)["state"]
        return state

    def show(self, position: int) -> int:
        """Show a question and return its round's id."""
        if position == 1:
            self.act("begin")
        round_id: int = self.act("next", position)["round"]["id"]
        return round_id

    def state(self, phone: Phone | None = None) -> Any:
        """Return the contest as a phone sees it."""
        return (phone or self.phones[0]).ok("GET", self.path)["state"]

    def own(self, place: int) -> Any:
        """Return what a player alone sees."""
        return self.phones[place].ok("GET", self.path)["own"]

    def try_answer(self, place: int, round_id: int, choice: list[str]) -> TestResponse:
        """Answer, whatever comes of it."""
        path = f"{self.path}/rounds/{round_id}/answer"
        return self.phones[place].post(path, {"choice": choice})

    def answer(self, place: int, round_id: int, choice: list[str] = RIGHT) -> dict[str, Any]:
        """Answer and return what is kept."""
        answer = self.try_answer(place, round_id, choice)
        assert answer.status_code == 200, answer.text
        taken: dict[str, Any] = answer.json
        return taken

    def play(self, position: int, *choices: list[str] | None) -> int:
        """Play a round to its reveal: each phone in turn answers a second after the other."""
        round_id = self.show(position)
        for place, choice in enumerate(choices):
            self.clock.advance(1)
            if choice:
                self.answer(place, round_id, choice)
        self.act("reveal", position)
        return round_id

    def entries(self) -> list[tuple[int, int]]:
        """Return (player, points) of every entry in the ledger."""
        rows = ScoreEntry.select(ScoreEntry.player, ScoreEntry.points).order_by(ScoreEntry.id)
        return list(rows.where(ScoreEntry.event == self.event["id"]).tuples())

    def answers(self) -> int:
        """Return how many answers are kept."""
        rounds = ContestRound.select(ContestRound.id).where(
            ContestRound.activity == self.activity_id
        )
        return int(ContestAnswer.select().where(ContestAnswer.round.in_(rounds)).count())

    def is_clean(self) -> bool:
        """Say whether ledger, standings and boards agree."""
        return not self.app.extensions["linka.boards"].verify(self.event["id"]).differences
