"""Writes the archive of an event; the event may be played meanwhile.

Everything is read in one transaction that sees one moment.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backend.archive import KIND, rows
from backend.archive.boards import Numbering, rows_of
from backend.bundle import BundleWriter
from backend.db import Database
from backend.events import agenda
from backend.events.kinds import Kinds
from backend.events.models import Activity, CrewTask, Event, EventMedia, EventTeam, Player, Sitting
from backend.progress import Progress
from backend.questions.models import Question, QuestionBank
from backend.scoring import ledger
from backend.scoring.boards import expected_boards
from backend.scoring.models import Correction, ScoreEntry

_PLAIN = (
    *("title", "description", "template", "rehearsal", "opens_at", "closes_at", "closed_at"),
    *("began_at", "created_at", "pauses"),
)
_OF_ENTRY = (
    *("points", "reason", "source", "note", "rule_version", "day", "week"),
    *("earned_at", "created_at"),
)


def entry_count(event_id: int) -> int:
    """Return how many entries the ledger of an event has, for the progress bar of `export`."""
    return int(ScoreEntry.select().where(ScoreEntry.event == event_id).count())


def export(
    database: Database, kinds: Kinds, event_id: int, path: Path, made_at: int, progress: Progress
) -> int:
    """Write an archive and return how many ledger entries it has."""

    def write() -> int:
        with BundleWriter(path, KIND, made_at) as bundle:
            return _Export(kinds, Event.get_by_id(event_id), bundle).write(progress)

    return database.for_report(write, of_one_moment=True)


class _Export:
    """The rows of one event and their numbers in the archive."""

    def __init__(self, kinds: Kinds, event: Event, bundle: BundleWriter) -> None:
        self._kinds = kinds
        self._event = event
        self._bundle = bundle
        self._activities = list(event.activities.order_by(Activity.position, Activity.id))
        self._teams = list(event.teams.order_by(EventTeam.id))
        seats = Player.select().where(Player.event == event)
        self._players = list(seats.where(Player.staff_id.is_null(False)).order_by(Player.id))
        self._guests = seats.where(Player.staff_id.is_null()).count()
        self._numbering = Numbering(
            dict(enumerate((row.id for row in self._activities), start=1)),
            dict(enumerate((row.team_id for row in self._teams), start=1)),
            dict(enumerate((row.id for row in self._players), start=1)),
        )
        for scope, named in (("teams", self._teams), ("players", self._players)):
            for number, row in enumerate(named, start=1):
                self._numbering.names[scope, number] = row.name

    def write(self, progress: Progress) -> int:
        """Write all parts."""
        self._bundle.about |= {"title": self._event.title, "guests_left_out": self._guests}
        event = {name: getattr(self._event, name) for name in _PLAIN}
        self._bundle.lines(rows.EVENT, [{**event, **rows.settings_of(self._event)}])
        self._bundle.lines(rows.ACTIVITIES, map(self._activity, self._activities))
        self._bundle.lines(rows.AGENDA, self._agenda())
        self._bundle.lines(rows.TASKS, self._tasks())
        self._media()
        self._people()
        count = self._bundle.lines(rows.LEDGER, self._ledger(progress))
        self._bundle.lines(rows.CORRECTIONS, self._corrections())
        boards = expected_boards(self._event, ledger.standings_of(self._event.id))
        self._bundle.lines(rows.BOARDS, rows_of(boards, self._numbering))
        return count

    def _activity(self, activity: Activity) -> dict[str, Any]:
        void = {"void": {"at": activity.voided_at, "reason": activity.void_reason}}
        return {
            **(void if activity.voided_at else {}),
            "kind": activity.kind,
            "title": activity.title,
            "settings": self._kinds[activity.kind].settings_of(activity),
            "sittings": list(
                activity.sittings.select(
                    Sitting.title, Sitting.shifts, Sitting.starts_at, Sitting.ends_at
                )
                .order_by(Sitting.starts_at, Sitting.id)
                .dicts()
            ),
        }

    def _agenda(self) -> Iterator[dict[str, Any]]:
        for step in agenda.planned(self._event, self._activities):
            number = None if step.activity is None else step.activity + 1
            yield {
                "title": step.title,
                "activity": number,
                "minutes": step.minutes,
                "notes": step.notes,
            }

    def _tasks(self) -> Iterator[dict[str, Any]]:
        tasks = CrewTask.select(CrewTask.title, CrewTask.duty, CrewTask.minutes)
        yield from tasks.where(CrewTask.event == self._event).order_by(CrewTask.id).dicts()

    def _media(self) -> None:
        files = EventMedia.select().where(EventMedia.event == self._event).order_by(EventMedia.id)
        described = []
        for number, file in enumerate(files, start=1):
            self._bundle.data(f"media/{number}", bytes(file.data))
            described.append({"kind": file.kind, "title": file.title, "digest": file.digest})
        self._bundle.lines(rows.MEDIA, described)

    def _people(self) -> None:
        self._bundle.lines(
            rows.TEAMS, ({"name": row.name, "headcount": row.headcount} for row in self._teams)
        )
        teams = {given: number for number, given in self._numbering.teams.items()}
        facts = ("staff_number", "name", "shift", "status", "joined_at", "came_at")
        self._bundle.lines(
            rows.PLAYERS,
            (
                {**{name: getattr(row, name) for name in facts}, "team": teams.get(row.team_id)}
                for row in self._players
            ),
        )

    def _ledger(self, progress: Progress) -> Iterator[dict[str, Any]]:
        activities = {given: number for number, given in self._numbering.activities.items()}
        players = {given: number for number, given in self._numbering.players.items()}
        numbers: dict[int, int] = {}
        entries = ScoreEntry.select().where(ScoreEntry.event == self._event)
        for number, entry in enumerate(entries.order_by(ScoreEntry.id).iterator(), start=1):
            numbers[entry.id] = number
            yield {
                **{name: getattr(entry, name) for name in _OF_ENTRY},
                "activity": activities.get(entry.activity_id),
                "player": players[entry.player_id],
                "reverses": numbers.get(entry.reverses_id),
            }
            progress(1)

    def _corrections(self) -> Iterator[dict[str, Any]]:
        found = (
            Correction.select(
                QuestionBank.name.alias("bank"),
                Question.code,
                Correction.action,
                Correction.key,
                Correction.reason,
                Correction.at,
            )
            .join(Question, on=(Question.id == Correction.question_id))
            .join(QuestionBank)
            .where(Correction.event == self._event)
        )
        yield from found.order_by(Correction.id).dicts()
