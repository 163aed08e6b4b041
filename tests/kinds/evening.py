"""An evening of `quickfire`, a kind that lives in tests, on an app and behind a port."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from backend.activities import KINDS
from backend.app import create_app
from backend.config import Settings
from backend.events.kinds import Kinds
from backend.questions.models import Question, QuestionBank
from miniprogram_stub.live.wire import PromptClient
from tests.installation import until
from tests.kinds.quickfire.kind import Quickfire
from tests.kinds.quickfire.replies import Reply
from tests.support import Centre, Phone

TEMPLATE = """
name: quickfire
title: 抢答之夜
description: 一道题，先答先得。
activities:
  - {kind: quickfire, title: 抢答, settings: {bank: quick, points: 10}}
"""
PATIENCE_SECONDS = 15


@contextmanager
def app_with_quickfire(settings: Settings) -> Iterator[Flask]:
    """Build an app that knows one kind more. Its clock goes: snapshots are sent by it."""
    made = create_app(settings, kinds=Kinds(*KINDS, Quickfire()))
    Reply.create_table()
    yield made
    for play in made.extensions["linka.plays"].values():
        play.close()
    made.extensions["linka.offload"].close()
    made.extensions["linka.redis"].close()
    made.extensions["linka.database"].close()


@contextmanager
def served(app: Flask) -> Iterator[BaseWSGIServer]:
    """Put an app behind a port; in the end it waits until all who watched are gone."""
    made = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    until(lambda: not _readers(), PATIENCE_SECONDS, "readers to end")
    made.shutdown()
    thread.join()
    made.server_close()


def _readers() -> list[str]:
    names = [thread.name for thread in threading.enumerate()]
    return [name for name in names if name.startswith(("feed ", "revocations"))]


def write_template(folder: Path) -> Path:
    """Write the template of an evening, and return the folder of templates."""
    (folder / "quickfire.yaml").write_text(TEMPLATE, encoding="utf-8")
    return folder


class QuickfireEvening:
    """An open event with one question, its host, and phones that joined. Its key is B."""

    def __init__(self, centre: Centre, phones: int = 2) -> None:
        self.question = self._write_question()
        self.host = centre.host()
        self.event = centre.open_event(self.host, "quickfire", rehearsal=True)
        self.activity_id = int(self.event["activities"][0]["id"])
        self.phones = centre.people(phones)
        self.players = [one["id"] for one in centre.join(self.event, *self.phones)]

    def _write_question(self) -> Question:
        bank = QuestionBank.create(name="quick", title="抢答题库")
        return Question.create(
            bank=bank,
            code="Q-1",
            version=1,
            kind="single",
            topic="抢答",
            difficulty=1,
            stem="哪一项？",
            options=["甲", "乙", "丙"],
            key=["B"],
            explanation="",
            digest="",
            created_at=0,
        )

    def reply(self, phone: Phone, choice: str) -> Any:
        """Answer over HTTP."""
        return phone.ok("POST", f"/quickfires/{self.activity_id}/replies", {"choice": choice})

    def points(self) -> dict[str, int]:
        """Return the points of all on the board by name."""
        rows = self.host.ok("GET", f"/events/{self.event['id']}/leaderboards/event")["rows"]
        return {row["id"]: row["points"] for row in rows}


class Talk:
    """A phone's socket."""

    def __init__(self, server: BaseWSGIServer, phone: Phone, event_id: int) -> None:
        path = phone.ok("POST", f"/events/{event_id}/tickets")["path"]
        self._heard: list[dict[str, Any]] = []
        self._client = PromptClient.connect(f"ws://127.0.0.1:{server.port}{path}")

    def hears(self, kind: str, holds: Callable[[Any], bool] = lambda data: True) -> Any:
        """Return the data of the first message of a kind for which something holds, or wait for it."""
        while True:
            for message in self._heard:
                if message["type"] == kind and holds(message["data"]):
                    return message["data"]
            said = self._client.receive(PATIENCE_SECONDS)
            assert said is not None, f"no {kind} among {self._heard}"
            self._heard.append(json.loads(said))

    def asks(self, kind: str, activity_id: int, **data: Any) -> Any:
        """Say something and return what it is acknowledged with."""
        self._heard = [message for message in self._heard if message["type"] != "ack"]
        said = {"type": kind, "id": 1, "activity_id": activity_id, "data": data}
        self._client.send(json.dumps(said))
        return self.hears("ack")

    def close(self) -> None:
        """Hang up."""
        self._client.close()
