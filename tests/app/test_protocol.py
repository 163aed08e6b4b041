"""Stub phones and the mini program read one protocol, and it is the server's."""

from pathlib import Path

from backend.activities import KINDS
from backend.app import create_app
from backend.config import load_settings
from backend.phones import conversation
from miniprogram_stub.protocol import PROTOCOL, SCRIPT, as_script


def test_mini_program_has_the_protocol_as_it_is_written() -> None:
    assert SCRIPT.read_text(encoding="utf-8") == as_script()


def test_every_code_that_closes_a_socket_has_a_consequence() -> None:
    assert {str(close.code) for close in conversation.CLOSES} <= set(PROTOCOL["closes"])
    assert set(PROTOCOL["closes"].values()) <= {
        "again",
        "later",
        "move",
        "stop",
        "sign_in",
        "ask",
        "fresh",
    }


def test_phone_shows_signs_of_life_as_often_as_the_server_wants() -> None:
    assert PROTOCOL["heartbeat_seconds"] < conversation.HEARTBEAT_SECONDS


def test_every_kind_of_activity_is_known() -> None:
    assert set(PROTOCOL["kinds"]) == {kind.name for kind in KINDS}


def test_words_on_the_socket_are_those_of_the_server(tmp_path: Path) -> None:
    app = create_app(load_settings({"LINKA_DATA_DIR": str(tmp_path)}))
    plays = app.extensions["linka.plays"].values()
    app.extensions["linka.redis"].close()
    app.extensions["linka.database"].close()
    words = {word for play in plays for word in play.messages}
    told = {kind for play in plays for kind in play.told}
    own = {"hello", "state", "ack", "refusal", "pong", "beat", "posts.notice"}
    assert set(PROTOCOL["requests"]) == {"ping", "look"} | words
    # Phones hear how a shake goes, and nothing else of what moves.
    assert set(PROTOCOL["messages"]) == own | told


def test_paths_are_in_the_openapi_document(tmp_path: Path) -> None:
    app = create_app(load_settings({"LINKA_DATA_DIR": str(tmp_path)}))
    paths = app.test_client().get("/api/openapi.json").json["paths"]
    app.extensions["linka.redis"].close()
    app.extensions["linka.database"].close()
    wanted = {PROTOCOL["api_path"] + path for path in PROTOCOL["paths"].values()}
    wanted |= {
        f"{PROTOCOL['api_path']}{facts['path']}/{{activity_id}}"
        for kind, facts in PROTOCOL["kinds"].items()
        if kind != "polls"
    }
    assert wanted <= set(paths)
