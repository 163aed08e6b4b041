"""How questions were answered: the share of right answers, how often each option was chosen, and
how well a question discriminates between people who know more and less.

Pure.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from backend.events.reporting import GivenAnswer
from backend.offload.steps import in_steps
from backend.questions import marking

# With fewer answers a coefficient is meaningless.
LEAST_ANSWERS = 10
STEP = 500
TRUE_FALSE_TEXTS = {"T": "对", "F": "错"}


class QuestionFacts(Protocol):
    """A question of a bank."""

    id: int
    kind: str
    topic: str
    code: str
    stem: str
    options: Sequence[str]
    key: Sequence[str]


@dataclass(frozen=True)
class OptionFigures:
    """How many answers to a question included an option."""

    letter: str
    text: str
    count: int
    percent: float
    is_right: bool


@dataclass(frozen=True)
class QuestionFigures:
    """How a question was answered in an activity.

    `discrimination` is null if it cannot be computed.
    """

    question_id: int
    activity_id: int
    code: str
    topic: str
    stem: str
    answers: int
    right: int
    options: list[OptionFigures]
    discrimination: float | None

    @property
    def percent(self) -> float:
        """The share of right answers in percent."""
        return round(100 * self.right / self.answers, 1)

    @property
    def pull(self) -> OptionFigures | None:
        """The wrong option that was chosen most often."""
        wrong = [one for one in self.options if not one.is_right and one.count]
        return max(wrong, key=lambda one: one.count, default=None)

    def words(self, option: OptionFigures) -> str:
        """Return an option with its letter, as people read it; 对 and 错 have none."""
        is_pair = "".join(one.letter for one in self.options) == marking.TRUE_FALSE
        return option.text if is_pair else f"{option.letter}. {option.text}"


@dataclass
class _Sums:
    """The sums from which the coefficient of a question is computed.

    x is 1 for a right answer and 0 for a wrong one; y is the share of right ones among the other
    answers of the same player.
    """

    n: int = 0
    x: int = 0
    y: float = 0.0
    yy: float = 0.0
    xy: float = 0.0

    def add(self, right: bool, rest: float) -> None:
        """Count one answer."""
        self.n += 1
        self.x += right
        self.y += rest
        self.yy += rest * rest
        self.xy += right * rest

    def coefficient(self) -> float | None:
        """Return Pearson's r of x and y.

        Null for fewer than `LEAST_ANSWERS`, or if x or y is constant.
        """
        spread = (self.n * self.x - self.x**2) * (self.n * self.yy - self.y**2)
        if self.n < LEAST_ANSWERS or spread <= 1e-9:
            return None
        return round((self.n * self.xy - self.x * self.y) / math.sqrt(spread), 2)


@dataclass
class _Found:
    answers: int = 0
    right: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    sums: _Sums = field(default_factory=_Sums)


def figures(
    activity_id: int,
    answers: Sequence[GivenAnswer],
    questions: Mapping[int, QuestionFacts],
    keys: Mapping[int, Sequence[str]],
) -> list[QuestionFigures]:
    """Return the figures of the questions of an activity, those fewest people knew first.

    `keys` are those that hosts gave questions in the event, in place of the bank's.

    The discrimination is the corrected item-total correlation: the point-biserial correlation of a
    right answer with the share of right ones among the *other* answers of the same player in the
    activity. The item itself is left out of the total, or it would correlate with itself; a share in
    place of a sum, because not everybody may get the same
    questions. 1 means that those who
    know more answer it right and the others wrong, 0 that it tells nothing; below 0 those who know
    more answer it wrong, so that the question or its key may be at fault. From 0.3 on it is usually
    called good, below 0.2 poor. Sources: S. Henrysson, Correction of item-total correlations in item
    analysis, Psychometrika 28 (1963), 211–218; J. Nunnally and I. Bernstein, Psychometric Theory,
    3rd edition (1994), chapter 8.
    """
    given: Counter[int] = Counter(answer.player_id for answer in answers)
    right: Counter[int] = Counter(answer.player_id for answer in answers if answer.correct)
    found: dict[int, _Found] = defaultdict(_Found)
    for answer in in_steps(answers, STEP):
        one, who = found[answer.question_id], answer.player_id
        one.answers += 1
        one.right += answer.correct
        one.letters.update(answer.choice.split(","))
        if given[who] > 1:
            rest = (right[who] - answer.correct) / (given[who] - 1)
            one.sums.add(bool(answer.correct), rest)
    shown = [
        _shown(activity_id, questions[question_id], one, keys)
        for question_id, one in found.items()
        if question_id in questions
    ]
    return sorted(shown, key=lambda one: (one.percent, -one.answers, one.question_id))


def _shown(
    activity_id: int, question: QuestionFacts, found: _Found, keys: Mapping[int, Sequence[str]]
) -> QuestionFigures:
    key = keys.get(question.id) or question.key
    return QuestionFigures(
        question_id=question.id,
        activity_id=activity_id,
        code=question.code,
        topic=question.topic,
        stem=question.stem,
        answers=found.answers,
        right=found.right,
        options=[
            OptionFigures(
                letter,
                text,
                found.letters[letter],
                round(100 * found.letters[letter] / found.answers, 1),
                letter in key,
            )
            for letter, text in _options(question)
        ],
        discrimination=found.sums.coefficient(),
    )


def _options(question: QuestionFacts) -> Iterable[tuple[str, str]]:
    if question.kind == "truefalse":
        return TRUE_FALSE_TEXTS.items()
    return zip(marking.LETTERS, question.options, strict=False)
