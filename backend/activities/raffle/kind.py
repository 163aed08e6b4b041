"""What a raffle offers to events: its settings, its prizes, wiping."""

from collections.abc import Collection
from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.activities.raffle import rules
from backend.activities.raffle.models import (
    RaffleDraw,
    RaffleEntry,
    RaffleHandover,
    RafflePick,
    RafflePrize,
    RaffleStage,
)
from backend.events.kinds import Kind
from backend.events.models import Activity
from backend.web.schema import Schema, Text


class PrizeSchema(Schema):
    """A prize; with `again` those who have won in the event may win it too."""

    title = Text(1, 40, required=True)
    stock = ma.fields.Integer(required=True, strict=True, validate=validate.Range(1, 1000))
    again = ma.fields.Boolean(load_default=False)


class RaffleSettings(Schema):
    """The settings in a template: the prizes in the order in which they are drawn, and how long a
    winner who was called is waited for before they may be noted as absent."""

    prizes = ma.fields.List(
        ma.fields.Nested(PrizeSchema), load_default=list, validate=validate.Length(0, 50)
    )

    waiting_seconds = ma.fields.Integer(
        strict=True,
        load_default=rules.WAITING_SECONDS,
        validate=validate.Range(rules.LEAST_WAITING_SECONDS, 600),
    )

    @ma.validates_schema
    def _titles_differ(self, data: dict[str, Any], **_: Any) -> None:
        titles = [prize["title"] for prize in data["prizes"]]
        if len(set(titles)) < len(titles):
            raise ma.ValidationError("Two prizes have the same title.", "prizes")


class Raffle(Kind):
    """The kind `raffle`."""

    name = "raffle"
    settings = RaffleSettings
    screen_scripts = ("raffle.js",)
    screen_styles = ("raffle.css", "phone.css")

    def prepare(self, activity: Activity) -> None:
        """Lay out the prizes."""
        for position, prize in enumerate(activity.settings["prizes"], start=1):
            RafflePrize.create(activity=activity, position=position, **prize)

    def forget(self, player_ids: Collection[int]) -> None:
        """Leave the masked names, which records of draws rest on."""
        for entry in RaffleEntry.select().where(RaffleEntry.player_id.in_(list(player_ids))):
            entry.name, entry.staff_number = rules.masked(entry.name), None
            entry.save()

    def wipe(self, activity: Activity) -> None:
        """Remove the draws of a rehearsal and put the prizes back."""
        draws = RaffleDraw.select(RaffleDraw.id).where(RaffleDraw.activity == activity)
        picks = RafflePick.select(RafflePick.id).where(RafflePick.activity == activity)
        RaffleHandover.delete().where(RaffleHandover.pick.in_(picks)).execute()
        RafflePick.delete().where(RafflePick.activity == activity).execute()
        RaffleEntry.delete().where(RaffleEntry.draw.in_(draws)).execute()
        RaffleDraw.delete().where(RaffleDraw.activity == activity).execute()
        RaffleStage.delete().where(RaffleStage.activity == activity).execute()
        RafflePrize.update(given=0).where(RafflePrize.activity == activity).execute()
