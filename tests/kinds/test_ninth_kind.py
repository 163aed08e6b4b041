"""A kind that no shared file knows is played, corrected and wiped like any other."""

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from backend.activities import KINDS
from backend.events.kinds import Kinds
from tests.kinds.evening import QuickfireEvening, Talk, served
from tests.kinds.quickfire.kind import Quickfire
from tests.kinds.quickfire.replies import Reply


def test_new_kind_is_played_over_http_and_corrected(evening: QuickfireEvening) -> None:
    right, wrong = evening.phones
    assert evening.reply(right, "B") == {"right": True}
    assert evening.reply(wrong, "A") == {"right": False}
    assert evening.points() == {evening.players[0]: 10, evening.players[1]: 0}
    body = {
        "question_id": evening.question.id,
        "action": "rekey",
        "key": ["A"],
        "reason": "答案有误",
    }
    corrected = evening.host.ok("POST", f"/events/{evening.event['id']}/corrections", body)
    assert corrected == {"rescored": 2}
    assert evening.points() == {evening.players[0]: 0, evening.players[1]: 10}


def test_new_kind_is_wiped(evening: QuickfireEvening) -> None:
    evening.reply(evening.phones[0], "B")
    assert Reply.select().count() == 1
    evening.host.ok("DELETE", f"/events/{evening.event['id']}/data")
    assert Reply.select().count() == 0


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_new_kind_is_played_on_sockets(app: Flask, evening: QuickfireEvening) -> None:
    with served(app) as server:
        talks = [Talk(server, phone, evening.event["id"]) for phone in evening.phones]
        shown = talks[1].hears("state")["activities"][0]
        assert (shown["kind"], shown["stem"], shown["answers"]) == ("quickfire", "哪一项？", [])
        said = talks[0].asks("quickfire.reply", evening.activity_id, choice="B")
        assert said == {"right": True}
        assert talks[1].hears("quickfire.buzz")["activity_id"] == evening.activity_id
        talks[1].hears("state", lambda state: len(state["activities"][0]["answers"]) == 1)
        assert talks[0].asks("look", evening.activity_id) == {"choice": "B"}
        for talk in talks:
            talk.close()
    assert evening.points()[evening.players[0]] == 10


def test_new_kind_brings_its_operations_files_and_commands(app: Flask) -> None:
    client = app.test_client()
    assert (
        "/api/v1/quickfires/{activity_id}/replies" in client.get("/api/openapi.json").json["paths"]
    )
    for file in (*Quickfire.screen_scripts, *Quickfire.screen_styles):
        with client.get(f"/screen/kinds/quickfire/{file}") as answer:
            assert "抢答" in answer.text

    @click.group()
    def main() -> None:
        """Gather the commands."""

    for command in Kinds(*KINDS, Quickfire()).commands():
        main.add_command(command)
    assert CliRunner().invoke(main, ["quickfire"]).output == "抢答\n"
