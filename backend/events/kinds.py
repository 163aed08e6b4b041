"""The kinds of activity, as events know them: by name, and by what to do when one is made."""

from typing import Any, Protocol

import marshmallow as ma

from backend.errors import Sentence
from backend.events.models import Activity


class CorrectionFacts(Protocol):
    """A question voided or re-keyed in an event."""

    id: int
    question_id: int
    action: str
    key: list[str]
    reason: str


class Kind(Protocol):
    """What a package below `backend.activities` offers to events."""

    name: str

    def check(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings with defaults filled in; raises `marshmallow.ValidationError`."""

    def lacks(self, settings: dict[str, Any], day: str) -> list[Sentence]:
        """Say what checked settings name and what is not there on a business day (YYYY-MM-DD).

        Such as a question bank, or usable questions of a topic; empty when nothing is missing.
        """

    def prepare(self, activity: Activity) -> None:
        """Make what a new activity needs, in the caller's transaction."""

    def rescore(
        self, scores: Any, activity: Activity, correction: CorrectionFacts, now: int
    ) -> set[int] | None:
        """Judge the answers to a corrected question anew, by entries in the caller's transaction.

        `scores` is the scorekeeper. Returns the players whose standings must be recomputed, None
        if this activity never asks the question.
        """

    def wipe(self, activity: Activity) -> None:
        """Remove what players left in an activity, in the caller's transaction."""


class Kinds:
    """The kinds by name."""

    def __init__(self, *kinds: Kind) -> None:
        self._kinds = {kind.name: kind for kind in kinds}

    def __getitem__(self, name: str) -> Kind:
        return self._kinds[name]

    def check(self, name: str, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings of a kind filled in; raises `marshmallow.ValidationError`."""
        if name not in self._kinds:
            raise ma.ValidationError(f"Must be one of: {', '.join(self.names())}.", "kind")
        return self._kinds[name].check(settings)

    def names(self) -> list[str]:
        """Return the names of all kinds."""
        return sorted(self._kinds)
