"""Shapes of the shake."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.activities.shake import rules
from backend.activities.shake.service import RoundPlan
from backend.activities.shake.settings import SECONDS
from backend.web.schema import MAX_ID, Id, Moment, Schema

MOST_COUNT = 1_000_000
_REPORT = {"round_id", "count", "how"}


class ShakeReportRequest(Schema):
    """The cumulative count of a phone in this round, by shaking, tapping, pressing or swiping."""

    count = ma.fields.Integer(required=True, strict=True, validate=validate.Range(0, MOST_COUNT))
    how = ma.fields.String(load_default=rules.SHAKE, validate=validate.OneOf(rules.HOW))


class ShakeReportMessage(ShakeReportRequest):
    """The same on a socket, with the id of the round."""

    round_id = Id(required=True)

    def load(self, data: Any, **options: Any) -> Any:
        """Read a report, with a fast path for valid ones.

        There are thousands of reports a second, and marshmallow takes longer for one than all
        further work.
        """
        if type(data) is dict and data.keys() == _REPORT and not options:
            count, round_id = data["count"], data["round_id"]
            if (
                type(count) is int
                and 0 <= count <= MOST_COUNT
                and type(round_id) is int
                and 1 <= round_id <= MAX_ID
                and data["how"] in rules.HOW
            ):
                return data
        return super().load(data, **options)


class ShakeAcceptedBody(Schema):
    """The count of a player that is accepted so far."""

    round_id = ma.fields.Integer(required=True)
    accepted = ma.fields.Integer(required=True)


class ShakeRoundRequest(Schema):
    """A round to begin. With `number` a repeated request begins it once: send the next number.

    `winner_count` and `at_least` are for draws: so many winners among those who shook that often.
    `team_ids` are for a tug-of-war; none means all teams.
    """

    mode = ma.fields.String(required=True, validate=validate.OneOf(rules.MODES))
    number = ma.fields.Integer(strict=True, validate=validate.Range(1, 10_000))
    seconds = ma.fields.Integer(strict=True, validate=SECONDS)
    winner_count = ma.fields.Integer(strict=True, validate=validate.Range(1, 100))
    at_least = ma.fields.Integer(strict=True, validate=validate.Range(1, 10_000))
    team_ids = ma.fields.List(Id(), validate=validate.Length(0, 50))

    @ma.validates_schema
    def _teams_fit(self, data: dict[str, Any], **_: Any) -> None:
        teams = data.get("team_ids", [])
        if len(set(teams)) < len(teams) or len(teams) == 1:
            raise ma.ValidationError("Name at least two teams, each of them once.", "team_ids")

    @ma.post_load
    def _plan(self, data: dict[str, Any], **_: Any) -> RoundPlan:
        return RoundPlan(**{**data, "team_ids": tuple(data.get("team_ids", ()))})


class ShakeTeamBody(Schema):
    """A team of a tug-of-war."""

    team_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)


class ShakePercentsBody(Schema):
    """What one shake, one tap, one press and one swipe count, in percent.

    0 where it does not count.
    """

    shake = ma.fields.Integer(required=True)
    tap = ma.fields.Integer(required=True)
    press = ma.fields.Integer(required=True)
    swipe = ma.fields.Integer(required=True)


class ShakeRoundBody(Schema):
    """A round. Pauses postpone its moments."""

    id = ma.fields.Integer(required=True)
    number = ma.fields.Integer(required=True)
    mode = ma.fields.String(required=True)
    seconds = ma.fields.Integer(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    left_ms = ma.fields.Integer(required=True)
    paused = ma.fields.Boolean(required=True)
    winner_count = ma.fields.Integer(required=True)
    at_least = ma.fields.Integer(required=True)
    teams = ma.fields.List(ma.fields.Nested(ShakeTeamBody), required=True)
    percents = ma.fields.Nested(ShakePercentsBody, required=True)
    cap_per_second = ma.fields.Integer(required=True)


class ShakePodiumRow(Schema):
    """A player on the podium; points are null while the board is frozen."""

    place = ma.fields.Integer(required=True)
    player_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True, allow_none=True)
    count = ma.fields.Integer(required=True)
    value = ma.fields.Integer(required=True)
    points = ma.fields.Integer(required=True, allow_none=True)


class ShakePodiumTeam(Schema):
    """A team on the podium; its count is the mean of those who shook, its points are each one's."""

    place = ma.fields.Integer(required=True)
    team_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    members = ma.fields.Integer(required=True)
    total = ma.fields.Integer(required=True)
    count = ma.fields.Float(required=True)
    points = ma.fields.Integer(required=True, allow_none=True)


class ShakePodiumBody(Schema):
    """The result of a round: players, or the teams of a tug-of-war."""

    shakers = ma.fields.Integer(required=True)
    rows = ma.fields.List(ma.fields.Nested(ShakePodiumRow), required=True)
    teams = ma.fields.List(ma.fields.Nested(ShakePodiumTeam), required=True)


class FlaggedPhone(Schema):
    """A phone that claims more shakes per second than a hand can do; `reason` is for the host.

    Its player ranks behind all others, wins no draw, and adds nothing to the team.
    """

    player_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    team = ma.fields.String(required=True, allow_none=True)
    rate = ma.fields.Float(required=True)
    reason = ma.fields.String(required=True)


class FlaggedPhones(Schema):
    """The implausible phones of a round, the fastest first; null if Redis cannot be reached."""

    flagged = ma.fields.List(ma.fields.Nested(FlaggedPhone), required=True, allow_none=True)


class ShakeOwnBody(Schema):
    """A player's own result; everything but the count is null until the round is scored."""

    round_id = ma.fields.Integer(required=True)
    count = ma.fields.Integer(required=True)
    value = ma.fields.Integer()
    place = ma.fields.Integer(allow_none=True)
    points = ma.fields.Integer(allow_none=True)
    won = ma.fields.Boolean()


class ShakeBody(Schema):
    """The newest round; `phase` is null while none is on. Hosts get the last two fields."""

    phase = ma.fields.String(required=True, allow_none=True)
    since = Moment(required=True, allow_none=True)
    round = ma.fields.Nested(ShakeRoundBody, required=True, allow_none=True)
    podium = ma.fields.Nested(ShakePodiumBody, required=True, allow_none=True)
    own = ma.fields.Nested(ShakeOwnBody, required=True, allow_none=True)
    counts_lost = ma.fields.Boolean()
    flagged = ma.fields.List(ma.fields.Nested(FlaggedPhone), allow_none=True)
