"""A phone plays a hunt to the end, despite actions of the host and faults of the network."""

from collections.abc import Callable, Iterator

import pytest

from miniprogram_stub.centre import AnswerBook, RosterLine
from miniprogram_stub.evening import Evening, Frozen, Servers
from miniprogram_stub.faults import FINE, STORM, FaultRates
from miniprogram_stub.hunt import EVENT_OVER, FINISHED, STOPPED, WALKED_AWAY, HuntPhone, NoHunt
from miniprogram_stub.journal import Journal
from miniprogram_stub.pace import EveningStopped, Pace, StopSignal
from miniprogram_stub.players import PlayerProfile, StubPlayer
from miniprogram_stub.program import ServerAway
from tests.stub.little_hunt import LittleHunt
from tests.stub.little_server import HANGS_UP, Said, refusal

PACE = Pace(evening_seconds=60.0, longest_wait_seconds=45.0)
STEADY = {
    "skill": 1.0,
    "speed": 1.0,
    "snoozes": 0,
    "gives_up": 0,
    "comes_late": 0,
    "double_taps": 0,
    "peeks": 0,
}
ANSWER = "/api/v1/hunts/7/digs/101/answer"
DIGS = "/api/v1/hunts/7/digs"


class Patient(StopSignal):
    """Writes down the waits instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        super().wait(0)


@pytest.fixture
def hunt() -> Iterator[LittleHunt]:
    with LittleHunt() as little:
        yield little


@pytest.fixture
def book() -> AnswerBook:
    book = AnswerBook()
    book.learn("选哪个？", ["选项A"])
    return book


Invite = Callable[..., Evening]


@pytest.fixture
def invite(hunt: LittleHunt, book: AnswerBook) -> Iterator[Invite]:
    evenings: list[Evening] = []

    def make(
        phones: int = 1,
        fault_rates: FaultRates = FINE,
        digs: int | None = None,
        patience: float = 60.0,
        **habits: float,
    ) -> Evening:
        evening = Evening(Servers(hunt.url, hunt.url), Journal(), 1, Patient(), patience)
        people = [RosterLine(str(n), f"员工{n}", "班组", "早班", "CODE22") for n in range(phones)]
        evening.invite(people, book, fault_rates, PACE, digs)
        for number, phone in enumerate(evening.phones):
            profile = PlayerProfile("有人", **STEADY | habits)
            phone.holder.player = StubPlayer(profile, evening.random(f"player:{number}"))
        evenings.append(evening)
        return evening

    yield make
    for evening in evenings:
        evening.close()


def play(evening: Evening) -> HuntPhone:
    evening.play("ABC234", lambda: None)
    return evening.phones[0]


def test_phone_digs_until_nothing_is_left(invite, hunt):
    evening = invite()
    phone = play(evening)
    assert (phone.tally.outcome, phone.tally.digs_done) == (FINISHED, 3)
    assert hunt.seats["staff-0"].points == 30
    assert [record.points for record in evening.journal.records("staff-0")] == [10, 10, 10]
    assert evening.recount().differences == []


def test_phone_digs_no_more_than_told(invite, hunt):
    assert play(invite(digs=2)).tally.digs_done == 2
    assert hunt.seats["staff-0"].digs_left == 1


def test_second_evening_of_the_same_people_is_clean_too(invite, hunt):
    play(invite(digs=1))
    again = invite()
    assert play(again).tally.digs_done == 2
    assert len(again.journal) == 2
    assert again.recount().differences == []


def test_person_is_bound_once(invite, hunt):
    play(invite(digs=1))
    play(invite(digs=1))
    assert len(hunt.called("/api/v1/me/binding")) == 1


def test_guest_is_told_why_and_does_not_spoil_the_recount(invite, hunt):
    hunt.strangers.add("staff-0")
    evening = invite(phones=2)
    evening.play("ABC234", lambda: None)
    assert evening.outcomes() == {"staff_only": 1, FINISHED: 1}
    assert evening.notes()["binding_refused"] == 1
    assert evening.could_play()
    assert evening.recount().differences == []


def test_evening_of_guests_only_is_not_played(invite, hunt):
    hunt.strangers.add("staff-0")
    evening = invite()
    play(evening)
    assert not evening.could_play()


@pytest.mark.parametrize("slug", ["kicked", "banned", "not_your_sitting", "event_not_open"])
def test_refused_dig_ends_the_evening_of_this_phone(invite, hunt, slug):
    hunt.queue(DIGS, refusal(409, slug))
    assert play(invite()).tally.outcome == slug


def test_event_that_closes_ends_the_evening(invite, hunt):
    hunt.queue(ANSWER, refusal(409, "event_closed"))
    evening = invite()
    assert play(evening).tally.outcome == EVENT_OVER
    assert evening.journal.unconfirmed("staff-0") == set()
    assert evening.recount().differences == []


def test_pause_is_sat_out_with_the_same_answer(invite, hunt):
    hunt.queue(ANSWER, *[refusal(409, "event_paused")] * 3)
    evening = invite()
    assert play(evening).tally.outcome == FINISHED
    assert evening.notes()["event_paused"] == 3
    assert {tuple(call.body["choice"]) for call in hunt.called(ANSWER)} == {("A",)}


def test_server_error_is_asked_again_and_counted(invite, hunt):
    hunt.queue(ANSWER, *[refusal(500, "internal")] * 2)
    evening = invite()
    assert play(evening).tally.outcome == FINISHED
    assert evening.notes()["internal"] == 2


def test_server_that_only_errs_leaves_the_answer_open(invite, hunt):
    hunt.queue(ANSWER, *[refusal(500, "internal")] * 5)
    evening = invite()
    assert play(evening).tally.outcome == "internal"
    assert evening.journal.unconfirmed("staff-0") == {101}


def test_refusal_after_a_server_error_is_the_last_word(invite, hunt):
    hunt.queue(DIGS, refusal(500, "internal"), refusal(409, "no_digs_left"))
    assert play(invite()).tally.outcome == FINISHED


def test_late_answer_costs_one_question_only(invite, hunt):
    hunt.queue(ANSWER, refusal(409, "deadline_passed"))
    evening = invite()
    phone = play(evening)
    assert phone.tally.outcome == FINISHED
    assert phone.tally.notes["deadline_passed"] == 1
    assert evening.recount().differences == []


def test_latecomer_waits_until_the_deadline_is_over(invite, hunt):
    evening = invite(comes_late=1.0, digs=1)
    play(evening)
    assert 41 in evening.stop_signal.waits


def test_who_gives_up_waits_where_there_is_time(invite, hunt):
    evening = invite(gives_up=1.0)
    # The little hunt knows no deadlines: the same dig stays open.
    assert play(evening).tally.outcome == FINISHED
    assert evening.stop_signal.waits.count(41) == 3
    assert len(evening.journal) == 0


def test_who_gives_up_leaves_where_there_is_none(invite, hunt):
    hunt.seconds_left = 300
    assert play(invite(gives_up=1.0)).tally.outcome == WALKED_AWAY


def test_customer_rings_once(invite, hunt):
    assert play(invite(snoozes=1.0)).tally.notes["snoozed"] == 1
    assert len(hunt.called("/api/v1/hunts/7/digs/101/snooze")) == 1


def test_used_snooze_does_not_stop_the_player(invite, hunt):
    hunt.queue("/api/v1/hunts/7/digs/101/snooze", refusal(409, "snooze_used"))
    assert play(invite(snoozes=1.0)).tally.outcome == FINISHED


def test_double_tap_is_one_answer(invite, hunt):
    evening = invite(double_taps=1.0)
    play(evening)
    assert len(hunt.called(ANSWER)) == 2
    assert len(evening.journal) == 3
    assert evening.recount().differences == []


def test_double_tap_with_two_verdicts_is_a_difference(invite, hunt):
    lie = {
        "verdict": "correct",
        "points": 99,
        "treasure": None,
        "corrected": False,
        "counted": True,
    }
    hunt.queue(ANSWER, Said(body=lie))
    evening = invite(double_taps=1.0)
    play(evening)
    assert "contradiction" in {found.kind for found in evening.recount().differences}


def test_player_looks_at_the_board(invite, hunt):
    play(invite(peeks=1.0))
    assert len(hunt.called("/api/v1/events/1/leaderboards/event")) == 3


def test_fifty_phones_in_a_storm_are_counted_right(invite, hunt):
    evening = invite(phones=50, fault_rates=STORM, double_taps=0.2)
    evening.play("ABC234", lambda: None)
    assert evening.outcomes() == {FINISHED: 50}
    assert len(evening.journal) == 150
    assert evening.injected().total() > 50
    assert evening.recount().differences == []


@pytest.mark.parametrize(
    ("cheat", "kind"),
    [
        (lambda entry: [], "missing"),
        (lambda entry: [entry, entry], "doubled"),
        (lambda entry: [entry | {"points": 11}], "wrong_points"),
    ],
)
def test_ledger_that_differs_is_found(invite, hunt, cheat, kind):
    hunt.cheat = cheat
    evening = invite()
    play(evening)
    assert kind in {found.kind for found in evening.recount().differences}


def test_board_that_lacks_a_player_is_found_after_looking_again(invite, hunt):
    hunt.hides.add(1)
    evening = invite(phones=2)
    play(evening)
    reads = len(hunt.called("/api/v1/events/1/me"))
    assert [found.kind for found in evening.recount().differences] == ["not_on_board"]
    assert len(hunt.called("/api/v1/events/1/me")) - reads == 2 * 6


def test_phone_whose_score_is_not_shown_is_named(invite, hunt):
    evening = invite()
    play(evening)
    hunt.queue("/api/v1/events/1/me", refusal(403, "kicked"))
    assert evening.recount().unread == {"staff-0": "kicked"}


def test_frozen_board_cannot_be_recounted(invite, hunt):
    evening = invite()
    play(evening)
    hunt.frozen = True
    with pytest.raises(Frozen):
        evening.recount()


def test_event_without_a_hunt_cannot_be_played(invite, hunt):
    nothing = {"event": {"id": 1, "activities": []}, "player": {"id": 1}}
    hunt.queue("/api/v1/events/join", Said(body=nothing))
    with pytest.raises(NoHunt):
        play(invite())


def test_one_phone_without_a_server_stops_the_evening(invite, hunt):
    hunt.queue("/api/v1/me", HANGS_UP)
    evening = invite(phones=3, patience=0)
    with pytest.raises(ServerAway, match="connection closed"):
        play(evening)
    assert len([phone for phone in evening.phones if not phone.tally.outcome]) == 1


def test_stop_signal_stops_everybody(invite, hunt):
    evening = invite(phones=3)
    evening.stop_signal.send()
    evening.play("ABC234", lambda: None)
    assert evening.outcomes() == {STOPPED: 3}
    assert evening.recount().differences == []


def test_stop_signal_ends_a_wait_at_once():
    stop_signal = StopSignal()
    stop_signal.send()
    with pytest.raises(EveningStopped):
        stop_signal.wait(3600)


def test_knock_finds_out_who_is_away(hunt):
    Evening(Servers(hunt.url, hunt.url), Journal(), 1).knock()
    for servers in (
        Servers("http://127.0.0.1:1", hunt.url),
        Servers(hunt.url, "http://127.0.0.1:1"),
    ):
        with pytest.raises(ServerAway, match="cannot connect"):
            Evening(servers, Journal(), 1).knock()
