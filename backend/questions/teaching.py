"""What to teach next: the questions and topics that are answered wrong most often."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from backend.events import lifecycle
from backend.events.kinds import Kinds, TeamAnswers
from backend.events.models import Activity, Event
from backend.questions.models import Question, QuestionBank

# Fewer answers say little about a team, and would reveal those of single people.
ENOUGH = 5
Key = TypeVar("Key")


@dataclass
class AnswerShare:
    """A number of answers, and how many of them are wrong."""

    answers: int = 0
    wrong: int = 0

    def add(self, found: TeamAnswers) -> None:
        """Add the answers of a team to a question."""
        self.answers += found.answers
        self.wrong += found.wrong

    @property
    def percent(self) -> float:
        """The share of wrong answers in percent."""
        return round(100 * self.wrong / self.answers, 1)


@dataclass
class Lessons:
    """Shares by question, by topic, and by team and topic. `sealed` activities are left out."""

    questions: dict[int, AnswerShare] = field(default_factory=lambda: defaultdict(AnswerShare))
    topics: dict[str, AnswerShare] = field(default_factory=lambda: defaultdict(AnswerShare))
    teams: dict[tuple[str, str], AnswerShare] = field(
        default_factory=lambda: defaultdict(AnswerShare)
    )
    sealed: int = 0


def lessons(kinds: Kinds, now: int, bank: str | None = None) -> tuple[Lessons, dict[int, Question]]:
    """Return what is answered wrong, of one bank or of all, and the questions.

    Rehearsals are left out.
    """
    found = Lessons()
    rows = []
    for activity in _played():
        answers = kinds[activity.kind].team_answers(activity, now)
        found.sealed += answers is None
        rows += answers or []
    questions = _questions({row.question_id for row in rows}, bank)
    for row in rows:
        question = questions.get(row.question_id)
        if question is not None:
            found.questions[question.id].add(row)
            found.topics[question.topic].add(row)
            if row.team is not None:
                found.teams[row.team, question.topic].add(row)
    return found, questions


def _played() -> Iterable[Activity]:
    """Return the activities of opened events that are not rehearsals."""
    query = Activity.select(Activity, Event).join(Event)
    return list(query.where(~Event.rehearsal, Event.state != lifecycle.DRAFT))


def _questions(ids: set[int], bank: str | None) -> dict[int, Question]:
    query = Question.select(Question, QuestionBank).join(QuestionBank)
    if bank is not None:
        query = query.where(QuestionBank.name == bank)
    return {question.id: question for question in query if question.id in ids}


def shown_lessons(found: Lessons, questions: dict[int, Question]) -> dict[str, Any]:
    """Return the lessons for `LessonsBody`, the largest share of wrong answers first.

    Topics and teams with fewer than `ENOUGH` answers are left out.
    """
    return {
        "enough": ENOUGH,
        "sealed": found.sealed,
        "questions": [
            {
                "question_id": question_id,
                "bank": questions[question_id].bank.name,
                "code": questions[question_id].code,
                "topic": questions[question_id].topic,
                "stem": questions[question_id].stem,
                **_shown(share),
            }
            for question_id, share in _sorted(found.questions, least=1)
        ],
        "topics": [
            {"topic": topic, **_shown(share)} for topic, share in _sorted(found.topics, ENOUGH)
        ],
        "teams": [
            {"team": team, "topic": topic, **_shown(share)}
            for (team, topic), share in _sorted(found.teams, ENOUGH)
        ],
    }


def _sorted(shares: dict[Key, AnswerShare], least: int) -> list[tuple[Key, AnswerShare]]:
    enough = [(key, share) for key, share in shares.items() if share.answers >= least]
    return sorted(enough, key=lambda item: (-item[1].percent, -item[1].answers, str(item[0])))


def _shown(share: AnswerShare) -> dict[str, Any]:
    return {"answers": share.answers, "wrong": share.wrong, "wrong_percent": share.percent}
