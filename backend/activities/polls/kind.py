"""Polls as a kind: the drafts of a template, wiping."""

import secrets
from typing import Any

import peewee
from flask import request

from backend.activities.polls import hall_codes, prepared, report, service, steps, view
from backend.activities.polls import panel as polls_panel
from backend.activities.polls.ballots import CastBallot
from backend.activities.polls.current import play
from backend.activities.polls.models import (
    Poll,
    PollBallot,
    PollFlag,
    PollOption,
    PollRefusal,
    PollSignature,
    PollTally,
    PollVoter,
)
from backend.activities.polls.settings import PollsSettings
from backend.activities.polls.suggestions import panel as suggestions_panel
from backend.activities.polls.suggestions.models import Suggestion, SuggestionOption
from backend.activities.polls.suggestions.play import SuggestionsPlay
from backend.activities.polls.suggestions.view import STATUS_NAMES, on_screen
from backend.errors import Sentence
from backend.events.kinds import (
    Download,
    Earning,
    Kind,
    LeftCount,
    ShownSuggestion,
    StandIn,
    Tools,
    about_of,
)
from backend.events.models import Activity
from backend.events.preflight import GREEN, PANEL, YELLOW, PreflightLine
from backend.events.reporting import ActivityReport
from backend.events.steps import HostSteps
from backend.moderation.used_pictures import keep_pictures
from backend.web import current


class Polls(Kind):
    """The kind `polls`."""

    name = "polls"
    title = Sentence("投票", "Polls")
    settings = PollsSettings
    apis = ("api", "suggestions.api")
    actions = {
        "create_poll": "新建投票",
        "change_poll": "修改投票",
        "correct_poll": "更正投票文字",
        "delete_poll": "删除投票",
        "open_poll": "开始投票",
        "close_poll": "结束投票",
        "show_poll_results": "公布投票结果",
        "hide_poll_results": "隐藏投票结果",
        "stage_poll": "大屏显示投票",
        "dismiss_poll": "大屏收起投票",
        "remind_voters": "提醒投票",
        "merge_suggestion": "合并征集",
        "decide_suggestion": "处理征集",
    }
    screen_scripts = ("polls.js",)
    screen_styles = ("polls.css", "phone.css")
    has_suggestions = True
    phases = steps.WORDS
    subjects = {"poll": "投票", "suggestion": "建议"}
    audit_words = {**STATUS_NAMES, "answer": "答复", "into": "并入"}
    console_scripts = ("panel.js",)
    console_styles = ("panel.css",)

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

    def copied(self, source: Activity, made: Activity) -> None:
        """Give the drafts of a copied event the pictures of the polls that they are copies of."""
        prepared.copy_pictures(source, made, ~_followed(source))

    def preflight(self, activity: Activity, day: str) -> list[PreflightLine]:
        """Return a line about the prepared votes; some votes are only made on the evening."""
        count = Poll.select().where(Poll.activity == activity).count()
        about = about_of(activity)
        if not count:
            text = Sentence("还没有准备投票。", "No vote is prepared.")
            return [PreflightLine(YELLOW, about, text, PANEL, activity.id)]
        text = Sentence(f"准备了 {count} 个投票。", f"{count} votes are prepared.")
        return [PreflightLine(GREEN, about, text, PANEL, activity.id)]

    def stand_in(self, seat: StandIn) -> bool:
        """Let a test player vote once in the open poll."""
        voter = f"a{seat.player.account_id}"
        voted = PollVoter.select(PollVoter.poll).where(PollVoter.voter == voter)
        poll = (
            Poll.select()
            .where(Poll.activity == seat.activity, Poll.state == service.OPEN)
            .where(Poll.id.not_in(voted))
            .first()
        )
        if poll is None:
            return False
        options = [option.id for option in PollOption.select().where(PollOption.poll == poll)]
        choice = seat.random.sample(options, seat.random.randint(1, poll.most_choices))
        code = hall_codes.code_at(poll.hall_salt, seat.now) if poll.hall_salt else None
        receipt = secrets.token_urlsafe(24)
        ids = (seat.activity.id, poll.id, seat.player.id)
        seat.play.cast(CastBallot(*ids, choice, receipt, None, seat.now, code), "")
        return True

    def suggested(self, activity: Activity) -> list[ShownSuggestion]:
        """Return the suggestions for the big screen."""
        return on_screen(activity)

    def report(self, activity: Activity, now: int) -> ActivityReport:
        """Return what the report of the event shows of the polls."""
        suggestions = Suggestion.select().where(
            Suggestion.activity == activity, Suggestion.merged_into.is_null()
        )
        return report.report(activity, suggestions.count())

    def exhibit(self, activity: Activity, key: int) -> bytes | None:
        """Return an option's picture for the gallery."""
        return report.exhibit(activity, key)

    def left(self, activity: Activity) -> list[LeftCount]:
        """Count ballots, suggestions, opened polls, and polls made of results or suggestions."""
        polls = Poll.select().where(Poll.activity == activity)
        followed = polls.where(_followed(activity)).count()
        opened = polls.where(Poll.state != service.DRAFT, ~_followed(activity)).count()
        ballots = PollBallot.select().join(Poll).where(Poll.activity == activity)
        suggestions = Suggestion.select().where(Suggestion.activity == activity)
        return [
            LeftCount("ballots", Sentence("选票", "ballots"), ballots.count()),
            LeftCount("suggestions", Sentence("建议", "suggestions"), suggestions.count()),
            LeftCount(
                "opened",
                Sentence("已开放的投票（恢复为草稿）", "opened polls, to become drafts"),
                opened,
            ),
            LeftCount(
                "followed",
                Sentence("由结果或建议生成的投票", "polls made of results or suggestions"),
                followed,
            ),
        ]

    def downloads(self, activity: Activity) -> list[Download]:
        """Return the list of suggestions, and results and ballots of each poll that has begun.

        An anonymous poll has no list of ballots.
        """
        here = f"/polls/{activity.id}"
        found = [Download("征集的建议", f"{here}/suggestions.xlsx")]
        begun = Poll.select().where(Poll.activity == activity, Poll.opened_at.is_null(False))
        for poll in begun.order_by(Poll.number):
            path = f"{here}/polls/{poll.id}"
            found.append(Download(f"投票结果：{poll.title}", f"{path}/results.xlsx"))
            if not poll.anonymous:
                found.append(Download(f"选票：{poll.title}", f"{path}/ballots.xlsx"))
        return found

    def preview(self, settings: dict[str, Any]) -> list[Earning]:
        """Say that voting earns no points."""
        return [Earning("投票和征集不计分", 0)]

    def settings_of(self, activity: Activity) -> dict[str, Any]:
        """Return the settings with the polls that hosts have prepared."""
        return {**activity.settings, "polls": prepared.drafts_of(activity, ~_followed(activity))}

    def renew(self, activity: Activity) -> None:
        """Replace the polls if they differ from the settings."""
        prepared.renew(activity, ~_followed(activity))

    def wipe(self, activity: Activity) -> None:
        """Remove ballots and results, and polls that were made of results or suggestions.

        Other polls become drafts again and keep their pictures.
        """
        # The polls are locked first: a ballot that is being cast is written before this, or
        # refused.
        polls = [row.id for row in service.lock_all(activity)]
        followed = [row.id for row in Poll.select(Poll.id).where(_followed(activity))]
        Suggestion.delete().where(Suggestion.activity == activity).execute()
        for table in (PollFlag, PollTally, PollRefusal, PollSignature, PollBallot, PollVoter):
            table.delete().where(table.poll.in_(polls)).execute()
        Poll.delete().where(Poll.id.in_(followed)).execute()
        _keep_pictures(activity)
        Poll.update(
            state=service.DRAFT,
            results_shown=False,
            casts=0,
            staged_at=None,
            reminded_at=None,
            opened_at=None,
            closed_at=None,
        ).where(Poll.activity == activity).execute()


def _followed(activity: Activity) -> peewee.Expression:
    """Return the condition for run-offs, finals and polls of suggestions."""
    option: type[PollOption] = PollOption.alias()
    of_results = option.select(option.poll).where(option.source_id.is_null(False))
    of_suggestions = SuggestionOption.select(SuggestionOption.poll)
    found: peewee.Expression = (Poll.activity == activity) & (
        Poll.runoff_of.is_null(False) | Poll.id.in_(of_results) | Poll.id.in_(of_suggestions)
    )
    return found


def _keep_pictures(activity: Activity) -> None:
    polls = Poll.select(Poll.id).where(Poll.activity == activity)
    pictures = PollOption.select(PollOption.picture_id).where(
        PollOption.poll.in_(polls), PollOption.picture_id.is_null(False)
    )
    keep_pictures(pictures)
