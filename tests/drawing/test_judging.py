"""Reports, votes and the gallery."""

import pytest

from backend.activities.drawing.models import DrawingTurn
from backend.events.visibility import View
from backend.identity.models import AuditLine
from tests.drawing.canvas import replay
from tests.drawing.evening import Evening
from tests.support import Centre, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def played(evening: Evening, count: int = 3) -> list[DrawingTurn]:
    """Play a whole game in which everybody draws and guesses; returns its turns."""
    evening.begin(count)
    turns = []
    for _ in range(count):
        turns.append(evening.turn())
        evening.all_here()
        evening.choose(turns[-1])
        evening.draw(turns[-1])
        for player_id in evening.guessers(turns[-1]):
            evening.guess(player_id, turns[-1])
        evening.later(0.1)
        evening.later(6)
    return turns


# --- reports


def test_majority_of_those_present_voids_a_turn(evening: Evening) -> None:
    turn = evening.drawing(5)
    evening.all_here()
    one, two, three, _ = evening.guessers(turn)
    evening.guess(one, turn)
    for player_id, void in ((one, False), (one, False), (two, False), (three, True)):
        assert evening.post(player_id, turn, "reports").json == {"voided": void}
    assert DrawingTurn.get_by_id(turn.id).ending == "voided"
    evening.later(1)
    assert evening.entries() == {}
    seen = evening.look(one)
    assert (seen["turn"]["ending"], seen["turn"]["ops"], seen["points"]) == ("voided", [], 0)
    assert evening.look(two)["has_reported"] is True


def test_void_turn_is_followed_by_the_next(evening: Evening) -> None:
    turn = evening.drawing(3)
    for player_id in evening.guessers(turn):
        evening.post(player_id, turn, "reports")
    refused(evening.post(evening.guessers(turn)[0], turn, "reports"), 409, "turn_over")
    refused(evening.guess(evening.guessers(turn)[0], turn), 409, "turn_over")
    evening.later(6)
    assert evening.turn().number == 2
    assert evening.host.ok("GET", f"{evening.path}/gallery")["items"] == []


def test_nothing_is_reported_before_it_is_drawn(evening: Evening) -> None:
    turn = evening.begin(3)
    refused(evening.post(evening.guessers(turn)[0], turn, "reports"), 409, "not_drawing_yet")


# --- gallery


def test_gallery_replays_drawings(evening: Evening) -> None:
    turns = played(evening)
    viewer = evening.phones[turns[0].drawer_id]
    items = viewer.ok("GET", f"{evening.path}/gallery")["items"]
    assert [item["turn_id"] for item in items] == [turn.id for turn in turns]
    assert [item["own"] for item in items] == [True, False, False]
    picture = viewer.ok("GET", f"{evening.path}/gallery/{turns[1].id}")
    assert picture["answer"] == evening.answer(turns[1])
    assert len(replay(picture["ops"])) == 1


def test_drawing_moves_from_redis_to_the_database(evening: Evening) -> None:
    turns = played(evening)
    assert all(len(DrawingTurn.get_by_id(turn.id).ink) == 1 for turn in turns)
    assert evening.play.service.ink.ops(evening.event_id, turns[0].id) == []


def test_turn_that_runs_is_not_in_the_gallery(evening: Evening) -> None:
    turn = evening.drawing(3)
    phone = evening.phones[turn.drawer_id]
    assert phone.ok("GET", f"{evening.path}/gallery")["items"] == []
    refused(phone.get(f"{evening.path}/gallery/{turn.id}"), 404, "unknown_turn")
    guesser = evening.guessers(turn)[0]
    refused(evening.post(guesser, turn, "votes"), 409, "not_in_gallery")


def test_gallery_needs_a_game(evening: Evening) -> None:
    refused(evening.host.get(f"{evening.path}/gallery"), 409, "drawing_not_begun")


def test_screen_that_was_let_in_replays_the_gallery(evening: Evening, centre: Centre) -> None:
    hung = f"/api/v1/events/{evening.event_id}/gallery/{evening.activity_id}"
    screen = evening.centre.app.test_client()
    refused(screen.get(f"{hung}/1"), 403, "screen_not_paired")
    screen.get(evening.event["screen_path"])
    refused(screen.get(f"{hung}/1"), 404, "not_found")
    turns = played(evening)
    shown = [screen.get(f"{hung}/{number}").json or {} for number in (1, 2, 3)]
    assert [picture["turn_id"] for picture in shown] == [turn.id for turn in turns]
    assert all(len(replay(picture["ops"])) == 1 for picture in shown)
    for number in (0, 4, 2**40):
        refused(screen.get(f"{hung}/{number}"), 404, "not_found")
    player = evening.phones[turns[0].drawer_id]
    refused(player.get(hung.removeprefix("/api/v1") + "/1"), 403, "forbidden")
    other = centre.open_event(evening.host)
    screen.get(other["screen_path"])
    path = f"/api/v1/events/{other['id']}/gallery/{evening.activity_id}/1"
    refused(screen.get(path), 404, "not_found")


# --- votes


def test_everybody_votes_once_and_not_for_themselves(evening: Evening) -> None:
    one, two, three = played(evening)
    voter = one.drawer_id
    assert evening.post(voter, two, "votes").json == {"turn_id": two.id}
    assert evening.post(voter, two, "votes").json == {"turn_id": two.id}
    refused(evening.post(voter, three, "votes"), 409, "already_voted")
    refused(evening.post(voter, one, "votes"), 403, "own_drawing")
    assert evening.look(voter)["voted_turn_id"] == two.id


def test_votes_are_hidden_until_the_host_finishes(evening: Evening) -> None:
    one, two, three = played(evening)
    evening.post(one.drawer_id, two, "votes"), evening.post(three.drawer_id, two, "votes")
    path = f"{evening.path}/gallery"
    phone = evening.phones[one.drawer_id]
    assert [item["votes"] for item in phone.ok("GET", path)["items"]] == [None] * 3
    assert [item["votes"] for item in evening.host.ok("GET", path)["items"]] == [0, 2, 0]
    evening.host.ok("POST", f"{evening.path}/finish")
    assert [item["votes"] for item in phone.ok("GET", path)["items"]] == [0, 2, 0]
    refused(evening.post(two.drawer_id, one, "votes"), 409, "voting_over")
    assert evening.post(one.drawer_id, two, "votes").json == {"turn_id": two.id}


def test_best_drawings_are_shown_when_the_vote_ends(evening: Evening) -> None:
    refused(evening.host.post(f"{evening.path}/end-voting"), 409, "drawing_not_begun")
    evening.begin(4)
    refused(evening.host.post(f"{evening.path}/end-voting"), 409, "gallery_not_open")
    evening.host.ok("POST", f"{evening.path}/finish")


def test_drawings_with_as_many_votes_share_a_place(evening: Evening) -> None:
    one, two, three, four = played(evening, 4)
    for voter, turn in ((one, two), (two, one), (three, one), (four, two)):
        evening.post(voter.drawer_id, turn, "votes")
    assert evening.shown()["winners"] is None
    for _ in range(2):
        winners = evening.host.ok("POST", f"{evening.path}/end-voting")["winners"]
    assert [(each["rank"], each["votes"], each["turn_id"]) for each in winners] == [
        (1, 2, one.id),
        (1, 2, two.id),
    ]
    assert evening.shown()["winners"] == winners
    assert winners[1]["number"] == 2
    refused(evening.post(two.drawer_id, four, "votes"), 409, "already_voted")
    items = evening.phones[one.drawer_id].ok("GET", f"{evening.path}/gallery")["items"]
    assert [item["votes"] for item in items] == [2, 2, 0, 0]
    actions = AuditLine.select().where(AuditLine.action == "end_drawing_vote")
    assert actions.count() == 1


# --- finishing


def test_finished_game_is_off(evening: Evening) -> None:
    turn = evening.drawing(3)
    guesser = evening.guessers(turn)[0]
    evening.guess(guesser, turn)
    for _ in range(2):
        assert evening.host.ok("POST", f"{evening.path}/finish")["phase"] == "finished"
    assert evening.play.shown(evening.activity_id, View.PUBLIC, evening.clock.now()) is None
    assert evening.play.own(evening.activity_id, guesser, evening.clock.now()) is None
    assert evening.entries()[f"drawing:{turn.id}:{guesser}"] == 100
    refused(evening.guess(evening.guessers(turn)[1], turn), 409, "turn_over")
    evening.later(60)
    assert DrawingTurn.select().count() == 1
