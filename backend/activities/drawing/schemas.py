"""Schemas of drawing and guessing: requests of phones, on a socket or over HTTP, and responses."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.activities.drawing import strokes
from backend.web.imports import AgreedQuery
from backend.web.schema import Id, Moment, Schema, Text, WholeNumber


class Points(ma.fields.Field[list[int]]):
    """The points of a batch, `[x0, y0, dx, dy, …]`: a short list of whole numbers."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[int]:
        most = 2 * strokes.POINTS_PER_BATCH
        if not isinstance(value, list) or not 2 <= len(value) <= most:
            raise ma.ValidationError(f"A list of 2 to {most} numbers.")
        if not all(type(number) is int and -1000 <= number <= 1000 for number in value):
            raise ma.ValidationError("Whole numbers from -1000 to 1000.")
        return value


# --- requests over HTTP, whose path names the turn


class ChoiceRequest(Schema):
    """The position of the prompt, from 0."""

    choice = WholeNumber(0, 9, required=True)


class PositionRequest(Schema):
    """`at` is how many operations the drawing had before this one."""

    at = WholeNumber(0, strokes.OPS_PER_TURN, required=True)


class BatchRequest(Schema):
    """A part of a stroke; colour and width are positions in the phone's palette."""

    stroke = WholeNumber(0, strokes.MAX_STROKE, required=True)
    colour = WholeNumber(0, strokes.COLOURS - 1, required=True)
    width = WholeNumber(0, strokes.WIDTHS - 1, required=True)
    points = Points(required=True)


class StrokesRequest(PositionRequest):
    """Batches, the first of which is the `at`-th operation of the drawing."""

    batches = ma.fields.List(
        ma.fields.Nested(BatchRequest),
        required=True,
        validate=validate.Length(1, strokes.BATCHES_PER_MESSAGE),
    )


class FillRequest(PositionRequest):
    """A fill with a colour at a point."""

    colour = WholeNumber(0, strokes.COLOURS - 1, required=True)
    x = WholeNumber(0, strokes.CANVAS_WIDTH, required=True)
    y = WholeNumber(0, strokes.CANVAS_HEIGHT, required=True)


class GuessRequest(Schema):
    """A guess, or a text of a player who knows the answer."""

    text = Text(1, 40, required=True)


# --- messages on a socket


class TurnMessage(Schema):
    """The turn that a message is about."""

    turn_id = Id(required=True)


class ChoiceMessage(TurnMessage, ChoiceRequest):
    """The choice of a prompt."""


class StrokesMessage(TurnMessage, StrokesRequest):
    """Batches of strokes."""


class PositionMessage(TurnMessage, PositionRequest):
    """An undo, or a clear."""


class FillMessage(TurnMessage, FillRequest):
    """A fill."""


class GuessMessage(TurnMessage, GuessRequest):
    """A guess."""


class EmptyMessage(Schema):
    """An empty object."""


# --- shown


class PromptBody(Schema):
    """A word to draw."""

    text = ma.fields.String(required=True)
    category = ma.fields.String(required=True)
    difficulty = ma.fields.Integer(required=True)


class ChosenBody(Schema):
    """The prompt that was chosen."""

    prompt = ma.fields.Nested(PromptBody, required=True)


class CountBody(Schema):
    """The number of operations that the drawing has now."""

    count = ma.fields.Integer(required=True)


class VerdictBody(Schema):
    """`exact` (with place and points), `near`, `wrong`, or `said` if the player knows the answer."""

    verdict = ma.fields.String(required=True)
    place = ma.fields.Integer()
    points = ma.fields.Integer(allow_none=True)


class ReportedBody(Schema):
    """Whether the turn is void after the report."""

    voided = ma.fields.Boolean(required=True)


class VotedBody(Schema):
    """The drawing that got the vote."""

    turn_id = ma.fields.Integer(required=True)


class DrawerBody(Schema):
    """The drawer."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True, allow_none=True)


class HintsBody(Schema):
    """The hints; null if not yet given."""

    characters = ma.fields.Integer(required=True)
    category = ma.fields.String(required=True, allow_none=True)
    initials = ma.fields.String(required=True, allow_none=True)
    pattern = ma.fields.String(required=True, allow_none=True)


class GuessedBody(Schema):
    """A player who guessed; points are null until the turn is over."""

    player_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    place = ma.fields.Integer(required=True)
    points = ma.fields.Integer(required=True, allow_none=True)


class TurnLine(Schema):
    """A turn in a line."""

    turn_id = ma.fields.Integer(required=True)
    number = ma.fields.Integer(required=True)
    drawer = ma.fields.Nested(DrawerBody, required=True)
    phase = ma.fields.String(required=True, metadata={"description": "choosing, drawing or over"})
    since = Moment(required=True)
    left_ms = ma.fields.Integer(required=True)
    ending = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "time, all_guessed, vanished, voided or closed"},
    )


class RoomTurn(TurnLine):
    """The turn of a room, with how many guessed."""

    guessed = ma.fields.Integer(required=True)


class TurnBody(TurnLine):
    """A turn with its drawing; answer and category are null until it is over."""

    hints = ma.fields.Nested(HintsBody, required=True, allow_none=True)
    guessed = ma.fields.List(ma.fields.Nested(GuessedBody), required=True)
    drawer_points = ma.fields.Integer(required=True, allow_none=True)
    answer = ma.fields.String(required=True, allow_none=True)
    category = ma.fields.String(required=True, allow_none=True)
    count = ma.fields.Integer(required=True)
    ops = ma.fields.List(ma.fields.Dict(), required=True)


class RoomBody(Schema):
    """A room in a line."""

    room = ma.fields.Integer(required=True)
    players = ma.fields.Integer(required=True)
    over = ma.fields.Boolean(required=True)
    turn = ma.fields.Nested(RoomTurn, required=True, allow_none=True)


class NameBody(Schema):
    """A player of a room."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)


class WinnerBody(Schema):
    """A drawing with most votes; `number` is its place in the gallery, from 1."""

    rank = ma.fields.Integer(required=True)
    votes = ma.fields.Integer(required=True)
    number = ma.fields.Integer(required=True)
    turn_id = ma.fields.Integer(required=True)
    drawer = ma.fields.Nested(DrawerBody, required=True)
    answer = ma.fields.String(required=True)


class GameBody(Schema):
    """A game as the caller sees it: the fields that all see, and those that the caller alone sees.

    Before it begins and after it is finished, it has only `activity_id` and `phase`.
    """

    activity_id = ma.fields.Integer(required=True)
    phase = ma.fields.String(
        required=True, metadata={"description": "waiting, playing, gallery or finished"}
    )
    since = Moment()
    mode = ma.fields.String(metadata={"description": "rooms or hall"})
    draw_seconds = ma.fields.Integer()
    drawings = ma.fields.Integer()
    pinned = ma.fields.Integer(allow_none=True)
    winners = ma.fields.List(
        ma.fields.Nested(WinnerBody),
        allow_none=True,
        metadata={"description": "In the gallery: the first three, null until the vote is over"},
    )
    turns = ma.fields.Integer()
    turn = ma.fields.Nested(TurnBody, allow_none=True)
    rooms = ma.fields.List(ma.fields.Nested(RoomBody))
    room = ma.fields.Integer()
    room_over = ma.fields.Boolean()
    players = ma.fields.List(ma.fields.Nested(NameBody))
    voted_turn_id = ma.fields.Integer(allow_none=True)
    turn_id = ma.fields.Integer()
    role = ma.fields.String(metadata={"description": "drawer or guesser"})
    offers = ma.fields.List(ma.fields.Nested(PromptBody), allow_none=True)
    prompt = ma.fields.Nested(PromptBody, allow_none=True)
    has_guessed = ma.fields.Boolean()
    points = ma.fields.Integer(allow_none=True)
    has_reported = ma.fields.Boolean()


class PictureLine(Schema):
    """A drawing in the gallery; `votes` is null until they are shown. Hosts alone get hidden
    ones."""

    turn_id = ma.fields.Integer(required=True)
    drawer = ma.fields.Nested(DrawerBody, required=True)
    answer = ma.fields.String(required=True)
    category = ma.fields.String(required=True)
    ended_at = Moment(required=True)
    votes = ma.fields.Integer(required=True, allow_none=True)
    own = ma.fields.Boolean(required=True)
    hidden = ma.fields.Boolean(required=True)
    pinned = ma.fields.Boolean(required=True)


class HideRequest(Schema):
    """Whether a drawing is removed from the gallery."""

    hidden = ma.fields.Boolean(required=True)


class PinRequest(Schema):
    """The drawing that the gallery on the screen stays at; null lets it show all in turn."""

    turn_id = Id(required=True, allow_none=True)


class GalleryBody(Schema):
    """The gallery."""

    items = ma.fields.List(ma.fields.Nested(PictureLine), required=True)


class PictureBody(Schema):
    """A drawing of the gallery, to be replayed."""

    turn_id = ma.fields.Integer(required=True)
    drawer = ma.fields.Nested(DrawerBody, required=True)
    answer = ma.fields.String(required=True)
    category = ma.fields.String(required=True)
    ended_at = Moment(required=True)
    ops = ma.fields.List(ma.fields.Dict(), required=True)


class PackBody(Schema):
    """A word pack, and how many words it offers."""

    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    words = ma.fields.Integer(required=True)


class PackImportQuery(AgreedQuery):
    """How to import a word pack; without `title` a new pack has its name as its title."""

    title = Text(1, 60, load_default=None)


class PackImportBody(Schema):
    """What an import of a word pack has changed; removed words are no longer offered."""

    added = ma.fields.Integer(required=True)
    changed = ma.fields.Integer(required=True)
    removed = ma.fields.Integer(required=True)
    unchanged = ma.fields.Integer(required=True)
