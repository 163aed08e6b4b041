"""What a kind of activity brings along: one object, which the app, events and the screen go over."""

import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Protocol

import click
import flask
import marshmallow as ma
from peewee import Model
from redis import Redis

from backend.db import Database
from backend.errors import Sentence
from backend.events.models import Activity
from backend.events.play import Play
from backend.keys import Secret
from backend.live.feed import Feed


class CorrectionFacts(Protocol):
    """A question voided or re-keyed in an event."""

    id: int
    question_id: int
    action: str
    key: list[str]
    reason: str


@dataclass(frozen=True)
class Tools:
    """What a process gives to kinds for what they build once in it. `scores` is the scorekeeper."""

    scores: Any
    feed: Feed
    redis: Redis
    secret: Secret


class Kind:
    """A kind of activity, of which a package below `backend.activities` has one.

    Each default says that the kind has nothing of it; a kind overrides what it has.
    """

    # What activities of this kind are stored and addressed with; the package has the same name.
    name: ClassVar[str]
    # What people call it, in Chinese and in English.
    title: ClassVar[Sentence]
    # Schema of the settings of an activity in a template.
    settings: ClassVar[type[ma.Schema]]
    # Tables with what players leave in an activity, each with a column `activity`. What refers to a
    # row in them goes with it.
    tables: ClassVar[tuple[type[Model], ...]] = ()
    # Modules of the package that have a `blueprint` with operations. They are named and not
    # imported, for commands start sooner without them.
    apis: ClassVar[tuple[str, ...]] = ("api",)
    # Commands below `linka`.
    commands: ClassVar[tuple[click.Command, ...]] = ()
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

    def blueprints(self) -> list[flask.Blueprint]:
        """Return the blueprints of its operations; the first call imports them."""
        package = type(self).__module__.rpartition(".")[0]
        return [import_module(f"{package}.{module}").blueprint for module in self.apis]

    def play(self, tools: Tools) -> Play | None:
        """Return what plays it live, for the app or the worker; None for a kind without."""
        return None

    def extensions(self, tools: Tools) -> dict[str, Any]:
        """Return what else its requests work with, by name in `app.extensions`."""
        return {}

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

    def load_sample(
        self, sample: dict[str, Any], folder: Path, database: Database, now: int
    ) -> int:
        """Load what the sample centre has for the kind, and return how many rows have changed.

        `sample` is what `sample.yaml` in the folder says. Loading again changes nothing.
        """
        return 0

    def wipe(self, activity: Activity) -> None:
        """Remove what players left in an activity, in the caller's transaction."""
        for table in self.tables:
            table.delete().where(table.activity == activity).execute()


class Kinds:
    """The kinds by name, in the order in which they were given."""

    def __init__(self, *kinds: Kind) -> None:
        self._kinds = {kind.name: kind for kind in kinds}

    def __getitem__(self, name: str) -> Kind:
        return self._kinds[name]

    def extensions(self, tools: Tools) -> dict[str, Any]:
        """Return what else requests of the kinds work with, by name in `app.extensions`."""
        return {name: made for kind in self for name, made in kind.extensions(tools).items()}

    def commands(self) -> list[click.Command]:
        """Return the commands of all kinds."""
        return [command for kind in self for command in kind.commands]

    def plays(self, tools: Tools) -> dict[str, Play]:
        """Return what plays the kinds live, by their names, for one process."""
        built = {kind.name: kind.play(tools) for kind in self}
        return {name: play for name, play in built.items() if play is not None}

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
