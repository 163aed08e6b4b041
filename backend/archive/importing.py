"""Imports an archived event into this installation, in one transaction, and compares its boards."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
import peewee

from backend.archive import rows
from backend.archive.boards import Numbering, differences, rows_of
from backend.bundle import BundleReader
from backend.db import Database
from backend.errors import OperatorError
from backend.events import agenda, making, media
from backend.events.agenda import PlannedStep
from backend.events.kinds import Kinds
from backend.events.lifecycle import ARCHIVED
from backend.events.making import NewActivity, NewSitting
from backend.events.models import CrewTask, Event, EventMedia, EventTeam, Player
from backend.events.service import new_screen_key
from backend.identity import audit
from backend.identity.models import Staff, Team
from backend.moderation import pictures
from backend.offload.steps import chunks
from backend.progress import Progress
from backend.questions.models import Question, QuestionBank
from backend.scoring import ledger
from backend.scoring.boards import expected_boards
from backend.scoring.models import Correction, ScoreEntry

_ROWS_AT_ONCE = 200
_NAMED = 5
# The id of no account: the roster says who may act on a seat of staff.
_NO_ACCOUNT = 0


class ImportConflict(OperatorError):
    """The event cannot be imported into this installation; one line says why."""


@dataclass(frozen=True)
class Imported:
    """An imported event, and the ids of its rows by their numbers in the archive."""

    event: Event
    numbering: Numbering
    corrections_left_out: int


@dataclass(frozen=True)
class ImportOptions:
    """How an event is imported.

    With `allow_unknown`, people and teams that are not on the roster keep their names, and their
    seats belong to nobody. A replay needs no pictures and compares the boards itself.
    """

    allow_unknown: bool = False
    is_replay: bool = False


class Importer:
    """Imports one archive into a database."""

    def __init__(
        self, database: Database, kinds: Kinds, bundle: BundleReader, options: ImportOptions
    ) -> None:
        self._database = database
        self._kinds = kinds
        self._bundle = bundle
        self._options = options
        self._numbering = Numbering()

    def run(self, now: int, progress: Progress) -> Imported:
        """Write everything or nothing; the imported event is archived.

        Raises `BrokenBundle` if parts of the archive contradict each other, such as boards that do
        not follow from the ledger, and `ImportConflict` if the event does not fit this
        installation.
        """
        try:
            with self._database.write():
                return self._run(now, progress)
        except (KeyError, peewee.IntegrityError, peewee.DataError, OverflowError):
            raise self._bundle.broken("内容互相对不上") from None

    def _run(self, now: int, progress: Progress) -> Imported:
        found = list(rows.read(self._bundle, rows.EVENT))
        if len(found) != 1:
            raise self._bundle.broken("应该正好有一个活动")
        event = self._event(found[0])
        activities = [
            self._activity(event, position, row)
            for position, row in enumerate(rows.read(self._bundle, rows.ACTIVITIES))
        ]
        steps = [self._step(row, len(activities)) for row in self._rows(rows.AGENDA)]
        agenda.plan(event, steps, activities)
        for row in self._rows(rows.TASKS):
            CrewTask.create(event=event, **row)
        if not self._options.is_replay:
            self._media(event, now)
        self._people(event)
        self._ledger(event, progress)
        left_out = self._corrections(event)
        ledger.recompute(event.id, now)
        if not self._options.is_replay:
            self._require_same_boards(event)
        audit.record(None, audit.IMPORTED, f"event:{event.id}", now)
        return Imported(event, self._numbering, left_out)

    def _rows(self, part: str) -> Iterator[dict[str, Any]]:
        return rows.read(self._bundle, part)

    def _event(self, row: dict[str, Any]) -> Event:
        known = Event.get_or_none(
            Event.title == row["title"],
            Event.created_at == row["created_at"],
            Event.began_at == row["began_at"],
        )
        if known is not None:
            raise ImportConflict(f"活动“{known.title}”已经在这里：编号 {known.id}，没有导入")
        settings = {name: row.pop(name) for name in ("team_formula", "reveal_top")}
        event: Event = Event.create(
            state=ARCHIVED,
            join_code=making.random_code(),
            screen_key=new_screen_key(),
            settings=settings,
            **row,
        )
        return event

    def _activity(self, event: Event, position: int, row: dict[str, Any]) -> Any:
        if row["kind"] not in self._kinds.names():
            raise ImportConflict(f"这里没有“{row['kind']}”这种环节，没有导入")
        try:
            settings = self._kinds.check(row["kind"], row["settings"])
        except ma.ValidationError:
            raise self._bundle.broken(f"环节“{row['title']}”的设置不对") from None
        sittings = tuple(NewSitting(**sitting) for sitting in row["sittings"])
        new = NewActivity(row["kind"], row["title"], settings, sittings)
        made = making.add_activity(self._kinds, event, new, position)
        if "void" in row:
            made.voided_at, made.void_reason = row["void"]["at"], row["void"]["reason"]
            made.save()
        self._numbering.activities[position + 1] = made.id
        return made

    def _step(self, row: dict[str, Any], activities: int) -> PlannedStep:
        number = row["activity"]
        if number is not None and number > activities:
            raise self._bundle.broken("议程里有不存在的环节")
        place = None if number is None else number - 1
        return PlannedStep(row["title"], place, row["minutes"], row["notes"])

    def _media(self, event: Event, now: int) -> None:
        """Check files in the same way as uploads: pictures are drawn anew, the type of music is
        checked.
        """
        for number, row in enumerate(self._rows(rows.MEDIA), start=1):
            uploaded = self._bundle.data(f"media/{number}", media.MOST_MUSIC_BYTES)
            if row["kind"] == media.MUSIC:
                facts = {"mimetype": media.music_type(uploaded), "data": uploaded}
            else:
                limits = pictures.BACKGROUND if row["kind"] == media.BACKGROUND else pictures.SHOWN
                drawn = pictures.clean(uploaded, limits)
                facts = {"mimetype": pictures.MIMETYPE, **vars(drawn)}
            EventMedia.create(event=event, size=len(facts["data"]), uploaded_at=now, **row, **facts)

    def _people(self, event: Event) -> None:
        teams = list(self._rows(rows.TEAMS))
        players = list(self._rows(rows.PLAYERS))
        roster = self._roster(players)
        team_ids = dict(Team.select(Team.name, Team.id).tuples())
        if not self._options.allow_unknown:
            self._require_known(players, roster, teams, team_ids)
        for number, team in enumerate(teams, start=1):
            given = team_ids.get(team["name"], -number)
            EventTeam.create(event=event, team_id=given, **team)
            self._numbering.teams[number] = given
            self._numbering.names["teams", number] = team["name"]
        for number, player in enumerate(players, start=1):
            self._player(event, number, player, roster.get(player["staff_number"]))

    def _roster(self, players: list[dict[str, Any]]) -> dict[str | None, Staff]:
        """Return the people of the archive who are on the roster, by 工号.

        Another name is a conflict.
        """
        numbers = [player["staff_number"] for player in players if player["staff_number"]]
        roster: dict[str | None, Staff] = {}
        for some in chunks(numbers, 500):
            found = Staff.select().where(Staff.number.in_(some), Staff.test_event_id.is_null())
            roster |= {person.number: person for person in found}
        for player in players:
            person = roster.get(player["staff_number"])
            if person is not None and person.name != player["name"]:
                raise ImportConflict(
                    f"工号 {person.number} 在这里是{person.name}，归档里是{player['name']}，没有导入"
                )
        return roster

    def _require_known(
        self,
        players: list[dict[str, Any]],
        roster: Mapping[str | None, Staff],
        teams: list[dict[str, Any]],
        team_ids: Mapping[str, int],
    ) -> None:
        numbers = [player["staff_number"] for player in players if player["staff_number"]]
        unknown = [
            ("工号", [number for number in numbers if number not in roster]),
            ("班组", [team["name"] for team in teams if team["name"] not in team_ids]),
        ]
        said = "；".join(f"{what} {_some(names)}" for what, names in unknown if names)
        if said:
            raise ImportConflict(f"名册里没有{said}。先导入名册，或加 --allow-unknown；没有导入")

    def _player(self, event: Event, number: int, row: dict[str, Any], person: Staff | None) -> None:
        team = row.pop("team")
        made = Player.create(
            event=event,
            account_id=(person and person.account_id) or _NO_ACCOUNT,
            # Belongs to nobody, and differs for each of them.
            staff_id=person.id if person else -number,
            team_id=self._numbering.teams[team] if team else None,
            team_name=self._numbering.names["teams", team] if team else None,
            **row,
        )
        self._numbering.players[number] = made.id
        self._numbering.names["players", number] = made.name

    def _ledger(self, event: Event, progress: Progress) -> None:
        """Write the entries in their order, then the references of reversals to them."""
        reverses: dict[str, int] = {}
        sources: list[str] = []
        for some in chunks(self._rows(rows.LEDGER), _ROWS_AT_ONCE):
            entries = []
            for row in some:
                sources.append(row["source"])
                taken_back, activity = row.pop("reverses"), row.pop("activity")
                if taken_back is not None:
                    reverses[row["source"]] = taken_back
                row["event"] = event.id
                row["activity_id"] = self._numbering.activities[activity] if activity else None
                row["player"] = self._numbering.players[row["player"]]
                entries.append(row)
            ScoreEntry.insert_many(entries).execute()
            progress(len(entries))
        self._reversals(event, reverses, sources)

    def _reversals(self, event: Event, reverses: dict[str, int], sources: list[str]) -> None:
        ids = dict(
            ScoreEntry.select(ScoreEntry.source, ScoreEntry.id)
            .where(ScoreEntry.event == event)
            .tuples()
        )
        for source, number in reverses.items():
            if number > len(sources):
                raise self._bundle.broken("账本里有一行撤销了不存在的一行")
            ScoreEntry.update(reverses_id=ids[sources[number - 1]]).where(
                ScoreEntry.id == ids[source]
            ).execute()

    def _corrections(self, event: Event) -> int:
        """Write corrections of questions that this installation has; returns how many it lacks."""
        left_out = 0
        for row in self._rows(rows.CORRECTIONS):
            question = (
                Question.select(Question.id)
                .join(QuestionBank)
                .where(QuestionBank.name == row.pop("bank"), Question.code == row.pop("code"))
                .order_by(Question.version.desc())
                .first()
            )
            if question is None:
                left_out += 1
            else:
                Correction.create(event=event, question_id=question.id, **row)
        return left_out

    def _require_same_boards(self, event: Event) -> None:
        made = expected_boards(event, ledger.standings_of(event.id))
        kept = self._rows(rows.BOARDS)
        found = differences(kept, rows_of(made, self._numbering))
        if found:
            raise self._bundle.broken(f"榜与账本不符，共 {len(found)} 处，如 {found[0]}")


def _some(names: list[str]) -> str:
    shown = "、".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} 等 {len(names)} 个"
