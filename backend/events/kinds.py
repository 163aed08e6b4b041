"""The kinds of activity, as events know them: by name, and by what to do when one is made."""

from typing import Any, Protocol

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

    def names(self) -> list[str]:
        """Return the names of all kinds."""
        return sorted(self._kinds)
