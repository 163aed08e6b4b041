"""What a phone's socket answers when a server that it needs cannot be reached."""

import json
from typing import Any

import peewee
import pytest
import redis

from backend.phones.conversation import Conversation
from backend.postgres import NoConnectionFree

AWAY = (
    redis.ConnectionError("refused"),
    NoConnectionFree("no connection became free"),
    peewee.OperationalError("the connection was closed"),
    peewee.InternalError("read-only"),
)
SENTENCES = {
    "zh": "服务暂时不可用，请稍后再试。",
    "en": "The service is away for a moment; please try again.",
}


class Away:
    """The connection of a phone, on which every look into the database or Redis fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def kind_of(self, activity_id: int) -> str | None:
        raise self._error


class Line:
    """What a phone is told: type and data of each message."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any, Any]] = []

    def say(self, kind: str, data: Any, **more: Any) -> None:
        self.told.append((kind, data, more["id"]))


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_message_is_refused_with_a_time_to_repeat_it(error: Exception, language: str) -> None:
    line, talk = Line(), Conversation(Away(error), {}, language)  # type: ignore[arg-type]
    asked = {"type": "contest.answer", "id": 3, "activity_id": 1, "data": {}}
    assert talk.hear(json.dumps(asked), line) is None
    [(kind, body, number)] = line.told
    assert (kind, number) == ("refusal", 3)
    assert (body["code"], body["error"], body["retry_after_seconds"]) == (503, "unavailable", 1)
    assert body["message"] == SENTENCES[language]
