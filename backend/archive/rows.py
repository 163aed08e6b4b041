"""The parts of an archive and the shapes of their rows. Rows of another shape are refused."""

from collections.abc import Iterator
from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.bundle import BundleReader
from backend.events.media import KINDS, MOST_TITLE
from backend.events.models import Event
from backend.events.templates import TeamFormulaSchema
from backend.scoring.corrections import REKEY, VOID

EVENT, ACTIVITIES, AGENDA, TASKS = (
    f"{name}.jsonl" for name in ("event", "activities", "agenda", "tasks")
)
MEDIA, TEAMS, PLAYERS = (f"{name}.jsonl" for name in ("media", "teams", "players"))
LEDGER, CORRECTIONS, BOARDS = (f"{name}.jsonl" for name in ("ledger", "corrections", "boards"))

_LATEST = 2**53
_MOST_POINTS = 2**31 - 1


def _text(longest: int = 10_000, **more: Any) -> ma.fields.String:
    return ma.fields.String(required=True, validate=validate.Length(0, longest), **more)


def _moment(**more: Any) -> ma.fields.Integer:
    return ma.fields.Integer(
        strict=True, required=True, validate=validate.Range(0, _LATEST), **more
    )


def _number(**more: Any) -> ma.fields.Integer:
    return ma.fields.Integer(strict=True, required=True, validate=validate.Range(1), **more)


def _points() -> ma.fields.Integer:
    limits = validate.Range(-_MOST_POINTS, _MOST_POINTS)
    return ma.fields.Integer(strict=True, required=True, validate=limits)


class EventRow(ma.Schema):
    """The event itself; `pauses` are pairs of moments."""

    title = _text(200)
    description = _text()
    template = _text(200)
    rehearsal = ma.fields.Boolean(required=True)
    opens_at = _moment(allow_none=True)
    closes_at = _moment(allow_none=True)
    closed_at = _moment(allow_none=True)
    began_at = _moment()
    created_at = _moment()
    pauses = ma.fields.List(ma.fields.Tuple((_moment(), _moment(allow_none=True))), required=True)
    team_formula = ma.fields.Nested(TeamFormulaSchema, required=True)
    reveal_top = ma.fields.Integer(strict=True, required=True, validate=validate.Range(1, 50))


class SittingRow(ma.Schema):
    """A sitting of an activity."""

    title = _text(200)
    shifts = ma.fields.List(ma.fields.String(), required=True)
    starts_at = _moment()
    ends_at = _moment()


class VoidRow(ma.Schema):
    """When and why a host voided an activity."""

    at = _moment()
    reason = _text()


class ActivityRow(ma.Schema):
    """An activity; its kind checks its settings. `void` is present if a host voided it."""

    kind = _text(50)
    title = _text(200)
    settings = ma.fields.Dict(required=True)
    sittings = ma.fields.List(ma.fields.Nested(SittingRow), required=True)
    void = ma.fields.Nested(VoidRow)


class AgendaRow(ma.Schema):
    """A step of the agenda; `activity` is the number of its activity."""

    title = _text(200)
    activity = _number(allow_none=True)
    minutes = ma.fields.Integer(strict=True, required=True, allow_none=True)
    notes = _text()


class TaskRow(ma.Schema):
    """A task of the crew, without who did it."""

    title = _text(200)
    duty = _text(50)
    minutes = ma.fields.Integer(strict=True, required=True)


class MediaRow(ma.Schema):
    """A picture or a piece of music; its bytes are the part `media/<number>`."""

    kind = ma.fields.String(required=True, validate=validate.OneOf(KINDS))
    title = _text(MOST_TITLE)
    digest = _text(64)


class TeamRow(ma.Schema):
    """A team as it was on the evening."""

    name = _text(200)
    headcount = ma.fields.Integer(strict=True, required=True, validate=validate.Range(0))


class PlayerRow(ma.Schema):
    """A player; `staff_number` is null for a person whose data were erased."""

    staff_number = _text(50, allow_none=True)
    name = _text(200)
    team = _number(allow_none=True)
    shift = _text(50)
    status = ma.fields.String(
        required=True, validate=validate.OneOf(["active", "kicked", "banned"])
    )
    joined_at = _moment()
    came_at = _moment(allow_none=True)


class LedgerRow(ma.Schema):
    """An entry of the ledger; `reverses` is the number of the entry that it reverses."""

    activity = _number(allow_none=True)
    player = _number()
    points = _points()
    reason = _text(200)
    source = _text(500)
    note = _text()
    rule_version = _text(50)
    day = ma.fields.String(required=True, validate=validate.Regexp(r"\d{4}-\d\d-\d\d\Z"))
    week = ma.fields.String(required=True, validate=validate.Regexp(r"\d{4}-W\d\d\Z"))
    earned_at = _moment()
    created_at = _moment()
    reverses = _number(allow_none=True)


class CorrectionRow(ma.Schema):
    """A question that was voided or given another key, by its bank and its code there."""

    bank = _text(200)
    code = _text(200)
    action = ma.fields.String(required=True, validate=validate.OneOf((VOID, REKEY)))
    key = ma.fields.List(ma.fields.String(), required=True)
    reason = _text()
    at = _moment()


class PlaceRow(ma.Schema):
    """A row of a board.

    `number` is that of the player or team; `packed` is the value by which it is ordered.
    """

    board = _text(100)
    scope = ma.fields.String(required=True, validate=validate.OneOf(["players", "teams"]))
    rank = _number()
    number = _number()
    name = _text(200)
    points = ma.fields.Float(required=True)
    packed = ma.fields.Integer(strict=True, required=True)


_SCHEMAS: dict[str, type[ma.Schema]] = {
    EVENT: EventRow,
    ACTIVITIES: ActivityRow,
    AGENDA: AgendaRow,
    TASKS: TaskRow,
    MEDIA: MediaRow,
    TEAMS: TeamRow,
    PLAYERS: PlayerRow,
    LEDGER: LedgerRow,
    CORRECTIONS: CorrectionRow,
    BOARDS: PlaceRow,
}


def read(bundle: BundleReader, part: str) -> Iterator[dict[str, Any]]:
    """Yield the checked rows of a part; raises `BrokenBundle`."""
    schema = _SCHEMAS[part]()
    for number, row in enumerate(bundle.rows(part), start=1):
        try:
            checked: dict[str, Any] = schema.load(row)
        except ma.ValidationError:
            raise bundle.broken(f"{part} 第 {number} 行的内容不对") from None
        yield checked


def board_name(board: str, activities: dict[int, int]) -> str:
    """Return the name of a board in which another number stands for its activity."""
    kind, _, number = board.partition("activity-")
    return board if kind or not number else f"activity-{activities[int(number)]}"


def settings_of(event: Event) -> dict[str, Any]:
    """Return the settings of an event on which its boards and the ceremony depend."""
    return {
        "team_formula": TeamFormulaSchema().load(event.settings.get("team_formula", {})),
        "reveal_top": event.settings.get("reveal_top", 10),
    }
