"""Two servers over one database and one Redis play one game."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.installation import Installation, until
from tests.phones import Phone
from tests.sockets.conftest import Hall, reported
from tests.sockets.socket import Socket

Install = Callable[..., Installation]


@pytest.fixture(scope="module")
def second(install: Install, installation: Installation) -> Iterator[Installation]:
    """Return a server beside the first, over the same data."""
    redis_socket = installation.redis().connection_pool.connection_kwargs["path"]
    made = install(
        LINKA_DATABASE_URL=f"sqlite:///{installation.database_file}",
        LINKA_REDIS_URL=f"unix://{redis_socket}",
        LINKA_WECHAT_URL=installation.wechat_url,
        LINKA_WORKERS="1",
    )
    made.up("serve")
    yield made


def over_there(second: Installation, phone: Phone) -> Phone:
    """Return a phone that talks to the second server."""
    return Phone(second, phone.user, phone.token)


def test_both_see_every_question_and_every_answer(hall: Hall, second: Installation) -> None:
    here = hall.socket(0)
    there = Socket(over_there(second, hall.phones[1]), hall.event_id)
    round_id = hall.show()
    shown = [socket.in_phase("question", 1) for socket in (here, there)]
    assert shown[0]["round"]["id"] == shown[1]["round"]["id"] == round_id
    letter = shown[0]["round"]["question"]["options"][0]["key"]
    for socket in (here, there):
        told = socket.ask("contest.answer", hall.activity_id, round_id=round_id, choice=[letter])
        assert told["type"] == "ack"
    hall.act("reveal", 1)
    revealed = [socket.in_phase("reveal", 1)["round"] for socket in (here, there)]
    assert [one["answered"] for one in revealed] == [2, 2]
    assert there.states()[-1]["present"] == here.states()[-1]["present"]
    there.close()


def test_ticket_of_one_opens_a_socket_at_the_other(hall: Hall, second: Installation) -> None:
    ticket = hall.phones[2].ok("POST", f"/events/{hall.event_id}/tickets")["ticket"]
    socket = Socket(over_there(second, hall.phones[2]), hall.event_id, ticket=ticket)
    assert socket.ask("ping")["type"] == "pong"
    socket.close()


def test_shakes_of_both_are_one_race(
    host: Phone, phones: list[Phone], installation: Installation, second: Installation
) -> None:
    hall = Hall(host, phones, "shake")
    sockets = [hall.socket(0), Socket(over_there(second, phones[1]), hall.event_id)]
    begun = host.ok("POST", f"/shakes/{hall.activity_id}/rounds", {"mode": "race", "seconds": 5})
    for socket in sockets:
        socket.in_phase("running")
        until(partial(reported, socket, hall, begun["id"]), 10, "a shake")
    podiums = [socket.in_phase("podium")["podium"] for socket in sockets]
    assert podiums[0] == podiums[1]
    assert podiums[0]["shakers"] == 2
    own = [socket.ask("look", hall.activity_id)["data"] for socket in sockets]
    scored = installation.rows(
        f"SELECT points FROM score_entry WHERE event_id = {hall.event_id} ORDER BY points"
    )
    assert [points for (points,) in scored] == sorted(one["points"] for one in own)
    assert len(scored) == 2
    for socket in sockets:
        socket.close()


def test_drawing_of_one_is_guessed_at_the_other(
    host: Phone, phones: list[Phone], second: Installation
) -> None:
    hall = Hall(host, phones[:2], "drawing")
    host.ok("POST", f"/drawings/{hall.activity_id}/begin")
    drawer, guesser = hall.socket(0), Socket(over_there(second, phones[1]), hall.event_id)
    own = drawer.ask("look", hall.activity_id)["data"]
    if own["role"] == "guesser":
        drawer, guesser = guesser, drawer
    turn_id = own["turn_id"]
    chosen = drawer.ask("drawing.choose", hall.activity_id, turn_id=turn_id, choice=0)
    line = {"stroke": 1, "colour": 0, "width": 5, "points": [100, 375, 800, 0]}
    drawer.ask("drawing.strokes", hall.activity_id, turn_id=turn_id, at=0, batches=[line])
    drawn = guesser.wait(lambda message: message["type"] == "drawing.strokes")["data"]
    assert (drawn["turn_id"], drawn["first"], len(drawn["ops"])) == (turn_id, 0, 1)
    word = chosen["data"]["prompt"]["text"]
    told = guesser.ask("drawing.guess", hall.activity_id, turn_id=turn_id, text=word)
    assert told["data"]["verdict"] == "exact"
    guessed = drawer.wait(lambda message: message["type"] == "drawing.guessed")["data"]
    assert (guessed["turn_id"], guessed["place"]) == (turn_id, 1)
    for socket in (drawer, guesser):
        socket.close()
