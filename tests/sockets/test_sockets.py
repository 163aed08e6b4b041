"""Phones' sockets against running processes."""

import json
from functools import partial

import pytest
import urllib3
from wsproto.connection import Connection, ConnectionType
from wsproto.events import Ping, TextMessage

from backend.events.visibility import masked_name
from backend.live.presence import MOST_CONNECTIONS
from backend.phones.conversation import MALFORMED_UNTIL_CLOSED, MAX_MESSAGE_BYTES
from tests.installation import Installation, until
from tests.phones import Phone, Refused, staff_phone
from tests.sockets.conftest import Hall, reported
from tests.sockets.socket import Socket, turned_away


def test_socket_says_hello_and_shows_what_is_on(hall: Hall) -> None:
    hall.act("begin")
    socket = hall.socket()
    hello = socket.wait(lambda message: message["type"] == "hello")["data"]
    assert hello["player_id"] and hello["heartbeat_seconds"] == 25
    assert hello["server_time"].endswith("Z")
    assert socket.in_phase("lobby")["kind"] == "contest"
    assert socket.states()[0]["event"]["id"] == hall.event_id


def test_all_phones_see_a_question_at_once_whatever_worker_they_hang_on(hall: Hall) -> None:
    sockets = [hall.socket(place % len(hall.phones)) for place in range(8)]
    hall.show()
    shown = [socket.in_phase("question", 1) for socket in sockets]
    assert {game["round"]["id"] for game in shown} == {shown[0]["round"]["id"]}
    assert all("key" not in game["round"] for game in shown)


def test_pause_hides_the_question_on_sockets_until_the_event_goes_on(hall: Hall) -> None:
    socket, path = hall.socket(), f"/events/{hall.event_id}/transitions"
    hall.show()
    stem = socket.in_phase("question", 1)["round"]["question"]["stem"]
    hall.host.ok("POST", path, {"action": "pause"})
    # The state of the beginning, in which there is no round, may come after a first snapshot.
    until(lambda: (socket.game()["round"] or {}).get("paused"), 10, "the pause on the phone")
    assert socket.game()["round"]["question"] is None
    comes_back = hall.socket(0, after="0-0")
    assert comes_back.in_phase("question", 1)["round"]["question"] is None
    hall.host.ok("POST", path, {"action": "resume"})
    for phone in (socket, comes_back):
        until(lambda phone=phone: phone.game()["round"]["question"], 10, "the question again")
        assert phone.game()["round"]["question"]["stem"] == stem


def test_answer_is_acknowledged_once_and_judged_at_the_reveal(hall: Hall) -> None:
    socket, other = hall.socket(0), hall.socket(1)
    round_id = hall.show()
    game = socket.in_phase("question", 1)
    choice = [game["round"]["question"]["options"][0]["key"]]
    first = socket.ask("contest.answer", hall.activity_id, round_id=round_id, choice=choice)
    assert first["type"] == "ack" and first["data"]["choice"] == choice
    again = socket.ask("contest.answer", hall.activity_id, round_id=round_id, choice=choice)
    assert again["data"] == first["data"]
    hall.act("reveal", 1)
    revealed = other.in_phase("reveal", 1)["round"]
    own = socket.ask("look", hall.activity_id)["data"]
    assert own["answer"]["correct"] is (revealed["key"] == choice)
    assert revealed["answered"] == 1


def test_phone_without_a_socket_plays_over_http(hall: Hall) -> None:
    socket = hall.socket(0)
    round_id = hall.show()
    socket.in_phase("question", 1)
    path = f"/contests/{hall.activity_id}/rounds/{round_id}/answer"
    question = hall.phones[1].ok("GET", f"/contests/{hall.activity_id}")["state"]["round"]
    choice = [question["question"]["options"][0]["key"]]
    taken = hall.phones[1].ok("POST", path, {"choice": choice})
    assert taken["round_id"] == round_id
    until(lambda: socket.game()["round"]["answered"] == 1, 10, "the answer on the other phone")


def test_phone_that_comes_back_gets_the_time_that_is_left_and_its_answer(hall: Hall) -> None:
    socket = hall.socket()
    round_id = hall.show()
    game = socket.in_phase("question", 1)
    choice = [game["round"]["question"]["options"][0]["key"]]
    socket.ask("contest.answer", hall.activity_id, round_id=round_id, choice=choice)
    seq = next(message["seq"] for message in reversed(socket.heard) if "seq" in message)
    socket.break_off()
    back = hall.socket(after=seq)
    again = back.in_phase("question", 1)["round"]
    assert again["id"] == round_id
    assert again["left_ms"] <= game["round"]["left_ms"]
    assert back.ask("look", hall.activity_id)["data"]["answer"]["choice"] == choice


def test_ticket_is_good_once_and_for_its_event_alone(hall: Hall) -> None:
    ticket = hall.phones[0].ok("POST", f"/events/{hall.event_id}/tickets")["ticket"]
    hall.socket(ticket=ticket).wait(lambda message: message["type"] == "hello")
    phone = hall.phones[0]
    assert turned_away(phone, hall.event_id, ticket) == 4401
    assert turned_away(phone, hall.event_id, "nonsense") == 4401
    other = Hall(hall.host, hall.phones[:1])
    foreign = hall.phones[0].ok("POST", f"/events/{other.event_id}/tickets")["ticket"]
    assert turned_away(phone, hall.event_id, foreign) == 4401


@pytest.mark.parametrize("lacks", ["Sec-WebSocket-Version", "Sec-WebSocket-Key"])
def test_handshake_that_lacks_a_field_is_malformed(installation: Installation, lacks: str) -> None:
    fields = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    del fields[lacks]
    address = f"{installation.url}/api/v1/events/1/socket?ticket=none"
    answer = urllib3.request("GET", address, headers=fields)
    assert (answer.status, answer.json()["error"]) == (400, "bad_request")


def test_only_players_get_tickets(hall: Hall, installation: Installation) -> None:
    stranger = staff_phone(installation, "200090")
    with pytest.raises(Refused, match="not_a_player"):
        stranger.ok("POST", f"/events/{hall.event_id}/tickets")
    answer = urllib3.request(
        "POST", f"{installation.url}/api/v1/events/{hall.event_id}/tickets", retries=False
    )
    assert answer.status == 401


def test_banned_player_is_let_go_whatever_the_worker(hall: Hall) -> None:
    socket = hall.socket(1)
    player_id = socket.wait(lambda message: message["type"] == "hello")["data"]["player_id"]
    path = f"/events/{hall.event_id}/players/{player_id}"
    hall.host.ok("PUT", path, {"status": "banned"})
    assert socket.closed() == 4403
    hall.host.ok("PUT", path, {"status": "active"})


def test_sign_of_life_is_answered_with_the_servers_time(hall: Hall) -> None:
    pong = hall.socket().ask("ping")
    assert pong["type"] == "pong" and pong["data"]["server_time"].endswith("Z")


MALFORMED = [
    "",
    "nonsense",
    "[]",
    "7",
    "{}",
    '{"type": 7}',
    '{"type": "look", "data": []}',
    '{"type": "look", "activity_id": "1"}',
    '{"type": "look", "activity_id": true}',
    "[" * 5000,
    '{"type": "contest.nothing", "activity_id": %d}',
    '{"type": "look", "id": "\\ud800", "activity_id": %d}',
    '{"type": "ping", "id": "a\\udfff"}',
    '{"type": "\\ud800"}',
    '{"type": "contest.answer", "activity_id": %d, "data": {"\\ud800": 1}}',
    '{"type": "contest.answer", "activity_id": %d, "data": {"choice": ["\\ud800"]}}',
    '{"type": "look", "activity_id": %d, "\\ud800": [{"\\ud800": 1}]}',
]


@pytest.mark.parametrize("text", MALFORMED, ids=lambda text: text[:30])
def test_malformed_message_is_refused_and_the_socket_stays(hall: Hall, text: str) -> None:
    socket = hall.socket()
    socket.send(text.replace("%d", str(hall.activity_id)))
    refusal = socket.wait(lambda message: message["type"] == "refusal")["data"]
    assert (refusal["code"], refusal["error"]) == (422, "malformed_message")
    assert refusal["message"] == "消息格式不正确。"
    assert socket.ask("ping")["type"] == "pong"


@pytest.mark.parametrize("after", ["garbage", "1", "-", "+", "1-", "1-1-1", f"{9**40}-0", "0-%00"])
def test_socket_cannot_resume_from_nonsense(hall: Hall, after: str) -> None:
    ticket = hall.phones[0].ok("POST", f"/events/{hall.event_id}/tickets")["ticket"]
    assert turned_away(hall.phones[0], hall.event_id, f"{ticket}&after={after}") == 4422


def test_fourth_socket_of_a_player_ends_the_oldest_on_whatever_worker(hall: Hall) -> None:
    sockets = []
    for _ in range(MOST_CONNECTIONS + 3):
        sockets.append(hall.socket(0))
        sockets[-1].wait(lambda message: message["type"] == "state")
    assert [socket.closed() for socket in sockets[:3]] == [4409] * 3
    assert all(socket.ask("ping")["type"] == "pong" for socket in sockets[3:])


def test_message_in_parts_is_answered_after_a_ping_of_the_protocol(hall: Hall) -> None:
    socket = hall.socket()
    phone = Connection(ConnectionType.CLIENT)
    parts = [
        Ping(b"?"),
        TextMessage('{"type": "ping",', message_finished=False),
        TextMessage(' "id": "in parts"}'),
        TextMessage('{"type": "ping", "id": "whole"}'),
    ]
    socket.send_bytes(b"".join(map(phone.send, parts)))
    for number in ("in parts", "whole"):
        assert socket.wait(lambda message, number=number: message.get("id") == number)


def test_who_sends_nothing_but_nonsense_is_closed_alone(hall: Hall) -> None:
    socket, other = hall.socket(0), hall.socket(1)
    for _ in range(MALFORMED_UNTIL_CLOSED):
        socket.send(b"\x00\xff")
    assert socket.closed() == 4400
    assert other.ask("ping")["type"] == "pong"


def test_oversized_message_closes_that_socket_alone(hall: Hall) -> None:
    socket, other = hall.socket(0), hall.socket(1)
    socket.send("x" * (MAX_MESSAGE_BYTES + 1))
    assert socket.closed() == 1009
    assert other.ask("ping")["type"] == "pong"


def test_flooding_closes_that_socket_alone(hall: Hall) -> None:
    socket, other = hall.socket(0), hall.socket(1)
    # Refused without a look into the database, so that a slow machine is flooded too.
    socket.send_at_once([json.dumps({"type": "look", "activity_id": 2**60})] * 400)
    assert socket.closed() == 4429
    assert other.ask("ping")["type"] == "pong"


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        ({}, "invalid"),
        ({"round_id": 1, "choice": ["Z"]}, "invalid"),
        ({"round_id": 10**15, "choice": ["A"]}, "no_round"),
        ({"round_id": 2**70, "choice": ["A"]}, "invalid"),
        ({"round_id": 1, "choice": "A", "more": 1}, "invalid"),
    ],
)
def test_wrong_data_is_refused(hall: Hall, data: dict, slug: str) -> None:
    refusal = hall.socket().ask("contest.answer", hall.activity_id, **data)
    assert (refusal["type"], refusal["data"]["error"]) == ("refusal", slug)


def test_wrong_field_is_named_in_chinese(hall: Hall) -> None:
    refusal = hall.socket().ask("contest.answer", hall.activity_id, choice="A")
    assert refusal["data"]["errors"] == {"round_id": ["必填。"], "choice": ["须为列表。"]}


def test_activity_of_another_event_is_none(hall: Hall) -> None:
    other = Hall(hall.host, hall.phones[:1])
    for activity_id in (other.activity_id, 10**12, 2**60, -1):
        refusal = hall.socket().ask("look", activity_id)["data"]
        assert refusal["error"] == "not_found"


def test_presence_counts_people_and_not_connections(hall: Hall) -> None:
    watcher = hall.socket(0)

    def present() -> int:
        hall.socket(0).wait(lambda message: message["type"] == "state")
        return int(hall.sockets[-1].states()[-1]["present"])

    first = hall.socket(1)
    first.wait(lambda message: message["type"] == "hello")
    again = hall.socket(1)
    again.wait(lambda message: message["type"] == "hello")
    hall.act("begin")
    watcher.in_phase("lobby")
    until(lambda: present() == 2, 10, "two people")
    first.close()
    until(lambda: present() == 2, 10, "two people")
    again.close()
    until(lambda: present() == 1, 10, "one person")


def test_answers_survive_the_kill_of_a_worker_in_the_middle_of_a_round(
    hall: Hall, installation: Installation
) -> None:
    sockets = [hall.socket(place) for place in range(4)]
    round_id = hall.show()
    option = sockets[0].in_phase("question", 1)["round"]["question"]["options"][0]["key"]
    for socket in sockets:
        told = socket.ask("contest.answer", hall.activity_id, round_id=round_id, choice=[option])
        assert told["type"] == "ack"
    workers = [one for one in installation.processes() if "gunicorn: worker" in one.command]
    installation.kill(workers[:1])
    installation.wait_until_ready()
    back = [Socket(phone, hall.event_id) for phone in hall.phones]
    hall.act("reveal", 1)
    for socket in back:
        assert socket.in_phase("reveal", 1)["round"]["answered"] == 4
        socket.close()
    rows = installation.rows(
        "SELECT COUNT(*) FROM score_entry WHERE source LIKE ?", f"contest:{round_id}:%"
    )
    assert rows == [(4,)]


def test_stream_of_the_screen_shows_the_game_too(hall: Hall, installation: Installation) -> None:
    hall.show()
    http = urllib3.PoolManager(retries=False, timeout=10)
    answer = http.request(
        "GET",
        f"{installation.url}/api/v1/events/{hall.event_id}/stream",
        headers={"Authorization": f"Bearer {hall.host.token}"},
        preload_content=False,
    )
    text = ""
    while '"phase": "question"' not in text:
        text += answer.read(64).decode(errors="replace")
    answer.close()
    assert '"explanation"' not in text


def test_round_of_shaking_ends_on_time_though_a_worker_is_killed(
    host: Phone, phones: list[Phone], installation: Installation
) -> None:
    hall = Hall(host, phones, "shake")
    sockets = [hall.socket(place) for place in range(4)]
    begun = host.ok("POST", f"/shakes/{hall.activity_id}/rounds", {"mode": "race", "seconds": 5})
    for socket in sockets:
        socket.in_phase("running")
    told: dict[int, int] = {}
    for place, socket in enumerate(sockets):
        report = partial(reported, socket, hall, begun["id"])
        told[place] = until(report, 10, "a shake")
    pulses = len([one for one in sockets[0].heard if one["type"] == "shake.pulse"])
    sockets[0].wait(lambda _: len(_pulses(sockets[0])) > pulses + 1)
    workers = [one for one in installation.processes() if "gunicorn: worker" in one.command]
    installation.kill(workers[:1])
    installation.wait_until_ready()
    back = [Socket(phone, hall.event_id) for phone in phones]
    for place, socket in enumerate(back):
        assert socket.in_phase("podium")["podium"]["shakers"] == 4
        own = socket.ask("look", hall.activity_id)["data"]
        assert own["count"] >= told[place]
        assert own["points"] > 0
        socket.close()


def _pulses(socket: Socket) -> list[dict]:
    return [message for message in list(socket.heard) if message["type"] == "shake.pulse"]


def test_guest_is_shown_masked_names_and_staff_whole_ones(
    installation: Installation, host: Phone, phones: list[Phone]
) -> None:
    hall = Hall(host, phones[:1], "anniversary")
    keywords = next(one["id"] for one in hall.event["activities"] if one["kind"] == "keywords")
    guest = Phone(installation, "a-guest-who-looks-on")
    guest.log_in()
    guest.join(hall.event["join_code"])
    hall.phones.append(guest)
    word = host.ok("GET", f"/keywords/{keywords}/words")[0]
    host.ok("POST", f"/keywords/{keywords}/open", {"word_ids": [word["id"]]})
    colleague, looker = hall.socket(0), hall.socket(1)
    colleague.ask("keywords.reply", keywords, text=word["text"])
    name = phones[0].ok("GET", "/me")["staff"]["name"]
    colleague.wait(lambda message: f'"{name}"' in json.dumps(message, ensure_ascii=False))
    masked = masked_name(name)
    looker.wait(lambda message: f'"{masked}"' in json.dumps(message, ensure_ascii=False))
    assert name not in json.dumps(looker.heard, ensure_ascii=False)
    shown = guest.ok("GET", f"/keywords/{keywords}")
    assert masked in json.dumps(shown, ensure_ascii=False)
    assert name not in json.dumps(shown, ensure_ascii=False)
    for socket in hall.sockets:
        socket.close()
