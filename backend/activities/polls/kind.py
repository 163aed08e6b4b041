"""What polls offer to events: settings, the drafts of a template, wiping."""

import marshmallow as ma
from marshmallow import validate

from backend.activities.polls import service
from backend.activities.polls.drafts import DraftSchema
from backend.activities.polls.models import (
    Poll,
    PollBallot,
    PollFlag,
    PollRefusal,
    PollSignature,
    PollTally,
    PollVoter,
)
from backend.activities.polls.suggestion_models import Suggestion, SuggestionOption
from backend.events.kinds import Kind
from backend.events.models import Activity
from backend.web.schema import Schema


class SuggestionsSettings(Schema):
    """Whether guests may look at what staff suggest."""

    guests_may_look = ma.fields.Boolean(load_default=False)


class PollsSettings(Schema):
    """The settings of polls in a template: drafts to begin with, and from how many ballots within
    a minute a burst is flagged, from one address and from all; who may look at suggestions."""

    polls = ma.fields.List(
        ma.fields.Nested(DraftSchema), load_default=list, validate=validate.Length(0, 50)
    )
    burst_from_address = ma.fields.Integer(load_default=30, validate=validate.Range(2, 100_000))
    burst_in_minute = ma.fields.Integer(load_default=600, validate=validate.Range(2, 1_000_000))
    suggestions = ma.fields.Nested(
        SuggestionsSettings, load_default=lambda: {"guests_may_look": False}
    )


class Polls(Kind):
    """The kind `polls`."""

    name = "polls"
    settings = PollsSettings
    screen_scripts = ("polls.js",)
    screen_styles = ("polls.css", "phone.css")

    def prepare(self, activity: Activity) -> None:
        """Make the template's drafts."""
        service.prepare(activity)

    def wipe(self, activity: Activity) -> None:
        """Remove ballots and all that came of them, and suggestions with the polls made of them;
        other polls are drafts again, run-offs are gone."""
        made = SuggestionOption.select(SuggestionOption.poll).join(Poll)
        of_suggestions = [row.poll_id for row in made.where(Poll.activity == activity)]
        Suggestion.delete().where(Suggestion.activity == activity).execute()
        polls = Poll.select(Poll.id).where(Poll.activity == activity)
        for table in (PollFlag, PollTally, PollRefusal, PollSignature, PollBallot, PollVoter):
            table.delete().where(table.poll.in_(polls)).execute()
        followed = Poll.runoff_of.is_null(False) | Poll.id.in_(of_suggestions)
        Poll.delete().where(Poll.activity == activity, followed).execute()
        Poll.update(
            state=service.DRAFT,
            results_shown=False,
            casts=0,
            staged_at=None,
            reminded_at=None,
            opened_at=None,
            closed_at=None,
        ).where(Poll.activity == activity).execute()
