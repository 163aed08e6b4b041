"""Polls as a kind: the drafts of a template, wiping."""

from typing import Any

from flask import request

from backend.activities.polls import panel as polls_panel
from backend.activities.polls import service, steps, view
from backend.activities.polls.current import play
from backend.activities.polls.models import (
    Poll,
    PollBallot,
    PollFlag,
    PollRefusal,
    PollSignature,
    PollTally,
    PollVoter,
)
from backend.activities.polls.settings import PollsSettings
from backend.activities.polls.suggestions import panel as suggestions_panel
from backend.activities.polls.suggestions.models import Suggestion, SuggestionOption
from backend.activities.polls.suggestions.play import SuggestionsPlay
from backend.errors import Sentence
from backend.events.kinds import Kind, Tools
from backend.events.models import Activity
from backend.events.steps import HostSteps
from backend.web import current


class Polls(Kind):
    """The kind `polls`."""

    name = "polls"
    title = Sentence("投票", "Polls")
    settings = PollsSettings
    apis = ("api", "suggestions.api")
    screen_scripts = ("polls.js",)
    screen_styles = ("polls.css", "phone.css")
    phases = steps.WORDS

    def play(self, tools: Tools) -> SuggestionsPlay:
        """Return the play that takes ballots, and shows polls and suggestions."""
        return SuggestionsPlay(tools.scores, tools.feed, tools.redis, tools.secret)

    def steps(
        self, activity: Activity, shown: dict[str, Any] | None, present: int | None, now: int
    ) -> HostSteps:
        """Return what a host can do next."""
        return steps.steps(f"/polls/{activity.id}", view.stages(activity))

    def panel(self, activity: Activity, now: int) -> dict[str, Any]:
        """Return the part of polls or suggestions that the query of the request asks for."""
        database, offload = current.database(), current.offload().short
        return suggestions_panel.panel(
            activity, request.args, database, offload
        ) or polls_panel.panel(activity, request.args, play(), now)

    def prepare(self, activity: Activity) -> None:
        """Create the drafts of the template."""
        service.prepare(activity)

    def wipe(self, activity: Activity) -> None:
        """Remove ballots and results, suggestions with the polls made of them, and run-offs; other
        polls become drafts again."""
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
