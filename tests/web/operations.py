"""Every operation of the API, as its own OpenAPI document lists them, with real ids to call it with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from tests.support import TRAINER, Centre, Phone, hunt_of, picture_bytes

JSON = "application/json"
# It answers for ever.
ENDLESS = "/api/v1/events/{event_id}/stream"


@dataclass(frozen=True)
class Operation:
    """A method on a path; `fields` are the properties of its JSON body.

    `security` is what the document says of it alone, None where it says nothing.
    """

    method: str
    path: str
    query: tuple[str, ...]
    fields: dict[str, Any] = field(hash=False)
    takes_json: bool
    security: list[dict[str, Any]] | None = field(hash=False)

    @property
    def is_public(self) -> bool:
        """Whether anybody may call it."""
        return self.security == []

    @property
    def takes_screen(self) -> bool:
        """Whether the cookie of a screen does in place of a token."""
        return any("screen" in way for way in self.security or ())

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def at(self, ids: dict[str, Any]) -> str:
        """Return the path with ids filled in; those that differ by kind of game are dicts."""
        return re.sub(r"\{(\w+)\}", lambda found: str(id_in(self.path, ids[found[1]])), self.path)

    def names(self) -> list[str]:
        """Return the names of the ids in the path."""
        return re.findall(r"\{(\w+)\}", self.path)


def id_in(path: str, value: Any) -> Any:
    """Return an id for a path like `/api/v1/hunts/…`."""
    return value[path.split("/")[3]] if isinstance(value, dict) else value


def operations(app: Flask) -> list[Operation]:
    """Return every operation that the OpenAPI document names."""
    document = app.test_client().get("/api/openapi.json").json
    assert document is not None
    return list(_operations(document))


def _operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            parameters = [
                _resolved(document, parameter) for parameter in operation.get("parameters", ())
            ]
            content = operation.get("requestBody", {}).get("content", {})
            body = _resolved(document, content.get(JSON, {}).get("schema", {}))
            yield Operation(
                method.upper(),
                path,
                tuple(p["name"] for p in parameters if p["in"] == "query"),
                body.get("properties", {}),
                JSON in content,
                operation.get("security"),
            )


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    found: Any = document
    for step in schema["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Stage:
    """People around an event in which a question is open, and the ids of everything in it."""

    host: Phone
    trainer: Phone
    player: Phone
    guest: Phone
    ids: dict[str, Any]

    def people(self) -> dict[str, Phone]:
        """Return everybody, and nobody."""
        return {
            "host": self.host,
            "trainer": self.trainer,
            "player": self.player,
            "guest": self.guest,
            "nobody": Phone(self.host.app, "nobody"),
        }


def set_stage(centre: Centre) -> Stage:
    """Open an event, let a player and a guest join, and open a question."""
    host, trainer, guest = centre.host(), centre.staff(TRAINER), centre.guest()
    player, other = centre.people(2)
    event = centre.open_event(host)
    centre.join(event, guest)
    [joined] = centre.join(event, player)
    dig = player.ok("POST", f"{hunt_of(event)}/digs", {"site": "lake"})
    pairing = guest.ok("POST", "/screens/pairings", {"event_id": event["id"]})
    contest, shake = (_game(centre, host, player, kind) for kind in ("contest", "shake"))
    host.ok("POST", f"/contests/{contest}/actions", {"action": "begin"})
    shown = host.ok("POST", f"/contests/{contest}/actions", {"action": "next", "position": 1})
    shaken = host.ok("POST", f"/shakes/{shake}/rounds", {"mode": "race"})
    drawing = _game(centre, host, player, "drawing", other)
    host.ok("POST", f"/drawings/{drawing}/begin")
    keywords = _game(centre, host, player, "keywords", template="anniversary")
    word = host.ok("GET", f"/keywords/{keywords}/words")[0]["id"]
    host.ok("POST", f"/keywords/{keywords}/open", {"word_ids": [word]})
    polls = _game(centre, host, player, "polls", template="anniversary")
    poll = host.ok("GET", f"/polls/{polls}")["items"][0]["id"]
    host.ok("POST", f"/polls/{polls}/polls/{poll}/actions", {"action": "open"})
    raffle = _game(centre, host, player, "raffle", template="anniversary")
    prize = host.ok("GET", f"/raffles/{raffle}")["prizes"][0]["id"]
    drawn = host.ok("POST", f"/raffles/{raffle}/draws", {"prize_id": prize, "count": 1})
    picks = host.ok("POST", f"/raffles/{raffle}/draws/{drawn['id']}/draw", {"upto": 1})["picks"]
    ids = {
        "event_id": event["id"],
        "activity_id": {
            "hunts": event["activities"][0]["id"],
            "contests": contest,
            "shakes": shake,
            "drawings": drawing,
            "keywords": keywords,
            "raffles": raffle,
            "events": drawing,
            "polls": polls,
        },
        "poll_id": poll,
        "turn_id": player.ok("GET", f"/drawings/{drawing}")["turn_id"],
        "round_id": {"contests": shown["state"]["round"]["id"], "shakes": shaken["id"]},
        "word_id": word,
        "prize_id": prize,
        "draw_id": drawn["id"],
        "pick_id": picks[0]["id"],
        "dig_id": dig["id"],
        "player_id": joined["id"],
        "suggestion_id": player.ok("POST", f"/polls/{polls}/suggestions", {"text": "夜宵"})["id"],
        "item_id": _item(host, player, event["id"]),
        "board": "event",
        "number": "299999",
        "bank": "business",
        "secret": pairing["secret"],
        "question_id": dig["question"]["id"],
    }
    return Stage(host, trainer, player, guest, ids)


def _item(host: Phone, player: Phone, event_id: int) -> int:
    """Let the player upload a picture, and return the id of its item."""
    made = player.upload(f"/events/{event_id}/pictures", picture_bytes())
    assert host.ok("GET", f"/events/{event_id}/moderation")["pending"] == 1
    return int(made["id"])


def _game(
    centre: Centre, host: Phone, player: Phone, kind: str, *others: Phone, template: str = ""
) -> int:
    """Open an event with a game that the player joins; return the activity's id."""
    event = centre.open_event(host, template or kind)
    centre.join(event, player, *others)
    return next(int(found["id"]) for found in event["activities"] if found["kind"] == kind)
