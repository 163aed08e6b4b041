"""Opening questions: whose, which, how many a day, in whose order of options."""

from typing import Any

import pytest

from backend.activities.hunt.models import Dig
from backend.events.models import Event
from tests.hunt.evening import PIT, Evening
from tests.support import refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

HOUR = 3600


def test_dig_opens_a_question_and_starts_the_clock(evening: Evening) -> None:
    question, player = evening.ask(), evening.digger()
    answer = evening.digging(player)
    assert answer.status_code == 201
    assert answer.json["question"]["id"] == question.id
    assert (answer.json["state"], answer.json["seconds_left"]) == ("open", 40)
    assert answer.json["opened_at"] == "2026-11-22T02:00:00.000Z"
    assert answer.json["deadline_at"] == "2026-11-22T02:00:40.000Z"


def test_digging_again_gives_the_open_question_back(evening: Evening) -> None:
    evening.ask(), evening.ask()
    player = evening.digger()
    first = evening.dig(player)
    evening.clock.advance(15)
    again = evening.digging(player)
    assert again.status_code == 200
    assert again.json == {**first, "seconds_left": 25}


def test_open_question_is_shown_on_the_map_and_by_its_id(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    assert evening.hunt(player)["current_dig"] == dig
    assert player.ok("GET", f"{evening.path}/digs/{dig['id']}") == dig


def test_question_of_another_player_is_not_shown(evening: Evening) -> None:
    evening.ask()
    player, other = evening.diggers(2)
    dig = evening.dig(player)
    refused(other.get(f"{evening.path}/digs/{dig['id']}"), 404, "not_your_question")
    refused(other.get(f"{evening.path}/digs/999999"), 404, "not_your_question")


def test_site_that_the_map_lacks_is_refused(evening: Evening) -> None:
    evening.ask()
    refused(evening.digging(evening.digger(), "atlantis"), 404, "unknown_site")


def test_site_without_a_question_is_refused(evening: Evening) -> None:
    evening.ask(topic="别的")
    refused(evening.digging(evening.digger()), 409, "no_question_left")


def test_hunt_that_does_not_exist_is_not_found(evening: Evening) -> None:
    player = evening.digger()
    refused(player.get("/hunts/999999"), 404, "not_found")
    refused(player.post("/hunts/999999/digs", {"site": "pit"}), 404, "not_found")


@pytest.mark.parametrize("site", ["", 7, None, "x" * 41, ["pit"]])
def test_site_of_a_wrong_type_is_refused(evening: Evening, site: Any) -> None:
    player = evening.digger()
    refused(player.post(f"{evening.path}/digs", {"site": site}), 422, "invalid")


def test_those_who_may_not_play_open_nothing(evening: Evening) -> None:
    evening.ask()
    stranger, guest = evening.phone(), evening.centre.guest()
    evening.centre.join(evening.event, guest)
    refused(evening.digging(stranger), 403, "not_a_player")
    refused(evening.digging(guest), 403, "staff_only")
    refused(evening.digging(evening.host), 403, "not_a_player")
    assert Dig.select().count() == 0


def test_guest_sees_the_map_and_no_question(evening: Evening) -> None:
    evening.ask()
    guest = evening.centre.guest()
    evening.centre.join(evening.event, guest)
    shown = evening.hunt(guest)
    assert [site["key"] for site in shown["sites"]] == ["pit"]
    assert shown["current_dig"] is None
    assert guest.ok("GET", f"{evening.path}/wrong-questions")["items"] == []


def test_refusal_of_guests_is_documented_where_it_can_come(evening: Evening) -> None:
    paths = evening.centre.app.test_client().get("/api/openapi.json").json["paths"]
    refusing = {
        (method, path)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if path.startswith("/api/v1/hunts/")
        and method != "parameters"
        and "staff_only" in str(operation["responses"].get("403"))
    }
    digs = "/api/v1/hunts/{activity_id}/digs"
    assert refusing == {("post", digs), ("post", f"{digs}/{{dig_id}}/answer")}


@pytest.mark.parametrize(("status", "slug"), [("kicked", "kicked"), ("banned", "banned")])
def test_removed_player_opens_nothing(evening: Evening, status: str, slug: str) -> None:
    evening.ask()
    player = evening.digger()
    path = f"/events/{evening.event['id']}/players/{evening.player_id(player)}"
    evening.host.put(path, {"status": status})
    refused(evening.digging(player), 403, slug)
    refused(player.get(evening.path), 403, slug)
    assert Dig.select().count() == 0


@pytest.mark.parametrize(("action", "slug"), [("pause", "event_paused"), ("close", "event_closed")])
def test_nothing_opens_while_paused_or_closed(evening: Evening, action: str, slug: str) -> None:
    evening.ask()
    player = evening.digger()
    evening.host_does(action)
    refused(evening.digging(player), 409, slug)
    assert Dig.select().count() == 0


def test_nothing_opens_before_the_event(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    Event.update(state="draft").execute()
    refused(evening.digging(player), 409, "event_not_open")
    assert evening.hunt(player)["state"] == "waiting"


@pytest.mark.parametrize(
    ("action", "state"), [("resume", "open"), ("pause", "paused"), ("close", "closed")]
)
def test_map_says_whether_one_can_play(evening: Evening, action: str, state: str) -> None:
    player = evening.digger()
    evening.host_does(action)
    assert evening.hunt(player)["state"] == state


def test_map_counts_what_the_player_did_at_each_site(evening: Evening) -> None:
    evening.settle(sites=[PIT, {**PIT, "key": "mine"}])
    evening.ask(), evening.ask(), evening.ask()
    player, other = evening.diggers(2)
    evening.play(player, "B"), evening.play(player, "A"), evening.play(player, "B", "mine")
    progress = {
        site["key"]: (site["dug"], site["correct"]) for site in evening.hunt(player)["sites"]
    }
    assert progress == {"pit": (2, 1), "mine": (1, 1)}
    assert [site["dug"] for site in evening.hunt(other)["sites"]] == [0, 0]


def test_unanswered_question_expires_and_the_next_can_be_opened(evening: Evening) -> None:
    evening.ask(), evening.ask()
    player = evening.digger()
    first = evening.dig(player)
    evening.clock.advance(40)
    expired = player.ok("GET", f"{evening.path}/digs/{first['id']}")
    assert (expired["state"], expired["seconds_left"]) == ("expired", 0)
    assert evening.hunt(player)["current_dig"] is None
    assert evening.dig(player)["id"] != first["id"]


def test_digs_of_the_day_are_counted_down_and_then_refused(evening: Evening) -> None:
    evening.settle(digs_per_day=2)
    evening.ask()
    player, other = evening.diggers(2)
    assert evening.hunt(player)["digs_left"] == 2
    evening.play(player, "A")
    assert evening.hunt(player)["digs_left"] == 1
    evening.play(player, "B")
    refused(evening.digging(player), 409, "no_digs_left")
    assert (evening.hunt(player)["digs_left"], evening.hunt(other)["digs_left"]) == (0, 2)


def test_two_in_the_morning_belongs_to_the_day_before(evening: Evening) -> None:
    evening.settle(digs_per_day=2)
    evening.ask()
    player = evening.digger()
    evening.later(13 * HOUR + 1800)  # 23:30
    evening.play(player, "A")
    evening.later(2 * HOUR + 1800)  # 02:00
    evening.play(player, "A")
    evening.later(2 * HOUR - 1)  # 03:59:59
    refused(evening.digging(player), 409, "no_digs_left")
    evening.clock.advance(1)
    assert evening.hunt(player)["digs_left"] == 2
    evening.play(player, "A")
    assert [dig.day for dig in Dig.select().order_by(Dig.id)] == [
        "2026-11-22",
        "2026-11-22",
        "2026-11-23",
    ]


def test_no_question_repeats_until_the_site_is_used_up(evening: Evening) -> None:
    questions = {evening.ask().id for _ in range(4)}
    player = evening.digger()
    came = []
    for _ in range(8):
        dig = evening.dig(player)
        came.append(dig["question"]["id"])
        evening.answer(player, dig, "B")
    assert set(came[:4]) == set(came[4:]) == questions


def test_unanswered_question_has_come_too(evening: Evening) -> None:
    questions = {evening.ask().id, evening.ask().id}
    player = evening.digger()
    came = set()
    for _ in range(2):
        came.add(evening.dig(player)["question"]["id"])
        evening.clock.advance(40)
    assert came == questions


def test_expired_questions_are_never_picked(evening: Evening) -> None:
    evening.ask(expires_on="2026-11-21")
    player = evening.digger()
    refused(evening.digging(player), 409, "no_question_left")
    last_day = evening.ask(expires_on="2026-11-22")
    came = {evening.play(player, "B")["dig_id"] for _ in range(3)}
    asked = Dig.select(Dig.question_id).where(Dig.id.in_(came)).tuples()
    assert {question_id for (question_id,) in asked} == {last_day.id}


def test_replaced_version_of_a_question_is_never_picked(evening: Evening) -> None:
    evening.ask(current=False)
    player = evening.digger()
    refused(evening.digging(player), 409, "no_question_left")
    assert evening.ask().id == evening.dig(player)["question"]["id"]


def test_question_of_another_bank_is_never_picked(evening: Evening) -> None:
    evening.settle(banks=["business"])
    evening.ask()
    refused(evening.digging(evening.digger()), 409, "no_question_left")


def test_voided_question_is_never_picked(evening: Evening) -> None:
    bad, good = evening.ask(), evening.ask()
    player = evening.digger()
    evening.correct(bad)
    came = set()
    for _ in range(3):
        dig = evening.dig(player)
        came.add(dig["question"]["id"])
        evening.answer(player, dig, "B")
    assert came == {good.id}


def test_topic_answered_wrong_comes_more_often(evening: Evening) -> None:
    evening.settle(sites=[{**PIT, "topic": "*"}], digs_per_day=100)
    strong = {evening.ask(topic="强").id for _ in range(60)}
    for _ in range(60):
        evening.ask(topic="弱")
    came = []
    for player in evening.diggers(3):
        for _ in range(60):
            dig = evening.dig(player)
            came.append(dig["question"]["id"] in strong)
            evening.answer(player, dig, "B" if came[-1] else "A")
    # By the weights 45 of 180 are expected, and 90 if they did nothing. In a simulation of the
    # weights one of 8,000 runs reached 66.
    assert 0 < sum(came) < 66


def test_options_are_shuffled_for_each_player(evening: Evening) -> None:
    evening.ask()
    digs = [evening.dig(phone) for phone in evening.diggers(12)]
    orders = {tuple(option["text"] for option in dig["question"]["options"]) for dig in digs}
    assert len(orders) > 5
    assert {tuple(sorted(order)) for order in orders} == {("选项A", "选项B", "选项C", "选项D")}
    assert {tuple(o["key"] for o in dig["question"]["options"]) for dig in digs} == {tuple("ABCD")}


def test_right_letter_differs_between_players(evening: Evening) -> None:
    evening.ask("B")
    phones = evening.diggers(12)
    answers = [evening.play(phone, "B") for phone in phones]
    assert {answer["verdict"] for answer in answers} == {"correct"}
    assert len({answer["choice"][0] for answer in answers}) > 2


def test_true_or_false_is_not_shuffled(evening: Evening) -> None:
    evening.ask("T", kind="truefalse")
    offered = [evening.dig(phone)["question"]["options"] for phone in evening.diggers(4)]
    assert offered == [[{"key": "T", "text": "对"}, {"key": "F", "text": "错"}]] * 4
