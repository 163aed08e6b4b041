"""Shapes of polls."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.activities.polls.drafts import (
    MOST_OPTIONS,
    DraftSchema,
    EntryDraft,
    EntrySchema,
    PollDraft,
    PollWording,
    draft_of,
)
from backend.activities.polls.following import FinalPlan
from backend.web.schema import FullMatch, Id, Moment, PageQuery, Schema, Text, page_of

ACTIONS = ("open", "close", "show", "hide", "stage", "dismiss")
# At least 128 bits, made by the phone.
_RECEIPT = r"[A-Za-z0-9_-]{22,128}"


class EntryRequest(EntrySchema):
    """An entry to make; its picture was uploaded to the event before."""

    picture_id = Id(load_default=None, allow_none=True)


class PollChange(DraftSchema):
    """The new content of a draft."""

    entries = ma.fields.List(
        ma.fields.Nested(EntryRequest),
        load_default=list,
        validate=validate.Length(0, MOST_OPTIONS),
    )

    @ma.post_load
    def _draft(self, data: dict[str, Any], **_: Any) -> PollDraft:
        return draft_of(data)


class PollRequest(PollChange):
    """A poll to make. With `number` a repeated request makes it once: send the next number."""

    number = ma.fields.Integer(strict=True, validate=validate.Range(1, 10_000))


class FinalRequest(PollRequest):
    """A final to make: the first so many of each heat, and those with a 直通卡: `entries`, and
    options of the heats named by `direct_option_ids`."""

    heats = ma.fields.List(Id(), required=True, validate=validate.Length(1, 20))
    first = ma.fields.Integer(required=True, strict=True, validate=validate.Range(1, 100))
    direct_option_ids = ma.fields.List(
        Id(), load_default=list, validate=validate.Length(0, MOST_OPTIONS)
    )

    @ma.validates_schema
    def _each_once(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("heats", "direct_option_ids"):
            if len(set(data[name])) < len(data[name]):
                raise ma.ValidationError("Name each of them once.", name)

    @ma.post_load
    def _draft(self, data: dict[str, Any], **_: Any) -> FinalPlan:
        names = ("heats", "first", "direct_option_ids")
        own = {name: data[name] for name in names}
        draft = draft_of({key: value for key, value in data.items() if key not in names})
        return FinalPlan(draft, **own)


class EntryWording(EntryRequest):
    """The corrected words of an option."""

    id = Id(required=True)


class WordingRequest(Schema):
    """The corrected words of a poll that has begun; options that are not named stay unchanged."""

    title = Text(1, 120, required=True)
    description = Text(0, 2000, load_default="")
    entries = ma.fields.List(
        ma.fields.Nested(EntryWording),
        load_default=list,
        validate=validate.Length(0, MOST_OPTIONS),
    )

    @ma.post_load
    def _wording(self, data: dict[str, Any], **_: Any) -> PollWording:
        entries = {entry.pop("id"): EntryDraft(**entry) for entry in data["entries"]}
        return PollWording(data["title"], data["description"], entries)


class PollActionRequest(Schema):
    """An action of a host on a poll; `display` only with `show`."""

    action = ma.fields.String(required=True, validate=validate.OneOf(ACTIONS))
    display = ma.fields.String(validate=validate.OneOf(["bars", "race"]))


class BallotRequest(Schema):
    """A ballot. `receipt` is a secret that the phone makes anew for each ballot and keeps;
    `replaces` is the receipt of the ballot that this one changes, in a named poll also its key;
    `hall_code` the code on the screen, where the poll asks for one."""

    choice = ma.fields.List(Id(), required=True, validate=validate.Length(0, MOST_OPTIONS))
    receipt = ma.fields.String(required=True, validate=FullMatch(f"^{_RECEIPT}$"))
    replaces = ma.fields.String(
        load_default=None, allow_none=True, validate=FullMatch(f"^{_RECEIPT}$")
    )
    hall_code = Text(1, 20, load_default=None, allow_none=True)


class ReceiptHeaders(Schema):
    """The receipts of ballots in an anonymous poll, separated by commas."""

    receipts = ma.fields.String(
        load_default="",
        data_key="Ballot-Receipts",
        validate=FullMatch(f"^({_RECEIPT}(,{_RECEIPT}){{0,19}})?$"),
    )

    class Meta:
        unknown = ma.EXCLUDE


class EntryQuery(PageQuery):
    """Which entries to list: `search` is a number or words."""

    search = Text(0, 60, load_default="")


class BallotBody(Schema):
    """The ballot that counts."""

    poll_id = ma.fields.Integer(required=True)
    choice = ma.fields.List(ma.fields.Integer(), required=True)


class PollEntryBody(Schema):
    """An option, or an entry of a contest; `direct` marks a 直通卡."""

    id = ma.fields.Integer(required=True)
    number = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    video_url = ma.fields.String(required=True, allow_none=True)
    picture_id = ma.fields.Integer(required=True, allow_none=True)
    picture_path = ma.fields.String(required=True, allow_none=True)
    direct = ma.fields.Boolean(required=True)


PollEntryPage = page_of(PollEntryBody, "PollEntryPage")


class RefusedBody(Schema):
    """How many ballots were refused, by reason."""

    duplicate = ma.fields.Integer(required=True)
    quota = ma.fields.Integer(required=True)
    closed = ma.fields.Integer(required=True)
    not_allowed = ma.fields.Integer(required=True)
    invalid = ma.fields.Integer(required=True)


class TurnoutBody(Schema):
    """How many ballots are valid, from staff and from guests, and how many were refused."""

    valid = ma.fields.Integer(required=True)
    staff = ma.fields.Integer(required=True)
    guests = ma.fields.Integer(required=True)
    refused = ma.fields.Integer(required=True)
    refused_by_reason = ma.fields.Nested(RefusedBody, required=True)


class ResultRow(Schema):
    """The result of an option; `share` is in percent of the ballots.

    Named polls count the votes of guests separately. `won` is true if the option has won for
    certain, `tied` if a run-off decides; `out_in_round` belongs to ranked counts.
    """

    option_id = ma.fields.Integer(required=True)
    number = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    direct = ma.fields.Boolean(required=True)
    picture_id = ma.fields.Integer(required=True, allow_none=True)
    votes = ma.fields.Integer(required=True)
    guest_votes = ma.fields.Integer(required=True, allow_none=True)
    share = ma.fields.Float(required=True)
    place = ma.fields.Integer(required=True, allow_none=True)
    shares_place = ma.fields.Boolean(required=True)
    tied = ma.fields.Boolean(required=True)
    won = ma.fields.Boolean(required=True)
    out_in_round = ma.fields.Integer(required=True, allow_none=True)


class OptionVotes(Schema):
    """The votes of an option in a round."""

    option_id = ma.fields.Integer(required=True)
    votes = ma.fields.Integer(required=True)


class CountRound(Schema):
    """A round of a ranked count: the eliminated options, and how many ballots are exhausted."""

    votes = ma.fields.List(ma.fields.Nested(OptionVotes), required=True)
    out = ma.fields.List(ma.fields.Integer(), required=True)
    exhausted = ma.fields.Integer(required=True)


class ResultsBody(Schema):
    """The results: `hidden`, `too_few` (an anonymous poll below five ballots) or `shown`.

    `counted` says of how many ballots they are; `final` that the poll is over.
    """

    state = ma.fields.String(required=True)
    counted = ma.fields.Integer()
    final = ma.fields.Boolean()
    tied = ma.fields.List(ma.fields.Integer())
    rows = ma.fields.List(ma.fields.Nested(ResultRow))
    rounds = ma.fields.List(ma.fields.Nested(CountRound))


class PollSummary(Schema):
    """A poll. `notice` is what people are told before they vote: whether their names are kept,
    that a ballot needs the hall's code (`hall_code`), and that a person could vote with two
    accounts unnoticed where not all accounts are known by their unionid (`persons_known`)."""

    id = ma.fields.Integer(required=True)
    number = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    method = ma.fields.String(required=True)
    most_choices = ma.fields.Integer(required=True)
    places = ma.fields.Integer(required=True)
    anonymous = ma.fields.Boolean(required=True)
    notice = ma.fields.String(required=True)
    persons_known = ma.fields.Boolean(required=True)
    hall_code = ma.fields.Boolean(required=True)
    guests_allowed = ma.fields.Boolean(required=True)
    changes_allowed = ma.fields.Boolean(required=True)
    daily_quota = ma.fields.Integer(required=True, allow_none=True)
    entry_order = ma.fields.String(required=True)
    runoff_of = ma.fields.Integer(required=True, allow_none=True)
    display = ma.fields.String(required=True)
    results_shown = ma.fields.Boolean(required=True)
    too_few = ma.fields.Boolean(
        required=True,
        metadata={"description": "An anonymous poll below five ballots: nobody sees results."},
    )
    on_screen = ma.fields.Boolean(required=True)
    opened_at = Moment(required=True, allow_none=True)
    closed_at = Moment(required=True, allow_none=True)
    reminded_at = Moment(required=True, allow_none=True)
    turnout = ma.fields.Nested(TurnoutBody, required=True)


class PollList(Schema):
    """The polls of an activity."""

    items = ma.fields.List(ma.fields.Nested(PollSummary), required=True)


class HallCode(Schema):
    """The code that is on the screen, and when the next one comes."""

    code = ma.fields.String(required=True)
    changes_at = Moment(required=True)


class PollBody(PollSummary):
    """A poll with its options in the caller's order, and its results; `current_hall_code` is for
    hosts alone, null while no ballot needs one."""

    current_hall_code = ma.fields.Nested(HallCode, allow_none=True)
    options = ma.fields.List(ma.fields.Nested(PollEntryBody), required=True)
    results = ma.fields.Nested(ResultsBody, required=True)


class OwnBallot(Schema):
    """A ballot of the caller; `key` names it in a named poll, for a change from another phone."""

    choice = ma.fields.List(ma.fields.Integer(), required=True)
    key = ma.fields.String(required=True, allow_none=True)


class OwnBallots(Schema):
    """How many ballots the caller has left, today where there is a daily quota, and those given."""

    ballots_left = ma.fields.Integer(required=True)
    ballots = ma.fields.List(ma.fields.Nested(OwnBallot), required=True)


class RemindedBody(Schema):
    """How many people have not voted and get a reminder."""

    reminded = ma.fields.Integer(required=True)


class PollFlagBody(Schema):
    """A burst: so many ballots within a minute, from one address (a hash) or from all."""

    kind = ma.fields.String(required=True)
    address = ma.fields.String(required=True)
    day = ma.fields.String(required=True)
    minute_at = Moment(required=True, allow_none=True)
    ballots = ma.fields.Integer(required=True)


class PollFlags(Schema):
    """Bursts of ballots to look at; all of them count."""

    items = ma.fields.List(ma.fields.Nested(PollFlagBody), required=True)
