"""Shapes of raffles."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.activities.raffle import rules, stage
from backend.activities.raffle.committing import DrawPlan
from backend.activities.raffle.pools import PoolCriteria
from backend.activities.raffle.settings import PrizeSchema
from backend.web.imports import AgreedQuery
from backend.web.schema import Id, Moment, Schema, Text, WholeNumber


class NewPrize(PrizeSchema):
    """A prize to add after the existing ones.

    Its picture must have been uploaded to the event. A change without `picture_id` leaves the
    picture unchanged.
    """

    picture_id = Id(allow_none=True)


class PrizeBody(Schema):
    """A prize; `left` is how many can still be won. `picture_path` is below `/api/v1`."""

    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    stock = ma.fields.Integer(required=True)
    left = ma.fields.Integer(required=True)
    again = ma.fields.Boolean(required=True)
    picture_id = ma.fields.Integer(required=True, allow_none=True)
    picture_path = ma.fields.String(required=True, allow_none=True)


class PoolRule(Schema):
    """Who is in the pool: players who fit everything that is named; see
    `pools.PoolCriteria`."""

    present = ma.fields.Boolean()
    on_wall = ma.fields.Boolean()
    least_points = WholeNumber(-1_000_000, 1_000_000, allow_none=True)
    team_ids = ma.fields.List(Id(), validate=validate.Length(0, 100))
    list_id = Id(allow_none=True)
    guests = ma.fields.Boolean()

    @ma.post_load
    def _rule(self, data: dict[str, Any], **_: Any) -> PoolCriteria:
        return PoolCriteria(**{**data, "team_ids": tuple(data.get("team_ids", ()))})


class NewDraw(Schema):
    """A draw to commit to. With `number` a repeated request makes it once: send the next number."""

    prize_id = Id(required=True)
    count = WholeNumber(1, 1000, required=True)
    pool = ma.fields.Nested(PoolRule, load_default=PoolCriteria)
    number = WholeNumber(1, 10_000)

    @ma.post_load
    def _plan(self, data: dict[str, Any], **_: Any) -> DrawPlan:
        return DrawPlan(data["prize_id"], data["count"], data["pool"], data.get("number"))


class DrawRequest(Schema):
    """How many winners of the draw there shall be in all, and the hall's word."""

    upto = WholeNumber(1, 1000, required=True)
    word = Text(1, 40)


class StageRequest(Schema):
    """What the screen shows: the newest draw, all winners, or nothing."""

    showing = ma.fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([stage.DRAW, stage.WINNERS]),
    )


class HandoverRequest(Schema):
    """The winner's pick-up code; case and spaces make no difference."""

    code = Text(1, 40, required=True)


class WinnersQuery(Schema):
    """Which of the people who were drawn to list."""

    unclaimed = ma.fields.Boolean(load_default=False)


class ListQuery(AgreedQuery):
    """The title of the list."""

    title = Text(1, 40, load_default="名单")


class ListBody(Schema):
    """An imported list."""

    id = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    people = ma.fields.Integer(required=True)
    imported_at = Moment(required=True)


class ImportedList(ListBody):
    """An imported list, with warnings about the file."""

    warnings = ma.fields.List(ma.fields.String(), required=True)


class DrawBody(Schema):
    """A draw as everybody sees it; `seed` is null as long as somebody may still be drawn.

    `only_candidate` says that there is nobody to choose from; `waiting_seconds` is how long a
    winner who was called is waited for.
    """

    id = ma.fields.Integer(required=True)
    number = ma.fields.Integer(required=True)
    prize = ma.fields.String(required=True)
    prize_id = ma.fields.Integer(required=True)
    count = ma.fields.Integer(required=True)
    who = ma.fields.String(required=True)
    pool_size = ma.fields.Integer(required=True)
    only_candidate = ma.fields.Boolean(required=True)
    waiting_seconds = ma.fields.Integer(required=True)
    state = ma.fields.String(
        required=True,
        metadata={"description": "committed, drawing, drawn, revealed or abandoned"},
    )
    commitment = ma.fields.String(required=True)
    committed_at = Moment(required=True)
    word = ma.fields.String(required=True, allow_none=True)
    seed = ma.fields.String(required=True, allow_none=True)


class MaskedWinner(Schema):
    """A person who was drawn, by the number in the pool and a masked name."""

    turn = ma.fields.Integer(required=True)
    status = ma.fields.String(required=True, validate=validate.OneOf(rules.STATUSES))
    drawn_at = Moment(required=True)
    number = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True, allow_none=True)


class ShownDraw(DrawBody):
    """The draw on the screen; `picture` is the address of the prize's picture for screens."""

    picture = ma.fields.String(required=True, allow_none=True)
    rolling = ma.fields.List(ma.fields.String(), required=True)
    winners = ma.fields.List(ma.fields.Nested(MaskedWinner), required=True)


class PrizeWinner(Schema):
    """A winner on the page of all winners."""

    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True, allow_none=True)


class PrizeWinners(Schema):
    """The winners of a prize; `picture` is the address of its picture for screens."""

    title = ma.fields.String(required=True)
    picture = ma.fields.String(required=True, allow_none=True)
    winners = ma.fields.List(ma.fields.Nested(PrizeWinner), required=True)


class CalledWinner(Schema):
    """A winner who is called to the stage and waited for until `wait_ends_at`; pauses put it off."""

    draw = ma.fields.Integer(required=True)
    turn = ma.fields.Integer(required=True)
    prize = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True, allow_none=True)
    called_at = Moment(required=True)
    wait_ends_at = Moment(required=True)
    waiting_seconds = ma.fields.Integer(required=True)


class StageBody(Schema):
    """What the screen shows: `phase` is the draw's state, `winners`, or `calling` if only calls are
    shown."""

    phase = ma.fields.String(required=True)
    since = Moment(required=True)
    draw = ma.fields.Nested(ShownDraw, required=True, allow_none=True)
    prizes = ma.fields.List(ma.fields.Nested(PrizeWinners), required=True)
    calls = ma.fields.List(ma.fields.Nested(CalledWinner), required=True)


class OwnEntry(Schema):
    """A player's own entry in the pool of a draw."""

    draw = ma.fields.Integer(required=True)
    number = ma.fields.Integer(required=True)
    tag = ma.fields.String(required=True)


class OwnWin(Schema):
    """A prize that a player has won, with the code to fetch it; `called_at` says that they are
    called to the stage, and are waited for until `wait_ends_at`."""

    prize = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    drawn_at = Moment(required=True)
    called_at = Moment(required=True, allow_none=True)
    wait_ends_at = Moment(required=True, allow_none=True)
    handed_at = Moment(required=True, allow_none=True)


class OwnRaffle(Schema):
    """A player's own part; `entry` is that in the newest draw whose pool has the player."""

    entry = ma.fields.Nested(OwnEntry, required=True, allow_none=True)
    wins = ma.fields.List(ma.fields.Nested(OwnWin), required=True)


class RaffleBody(Schema):
    """A raffle: what is shown, its prizes and all its draws; `lists` are for hosts."""

    stage = ma.fields.Nested(StageBody, required=True, allow_none=True)
    prizes = ma.fields.List(ma.fields.Nested(PrizeBody), required=True)
    draws = ma.fields.List(ma.fields.Nested(DrawBody), required=True)
    own = ma.fields.Nested(OwnRaffle, required=True, allow_none=True)
    lists = ma.fields.List(ma.fields.Nested(ListBody))


class ProofEntry(Schema):
    """A person in a pool, whom only the person can recognise by the tag."""

    number = ma.fields.Integer(required=True)
    tag = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class ProofPick(Schema):
    """The person whose number was picked, and what followed: who called them and who noted them as absent,
    hosts by their names (null for a host who has left the roster). Moments are ISO 8601."""

    turn = ma.fields.Integer(required=True)
    number = ma.fields.Integer(required=True)
    status = ma.fields.String(required=True, validate=validate.OneOf(rules.STATUSES))
    drawn_at = ma.fields.String(required=True)
    called_at = ma.fields.String(required=True, allow_none=True)
    called_by = ma.fields.String(required=True, allow_none=True)
    absent_at = ma.fields.String(required=True, allow_none=True)
    absent_by = ma.fields.String(required=True, allow_none=True)


class ProofBody(Schema):
    """All that `linka raffle verify` needs; save it as a file."""

    format = ma.fields.String(required=True)
    activity = ma.fields.Integer(required=True)
    event = ma.fields.String(required=True)
    draw = ma.fields.Integer(required=True)
    prize = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    waiting_seconds = ma.fields.Integer(required=True, allow_none=True)
    who = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    committed_at = ma.fields.String(required=True)
    commitment = ma.fields.String(required=True)
    seed = ma.fields.String(required=True, allow_none=True)
    word = ma.fields.String(required=True, allow_none=True)
    pool = ma.fields.List(ma.fields.Nested(ProofEntry), required=True)
    picks = ma.fields.List(ma.fields.Nested(ProofPick), required=True)


class HostPick(Schema):
    """A person who was drawn, for hosts; `code` is set while the prize belongs to the person."""

    id = ma.fields.Integer(required=True)
    draw_id = ma.fields.Integer(required=True)
    draw = ma.fields.Integer(required=True)
    prize = ma.fields.String(required=True)
    turn = ma.fields.Integer(required=True)
    number = ma.fields.Integer(required=True)
    status = ma.fields.String(required=True, validate=validate.OneOf(rules.STATUSES))
    player_id = ma.fields.Integer(required=True, allow_none=True)
    name = ma.fields.String(required=True)
    staff_number = ma.fields.String(required=True, allow_none=True)
    team = ma.fields.String(required=True, allow_none=True)
    code = ma.fields.String(required=True, allow_none=True)
    drawn_at = Moment(required=True)
    called_at = Moment(required=True, allow_none=True)
    called_by = ma.fields.String(required=True, allow_none=True)
    wait_ends_at = Moment(required=True, allow_none=True)
    absent_at = Moment(required=True, allow_none=True)
    absent_by = ma.fields.String(required=True, allow_none=True)
    handed_at = Moment(required=True, allow_none=True)


class HostDraw(DrawBody):
    """A draw for its hosts, with all who were drawn."""

    picks = ma.fields.List(ma.fields.Nested(HostPick), required=True)
