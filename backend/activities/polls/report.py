"""What the report of an event shows of polls. The secrecy of ballots is that of `view.results`."""

from backend.activities.polls import view
from backend.activities.polls.models import Poll, PollOption
from backend.activities.polls.service import DRAFT
from backend.events.models import Activity
from backend.events.reporting import ActivityReport, Exhibit, Fact, Landmark, Tally
from backend.events.visibility import View
from backend.moderation.models import ModerationItem, ModerationPicture
from backend.moderation.policy import APPROVED


def report(activity: Activity, suggestion_count: int) -> ActivityReport:
    """Return the opened polls with results as hosts see them, pictures, and how many suggestions
    there are.

    Results that a host has not shown are not `public`.
    """
    opened = Poll.select().where(Poll.activity == activity, Poll.state != DRAFT)
    polls = list(opened.order_by(Poll.number))
    tallies, exhibits, valid = [], [], 0
    for poll in polls:
        options = view.options_of(poll)
        found = view.results(poll, options, View.HOST)
        rows = found.get("rows", [])
        valid += view.summary(poll)["turnout"]["valid"]
        if rows:
            listed = [(row["title"], row["votes"]) for row in rows]
            tallies.append(Tally(poll.title, "票", listed, public=bool(poll.results_shown)))
        votes = {row["option_id"]: row["votes"] for row in rows} if poll.results_shown else {}
        exhibits += _entries(options, votes)
    return ActivityReport(
        facts=[
            Fact("投票", len(polls)),
            Fact("有效票", valid),
            Fact("征集到的建议", suggestion_count),
        ],
        tallies=tallies,
        landmarks=_landmarks(polls),
        exhibits=exhibits,
    )


def _entries(options: list[PollOption], votes: dict[int, int]) -> list[Exhibit]:
    """Return the options that have an approved picture, for the gallery."""
    pictures = ModerationPicture.select(ModerationPicture.item).join(ModerationItem)
    approved = pictures.where(
        ModerationItem.id.in_([option.picture_id for option in options]),
        ModerationItem.status == APPROVED,
    )
    there = {picture_id for (picture_id,) in approved.tuples()}
    return [
        Exhibit(option.id, option.title, votes=votes.get(option.id))
        for option in options
        if option.picture_id in there
    ]


def _landmarks(polls: list[Poll]) -> list[Landmark]:
    found = [Landmark(poll.opened_at, f"开始投票：{poll.title}") for poll in polls]
    closed = [poll for poll in polls if poll.closed_at is not None]
    return found + [Landmark(poll.closed_at, f"投票结束：{poll.title}") for poll in closed]


def exhibit(activity: Activity, key: int) -> bytes | None:
    """Return the approved picture of an option."""
    option = (
        PollOption.select(PollOption, Poll)
        .join(Poll)
        .where(PollOption.id == key, Poll.activity == activity, Poll.state != DRAFT)
        .first()
    )
    if option is None or option.picture_id is None:
        return None
    picture = ModerationPicture.get_or_none(ModerationPicture.item == option.picture_id)
    if picture is None or picture.item.status != APPROVED:
        return None
    return bytes(picture.data)
