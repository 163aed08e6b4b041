"""What hosts do with polls: draft, open, show, decide ties, make a final, remind, look at bursts."""

from typing import Any

import pytest

from backend.activities.polls import following, service, view
from backend.activities.polls.drafts import EntryDraft, PollDraft, PollWording
from backend.activities.polls.following import FinalPlan
from backend.activities.polls.kind import Polls
from backend.activities.polls.models import Poll, PollBallot, PollFlag, PollVoter
from backend.errors import Invalid, LinkaError
from backend.events.models import Event
from backend.events.templates import template
from backend.events.visibility import View
from backend.identity.models import AuditLine
from backend.live.feed import Message
from tests.polls.hall import HOST, Hall
from tests.support import as_json, at_once, redis_away

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def refusal_of(hall: Hall, poll: Poll, action: str) -> str:
    """Return why a host may not do something."""
    with pytest.raises(LinkaError) as refusal:
        hall.does(poll, action)
    return refusal.value.slug


def final(hall: Hall, heats: list[Poll], first: int, *direct: int, **more: Any) -> Poll:
    """Make a final."""
    draft = PollDraft(**{"title": "决赛", **more})
    plan = FinalPlan(draft, [heat.id for heat in heats], first, direct)
    poll, _ = following.make_final(hall.database, hall.activity, plan, HOST, hall.clock.now())
    return poll


def runoff(hall: Hall, poll: Poll) -> tuple[Poll, bool]:
    """Make a run-off."""
    now = hall.clock.now()
    return following.make_runoff(hall.database, hall.activity, poll.id, HOST, now)


def correct(hall: Hall, poll: Poll, entries: dict[int, EntryDraft]) -> Poll:
    """Correct the title of a poll, and the words of these options."""
    wording = PollWording("最受欢迎的节目？", "", entries)
    at = (hall.database, hall.activity.id, poll.id)
    return service.correct_wording(*at, wording, HOST, hall.clock.now())


def titles(poll: Poll) -> list[tuple[str, bool]]:
    """Return the options of a poll, and which came with a 直通卡."""
    return [(option.title, bool(option.direct)) for option in view.options_of(poll)]


# --- drafts


@on_sqlite
def test_draft_is_changed_until_it_is_opened(hall: Hall) -> None:
    poll = hall.draft()
    draft = PollDraft("去哪里", [EntryDraft("湖"), EntryDraft("山")], places=2)
    at = (hall.database, hall.activity.id, poll.id)
    changed = service.change_poll(*at, draft, HOST, hall.clock.now())
    assert (changed.title, changed.places, titles(poll)) == (
        "去哪里",
        2,
        [("湖", False), ("山", False)],
    )
    hall.does(poll, "open")
    with pytest.raises(LinkaError) as refusal:
        service.change_poll(*at, draft, HOST, hall.clock.now())
    assert refusal.value.slug == "poll_not_draft"


@on_sqlite
def test_draft_is_deleted_and_a_poll_that_has_begun_is_not(hall: Hall) -> None:
    drafts = [hall.draft() for _ in range(3)]
    delete = lambda poll: service.delete_poll(  # noqa: E731
        hall.database, hall.activity.id, poll.id, HOST, hall.clock.now()
    )
    delete(drafts[1])
    assert [poll.number for poll in Poll.select().order_by(Poll.number)] == [1, 3]
    assert hall.draft(number=4).number == 4
    with pytest.raises(Invalid):
        hall.draft(number=2)
    for poll, reason in ((drafts[1], "unknown_poll"), (hall.open(), "poll_not_draft")):
        with pytest.raises(LinkaError) as refusal:
            delete(poll)
        assert refusal.value.slug == reason


@on_sqlite
def test_words_of_a_poll_are_corrected_and_its_ballots_stay(hall: Hall) -> None:
    poll = hall.open(anonymous=False, hall_code=False)
    first, second, _ = hall.options(poll)
    hall.vote(poll, 0, 0, 1)
    corrected = correct(
        hall, poll, {second: EntryDraft("节目乙（改）", video_url="https://v.test/2")}
    )
    assert corrected.title == "最受欢迎的节目？"
    assert [title for title, _ in titles(poll)] == ["节目甲", "节目乙（改）", "节目丙"]
    assert view.options_of(poll)[1].id == second
    hall.count()
    assert hall.votes(poll) == [2, 1, 0]
    line = AuditLine.get(AuditLine.action == "correct_poll")
    named = lambda content: (content["title"], content["entries"][1]["title"])  # noqa: E731
    assert named(line.detail["before"]) == ("最受欢迎的节目", "节目乙")
    assert named(line.detail["after"]) == ("最受欢迎的节目？", "节目乙（改）")
    correct(hall, poll, {})
    assert AuditLine.select().where(AuditLine.action == "correct_poll").count() == 1
    assert first == hall.options(poll)[0]


@on_sqlite
def test_words_of_drafts_and_of_other_polls_options_are_not_corrected(hall: Hall) -> None:
    poll, other = hall.open(), hall.open()
    with pytest.raises(Invalid):
        correct(hall, poll, {hall.options(other)[0]: EntryDraft("错")})
    assert Poll.get_by_id(poll.id).title == "最受欢迎的节目"
    with pytest.raises(LinkaError) as refusal:
        correct(hall, hall.draft(), {})
    assert refusal.value.slug == "poll_not_open"
    with pytest.raises(LinkaError) as refusal:
        correct(hall, poll, {hall.options(poll)[0]: EntryDraft("甲", picture_id=999)})
    assert refusal.value.slug == "unknown_picture"


@on_sqlite
def test_audit_of_a_poll_has_no_salt_of_its_hall_codes(hall: Hall) -> None:
    poll = hall.draft(hall_code=True)
    draft = PollDraft("去哪里", [EntryDraft("湖"), EntryDraft("山")], hall_code=True)
    at = (hall.database, hall.activity.id, poll.id)
    salt = service.change_poll(*at, draft, HOST, hall.clock.now()).hall_salt
    detail = AuditLine.get(AuditLine.action == "change_poll").detail
    assert (detail["before"]["title"], detail["after"]["title"]) == ("最受欢迎的节目", "去哪里")
    assert salt and salt not in as_json(detail)


def test_double_taps_of_a_host_make_one_poll(hall: Hall) -> None:
    draft = PollDraft("去哪里", [EntryDraft("湖"), EntryDraft("山")], number=1)
    make = lambda: service.create_poll(  # noqa: E731
        hall.database, hall.activity, draft, HOST, hall.clock.now()
    )
    made = at_once([make] * 6)
    assert len({poll.id for poll, _ in made}) == 1
    assert sorted(new for _, new in made) == [False] * 5 + [True]
    with pytest.raises(Invalid):
        service.create_poll(
            hall.database, hall.activity, PollDraft("再来", number=3), HOST, hall.clock.now()
        )


@on_sqlite
def test_poll_goes_from_draft_to_open_to_closed(hall: Hall) -> None:
    poll = hall.draft()
    for action in ("close", "show", "hide", "stage", "dismiss"):
        assert refusal_of(hall, poll, action) == "poll_not_open"
    assert hall.does(poll, "open").state == hall.does(poll, "open").state == "open"
    assert hall.does(poll, "close").state == hall.does(poll, "close").state == "closed"
    assert refusal_of(hall, poll, "open") == "poll_closed"


@on_sqlite
def test_poll_with_one_option_is_not_opened(hall: Hall) -> None:
    assert refusal_of(hall, hall.draft(options=1), "open") == "too_few_options"


@on_sqlite
def test_poll_ends_with_its_event(hall: Hall) -> None:
    poll = hall.open(anonymous=False)
    hall.vote(poll, 1, 1, 2)
    Event.update(state="closed").where(Event.id == hall.event.id).execute()
    hall.count()
    assert Poll.get_by_id(poll.id).state == "closed"
    assert hall.votes(poll) == [0, 2, 1]


# --- results


@on_sqlite
def test_results_are_hidden_until_the_host_shows_them(hall: Hall) -> None:
    poll = hall.open(anonymous=False)
    hall.vote(poll, 0, 1, 1)
    hall.count()
    for eyes in (View.PUBLIC, View.OWN):
        assert hall.results(poll, eyes) == {"state": "hidden"}
    assert hall.votes(poll) == [1, 2, 0]
    shown = hall.play.shown(hall.activity.id, View.PUBLIC, hall.clock.now())
    assert shown and shown["poll"]["results"] == {"state": "hidden"}
    assert shown["poll"]["turnout"]["valid"] == 3
    hall.does(poll, "show", "race")
    results = hall.results(poll)
    assert [(row["number"], row["votes"], row["share"]) for row in results["rows"]] == [
        (2, 2, 66.7),
        (1, 1, 33.3),
        (3, 0, 0.0),
    ]
    hall.does(poll, "hide")
    assert hall.results(poll) == {"state": "hidden"}


@on_sqlite
def test_drafts_are_the_hosts(hall: Hall) -> None:
    poll = hall.draft()
    assert not view.sees(poll, View.OWN)
    assert view.sees(poll, View.HOST)


@on_sqlite
def test_poll_is_on_the_screen_until_it_is_dismissed(hall: Hall) -> None:
    first, second = hall.open(), hall.open(title="第二个")

    def shown() -> str | None:
        found = hall.play.shown(hall.activity.id, View.PUBLIC, hall.clock.now())
        return found and found["poll"]["title"]

    assert shown() == "第二个"
    hall.clock.advance(1)
    hall.does(first, "stage")
    assert shown() == "最受欢迎的节目"
    for poll in (first, second):
        hall.does(poll, "dismiss")
    assert shown() is None


@on_sqlite
def test_screen_is_given_no_more_than_it_has_room_for(hall: Hall) -> None:
    entries = [EntryDraft(f"节目{at}", "长" * 2000) for at in range(60)]
    poll = hall.open(entries=entries, anonymous=False)
    hall.vote(poll, 50)
    hall.count()
    hall.does(poll, "show")
    shown = hall.play.shown(hall.activity.id, View.PUBLIC, hall.clock.now())
    assert shown and shown["poll"]["option_count"] == 60
    assert [row["number"] for row in shown["poll"]["results"]["rows"]] == [51, *range(1, 10)]
    assert len(as_json(shown)) < 10_000


@on_sqlite
def test_people_are_told_before_they_vote_whether_names_are_kept(hall: Hall) -> None:
    notices = [
        view.summary(hall.open(anonymous=anonymous))["notice"] for anonymous in (True, False)
    ]
    assert "匿名" in notices[0] and "实名" in notices[1]


@on_sqlite
def test_screens_are_told_once_a_second_however_many_vote(hall: Hall) -> None:
    poll = hall.open()
    before = len(hall.messages("activity"))
    for _ in range(2):
        hall.vote(poll, 0, 1, 2)
        hall.count()
        hall.play.advance(hall.activity.id, hall.clock.now())
    hall.count()
    assert len(hall.messages("activity")) == before + 2


@on_sqlite
def test_own_ballot_is_seen_while_results_are_hidden(hall: Hall) -> None:
    poll, [ann] = hall.open(anonymous=False), hall.staff()
    hall.cast(poll, ann, 1)
    own = hall.play.own(hall.activity.id, ann, hall.clock.now())
    assert own and own["ballots_left"] == 0
    assert [ballot["choice"] for ballot in own["ballots"]] == [[hall.options(poll)[1]]]


# --- run-off and final


def test_tie_is_declared_and_decided_by_a_runoff(hall: Hall) -> None:
    poll = hall.open(anonymous=False, places=2)
    hall.vote(poll, 0, 0, 0, 1, 1, 2, 2)
    hall.does(poll, "close")
    options = hall.options(poll)
    results = hall.results(poll, View.HOST)
    assert results["tied"] == options[1:]
    assert [row["won"] for row in results["rows"]] == [True, False, False]
    made = at_once([lambda: runoff(hall, poll)] * 4)
    assert len({found.id for found, _ in made}) == 1
    again = made[0][0]
    assert (again.state, again.places, again.anonymous, again.method) == (
        "open",
        1,
        False,
        "single",
    )
    assert titles(again) == [("节目乙", False), ("节目丙", False)]
    hall.vote(again, 1)
    hall.does(again, "close")
    assert [row["won"] for row in hall.results(again, View.HOST)["rows"]] == [True, False]


@on_sqlite
@pytest.mark.parametrize(
    ("votes", "closes", "slug"),
    [([0, 0, 1], True, "no_tie"), ([0, 1], False, "poll_not_closed"), ([], True, "no_tie")],
)
def test_runoff_takes_a_tie(hall: Hall, votes: list[int], closes: bool, slug: str) -> None:
    poll = hall.open(anonymous=False)
    hall.vote(poll, *votes)
    if closes:
        hall.does(poll, "close")
    with pytest.raises(LinkaError) as refusal:
        runoff(hall, poll)
    assert refusal.value.slug == slug


@on_sqlite
def test_final_takes_the_first_of_each_heat_and_those_with_a_direct_pass(hall: Hall) -> None:
    heats = [hall.open(options=4, title=f"预赛{at}", anonymous=False) for at in (1, 2)]
    hall.vote(heats[0], 2, 2, 2, 0, 0, 1)
    hall.vote(heats[1], 3, 3, 1, 1, 0)
    for heat in heats:
        hall.does(heat, "close")
    saved = hall.options(heats[0])[3]
    guest = EntryDraft("特邀节目")
    poll = final(hall, heats, 2, saved, entries=[guest], places=3)
    assert titles(poll) == [
        ("节目丙", False),
        ("节目甲", False),
        ("节目乙", False),
        ("节目丁", False),
        ("节目丁", True),
        ("特邀节目", True),
    ]
    assert poll.state == "draft"
    assert hall.option(poll, 0).source_id == hall.options(heats[0])[2]


@on_sqlite
def test_final_waits_for_its_heats(hall: Hall) -> None:
    heat = hall.open(anonymous=False)
    with pytest.raises(LinkaError) as refusal:
        final(hall, [heat], 1)
    assert refusal.value.slug == "poll_not_closed"
    hall.does(heat, "close")
    with pytest.raises(LinkaError) as refusal:
        final(hall, [heat], 1, 999_999)
    assert refusal.value.slug == "unknown_entry"


# --- reminders


def test_who_has_not_voted_is_reminded_and_nobody_is_named(hall: Hall) -> None:
    poll, people, [guest] = hall.open(), hall.staff(3), hall.guests()
    hall.cast(poll, people[0], 1)
    now = hall.clock.now()
    assert hall.play.remind(hall.activity.id, poll.id, HOST, now) == 2
    assert hall.play.remind(hall.activity.id, poll.id, HOST, now) == 2
    [told] = hall.messages("polls.reminder")
    data = {"activity_id": hall.activity.id, "poll_id": poll.id, "title": poll.title}
    assert told == Message(told.seq, told.type, told.data)
    assert hall.play.audience(hall.activity.id, data, now) == set(people[1:])
    hall.clock.advance(61)
    hall.play.remind(hall.activity.id, poll.id, HOST, hall.clock.now())
    assert len(hall.messages("polls.reminder")) == 2
    assert guest not in (hall.play.audience(hall.activity.id, data, now) or ())


@on_sqlite
def test_reminder_is_of_this_day_where_there_is_a_quota(hall: Hall) -> None:
    poll, [ann] = hall.open(daily_quota=1), hall.staff()
    hall.cast(poll, ann, 1)
    assert hall.play.remind(hall.activity.id, poll.id, HOST, hall.clock.now()) == 0
    hall.clock.advance(86_400)
    assert hall.play.remind(hall.activity.id, poll.id, HOST, hall.clock.now()) == 1


# --- bursts


@on_sqlite
@pytest.mark.parametrize("anonymous", [True, False])
def test_bursts_are_flagged_and_all_ballots_count(hall: Hall, anonymous: bool) -> None:
    poll = hall.open(anonymous=anonymous)
    people = hall.staff(22)
    for at, one in enumerate(people):
        hall.cast(poll, one, 0, address="10.1.1.1" if at < 6 else f"10.2.0.{at}")
    hall.play.bursts.flag(poll, hall.activity.settings, hall.clock.now())
    hall.clock.advance(600)
    hall.play.bursts.flag(poll, hall.activity.settings, hall.clock.now())
    found = view.flags(poll)
    assert [(flag["kind"], flag["ballots"]) for flag in found] == [("minute", 22), ("address", 6)]
    assert {flag["minute_at"] is None for flag in found} == {anonymous}
    assert not any("10.1" in str(value) for flag in found for value in flag.values())
    hall.does(poll, "close")
    assert hall.votes(poll) == [22, 0, 0]


@on_sqlite
def test_quiet_votes_leave_no_trace_of_their_minute(hall: Hall) -> None:
    poll = hall.open()
    hall.vote(poll, 0, 1, 2)
    hall.clock.advance(600)
    hall.play.bursts.flag(poll, hall.activity.settings, hall.clock.now())
    assert PollFlag.select().count() == 0
    assert hall.redis.keys("*bursts") == []


@on_sqlite
def test_votes_count_while_redis_is_away(hall: Hall) -> None:
    poll, [ann] = hall.open(), hall.staff()
    away = hall.play_on(redis_away())
    assert away.cast(hall.given(poll, ann, [0]), "10.0.0.1").is_new
    away.bursts.flag(poll, hall.activity.settings, hall.clock.now())
    assert PollBallot.select().count() == 1


# --- the kind


@on_sqlite
def test_template_of_the_anniversary_prepares_its_polls(hall: Hall) -> None:
    [settings] = [
        activity["settings"]
        for activity in template("anniversary")["activities"]
        if activity["kind"] == "polls"
    ]
    hall.activity.settings = Polls().check(settings)
    Polls().prepare(hall.activity)
    polls = list(Poll.select().order_by(Poll.number))
    assert [(poll.state, len(titles(poll))) for poll in polls] == [("draft", 5), ("draft", 3)]
    assert polls[0].guests_allowed and titles(polls[0])[4] == ("格桑花开", True)


@on_sqlite
def test_wipe_of_a_rehearsal_leaves_the_drafts(hall: Hall) -> None:
    poll = hall.open(anonymous=False)
    hall.vote(poll, 0, 1)
    hall.does(poll, "close")
    runoff(hall, poll)
    with hall.database.write():
        Polls().wipe(hall.activity)
    assert [(found.id, found.state) for found in Poll.select()] == [(poll.id, "draft")]
    assert PollBallot.select().count() == PollVoter.select().count() == 0
    hall.does(poll, "open")
    hall.vote(poll, 2)
    hall.does(poll, "close")
    assert hall.votes(poll) == [0, 0, 1]


@on_sqlite
def test_wipe_removes_finals_of_heats_and_counts_them_before(hall: Hall) -> None:
    heat = hall.open(anonymous=False)
    hall.vote(heat, 0, 1, 1)
    hall.does(heat, "close")
    final(hall, [heat], 2)
    left = {one.what: one.count for one in Polls().left(hall.activity)}
    assert left == {"ballots": 3, "suggestions": 0, "opened": 1, "followed": 1}
    with hall.database.write():
        Polls().wipe(hall.activity)
    assert [poll.id for poll in Poll.select()] == [heat.id]
    assert {one.count for one in Polls().left(hall.activity)} == {0}
