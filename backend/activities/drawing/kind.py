"""What drawing and guessing offers to events: its settings, and wiping."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.activities.drawing import rules
from backend.activities.drawing.models import Game, Guess, Report, Room, Seat, Turn, Vote
from backend.activities.drawing.packs import words_of
from backend.errors import Sentence
from backend.events.kinds import Kind
from backend.events.models import Activity
from backend.web.schema import Schema, Text

HALL, ROOMS = "hall", "rooms"


class DrawingSettings(Schema):
    """The settings of a game in a template.

    In rooms everybody draws `rounds` times; in the hall there are `turns` turns in all.
    """

    packs = ma.fields.List(Text(1, 60), required=True, validate=validate.Length(1, 20))
    mode = ma.fields.String(load_default=ROOMS, validate=validate.OneOf([ROOMS, HALL]))
    room_size = ma.fields.Integer(
        load_default=8, validate=validate.Range(rules.ROOM_LEAST, rules.ROOM_MOST)
    )
    rounds = ma.fields.Integer(load_default=1, validate=validate.Range(1, 10))
    turns = ma.fields.Integer(load_default=8, validate=validate.Range(1, 100))
    draw_seconds = ma.fields.Integer(load_default=80, validate=validate.Range(20, 300))


class Drawing(Kind):
    """The kind `drawing`."""

    name = "drawing"
    settings = DrawingSettings
    screen_scripts = ("drawing.js", "sketch.js")
    screen_styles = ("drawing.css", "phone.css")

    def lacks(self, settings: dict[str, Any], day: str) -> list[Sentence]:
        """Say which packs do not exist or have no words."""
        return [
            Sentence(
                f"没有词库“{name}”，或其中没有词。",
                f"There is no word pack “{name}”, or it is empty.",
            )
            for name in settings["packs"]
            if not words_of([name])
        ]

    def wipe(self, activity: Activity) -> None:
        """Remove rooms, turns, guesses, reports and votes: the game can be begun again."""
        turns = Turn.select(Turn.id).where(Turn.activity == activity)
        for table in (Guess, Report):
            table.delete().where(table.turn.in_(turns)).execute()
        for table in (Vote, Turn, Seat, Room, Game):
            table.delete().where(table.activity == activity).execute()
