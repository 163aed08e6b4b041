"""What a kind of activity brings along: one object, which the app, events and the screen go over."""

import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, ClassVar, Protocol

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


class Kind:
    """A kind of activity, of which a package below `backend.activities` has one.

    Each default says that the kind has nothing of it; a kind overrides what it has.
    """

    # What activities of this kind are stored and addressed with; the package has the same name.
    name: ClassVar[str]
    # Schema of the settings of an activity in a template.
    settings: ClassVar[type[ma.Schema]]
    # Files in the folder `screen` of the package, for the big screen: ES modules, of which the first
    # shows an activity of this kind, and style sheets in the order in which they apply. One
    # named `phone.css` applies on a phone alone, after all others.
    screen_scripts: ClassVar[tuple[str, ...]] = ()
    screen_styles: ClassVar[tuple[str, ...]] = ()

    @property
    def screen_folder(self) -> Path:
        """Where the files for the big screen are."""
        file = sys.modules[type(self).__module__].__file__
        assert file is not None
        return Path(file).parent / "screen"

    def check(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings with defaults filled in; raises `marshmallow.ValidationError`."""
        checked: dict[str, Any] = self.settings().load(settings)
        return checked

    def lacks(self, settings: dict[str, Any], day: str) -> list[Sentence]:
        """Say what checked settings name and what is not there on a business day (YYYY-MM-DD).

        Such as a question bank, or usable questions of a topic; empty when nothing is missing.
        """
        return []

    def prepare(self, activity: Activity) -> None:
        """Make what a new activity needs, in the caller's transaction."""

    def rescore(
        self, scores: Any, activity: Activity, correction: CorrectionFacts, now: int
    ) -> set[int] | None:
        """Judge the answers to a corrected question anew, by entries in the caller's transaction.

        `scores` is the scorekeeper. Returns the players whose standings must be recomputed, None
        if this activity never asks the question.
        """
        return None

    def forget(self, player_ids: Collection[int]) -> None:
        """Take out of past events what the kind keeps of the names of players, in the caller's
        transaction; it is called when they have their account erased."""

    def wipe(self, activity: Activity) -> None:
        """Remove what players left in an activity, in the caller's transaction."""


class Kinds:
    """The kinds by name, in the order in which they were given."""

    def __init__(self, *kinds: Kind) -> None:
        self._kinds = {kind.name: kind for kind in kinds}

    def __getitem__(self, name: str) -> Kind:
        return self._kinds[name]

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds.values())

    def check(self, name: str, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings of a kind filled in; raises `marshmallow.ValidationError`."""
        if name not in self._kinds:
            raise ma.ValidationError(f"Must be one of: {', '.join(self.names())}.", "kind")
        return self._kinds[name].check(settings)

    def names(self) -> list[str]:
        """Return the names of all kinds."""
        return sorted(self._kinds)
