"""Every operation of the API, as its own OpenAPI document lists them, with real ids to call it with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from backend.activities import KINDS
from backend.events.kinds import Kinds
from backend.events.models import Activity
from tests.support import TRAINER, Centre, Phone, picture_bytes

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
    pairing = guest.ok("POST", "/screens/pairings", {"event_id": event["id"]})
    games = {
        "hunts": int(event["activities"][0]["id"]),
        "contests": _game(centre, host, player, "contest"),
        "shakes": _game(centre, host, player, "shake"),
        "drawings": _game(centre, host, player, "drawing", other),
        "keywords": _game(centre, host, player, "keywords", template="anniversary"),
        "polls": _game(centre, host, player, "polls", template="anniversary"),
        "raffles": _game(centre, host, player, "raffle", template="anniversary"),
    }
    ids = {
        "event_id": event["id"],
        "activity_id": {**games, "events": games["drawings"]},
        **_play(host, player, games),
        "player_id": joined["id"],
        "item_id": _item(host, player, event["id"]),
        "board": "event",
        "number": "299999",
        "bank": "business",
        "secret": pairing["secret"],
    }
    return Stage(host, trainer, player, guest, ids)


def _play(host: Phone, player: Phone, games: dict[str, int]) -> dict[str, Any]:
    """Let something happen in each game; returns the ids of what it left."""
    contest, shake, drawing = games["contests"], games["shakes"], games["drawings"]
    keywords, polls, raffle = games["keywords"], games["polls"], games["raffles"]
    dig = player.ok("POST", f"/hunts/{games['hunts']}/digs", {"site": "lake"})
    host.ok("POST", f"/contests/{contest}/actions", {"action": "begin"})
    shown = host.ok("POST", f"/contests/{contest}/actions", {"action": "next", "position": 1})
    shaken = host.ok("POST", f"/shakes/{shake}/rounds", {"mode": "race"})
    host.ok("POST", f"/drawings/{drawing}/begin")
    word = host.ok("GET", f"/keywords/{keywords}/words")[0]["id"]
    host.ok("POST", f"/keywords/{keywords}/open", {"word_ids": [word]})
    poll = host.ok("GET", f"/polls/{polls}")["items"][0]["id"]
    host.ok("POST", f"/polls/{polls}/polls/{poll}/actions", {"action": "open"})
    prize = host.ok("GET", f"/raffles/{raffle}")["prizes"][0]["id"]
    drawn = host.ok("POST", f"/raffles/{raffle}/draws", {"prize_id": prize, "count": 1})
    picks = host.ok("POST", f"/raffles/{raffle}/draws/{drawn['id']}/draw", {"upto": 1})["picks"]
    return {
        "poll_id": poll,
        "turn_id": player.ok("GET", f"/drawings/{drawing}")["turn_id"],
        "round_id": {"contests": shown["state"]["round"]["id"], "shakes": shaken["id"]},
        "word_id": word,
        "prize_id": prize,
        "draw_id": drawn["id"],
        "pick_id": picks[0]["id"],
        "dig_id": dig["id"],
        "suggestion_id": player.ok("POST", f"/polls/{polls}/suggestions", {"text": "夜宵"})["id"],
        "question_id": dig["question"]["id"],
    }


def set_twins(centre: Centre, stage: Stage) -> dict[str, Any]:
    """Add a second game of each kind to the events of a stage, in which the same has happened;
    returns the ids of what it left."""
    twins = {name: _twin(game) for name, game in stage.ids["activity_id"].items()}
    twins.pop("events")
    event = Activity.get_by_id(stage.ids["activity_id"]["raffles"]).event
    # Who has won is in no other pool.
    centre.join({"join_code": event.join_code}, centre.staff("200090"))
    return _play(stage.host, stage.player, twins)


def _twin(activity_id: int) -> int:
    game = Activity.get_by_id(activity_id)
    facts = {"event": game.event, "kind": game.kind, "title": game.title}
    twin = Activity.create(**facts, position=99, settings=game.settings)
    Kinds(*KINDS)[game.kind].prepare(twin)
    return int(twin.id)


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
