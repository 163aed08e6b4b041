"""A contest over HTTP, from the lobby to the podium."""

import json
from typing import Any

import pytest

from backend.activities.contest.errors import NoRound
from backend.activities.contest.models import ContestRound
from backend.activities.contest.play import ContestPlay
from backend.clock import to_iso
from backend.events.models import Player
from backend.events.play import speaker_of
from backend.events.players import StaffOnly
from backend.events.visibility import View
from backend.phones.show import PhoneShow
from backend.questions.models import Question
from backend.scoring.models import Correction
from tests.contest.evening import POINTS, RIGHT, SECONDS, WRONG, ContestEvening
from tests.support import (
    ENDS,
    Centre,
    FakeClock,
    Phone,
    bind_seats,
    end_rights,
    refused,
)

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_evening_from_the_lobby_to_the_podium(evening: ContestEvening) -> None:
    assert evening.state() is None
    assert evening.act("begin")["phase"] == "lobby"
    first, second, third = evening.players
    for position, choices in enumerate(
        [(RIGHT, RIGHT, WRONG), (RIGHT, WRONG, None), (RIGHT, RIGHT, WRONG)], start=1
    ):
        if position > 1:
            evening.play(position, *choices)
        else:
            _play_first(evening, choices)
        evening.act("board", position)
    podium = evening.act("podium")["board"]["rows"]
    assert [(row["id"], row["rank"], row["points"]) for row in podium] == [
        (first, 1, 3 * POINTS),
        (second, 2, 2 * POINTS),
    ]
    points: dict[int, int] = {}
    for player, earned in evening.entries():
        points[player] = points.get(player, 0) + earned
    assert points == {first: 3 * POINTS, second: 2 * POINTS, third: 0}
    assert len(evening.entries()) == evening.answers() == 8
    assert evening.is_clean()
    assert played(evening) == []
    assert evening.act("dismiss") is None
    assert played(evening) == [evening.activity_id]


def played(evening: ContestEvening) -> list[int]:
    """Return the activities that phones are told are over."""
    parts = ("plays", "presence", "database", "clock", "sockets")
    extensions = [evening.app.extensions[f"linka.{part}"] for part in parts]
    told: list[int] = json.loads(PhoneShow(evening.event["id"], *extensions).snapshot())["played"]
    return told


def test_lobby_that_is_cancelled_is_not_told_as_over(evening: ContestEvening) -> None:
    evening.act("begin")
    evening.act("dismiss")
    assert played(evening) == []


def _play_first(evening: ContestEvening, choices: Any) -> None:
    round_id = evening.act("next", 1)["round"]["id"]
    for place, choice in enumerate(choices):
        evening.answer(place, round_id, choice)
    evening.act("reveal", 1)


def test_socket_that_outlives_a_wiped_rehearsal_acts_as_nobody(evening: ContestEvening) -> None:
    stale = [speaker_of(player) for player in Player.select()]
    play: ContestPlay = evening.app.extensions["linka.plays"]["contest"]
    evening.play(1, RIGHT)
    evening.host.ok("DELETE", f"/events/{evening.event['id']}/data")
    evening.centre.join(evening.event, *evening.phones)
    round_id, now = evening.show(1), evening.clock.now()
    for speaker in stale:
        assert play.own(evening.activity_id, speaker.player_id, now) is None
        with pytest.raises(NoRound):
            play.messages["contest.answer"].hear(
                speaker, evening.activity_id, {"round_id": round_id, "choice": RIGHT}, now
            )
    assert evening.answers() == 0


@ONE_DATABASE
def test_question_is_the_same_for_all_and_tells_no_key(evening: ContestEvening) -> None:
    round_id = evening.show(1)
    seen = [evening.state(phone) for phone in evening.phones]
    assert all(state["round"]["question"] == seen[0]["round"]["question"] for state in seen)
    assert seen[0]["round"]["id"] == round_id
    assert not {"key", "explanation", "distribution", "right"} & seen[0]["round"].keys()
    evening.answer(0, round_id)
    assert evening.own(0)["answer"].keys() == {"choice", "used_ms", "answered_at", "counted"}
    assert evening.entries() == []


@ONE_DATABASE
def test_reveal_shows_key_explanation_and_distribution(evening: ContestEvening) -> None:
    evening.play(1, RIGHT, RIGHT, WRONG)
    shown = evening.state()["round"]
    assert shown["key"] == RIGHT
    assert shown["explanation"].endswith("的解析。")
    assert shown["distribution"] == {"A": 1, "B": 2, "C": 0, "D": 0}
    assert (shown["answered"], shown["right"]) == (3, 2)
    assert evening.own(0)["answer"]["correct"] is True
    assert evening.own(0)["answer"]["points"] == POINTS
    assert (evening.own(2)["answer"]["correct"], evening.own(2)["answer"]["points"]) == (False, 0)


@ONE_DATABASE
def test_deadline_is_the_servers_with_the_same_grace_for_all(
    evening: ContestEvening, clock: FakeClock
) -> None:
    round_id = evening.show(1)
    clock.advance(SECONDS + 0.499)
    assert evening.answer(0, round_id)["used_ms"] == SECONDS * 1000
    clock.advance(0.001)
    refused(evening.try_answer(1, round_id, RIGHT), 409, "round_over")
    assert evening.answers() == 1


@ONE_DATABASE
def test_nothing_counts_after_the_reveal(evening: ContestEvening) -> None:
    round_id = evening.play(1, RIGHT)
    refused(evening.try_answer(1, round_id, RIGHT), 409, "round_over")
    assert evening.answers() == 1


@ONE_DATABASE
def test_first_answer_counts_and_its_repeat_is_harmless(
    evening: ContestEvening, clock: FakeClock
) -> None:
    round_id = evening.show(1)
    first = evening.answer(0, round_id)
    clock.advance(3)
    assert evening.answer(0, round_id) == first
    refused(evening.try_answer(0, round_id, WRONG), 409, "already_answered")
    evening.act("reveal", 1)
    assert evening.answer(0, round_id) == first
    assert evening.entries() == [(evening.players[0], POINTS)]


@ONE_DATABASE
def test_pause_stops_the_countdown(evening: ContestEvening, clock: FakeClock) -> None:
    round_id = evening.show(1)
    clock.advance(5)
    path = f"/events/{evening.event['id']}/transitions"
    evening.host.ok("POST", path, {"action": "pause"})
    refused(evening.try_answer(0, round_id, RIGHT), 409, "event_paused")
    clock.advance(300)
    assert (evening.state()["round"]["left_ms"], evening.state()["round"]["paused"]) == (
        (SECONDS - 5) * 1000,
        True,
    )
    evening.host.ok("POST", path, {"action": "resume"})
    assert evening.answer(0, round_id)["used_ms"] == 5000


@ONE_DATABASE
def test_question_is_hidden_in_a_pause_from_all_but_hosts(
    evening: ContestEvening, clock: FakeClock
) -> None:
    round_id = evening.show(1)
    before = evening.state()["round"]
    clock.advance(5)
    path = f"/events/{evening.event['id']}/transitions"
    evening.host.ok("POST", path, {"action": "pause"})
    clock.advance(300)
    play: ContestPlay = evening.app.extensions["linka.plays"]["contest"]
    screen = play.shown(evening.activity_id, View.PUBLIC, clock.now())
    assert screen is not None and screen["round"]["question"] is None
    assert before["question"]["stem"] not in evening.phones[0].get(evening.path).text
    assert before["question"]["stem"] not in str(
        play.own(evening.activity_id, evening.players[0], clock.now())
    )
    assert evening.state(evening.host)["round"]["question"] == before["question"]
    evening.host.ok("POST", path, {"action": "resume"})
    after = evening.state()["round"]
    assert (after["question"], after["left_ms"]) == (before["question"], (SECONDS - 5) * 1000)
    evening.answer(0, round_id)


@ONE_DATABASE
def test_revealed_question_is_shown_in_a_pause(evening: ContestEvening) -> None:
    evening.play(1, RIGHT)
    evening.host.ok("POST", f"/events/{evening.event['id']}/transitions", {"action": "pause"})
    assert evening.state()["round"]["question"]["stem"]


@ONE_DATABASE
def test_who_comes_late_plays_from_the_next_question(
    centre: Centre, evening: ContestEvening, clock: FakeClock
) -> None:
    round_id = evening.show(1)
    clock.advance(1)
    late = centre.people(4)[3]
    centre.join(evening.event, late)
    evening.phones.append(late)
    assert evening.own(3)["plays"] is False
    refused(evening.try_answer(3, round_id, RIGHT), 409, "joined_late")
    evening.act("reveal", 1)
    clock.advance(1)
    second = evening.show(2)
    assert evening.own(3)["plays"] is True
    assert evening.state()["round"]["left_ms"] == SECONDS * 1000
    evening.answer(3, second)


@ONE_DATABASE
@pytest.mark.parametrize("scoring", ["accuracy", "light_speed", "speed"])
def test_speed_counts_as_the_settings_say(centre: Centre, clock: FakeClock, scoring: str) -> None:
    evening = ContestEvening(centre, clock, scoring=scoring)
    evening.play(1, None, RIGHT, RIGHT)
    (_, sooner), (_, later) = evening.entries()
    assert later >= POINTS
    assert (sooner > later) is (scoring != "accuracy")
    assert sooner <= POINTS * {"accuracy": 1, "light_speed": 1.2, "speed": 2}[scoring]


@ONE_DATABASE
def test_streak_adds_points_when_the_host_wants_it(centre: Centre, clock: FakeClock) -> None:
    evening = ContestEvening(centre, clock, streak=True)
    for position in (1, 2, 3):
        evening.play(position, RIGHT)
    assert [points for _, points in evening.entries()] == [POINTS, POINTS, POINTS + 5]


@ONE_DATABASE
def test_team_board_is_the_mean_of_its_members(evening: ContestEvening) -> None:
    evening.play(1, RIGHT, WRONG, WRONG)
    path = f"/events/{evening.event['id']}/leaderboards/activity-{evening.activity_id}"
    board = evening.phones[0].ok("GET", f"{path}?scope=teams")
    assert board["formula"].startswith("班组得分 = 组员总分 ÷ 实际参加人数")
    assert board["rows"][0]["points"] > 0


@ONE_DATABASE
def test_playoff_is_for_the_tied_alone_and_adds_no_points(evening: ContestEvening) -> None:
    evening.play(1, RIGHT, RIGHT, WRONG)
    evening.act("board", 1)
    shown = evening.act("playoff")
    assert sorted(one["id"] for one in shown["playoff"]) == sorted(evening.players[:2])
    round_id = shown["round"]["id"]
    refused(evening.try_answer(2, round_id, RIGHT), 403, "not_in_playoff")
    evening.answer(0, round_id, WRONG)
    evening.answer(1, round_id, RIGHT)
    evening.act("reveal", shown["position"])
    podium = evening.act("podium")["board"]["rows"]
    assert [(row["id"], row["rank"], row["points"]) for row in podium] == [
        (evening.players[1], 1, POINTS),
        (evening.players[0], 2, POINTS),
    ]
    assert sum(points for _, points in evening.entries()) == 2 * POINTS
    refused(evening.host.post(f"{evening.path}/actions", {"action": "playoff"}), 409, "nobody_tied")


@ONE_DATABASE
def test_whoever_shares_the_first_place_is_on_the_podium(centre: Centre, clock: FakeClock) -> None:
    evening = ContestEvening(centre, clock, phones=14)
    evening.play(1, *[RIGHT] * 13, WRONG)
    board = evening.act("board", 1)["board"]
    assert ([row["rank"] for row in board["rows"]], board["more"]) == ([1] * 5, 8)
    podium = evening.act("podium")["board"]
    assert ([row["rank"] for row in podium["rows"]], podium["more"]) == ([1] * 11, 2)


@ONE_DATABASE
def test_after_four_first_places_nobody_is_second(centre: Centre, clock: FakeClock) -> None:
    evening = ContestEvening(centre, clock, phones=6)
    evening.play(1, *[RIGHT] * 4, WRONG, WRONG)
    evening.act("board", 1)
    evening.play(2, *[RIGHT] * 5, WRONG)
    board = evening.act("board", 2)["board"]
    assert ([row["rank"] for row in board["rows"]], board["more"]) == ([1, 1, 1, 1, 5], 0)
    podium = evening.act("podium")["board"]
    assert ([row["rank"] for row in podium["rows"]], podium["more"]) == ([1] * 4, 0)


@ONE_DATABASE
def test_frozen_board_is_not_shown_by_the_contest(evening: ContestEvening) -> None:
    evening.play(1, RIGHT, RIGHT, WRONG)
    path = f"/events/{evening.event['id']}/transitions"
    evening.host.ok("POST", path, {"action": "freeze"})
    evening.act("board", 1)
    sealed = {"frozen": True, "rows": [], "more": 0, "out_of_competition": []}
    assert evening.state()["board"] == sealed
    assert not {"points", "rank"} & evening.own(0).keys()
    assert "points" not in evening.own(0)["answer"]
    assert evening.state(evening.host)["board"]["rows"]


@ONE_DATABASE
def test_contest_runs_by_itself(centre: Centre, clock: FakeClock) -> None:
    evening = ContestEvening(centre, clock, auto=True, questions=2)
    play = evening.app.extensions["linka.plays"]["contest"]

    def after(seconds: float) -> tuple[str, int]:
        clock.advance(seconds)
        for _ in range(2):
            play.advance(evening.activity_id, clock.now())
        state = evening.state()
        return state["phase"], state["position"]

    evening.act("begin")
    assert after(9.9) == ("lobby", 0)
    assert after(0.1) == ("question", 1)
    evening.answer(0, evening.state()["round"]["id"])
    assert after(SECONDS + 0.4) == ("question", 1)
    assert after(0.1) == ("reveal", 1)
    assert after(6) == ("board", 1)
    assert after(6) == ("question", 2)
    assert after(SECONDS + 0.5) == ("reveal", 2)
    assert after(6) == ("board", 2)
    assert after(6) == ("podium", 2)
    assert evening.entries() == [(evening.players[0], POINTS)]


@ONE_DATABASE
def test_host_may_tap_twice(evening: ContestEvening) -> None:
    evening.act("begin")
    evening.act("begin")
    first = evening.act("next", 1)
    assert evening.act("next", 1)["round"] == first["round"]
    evening.answer(0, first["round"]["id"])
    for _ in range(2):
        assert evening.act("reveal", 1)["phase"] == "reveal"
    assert len(evening.entries()) == 1
    assert evening.act("next", 2)["position"] == 2
    assert evening.act("reveal", 1)["phase"] == "question"


@ONE_DATABASE
def test_host_is_told_whether_a_contest_can_begin_anew(evening: ContestEvening) -> None:
    def played() -> Any:
        return evening.host.ok("GET", evening.path)["played"]

    evening.act("begin")
    evening.act("dismiss")
    assert played() is False
    evening.show(1)
    evening.act("reveal", 1)
    evening.act("podium")
    evening.act("dismiss")
    assert played() is True
    refused(evening.host.post(f"{evening.path}/actions", {"action": "begin"}), 409, "wrong_phase")


@ONE_DATABASE
def test_host_is_told_what_is_on_with_what_players_do_not_see(evening: ContestEvening) -> None:
    evening.show(1)
    evening.act("reveal", 1)
    evening.act("board", 1)
    evening.host.ok("POST", f"/events/{evening.event['id']}/transitions", {"action": "freeze"})
    now = evening.host.ok("GET", f"/events/{evening.event['id']}/now")
    assert now["event"]["frozen"] is True
    assert [(one["id"], one["phase"]) for one in now["activities"]] == [
        (evening.activity_id, "board")
    ]
    assert now["activities"][0]["board"]["frozen"] is False
    assert evening.state()["board"]["frozen"] is True


@ONE_DATABASE
def test_next_with_another_round_than_the_following_is_refused(evening: ContestEvening) -> None:
    evening.act("begin")
    assert evening.act("next", 0)["position"] == 1
    assert evening.act("next", 0)["position"] == 1
    evening.act("reveal", 1)
    for position in (0, 1, 3):
        body = {"action": "next", "position": position}
        refused(evening.host.post(f"{evening.path}/actions", body), 409, "wrong_phase")
    assert evening.state()["phase"] == "reveal"
    assert evening.act("next", 2)["position"] == 2
    for position in (0, 1, 3):
        body = {"action": "next", "position": position}
        refused(evening.host.post(f"{evening.path}/actions", body), 409, "wrong_phase")
    refused(
        evening.host.post(f"{evening.path}/actions", {"action": "reveal", "position": 0}),
        409,
        "wrong_phase",
    )


@ONE_DATABASE
def test_end_of_a_round_stays_where_it_is(evening: ContestEvening, clock: FakeClock) -> None:
    evening.show(1)
    end = evening.state()["round"]["ends_at"]
    clock.advance(SECONDS + 30)
    assert evening.state()["round"]["ends_at"] == end
    evening.act("reveal", 1)
    clock.advance(30)
    assert evening.state()["round"]["ends_at"] == end
    evening.act("next", 2)
    clock.advance(SECONDS / 2)
    revealed_at = to_iso(clock.now())
    evening.act("reveal", 2)
    transitions = f"/events/{evening.event['id']}/transitions"
    evening.host.ok("POST", transitions, {"action": "pause"})
    clock.advance(30)
    evening.host.ok("POST", transitions, {"action": "resume"})
    assert evening.state()["round"]["ends_at"] == revealed_at


@ONE_DATABASE
@pytest.mark.parametrize(
    ("action", "position"), [("reveal", 1), ("board", 1), ("podium", None), ("next", 3)]
)
def test_what_cannot_be_done_now_is_refused(
    evening: ContestEvening, action: str, position: int | None
) -> None:
    evening.act("begin")
    body = {"action": action, "position": position}
    refused(evening.host.post(f"{evening.path}/actions", body), 409, "wrong_phase")


@ONE_DATABASE
def test_who_may_not(centre: Centre, evening: ContestEvening) -> None:
    round_id = evening.show(1)
    stranger, guest, nobody = centre.people(4)[3], centre.guest(), Phone(evening.app, "nobody")
    answer = f"{evening.path}/rounds/{round_id}/answer"
    for phone, slug, status in (
        (stranger, "not_a_player", 403),
        (guest, "not_a_player", 403),
        (nobody, "unauthenticated", 401),
    ):
        refused(phone.get(evening.path), status, slug)
        refused(phone.post(answer, {"choice": RIGHT}), status, slug)
    centre.join(evening.event, guest)
    evening.phones.append(guest)
    for choice in (RIGHT, ["F"]):
        refused(evening.try_answer(3, round_id, choice), 403, "staff_only")
    for phone in (evening.phones[0], guest):
        refused(phone.post(f"{evening.path}/actions", {"action": "begin"}), 403, "forbidden")
    refused(nobody.post(f"{evening.path}/actions", {"action": "begin"}), 401, "unauthenticated")
    path = f"/events/{evening.event['id']}/players/{evening.players[1]}"
    evening.host.ok("PUT", path, {"status": "kicked"})
    for choice in (RIGHT, ["F"]):
        refused(evening.try_answer(1, round_id, choice), 403, "kicked")
    assert evening.answers() == 0


@ONE_DATABASE
@pytest.mark.parametrize("choice", [["A", "B"], ["E"], ["T"]])
def test_choice_that_is_not_offered_is_refused(evening: ContestEvening, choice: list[str]) -> None:
    refused(evening.try_answer(0, evening.show(1), choice), 422, "bad_choice")
    assert evening.answers() == 0


@ONE_DATABASE
def test_round_of_another_contest_is_none(centre: Centre, evening: ContestEvening) -> None:
    round_id = evening.show(1)
    hunt = centre.open_event(evening.host, "contest", rehearsal=True)
    centre.join(hunt, evening.phones[0])
    other = hunt["activities"][0]["id"]
    path = f"/contests/{other}/rounds/{round_id}/answer"
    refused(evening.phones[0].post(path, {"choice": RIGHT}), 404, "no_round")
    refused(evening.try_answer(0, round_id + 1, RIGHT), 404, "no_round")
    refused(evening.try_answer(0, 10**9, RIGHT), 404, "no_round")


@ONE_DATABASE
@pytest.mark.parametrize(("action", "earned"), [("void", 0), ("rekey", POINTS)])
def test_correction_after_the_reveal_scores_everybody_anew(
    evening: ContestEvening, action: str, earned: int
) -> None:
    evening.play(1, RIGHT, WRONG)
    question_id = evening.state()["round"]["question"]["id"]
    body = {"question_id": question_id, "action": action, "key": ["A"], "reason": "题目有误"}
    changed = evening.host.ok("POST", f"/events/{evening.event['id']}/corrections", body)
    assert changed["rescored"] == (1 if action == "void" else 2)
    points = dict.fromkeys(evening.players[:2], 0)
    for player, value in evening.entries():
        points[player] += value
    assert points == {evening.players[0]: 0, evening.players[1]: earned}
    assert evening.is_clean()


@pytest.mark.parametrize("why", ["voided", "expired", "voided elsewhere"])
def test_question_that_became_unusable_after_the_draw_is_replaced(
    evening: ContestEvening, centre: Centre, why: str
) -> None:
    evening.show(1)
    rounds = ContestRound.select().where(ContestRound.activity == evening.activity_id)
    drawn = [one.question_id for one in rounds.order_by(ContestRound.position)]
    if why == "expired":
        Question.update(expires_on="2026-11-21").where(Question.id == drawn[1]).execute()
    else:
        other = centre.open_event(evening.host, "contest")["id"]
        where = evening.event["id"] if why == "voided" else other
        Correction.create(event=where, question_id=drawn[1], action="void", reason="", at=0)
    evening.act("reveal", 1)
    shown = evening.act("next", 2)["round"]["question"]["id"]
    assert shown not in drawn
    evening.act("reveal", 2)
    assert evening.act("next", 3)["round"]["question"]["id"] == drawn[2]


@ONE_DATABASE
def test_question_stays_when_the_banks_have_no_other(evening: ContestEvening) -> None:
    evening.show(1)
    last = ContestRound.get(
        ContestRound.activity == evening.activity_id, ContestRound.position == 2
    ).question_id
    Question.update(expires_on="2026-11-21").where(
        Question.bank == Question.get_by_id(last).bank
    ).execute()
    evening.act("reveal", 1)
    assert evening.act("next", 2)["round"]["question"]["id"] == last


@ONE_DATABASE
def test_wiped_rehearsal_can_be_played_again(evening: ContestEvening, centre: Centre) -> None:
    evening.play(1, RIGHT)
    evening.host.ok("DELETE", f"/events/{evening.event['id']}/data")
    assert evening.answers() == 0
    centre.join(evening.event, *evening.phones)
    evening.clock.advance(1)
    evening.play(1, RIGHT)
    assert len(evening.entries()) == 1


@pytest.mark.parametrize("how", ENDS)
def test_who_is_no_longer_staff_does_not_answer(evening: ContestEvening, how: str) -> None:
    round_id = evening.show(1)
    speakers = [speaker_of(Player.get_by_id(player_id)) for player_id in evening.players]
    hear = evening.app.extensions["linka.plays"]["contest"].messages["contest.answer"].hear
    said = (evening.activity_id, {"round_id": round_id, "choice": RIGHT}, evening.clock.now())
    first = hear(speakers[0], *said)
    for player_id in evening.players[:2]:
        end_rights(evening.app.extensions["linka.database"], player_id, how)
    assert hear(speakers[0], *said) == first
    with pytest.raises(StaffOnly):
        hear(speakers[1], *said)
    assert hear(speakers[2], *said)["round_id"] == round_id


def test_seat_is_not_answered_for_by_the_account_that_had_it(evening: ContestEvening) -> None:
    round_id = evening.show(1)
    seat = Player.get_by_id(evening.players[0])
    old = speaker_of(seat)
    Player.update(account_id=seat.account_id + 1000).where(Player.id == seat.id).execute()
    end_rights(evening.app.extensions["linka.database"], seat.id, "unbound")
    bind_seats(evening.app.extensions["linka.database"])
    hear = evening.app.extensions["linka.plays"]["contest"].messages["contest.answer"].hear
    said = (evening.activity_id, {"round_id": round_id, "choice": RIGHT}, evening.clock.now())
    with pytest.raises(StaffOnly):
        hear(old, *said)
    assert hear(speaker_of(Player.get_by_id(seat.id)), *said)["round_id"] == round_id
