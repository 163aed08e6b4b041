"""A rehearsal becomes the real event: prepared things stay, played ones are gone."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from backend.activities.hunt.models import HuntAnswer, Treasure
from backend.activities.keywords.models import Keyword
from backend.activities.polls.models import Poll, PollBallot, PollOption
from backend.activities.raffle.models import RafflePrize
from backend.clock import to_iso
from backend.events.models import Activity, Event, Player, Sitting
from backend.identity.models import AuditLine
from backend.moderation.models import ModerationItem
from backend.scoring.models import ScoreEntry
from tests.callers import Game, kinds
from tests.support import Centre, FakeClock, Keys, Phone, at_once, hunt_of, picture_bytes, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
HOUR = 3_600_000


class Rehearsal:
    """An open rehearsal of a whole evening, its host, and two people who have joined."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.host = centre.host()
        self.event = centre.open_event(self.host, "evening", rehearsal=True, join_code="LINKA")
        self.path = f"/events/{self.event['id']}"
        self.players = centre.people(2)
        centre.join(self.event, *self.players)

    def game(self, kind: str) -> Game:
        """Return the game of a kind."""
        found = [one["id"] for one in self.event["activities"] if one["kind"] == kind]
        return Game(self.host, self.players[0], self.event["id"], int(found[0]), player_acts=True)

    def play(self, *names: str) -> None:
        """Let something happen in the games of these kinds, by default of all."""
        for name, kind in kinds():
            if not names or name in names:
                kind.begin(self.game(name))

    def answer(self) -> None:
        """Let a player dig and answer once."""
        hunt = hunt_of(self.event)
        dig = self.players[0].ok("POST", f"{hunt}/digs", {"site": "lake"})
        self.players[0].ok("POST", f"{hunt}/digs/{dig['id']}/answer", {"choice": Keys().right(dig)})

    def counts(self) -> dict[tuple[str, str], int]:
        """Return what a wipe would remove, by (kind or empty, what)."""
        found = self.host.ok("GET", f"{self.path}/data")
        whole = {("", one["what"]): one["count"] for one in found["counts"]}
        return whole | {
            (activity["kind"], one["what"]): one["count"]
            for activity in found["activities"]
            for one in activity["counts"]
        }

    def becomes_evening(self, **plan: Any) -> dict[str, Any]:
        """Turn it into the real event."""
        event: dict[str, Any] = self.host.ok("POST", f"{self.path}/evening", plan)
        return event


@pytest.fixture
def rehearsal(centre: Centre) -> Rehearsal:
    """Return an open rehearsal."""
    return Rehearsal(centre)


def played(event_id: int) -> dict[str, int]:
    """Return how many rows players have left."""
    return {
        "players": Player.select().where(Player.event == event_id).count(),
        "entries": ScoreEntry.select().where(ScoreEntry.event == event_id).count(),
        "answers": HuntAnswer.select().count(),
        "ballots": PollBallot.select().count(),
    }


def test_everything_prepared_stays_and_everything_played_is_gone(rehearsal: Rehearsal) -> None:
    activities = [(one.id, one.settings) for one in Activity.select().order_by(Activity.id)]
    prepared = [
        sorted((row.id, row.title) for row in RafflePrize.select()),
        sorted((row.id, row.text) for row in Keyword.select()),
        sorted((row.id, row.title) for row in Poll.select()),
    ]
    rehearsal.play()
    rehearsal.answer()
    after = rehearsal.becomes_evening()
    assert (after["rehearsal"], after["state"], after["join_code"]) == (False, "draft", "LINKA")
    assert after["player_count"] == 0
    assert set(played(after["id"]).values()) == {0}
    assert [(one.id, one.settings) for one in Activity.select().order_by(Activity.id)] == activities
    assert prepared == [
        sorted((row.id, row.title) for row in RafflePrize.select()),
        sorted((row.id, row.text) for row in Keyword.select()),
        sorted((row.id, row.title) for row in Poll.select()),
    ]
    assert {prize.given for prize in RafflePrize.select()} == {0}
    assert {word.opened_at for word in Keyword.select()} == {None}
    assert {poll.state for poll in Poll.select()} == {"draft"}
    assert {treasure.claimed for treasure in Treasure.select()} == {0}


@ONE_DATABASE
def test_evening_is_opened_and_played_under_the_same_code(rehearsal: Rehearsal) -> None:
    rehearsal.play()
    event = rehearsal.becomes_evening()
    rehearsal.host.ok("POST", f"{rehearsal.path}/transitions", {"action": "open"})
    rehearsal.centre.join(event, *rehearsal.players)
    rehearsal.play()
    rehearsal.answer()
    board = rehearsal.host.ok("GET", f"{rehearsal.path}/leaderboards/event")
    assert board["total"] == 2
    assert board["rows"][0]["points"] > 0


@ONE_DATABASE
def test_draft_becomes_a_rehearsal_and_the_evening_again(centre: Centre) -> None:
    host = centre.host()
    event = host.ok("POST", "/events", {"template": "shake"})
    path = f"/events/{event['id']}"
    for _ in range(2):
        begun = host.ok("POST", f"{path}/rehearsal")
        assert (begun["rehearsal"], begun["join_code"]) == (True, event["join_code"])
    assert AuditLine.select().where(AuditLine.action == "rehearsal_begun").count() == 1
    assert not host.ok("POST", f"{path}/evening", {})["rehearsal"]
    host.ok("POST", f"{path}/transitions", {"action": "open"})
    refused(host.post(f"{path}/rehearsal"), 409, "wrong_state")


def test_count_names_what_each_kind_removes_and_writes_nothing(rehearsal: Rehearsal) -> None:
    assert {key for key, count in rehearsal.counts().items() if count} == {("", "players")}
    rehearsal.play()
    rehearsal.answer()
    before = (played(rehearsal.event["id"]), AuditLine.select().count())
    counts = rehearsal.counts()
    assert (played(rehearsal.event["id"]), AuditLine.select().count()) == before
    assert {kind for (kind, _), count in counts.items() if count} == {
        "",
        *(one["kind"] for one in rehearsal.event["activities"]),
    }
    expected = {("", "players"): 2, ("hunt", "answers"): 1, ("keywords", "announced"): 1}
    expected |= {("polls", "opened"): 1, ("raffle", "draws"): 1, ("raffle", "picks"): 1}
    assert {key: counts[key] for key in expected} == expected
    assert counts["", "points"] > 0
    assert rehearsal.host.delete(f"{rehearsal.path}/data").status_code == 204
    assert set(rehearsal.counts().values()) == {0}


@ONE_DATABASE
def test_count_has_titles_in_the_callers_language(rehearsal: Rehearsal) -> None:
    english = rehearsal.host.ok("GET", f"{rehearsal.path}/data", Accept_Language="en")
    chinese = rehearsal.host.ok("GET", f"{rehearsal.path}/data")
    assert [found["counts"][0]["title"] for found in (chinese, english)] == ["玩家", "players"]


@ONE_DATABASE
def test_real_event_has_nothing_to_count(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host)
    refused(host.get(f"/events/{event['id']}/data"), 409, "not_a_rehearsal")


@ONE_DATABASE
def test_repeat_leaves_the_evening_alone(rehearsal: Rehearsal) -> None:
    event = rehearsal.becomes_evening()
    rehearsal.host.ok("POST", f"{rehearsal.path}/transitions", {"action": "open"})
    rehearsal.centre.join(event, *rehearsal.players)
    rehearsal.answer()
    before, lines = played(event["id"]), AuditLine.select().count()
    again = rehearsal.becomes_evening(closes_at=to_iso(1))
    assert (again["state"], again["player_count"]) == ("open", 2)
    assert (played(event["id"]), AuditLine.select().count()) == (before, lines)


def test_two_hosts_at_once_make_one_evening(rehearsal: Rehearsal) -> None:
    rehearsal.play()
    answers = at_once([rehearsal.becomes_evening] * 4)
    assert {(one["rehearsal"], one["state"]) for one in answers} == {(False, "draft")}
    assert AuditLine.select().where(AuditLine.action == "rehearsal_to_evening").count() == 1


def test_nothing_that_is_played_at_that_moment_reaches_the_evening(rehearsal: Rehearsal) -> None:
    rehearsal.play("polls", "keywords")
    poll = Poll.get()
    option = PollOption.select().where(PollOption.poll == poll).first()
    ballots = f"/polls/{poll.activity_id}/polls/{poll.id}/ballots"
    hunt, words = hunt_of(rehearsal.event), f"/keywords/{rehearsal.game('keywords').activity_id}"

    def plays(phone: Phone, place: int) -> list[Callable[[], Any]]:
        vote = {"choice": [option.id], "receipt": f"a-receipt-of-a-phone-{place}"}
        return [
            lambda: phone.post(ballots, vote),
            lambda: phone.post(f"{hunt}/digs", {"site": "lake"}),
            lambda: phone.post(f"{words}/replies", {"text": "心中有客户"}),
        ]

    calls = [call for place, phone in enumerate(rehearsal.players) for call in plays(phone, place)]
    at_once([*calls, rehearsal.becomes_evening])
    assert set(played(rehearsal.event["id"]).values()) == {0}
    assert Poll.get_by_id(poll.id).state == "draft"
    assert Poll.get_by_id(poll.id).casts == 0


@ONE_DATABASE
def test_line_says_what_was_wiped(rehearsal: Rehearsal) -> None:
    rehearsal.answer()
    rehearsal.becomes_evening()
    line = AuditLine.select().order_by(AuditLine.id.desc()).get()
    assert (line.action, line.subject) == (
        "rehearsal_to_evening",
        f"event:{rehearsal.event['id']}",
    )
    assert (line.detail["before"]["rehearsal"], line.detail["before"]["players"]) == (True, 2)
    assert (line.detail["after"]["rehearsal"], line.detail["after"]["state"]) == (False, "draft")


# --- times


@ONE_DATABASE
def test_sittings_move_back_and_keep_their_distance(centre: Centre, clock: FakeClock) -> None:
    host = centre.host()
    event = host.ok("POST", "/events", {"template": "hunt-three-shifts", "rehearsal": True})
    times = (Sitting.starts_at, Sitting.ends_at)
    planned = sorted(Sitting.select(*times).tuples())
    clock.advance(1200)
    host.ok("POST", f"/events/{event['id']}/transitions", {"action": "open"})
    host.ok("POST", f"/events/{event['id']}/evening", {})
    assert sorted(Sitting.select(*times).tuples()) == planned
    begin = clock.now() + 24 * HOUR
    clock.advance(600)
    Event.update(rehearsal=True).execute()
    host.ok("POST", f"/events/{event['id']}/evening", {"opens_at": to_iso(begin)})
    moved = begin - event_created()
    assert sorted(Sitting.select(*times).tuples()) == [
        (start + moved, end + moved) for start, end in planned
    ]


def event_created() -> int:
    """Return when the one event was made."""
    return int(Event.get().created_at)


@ONE_DATABASE
def test_rehearsal_that_was_not_begun_keeps_its_plan(centre: Centre, clock: FakeClock) -> None:
    host = centre.host()
    plan = {"opens_at": to_iso(clock.now() + HOUR), "closes_at": to_iso(clock.now() + 2 * HOUR)}
    event = host.ok("POST", "/events", {"template": "hunt", "rehearsal": True, **plan})
    host.ok("POST", f"/events/{event['id']}/transitions", {"action": "schedule"})
    after = host.ok("POST", f"/events/{event['id']}/evening", {})
    assert (after["state"], after["rehearsal"]) == ("scheduled", False)
    assert {name: after[name] for name in plan} == plan


@ONE_DATABASE
def test_evening_takes_its_own_times(rehearsal: Rehearsal, clock: FakeClock) -> None:
    rehearsal.host.ok("POST", f"{rehearsal.path}/transitions", {"action": "pause"})
    plan = {"opens_at": to_iso(clock.now() + HOUR), "closes_at": to_iso(clock.now() + 3 * HOUR)}
    after = rehearsal.becomes_evening(**plan)
    assert {name: after[name] for name in plan} == plan
    assert (after["state"], after["paused"], after["frozen"]) == ("draft", False, False)
    assert Event.get().pauses == []


@ONE_DATABASE
def test_end_before_the_beginning_is_refused_and_wipes_nothing(
    rehearsal: Rehearsal, clock: FakeClock
) -> None:
    plan = {"opens_at": to_iso(clock.now() + 2 * HOUR), "closes_at": to_iso(clock.now() + HOUR)}
    refused(rehearsal.host.post(f"{rehearsal.path}/evening", plan), 422, "invalid")
    assert rehearsal.host.ok("GET", rehearsal.path)["player_count"] == 2


@ONE_DATABASE
def test_archived_rehearsal_becomes_no_evening(rehearsal: Rehearsal) -> None:
    for action in ("close", "archive"):
        rehearsal.host.ok("POST", f"{rehearsal.path}/transitions", {"action": action})
    refused(rehearsal.host.post(f"{rehearsal.path}/evening", {}), 409, "wrong_state")


# --- codes and pictures


@ONE_DATABASE
def test_code_of_an_archived_event_can_be_used_again(rehearsal: Rehearsal) -> None:
    new = {"template": "hunt", "join_code": "linka"}
    refused(rehearsal.host.post("/events", new), 409, "join_code_taken")
    for action in ("close", "archive"):
        rehearsal.host.ok("POST", f"{rehearsal.path}/transitions", {"action": action})
    made = rehearsal.host.ok("POST", "/events", new)
    assert made["join_code"] == "LINKA"
    freed = rehearsal.host.ok("GET", rehearsal.path)["join_code"]
    assert freed != "LINKA"
    line = AuditLine.get(AuditLine.action == "join_code_freed")
    assert line.detail == {"before": {"join_code": "LINKA"}, "after": {"join_code": freed}}


@ONE_DATABASE
def test_pictures_of_entries_and_prizes_stay_even_if_a_player_uploaded_them(
    rehearsal: Rehearsal,
) -> None:
    rehearsal.play("polls")
    entry, prize, _ = (
        rehearsal.players[0].upload(f"{rehearsal.path}/pictures", picture_bytes(colour=colour))[
            "id"
        ]
        for colour in ("#1b998b", "#ff8fb1", "#7f4f24")
    )
    PollOption.update(picture_id=entry).where(PollOption.number == 1).execute()
    RafflePrize.update(picture_id=prize).where(RafflePrize.position == 1).execute()
    rehearsal.becomes_evening()
    assert [item.id for item in ModerationItem.select()] == [entry, prize]


@ONE_DATABASE
def test_salt_and_boards_are_new(rehearsal: Rehearsal, app: Flask) -> None:
    rehearsal.answer()
    before = {activity.id: activity.salt for activity in Activity.select()}
    rehearsal.becomes_evening()
    assert all(before[one.id] != one.salt for one in Activity.select())
    assert not app.extensions["linka.boards"].verify(rehearsal.event["id"]).differences
