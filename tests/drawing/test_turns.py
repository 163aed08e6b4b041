"""A turn from choice to points, and how a game goes on from turn to turn."""

import pytest

from backend.activities.drawing.models import DrawingGame, DrawingGuess, DrawingRoom, DrawingTurn
from backend.activities.drawing.strokes import OPS_PER_TURN
from tests.drawing.evening import Evening
from tests.support import refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_begin_seats_everybody_and_offers_three_prompts(evening: Evening) -> None:
    turn = evening.begin(5)
    assert sorted([turn.drawer_id, *evening.guessers(turn)]) == sorted(evening.phones)
    own = evening.look(turn.drawer_id)
    assert (own["role"], own["turn"]["phase"]) == ("drawer", "choosing")
    assert [offer["difficulty"] for offer in own["offers"]] == [1, 2, 3]
    assert own["turn"]["left_ms"] == 10_000


def test_beginning_again_changes_nothing(evening: Evening) -> None:
    first = evening.begin(4)
    evening.host.ok("POST", f"{evening.path}/begin")
    assert [turn.id for turn in DrawingTurn.select()] == [first.id]
    assert DrawingGame.select().count() == 1


def test_many_players_get_several_rooms(evening: Evening) -> None:
    evening.begin(7, room_size=3)
    rooms = evening.shown()["rooms"]
    assert sorted(room["players"] for room in rooms) == [2, 2, 3]
    assert all(room["turn"]["phase"] == "choosing" for room in rooms)
    offered = [offer["text"] for turn in DrawingTurn.select() for offer in turn.offers]
    assert len(set(offered)) == 9


def test_drawer_chooses(evening: Evening) -> None:
    turn = evening.begin(3)
    chosen = evening.choose(turn, 2)
    assert chosen.json == {"prompt": turn.offers[2]}
    assert evening.choose(turn, 2).json == chosen.json
    refused(evening.choose(turn, 1), 409, "already_chosen")
    refused(evening.choose(turn, 7), 422, "unknown_prompt")
    assert evening.look(turn.drawer_id)["prompt"] == turn.offers[2]


def test_server_picks_after_ten_seconds(evening: Evening) -> None:
    turn = evening.begin(3)
    evening.later(9.9)
    assert evening.look(turn.drawer_id)["turn"]["phase"] == "choosing"
    evening.later(0.1)
    own = evening.look(turn.drawer_id)
    assert own["turn"]["phase"] == "drawing"
    assert own["prompt"] == turn.offers[turn.fallback]
    refused(evening.choose(turn, (turn.fallback + 1) % 3), 409, "already_chosen")


def test_no_worker_is_needed_for_the_server_to_pick(evening: Evening) -> None:
    turn = evening.begin(3)
    evening.clock.advance(12)
    evening.all_here()
    guesser = evening.guessers(turn)[0]
    assert evening.look(guesser)["turn"]["phase"] == "drawing"
    guess = evening.guess(guesser, turn, turn.offers[turn.fallback]["text"])
    assert (guess.json or {})["verdict"] == "exact"
    evening.later(1)
    kept = DrawingTurn.get_by_id(turn.id)
    assert (kept.choice, kept.chosen_at) == (turn.fallback, turn.began_at + 10_000)


def test_strokes_are_kept_and_told(evening: Evening) -> None:
    turn = evening.drawing(3)
    assert evening.draw(turn, 0).json == {"count": 1}
    assert evening.post(turn.drawer_id, turn, "undo", {"at": 1}).json == {"count": 2}
    fill = {"at": 2, "colour": 3, "x": 5, "y": 6}
    assert evening.post(turn.drawer_id, turn, "fill", fill).json == {"count": 3}
    assert evening.post(turn.drawer_id, turn, "clear", {"at": 3}).json == {"count": 4}
    told = evening.told("drawing.strokes")
    assert [message["first"] for message in told] == [0, 1, 2, 3]
    assert [message["ops"][0]["op"] for message in told] == ["draw", "undo", "fill", "clear"]
    seen = evening.look(evening.guessers(turn)[0])["turn"]
    assert seen["ops"] == [message["ops"][0] for message in told]
    assert seen["count"] == 4


def test_repeated_strokes_change_nothing(evening: Evening) -> None:
    turn = evening.drawing(3)
    for _ in range(3):
        assert evening.draw(turn, 0).json == {"count": 1}
    for _ in range(2):
        assert evening.post(turn.drawer_id, turn, "undo", {"at": 1}).json == {"count": 2}
    assert len(evening.told("drawing.strokes")) == 2


def test_half_repeated_strokes_add_what_is_new(evening: Evening) -> None:
    turn = evening.drawing(3)
    batches = [
        {"stroke": number, "colour": 0, "width": 0, "points": [number, 1]} for number in range(3)
    ]
    for body in ({"at": 0, "batches": batches[:2]}, {"at": 1, "batches": batches[1:]}):
        evening.post(turn.drawer_id, turn, "strokes", body)
    ops = evening.look(turn.drawer_id)["turn"]["ops"]
    assert [op["stroke"] for op in ops] == [0, 1, 2]


def test_missing_strokes_are_asked_for(evening: Evening) -> None:
    turn = evening.drawing(3)
    evening.draw(turn, 0)
    answer = evening.draw(turn, 2)
    refused(answer, 409, "strokes_missing")
    assert (answer.json or {})["errors"] == {"at": ["1"]}


@pytest.mark.parametrize("points", [[1], [1001, 0], [0, 0, -1, 0], [0, 751]])
def test_strokes_off_the_canvas_are_refused(evening: Evening, points: list[int]) -> None:
    turn = evening.drawing(3)
    answer = evening.draw(turn, 0, *points)
    assert answer.status_code == 422
    assert evening.look(turn.drawer_id)["turn"]["ops"] == []


@pytest.mark.parametrize("points", [[0, 0] * 201, ["1", 2], [True, 1], [1.5, 1], {}, None])
def test_strokes_that_are_no_numbers_are_refused(evening: Evening, points: object) -> None:
    turn = evening.drawing(3)
    batch = {"stroke": 0, "colour": 0, "width": 0, "points": points}
    answer = evening.post(turn.drawer_id, turn, "strokes", {"at": 0, "batches": [batch]})
    refused(answer, 422, "invalid")


def test_drawing_can_be_full(evening: Evening) -> None:
    turn = evening.drawing(3)
    many = [{"op": "undo"}] * OPS_PER_TURN
    evening.play.service.ink.add(
        evening.event_id, evening.activity_id, turn.id, turn.drawer_id, 0, many, evening.clock.now()
    )
    refused(evening.draw(turn, OPS_PER_TURN), 409, "drawing_full")


def test_no_stroke_before_the_choice(evening: Evening) -> None:
    refused(evening.draw(evening.begin(3)), 409, "not_drawing_yet")


def test_guess_is_right_once(evening: Evening) -> None:
    turn = evening.drawing(4)
    first, second, _ = evening.guessers(turn)
    assert evening.guess(first, turn).json == {"verdict": "exact", "place": 1, "points": 100}
    evening.clock.advance(4)
    assert evening.guess(second, turn).json == {"verdict": "exact", "place": 2, "points": 87}
    assert evening.guess(first, turn).json == {"verdict": "exact", "place": 1, "points": 100}
    assert DrawingGuess.select().count() == 2
    assert [(told["player_id"], told["place"]) for told in evening.told("drawing.guessed")] == [
        (first, 1),
        (second, 2),
    ]


def test_turn_ends_when_all_who_are_there_have_guessed(evening: Evening) -> None:
    turn = evening.drawing(3)
    for player_id in evening.guessers(turn):
        evening.guess(player_id, turn)
    evening.later(0.2)
    assert DrawingTurn.get_by_id(turn.id).ending == "all_guessed"
    assert sorted(evening.entries().values()) == [90, 95, 100]
    assert evening.entries()[f"drawing:{turn.id}:{turn.drawer_id}"] == 95


def test_who_is_away_is_not_waited_for(evening: Evening) -> None:
    turn = evening.drawing(4)
    one, two, away = evening.guessers(turn)
    for _ in range(10):
        evening.clock.advance(7)
        for player_id in (turn.drawer_id, one, two):
            evening.look(player_id)
    evening.guess(one, turn), evening.guess(two, turn)
    evening.later(0.1, here=False)
    assert DrawingTurn.get_by_id(turn.id).ending == "all_guessed"
    assert f"drawing:{turn.id}:{away}" not in evening.entries()


def test_time_ends_a_turn_and_the_next_begins(evening: Evening) -> None:
    turn = evening.drawing(3)
    evening.all_here()
    first = evening.guess(evening.guessers(turn)[0], turn)
    for _ in range(10):
        evening.later(7)
    evening.later(9.9)
    assert DrawingTurn.get_by_id(turn.id).ended_at is None
    evening.later(0.1)
    ended = DrawingTurn.get_by_id(turn.id)
    assert (ended.ending, ended.ended_at - ended.chosen_at) == ("time", 80_000)
    refused(evening.guess(evening.guessers(turn)[1], turn), 409, "turn_over")
    refused(evening.draw(turn), 409, "turn_over")
    # The answer was lost on the way: a repeat gets the first one.
    assert evening.guess(evening.guessers(turn)[0], turn).json == first.json
    assert evening.look(turn.drawer_id)["turn"]["answer"] == evening.answer(turn)
    evening.later(6)
    following = evening.turn()
    assert (following.number, following.id != turn.id) == (2, True)
    assert following.drawer_id != turn.drawer_id
    texts = {offer["text"] for offer in turn.offers}
    assert not texts & {offer["text"] for offer in following.offers}


def test_hints_come_with_time(evening: Evening) -> None:
    turn = evening.drawing(3)
    guesser = evening.guessers(turn)[0]
    seen = []
    for _ in range(4):
        hints = evening.look(guesser)["turn"]["hints"]
        seen.append([name for name, value in hints.items() if value is not None])
        for _ in range(4):
            evening.later(5)
    assert [len(names) for names in seen] == [1, 2, 3, 4 if len(evening.answer(turn)) > 1 else 3]
    assert seen[1] == ["characters", "category"]


def test_each_hint_is_announced_once(evening: Evening) -> None:
    evening.drawing(3)
    evening.advance()
    before = len(evening.messages("activity"))
    for _ in range(7):
        evening.later(3)
    assert len(evening.messages("activity")) == before + 1


def test_vanished_drawer_ends_the_turn_without_harm(evening: Evening) -> None:
    turn = evening.drawing(4)
    evening.draw(turn)
    guesser = evening.guessers(turn)[0]
    evening.guess(guesser, turn)
    evening.later(7.9, here=False)
    assert DrawingTurn.get_by_id(turn.id).ending is None
    evening.later(0.1, here=False)
    assert DrawingTurn.get_by_id(turn.id).ending == "vanished"
    assert evening.entries() == {
        f"drawing:{turn.id}:{guesser}": 100,
        f"drawing:{turn.id}:{turn.drawer_id}": 100,
    }


def test_drawer_who_comes_back_in_time_draws_on(evening: Evening) -> None:
    turn = evening.drawing(3)
    for _ in range(3):
        evening.clock.advance(7)
        evening.say(turn.drawer_id, "drawing.here")
        evening.advance()
    assert DrawingTurn.get_by_id(turn.id).ending is None


def test_drawer_who_never_came_is_passed_over(evening: Evening) -> None:
    turn = evening.begin(3)
    guesser = evening.guessers(turn)[0]
    evening.say(guesser, "drawing.here")
    evening.clock.advance(8)
    evening.advance()
    assert DrawingTurn.get_by_id(turn.id).ending == "vanished"
    assert evening.look(guesser)["turn"]["answer"] is None
    evening.later(2)
    assert evening.turn().number == 2


def test_everybody_draws_once_and_the_gallery_opens(evening: Evening) -> None:
    evening.begin(3)
    drawers = []
    for _ in range(3):
        turn = evening.turn()
        drawers.append(turn.drawer_id)
        evening.all_here()
        evening.choose(turn)
        evening.draw(turn)
        for player_id in evening.guessers(turn):
            evening.guess(player_id, turn)
        evening.later(0.1)
        evening.later(6)
    assert sorted(drawers) == sorted(evening.phones)
    assert evening.shown()["phase"] == "gallery"
    assert evening.shown()["drawings"] == 3
    assert len(evening.entries()) == 9
    assert evening.look(drawers[0])["phase"] == "gallery"


def test_hall_has_so_many_turns(evening: Evening) -> None:
    evening.begin(5, mode="hall", turns=2)
    assert DrawingRoom.select().count() == 1
    for number in (1, 2):
        turn = evening.turn()
        assert turn.number == number
        evening.all_here()
        evening.choose(turn)
        evening.draw(turn)
        shown = evening.shown()
        assert (shown["turn"]["count"], shown["turn"]["ops"][0]["op"]) == (1, "draw")
        evening.later(7), evening.later(7)
        for _ in range(12):
            evening.later(6)
        evening.later(6)
    assert evening.shown()["phase"] == "gallery"


def test_pause_stops_the_turn(evening: Evening) -> None:
    turn = evening.drawing(3)
    evening.later(5)
    transitions = f"/events/{evening.event_id}/transitions"
    evening.host.ok("POST", transitions, {"action": "pause"})
    evening.later(600, here=False)
    refused(evening.guess(evening.guessers(turn)[0], turn), 409, "event_paused")
    refused(evening.draw(turn), 409, "event_paused")
    evening.host.ok("POST", transitions, {"action": "resume"})
    evening.advance()
    assert evening.look(turn.drawer_id)["turn"]["left_ms"] == 75_000


def test_closed_event_ends_turns_with_what_was_earned(evening: Evening) -> None:
    turn = evening.drawing(3)
    guesser = evening.guessers(turn)[0]
    evening.guess(guesser, turn)
    evening.host.ok("POST", f"/events/{evening.event_id}/transitions", {"action": "close"})
    evening.advance(), evening.advance()
    assert DrawingTurn.get_by_id(turn.id).ending == "closed"
    assert evening.entries()[f"drawing:{turn.id}:{guesser}"] == 100


def test_late_joiner_gets_a_seat_and_the_whole_drawing(evening: Evening) -> None:
    turn = evening.drawing(3)
    evening.draw(turn)
    (late,) = evening.join(1)
    evening.later(1)
    seen = evening.look(late)
    assert (seen["role"], seen["turn"]["turn_id"]) == ("guesser", turn.id)
    assert len(seen["turn"]["ops"]) == 1
    assert (evening.guess(late, turn).json or {})["verdict"] == "exact"


def test_late_joiners_open_a_room_when_all_are_full(evening: Evening) -> None:
    evening.begin(12, room_size=12)
    evening.join(1)
    evening.later(1)
    assert [room["players"] for room in evening.shown()["rooms"]] == [12, 1]
    assert evening.shown()["rooms"][1]["turn"] is None
    evening.join(1)
    evening.later(1)
    assert evening.shown()["rooms"][1]["turn"]["phase"] == "choosing"


def test_wiped_rehearsal_can_begin_again(evening: Evening) -> None:
    turn = evening.drawing(3)
    evening.draw(turn), evening.draw(turn, 1)
    evening.guess(evening.guessers(turn)[0], turn)
    evening.host.ok("DELETE", f"/events/{evening.event_id}/data")
    assert DrawingTurn.select().count() == 0
    assert evening.host.ok("GET", evening.path)["phase"] == "waiting"
    code = {"code": evening.event["join_code"]}
    phones = {
        phone.ok("POST", "/events/join", code)["player"]["id"]: phone
        for phone in evening.phones.values()
    }
    evening.phones = phones
    again = evening.drawing(0)
    assert (again.number, evening.look(again.drawer_id)["turn"]["ops"]) == (1, [])
    assert evening.draw(again).json == {"count": 1}


def test_nobody_tries_a_list_of_words(evening: Evening) -> None:
    turn = evening.drawing(3)
    guesser = evening.guessers(turn)[0]
    for _ in range(3):
        evening.guess(guesser, turn, "八竿子打不着")
    refused(evening.guess(guesser, turn), 429, "too_many_requests")
    evening.clock.advance(1)
    assert (evening.guess(guesser, turn).json or {})["verdict"] == "exact"
    for _ in range(5):
        assert (evening.guess(guesser, turn).json or {})["verdict"] == "exact"


def test_wrong_guesses_make_the_next_one_wait_and_the_right_one_counts_then(
    evening: Evening,
) -> None:
    turn = evening.drawing(3)
    guesser, other = evening.guessers(turn)
    for _ in range(6):
        assert evening.guess(guesser, turn, "八竿子打不着").json == {"verdict": "wrong"}
        evening.clock.advance(1)
    assert evening.guess(guesser, turn, "八竿子打不着").json == {"verdict": "wrong"}
    for text in ("八竿子打不着", None):
        refused(evening.guess(guesser, turn, text), 429, "too_many_requests")
    assert evening.guess(other, turn).json["verdict"] == "exact"
    evening.clock.advance(1.5)
    assert evening.guess(guesser, turn).json["verdict"] == "exact"
