"""Stub phones and the mini program read one protocol, and it is the server's."""

from backend.activities import KINDS
from backend.phones import conversation
from miniprogram_stub.protocol import PROTOCOL, SCRIPT, as_script


def test_mini_program_has_the_protocol_as_it_is_written() -> None:
    assert SCRIPT.read_text(encoding="utf-8") == as_script()


def test_every_code_that_closes_a_socket_has_a_consequence() -> None:
    assert {str(close.code) for close in conversation.CLOSES} <= set(PROTOCOL["closes"])
    assert set(PROTOCOL["closes"].values()) <= {"again", "later", "stop", "sign_in", "ask", "fresh"}


def test_phone_shows_signs_of_life_as_often_as_the_server_wants() -> None:
    assert PROTOCOL["heartbeat_seconds"] < conversation.HEARTBEAT_SECONDS


def test_every_kind_of_activity_is_known() -> None:
    assert set(PROTOCOL["kinds"]) == {kind.name for kind in KINDS}
