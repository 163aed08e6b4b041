"""Replays the requests of a file, each as its sender."""

import re
from collections.abc import Iterator
from typing import Any

from tests.support import Centre, FakeClock, Phone

_NAME = re.compile(r"\{(\w+)\}")


class Replay:
    """An event of a template, with a host and two players, who send requests.

    A request with `after_seconds` is sent so much later. After one with `draws_if`, the player
    whose answer has that field is the `drawer`, and the other one the `guesser`. After `question` is
    known, `choice` is an answer to it, right or wrong.
    """

    def __init__(self, centre: Centre, clock: FakeClock, template: str, kind: str) -> None:
        self._clock = clock
        host = centre.host()
        event = centre.open_event(host, template, rehearsal=True)
        first, second = centre.people(2)
        self._phones: dict[str, Phone] = {"host": host, "phone": first, "other": second}
        activity = next(one["id"] for one in event["activities"] if one["kind"] == kind)
        self._values: dict[str, Any] = {
            "event": event["id"],
            "join_code": event["join_code"],
            "activity": activity,
        }

    def send(self, requests: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], int, Any]]:
        """Send requests one after the other; yields each with the status and JSON of its answer."""
        for request in requests:
            self._clock.advance(request.get("after_seconds", 0))
            answer = self._phones[request["who"]].call(
                request["method"], self._filled(request["path"]), self._filled(request.get("body"))
            )
            yield request, answer.status_code, answer.json if answer.data else None
            if "draws_if" in request:
                players = [self._phones["phone"], self._phones["other"]]
                if not answer.json[request["draws_if"]]:
                    players.reverse()
                self._phones |= dict(zip(("drawer", "guesser"), players, strict=True))
            for name, path in request.get("keep", {}).items():
                self._values[name] = _part(answer.json, path)
                if name == "question":
                    self._values["choice"] = _choice(self._values[name])

    def _filled(self, value: Any) -> Any:
        """Return a value with names replaced by known values; `"{name}"` alone keeps its type."""
        if isinstance(value, dict):
            return {name: self._filled(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self._filled(part) for part in value]
        if not isinstance(value, str):
            return value
        alone = _NAME.fullmatch(value)
        if alone:
            return self._values[alone[1]]
        return _NAME.sub(lambda found: str(self._values[found[1]]), value)


def _part(answer: Any, path: str) -> Any:
    for step in path.split("."):
        answer = answer[int(step)] if step.isdigit() else answer[step]
    return answer


def _choice(question: dict[str, Any]) -> list[str]:
    keys = [option["key"] for option in question["options"]] or ["T"]
    return keys[:2] if question["kind"] == "multiple" else keys[:1]
