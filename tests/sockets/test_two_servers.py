"""Two servers on different ports, one database and one Redis: one game."""

from collections.abc import Callable, Iterator

import pytest

from tests.installation import Installation
from tests.phones import Phone
from tests.sockets.conftest import Hall
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


def test_both_see_every_question_and_every_answer(hall: Hall, second: Installation) -> None:
    here = hall.socket(0)
    there_phone = Phone(second, hall.phones[1].user, hall.phones[1].token)
    there = Socket(there_phone, hall.event_id)
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
    elsewhere = Phone(second, hall.phones[2].user, hall.phones[2].token)
    socket = Socket(elsewhere, hall.event_id, ticket=ticket)
    assert socket.ask("ping")["type"] == "pong"
    socket.close()
