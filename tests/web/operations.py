"""Every operation of the API, as its own OpenAPI document lists them, with real ids to call it with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from backend.activities import KINDS
from backend.events.models import Activity, Event
from backend.events.templates import all_templates
from backend.identity.models import Staff
from backend.posts.models import PostColumn
from tests.callers import Game, kinds
from tests.support import TRAINER, Centre, Phone, picture_bytes

JSON = "application/json"
# It sends events until the client goes away.
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
                resolved(document, parameter) for parameter in operation.get("parameters", ())
            ]
            content = operation.get("requestBody", {}).get("content", {})
            body = resolved(document, content.get(JSON, {}).get("schema", {}))
            yield Operation(
                method.upper(),
                path,
                tuple(p["name"] for p in parameters if p["in"] == "query"),
                body.get("properties", {}),
                JSON in content,
                operation.get("security"),
            )


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference in the document names; anything else as it is."""
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
    games = {}
    for name, kind in kinds():
        there = _activity_of(event, name)
        games[kind.PREFIX] = (
            Game(host, player, event["id"], there)
            if there
            else _game(centre, host, player, other, name)
        )
    on_events = next(kind.PREFIX for _, kind in kinds() if _is_on_events(kind))
    ids = {
        "event_id": event["id"],
        "activity_id": {
            **{prefix: game.activity_id for prefix, game in games.items()},
            "events": games[on_events].activity_id,
        },
        **_begin(games),
        "player_id": joined["id"],
        "item_id": _item(host, player, event["id"]),
        "media_id": _media(host, event["id"]),
        "entry_id": _entry(host, event["id"], joined["id"]),
        **_crew(host, event["id"]),
        "step_id": host.ok("GET", f"/events/{event['id']}/agenda")["steps"][0]["id"],
        "board": "event",
        "number": "299999",
        "bank": "business",
        "kind": "hunt",
        "session_id": 1,
        "column_id": 1,
        "table": "canteen",
        "card_id": 1,
        "question_id": player.ok("POST", "/lookup/questions", {"text": "几点开门"})["id"],
        **_post(host, player),
        "submission_id": _submission(player),
        "person_id": Staff.get(Staff.number == TRAINER).id,
        "team_id": _team(host),
        "pack": "everyday",
        "secret": pairing["secret"],
    }
    return Stage(host, trainer, player, guest, ids)


def _is_on_events(kind: Any) -> bool:
    """Say whether a kind has operations below the address of the event."""
    return any("/events/{event_id}/" in operation for operation in kind.OPERATIONS)


def _begin(games: dict[str, Game]) -> dict[str, Any]:
    """Let something happen in each game; returns the ids of what it left, in a dict by kind where
    several kinds have an id of that name."""
    found: dict[str, dict[str, Any]] = {}
    for _, kind in kinds():
        for name, made in kind.begin(games[kind.PREFIX]).items():
            found.setdefault(name, {})[kind.PREFIX] = made
    return {
        name: by_kind if len(by_kind) > 1 else next(iter(by_kind.values()))
        for name, by_kind in found.items()
    }


def set_twins(centre: Centre, stage: Stage) -> dict[str, Any]:
    """Add a second game of each kind to the events of a stage, in which the same has happened;
    returns the ids of what it left."""
    games = {
        kind.PREFIX: _twin(stage, stage.ids["activity_id"][kind.PREFIX]) for _, kind in kinds()
    }
    for game in games.values():
        # Who has won a prize may be in no further pool: each twin needs somebody new.
        code = Event.get_by_id(game.event_id).join_code
        centre.join({"join_code": code}, centre.staff("200090"))
    return _begin(games)


def _twin(stage: Stage, activity_id: int) -> Game:
    """Add another activity with the same settings to the event of one."""
    known = Activity.get_by_id(activity_id)
    facts = {"event": known.event, "kind": known.kind, "title": known.title}
    twin = Activity.create(**facts, position=99, settings=known.settings)
    KINDS[known.kind].prepare(twin)
    return Game(stage.host, stage.player, known.event_id, int(twin.id))


def _item(host: Phone, player: Phone, event_id: int) -> int:
    """Let the player upload a picture, and return the id of its item."""
    made = player.upload(f"/events/{event_id}/pictures", picture_bytes())
    assert host.ok("GET", f"/events/{event_id}/moderation")["pending"] == 1
    return int(made["id"])


def _media(host: Phone, event_id: int) -> int:
    """Let the host upload a background, and return its id."""
    made = host.upload(f"/events/{event_id}/media?kind=background", picture_bytes())
    return int(made["id"])


def _entry(host: Phone, event_id: int, player_id: int) -> int:
    """Let the host adjust points, and return the id of the entry."""
    body = {"player_id": player_id, "points": 1, "reason": "补分"}
    headers = {"Idempotency-Key": f"adjustment-{event_id}"}
    made = host.call("POST", f"/events/{event_id}/adjustments", body, headers)
    assert made.json is not None
    return int(made.json["id"])


def _post(host: Phone, player: Phone) -> dict[str, int]:
    """Let the host publish a post with a picture, and the player comment on it; returns their ids."""
    body = {"column_id": 1, "title": "开放日", "body": "欢迎大家来。", "audience": ["everyone"]}
    post_id = int(host.ok("POST", "/posts", body)["id"])
    path = f"/posts/{post_id}"
    picture = host.upload(f"{path}/pictures", picture_bytes())
    host.ok("PUT", f"{path}/source", {"version": 1, "cover_id": picture["id"]})
    for action in ("submit", "publish"):
        host.ok("POST", f"{path}/transitions", {"action": action})
    comment = player.ok("POST", f"{path}/comments", {"text": "真好"})
    return {
        "post_id": post_id,
        "picture_id": picture["id"],
        "cover_id": picture["id"],
        "comment_id": comment["id"],
    }


def _team(host: Phone) -> int:
    """Let the host give a team a picture; returns its id."""
    team_id = int(Staff.get(Staff.number == TRAINER).team_id)
    host.upload(f"/people/teams/{team_id}/picture", picture_bytes())
    return team_id


def _submission(player: Phone) -> int:
    """Let the player begin a submission; returns its id."""
    column_id = PostColumn.get(PostColumn.takes_submissions).id
    body = {"code": "phone-0001", "column_id": column_id, "title": "酸奶饼", "text": "先和面。"}
    return int(player.ok("POST", "/posts/submissions", body)["id"])


def _crew(host: Phone, event_id: int) -> dict[str, int]:
    """Give the crew a member and a task; returns their ids."""
    path = f"/events/{event_id}/crew"
    member = host.ok("POST", f"{path}/members", {"staff_number": "200090", "duty": "后勤"})
    task = host.ok("POST", f"{path}/tasks", {"title": "摆椅子", "duty": "后勤", "minutes": -60})
    return {"member_id": member["id"], "task_id": task["id"]}


def _game(centre: Centre, host: Phone, player: Phone, other: Phone, name: str) -> Game:
    """Open an event with a game of a kind that both play."""
    template = next(
        found["name"]
        for found in all_templates()
        if any(activity["kind"] == name for activity in found["activities"])
    )
    event = centre.open_event(host, template)
    centre.join(event, player, other)
    activity_id = _activity_of(event, name)
    assert activity_id is not None
    return Game(host, player, int(event["id"]), activity_id)


def _activity_of(event: dict[str, Any], name: str) -> int | None:
    """Return an event's activity of a kind."""
    return next((int(one["id"]) for one in event["activities"] if one["kind"] == name), None)
