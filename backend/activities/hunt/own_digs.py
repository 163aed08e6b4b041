"""What one player has dug in a hunt, read with one statement for all that depends on it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from backend.db import Database
from backend.selection import Bool, Selection


class OwnDig(NamedTuple):
    """A dig with what counts of its answer; `correct` and `streak` are None before an answer."""

    dig_id: int
    site: str
    question_id: int
    topic: str
    voided: bool
    day: str
    slot: int
    correct: int | None
    streak: int | None

    @property
    def is_unanswered(self) -> bool:
        """Whether the question was neither answered nor voided; its time may be over."""
        return self.correct is None and not self.voided


_DIG = Selection(
    OwnDig,
    dig_id="d.id",
    site="d.site",
    question_id="d.question_id",
    topic="q.topic",
    voided=Bool("d.voided"),
    day="d.day",
    slot="d.slot",
    correct="x.correct",
    streak="x.streak",
)
# In the order of the unique index of a player's digs. In that of the ids, PostgreSQL would read the
# digs of others, back to the first of all.
_OWN_SQL = f"""
SELECT {_DIG} FROM dig d JOIN question q ON q.id = d.question_id
LEFT JOIN answer x ON x.dig_id = d.id
WHERE d.activity_id = ? AND d.player_id = ? ORDER BY d.day DESC, d.slot DESC
"""  # nosec B608 # our own names


class OwnDigs:
    """The digs of a player in a hunt, the newest first; a few dozen at most."""

    def __init__(self, digs: Sequence[OwnDig]) -> None:
        self._digs = digs

    def opened(self, day: str) -> int:
        """Return how many digs were opened on a business day, with those that were voided."""
        return sum(dig.day == day for dig in self._digs)

    def used(self, day: str) -> int:
        """Return how many digs of a business day are used; voided ones are given back."""
        return sum(dig.day == day and not dig.voided for dig in self._digs)

    def unanswered(self) -> OwnDig | None:
        """Return the newest dig that was neither answered nor voided."""
        return next((dig for dig in self._digs if dig.is_unanswered), None)

    def streak(self) -> int:
        """Return the streak: that of the newest dig, 0 as long as it is not answered."""
        newest = next(self._valid(), None)
        return (newest.streak if newest else 0) or 0

    def seen(self) -> Counter[int]:
        """Return {question: how often the player had it}."""
        return Counter(dig.question_id for dig in self._digs)

    def results(self) -> dict[str, tuple[int, int]]:
        """Return {topic: (answered, wrong)}."""
        found: dict[str, tuple[int, int]] = {}
        for dig in self._digs:
            if dig.correct is not None:
                answered, wrong = found.get(dig.topic, (0, 0))
                found[dig.topic] = (answered + 1, wrong + (not dig.correct))
        return found

    def progress(self) -> dict[str, tuple[int, int]]:
        """Return {site: (dug, answered right)}, without voided digs."""
        found: dict[str, tuple[int, int]] = {}
        for dig in self._valid():
            dug, correct = found.get(dig.site, (0, 0))
            found[dig.site] = (dug + 1, correct + bool(dig.correct))
        return found

    def _valid(self) -> Iterator[OwnDig]:
        return (dig for dig in self._digs if not dig.voided)


def read(database: Database, activity_id: int, player_id: int) -> OwnDigs:
    """Return the digs of a player in a hunt."""
    return OwnDigs(_DIG.read(database.read(_OWN_SQL, (activity_id, player_id))))
