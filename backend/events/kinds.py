"""The base class of kinds of activities. The app, the worker, the command line and the screen go
over the list of kinds."""

import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any, ClassVar, Protocol

import click
import flask
import marshmallow as ma
from peewee import Model
from redis import Redis

from backend.db import Database
from backend.errors import Sentence
from backend.events.models import Activity, Player
from backend.events.play import Play, Speaker, speaker_of
from backend.events.preflight import BUILD, GREEN, PreflightLine, of_lacks
from backend.events.reporting import ActivityReport
from backend.events.steps import SELF_RUNNING, HostSteps
from backend.events.tables import Shelf, TableImport
from backend.keys import Secret
from backend.live.feed import Feed
from backend.web.forms import Choice


class CorrectionFacts(Protocol):
    """A question voided or re-keyed in an event."""

    id: int
    question_id: int
    action: str
    key: list[str]
    reason: str


@dataclass(frozen=True)
class LeftCount:
    """A number of things that players left and that a wipe removes or resets.

    `what` names them for programs.
    """

    what: str
    title: Sentence
    count: int


@dataclass(frozen=True)
class TeamAnswers:
    """How a team answered a question in an activity; `team` is null for people without a team."""

    question_id: int
    team: str | None
    answers: int
    wrong: int


@dataclass(frozen=True)
class Earning:
    """What a typical player earns in an activity, with its reason in Chinese for hosts."""

    sentence: str
    points: int


@dataclass(frozen=True)
class StandIn:
    """A test player of a rehearsal at a moment, with what a kind needs to let the player act.

    `play` is the play of the kind; `random` is the player's own.
    """

    activity: Activity
    player: Player
    play: Any
    tools: "Tools"
    random: Random
    now: int

    @property
    def speaker(self) -> Speaker:
        """The player as the sender of messages on a socket."""
        return speaker_of(self.player)


@dataclass(frozen=True)
class Tools:
    """The objects of a process from which kinds build theirs. `scores` is the scorekeeper."""

    scores: Any
    feed: Feed
    redis: Redis
    secret: Secret


@dataclass(frozen=True)
class Download:
    """A list that hosts download as Excel; `path` is below `/api/v1`."""

    title: str
    path: str


@dataclass(frozen=True)
class AskedQuestion:
    """A question that an activity asked: how many people answered it, and how many of them
    correctly.
    """

    question_id: int
    answers: int
    right: int


@dataclass(frozen=True)
class ShownSuggestion:
    """A suggestion as the big screen shows it.

    `status` is in Chinese; `decided` says whether it differs from that of a new one.
    """

    id: int
    text: str
    name: str
    team: str | None
    supports: int
    status: str
    decided: bool


class Kind:
    """A kind of activity, of which a package below `backend.activities` has one.

    The defaults are for a kind without such a part; a kind overrides what it has.
    """

    # The name in the database and in addresses; the package has the same name.
    name: ClassVar[str]
    # The title for people.
    title: ClassVar[Sentence]
    # Schema of the settings of an activity in a template.
    settings: ClassVar[type[ma.Schema]]
    # Tables with data of players in an activity, each with a column `activity`. Rows that refer to
    # their rows are deleted with them.
    tables: ClassVar[tuple[type[Model], ...]] = ()
    # Tables with the rows that `prepare` makes, each with a column `activity`.
    prepared: ClassVar[tuple[type[Model], ...]] = ()
    # Names of modules of the package that have a `blueprint`. They are imported late, so that
    # commands start faster.
    apis: ClassVar[tuple[str, ...]] = ("api",)
    # Titles of the actions in the audit, and of the reasons of the score entries.
    actions: ClassVar[Mapping[str, str]] = {}
    reasons: ClassVar[Mapping[str, str]] = {}
    # What facts and values of its actions, such as phases, are called in Chinese in the audit.
    audit_words: ClassVar[Mapping[str, str]] = {}
    # What the things are called in Chinese that its lines in the audit are about: the first part of
    # their `subject`, such as `poll` of `poll:7`.
    subjects: ClassVar[Mapping[str, str]] = {}
    # Names of its commands below `linka`, which the module `commands` of the package has. They are
    # imported late, so that servers start faster.
    command_names: ClassVar[tuple[str, ...]] = ()
    # Files in the folder `screen` of the package, for the big screen: ES modules, of which the first
    # shows an activity of this kind, and style sheets in the order in which they apply. One
    # named `phone.css` applies on a phone alone, after all others.
    screen_scripts: ClassVar[tuple[str, ...]] = ()
    screen_styles: ClassVar[tuple[str, ...]] = ()

    # The big screen's invitation to people who may join an event with such an activity; "" for
    # none.
    invitation: ClassVar[str] = ""

    # Whether people can make suggestions in it, which the big screen shows; see `suggested`.
    has_suggestions: ClassVar[bool] = False

    # The page where a lack of its settings can be fixed, see `preflight`.
    mended_at: ClassVar[str] = BUILD

    # What its phases (`Play.shown`) are called in Chinese, for hosts.
    phases: ClassVar[Mapping[str, str]] = {}
    # Scripts (ES modules) and style sheets in the folder `console` of the package, for the pages of
    # the console that show its panel. The folder also holds its templates; pages include
    # `panel.html` as `kinds/<kind>/panel.html`.
    console_scripts: ClassVar[tuple[str, ...]] = ()
    console_styles: ClassVar[tuple[str, ...]] = ()

    @property
    def screen_folder(self) -> Path:
        """Where the files for the big screen are."""
        return self._folder / "screen"

    @property
    def console_folder(self) -> Path:
        """The folder of the templates and scripts for the hosts' console."""
        return self._folder / "console"

    @property
    def _folder(self) -> Path:
        file = sys.modules[type(self).__module__].__file__
        assert file is not None
        return Path(file).parent

    def blueprints(self) -> list[flask.Blueprint]:
        """Return the blueprints of its operations; the first call imports them."""
        return [self._module(name).blueprint for name in self.apis]

    def commands(self) -> list[click.Command]:
        """Return its commands; the first call imports them."""
        return [getattr(self._module("commands"), name) for name in self.command_names]

    def _module(self, name: str) -> Any:
        """Return a module of the kind's package; the first call imports it."""
        package = type(self).__module__.rpartition(".")[0]
        return import_module(f"{package}.{name}")

    def play(self, tools: Tools) -> Play | None:
        """Return the live play, for the app or the worker; None for a kind without one."""
        return None

    def steps(
        self, activity: Activity, shown: dict[str, Any] | None, present: int | None, now: int
    ) -> HostSteps:
        """Return what a host can do next in an activity.

        `shown` is what `Play.shown` returns for hosts, None while the activity is not on. `present`
        is the number of connected phones, None if it is unknown.
        """
        return SELF_RUNNING

    def panel(self, activity: Activity, now: int) -> dict[str, Any]:
        """Return what `panel.html` shows hosts of an activity, as its variable `panel`.

        Called within a request of a host of the event. With `is_form` the panel does not reload by
        itself, so that typed text is not lost.
        """
        return {}

    def check(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings with defaults filled in; raises `marshmallow.ValidationError`."""
        checked: dict[str, Any] = self.settings().load(settings)
        return checked

    def fresh(self) -> dict[str, Any]:
        """Return settings that the form of a new activity begins with, besides the defaults."""
        return {}

    def choices(self, settings: dict[str, Any]) -> dict[str, list[Choice]]:
        """Return choices for settings whose values are rows of the database or parts of the same
        settings.

        They are by path, such as `sites.topic`.
        """
        return {}

    def preview(self, settings: dict[str, Any]) -> list[Earning]:
        """Return what typical players earn with these settings, by the kind's own rules."""
        return []

    def lacks(self, settings: dict[str, Any], day: str) -> list[Sentence]:
        """Return sentences about what settings name and what does not exist on a business day
        (YYYY-MM-DD).

        Examples are a question bank, or usable questions of a topic; empty if nothing is missing.
        """
        return []

    def preflight(self, activity: Activity, day: str) -> list[PreflightLine]:
        """Return what hosts should look at before an activity is played on a business day.

        By default a red line for each thing that the settings lack, or a green one.
        """
        about = about_of(activity)
        lacks = of_lacks(about, self.lacks(activity.settings, day), self.mended_at)
        return lacks or [PreflightLine(GREEN, about, Sentence("可以开始。", "Ready."))]

    def imports(self, activity: Activity) -> list[TableImport]:
        """Return the tables that hosts can import for an activity."""
        return []

    def shelf(self) -> Shelf | None:
        """Return the kind's material that serves all events; None if it has none."""
        return None

    def prepare(self, activity: Activity) -> None:
        """Create the rows that a new activity needs, in the caller's transaction."""

    def copied(self, source: Activity, made: Activity) -> None:
        """Give a copied activity what its settings do not hold, such as pictures.

        It was prepared before, in the caller's transaction.
        """

    def settings_of(self, activity: Activity) -> dict[str, Any]:
        """Return the settings from which `prepare` makes an activity equal to this one.

        They include rows that hosts prepared after it was made, and exclude people and what was
        played. Used by copies of an event and by forms.
        """
        settings: dict[str, Any] = activity.settings
        return settings

    def played(self, activity: Activity) -> bool:
        """Return whether somebody has played the activity, or a host has begun it.

        Its settings are then fixed.
        """
        rows = (table.select().where(table.activity == activity) for table in self.tables)
        return any(found.count for found in self.left(activity)) or any(
            found.exists() for found in rows
        )

    def renew(self, activity: Activity) -> None:
        """Make the prepared rows of an activity again from its changed settings.

        Runs in the caller's transaction. Nobody has played the activity.
        """
        for table in self.prepared:
            table.delete().where(table.activity == activity).execute()
        self.prepare(activity)

    def suggested(self, activity: Activity) -> list[ShownSuggestion]:
        """Return the suggestions for the big screen, those with the most supporters first."""
        return []

    def rescore(
        self, scores: Any, activity: Activity, correction: CorrectionFacts, now: int
    ) -> set[int] | None:
        """Score the answers to a corrected question again, with entries in the caller's
        transaction.

        `scores` is the scorekeeper. Returns the players whose standings must be recomputed, None if
        this activity does not ask the question.
        """
        return None

    def asked(self, activity: Activity) -> list[AskedQuestion]:
        """Return the questions that were asked and that hosts can correct."""
        return []

    def report(self, activity: Activity, now: int) -> ActivityReport:
        """Return what the report of an event shows of the activity, for hosts."""
        return ActivityReport()

    def exhibit(self, activity: Activity, key: int) -> bytes | None:
        """Return a picture for the gallery of the report as JPEG or PNG, see `Exhibit`.

        None if there is none.
        """
        return None

    def downloads(self, activity: Activity) -> list[Download]:
        """Return the lists of an activity that hosts can download."""
        return []

    def forget(self, player_ids: Collection[int]) -> None:
        """Remove the names of players that the kind stores in past events, in the caller's
        transaction. Called when their account is erased."""

    def load_sample(
        self, sample: dict[str, Any], folder: Path, database: Database, now: int
    ) -> int:
        """Load the kind's sample data, and return how many rows have changed.

        `sample` is the content of `sample.yaml` in the folder. Loading again changes nothing.
        """
        return 0

    def team_answers(self, activity: Activity, now: int) -> list[TeamAnswers] | None:
        """Return how teams answered the questions, for training; None while that is sealed."""
        return []

    def stand_in(self, seat: StandIn) -> bool:
        """Let a test player do what a person could do now, by the same services as people.

        Returns whether there was something to do. Raises any `LinkaError`, as for a person.
        """
        return False

    def left(self, activity: Activity) -> list[LeftCount]:
        """Count what `wipe` would remove or reset, without writing anything."""
        return []

    def wipe(self, activity: Activity) -> None:
        """Remove the data of players in an activity, in the caller's transaction."""
        for table in self.tables:
            table.delete().where(table.activity == activity).execute()


def about_of(activity: Activity) -> Sentence:
    """Return the title of an activity for a preflight line.

    A host wrote it, so it is the same in both languages.
    """
    return Sentence(activity.title, activity.title)


class Kinds:
    """The kinds by name, in the order in which they were given."""

    def __init__(self, *kinds: Kind) -> None:
        self._kinds = {kind.name: kind for kind in kinds}

    def __getitem__(self, name: str) -> Kind:
        return self._kinds[name]

    def commands(self) -> list[click.Command]:
        """Return the commands of all kinds."""
        return [command for kind in self for command in kind.commands()]

    def plays(self, tools: Tools) -> dict[str, Play]:
        """Return the live plays of the kinds by name, for one process."""
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
