"""What a kind of activity contributes to the report of an event.

Everything here is for hosts. What is not `public` must not be shown to others, and is left out of
the article.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class GivenAnswer(NamedTuple):
    """A counted answer: `choice` are letters of the bank with commas between them."""

    question_id: int
    player_id: int
    choice: str
    correct: bool


@dataclass(frozen=True)
class Fact:
    """A figure of an activity with its Chinese label, such as 作答 and 420."""

    label: str
    value: int


@dataclass(frozen=True)
class Tally:
    """Counts to compare, such as the votes of a poll: `(label, count)`, in the order to show.

    `of_people` says that the labels are names.
    """

    title: str
    unit: str
    rows: Sequence[tuple[str, int]]
    public: bool = True
    of_people: bool = False


@dataclass(frozen=True)
class Landmark:
    """A moment of the evening, such as the first question or the draw of a prize."""

    at: int
    title: str


@dataclass(frozen=True)
class NamedWinner:
    """A person who won a prize that does not depend on a place on a board."""

    prize: str
    name: str
    team: str | None


@dataclass(frozen=True)
class Exhibit:
    """A picture for the gallery: `Kind.exhibit` finds it by `key`.

    `votes` is null if nobody voted or the votes are not public.
    """

    key: int
    title: str
    author: str = ""
    team: str | None = None
    votes: int | None = None


@dataclass(frozen=True)
class ActivityReport:
    """What the report shows of an activity. `answers` is null while they are sealed."""

    facts: Sequence[Fact] = ()
    answers: Sequence[GivenAnswer] | None = ()
    tallies: Sequence[Tally] = ()
    landmarks: Sequence[Landmark] = ()
    winners: Sequence[NamedWinner] = ()
    exhibits: Sequence[Exhibit] = ()
