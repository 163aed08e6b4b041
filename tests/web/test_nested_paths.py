"""A child belongs to its parent: every path with more than one id, with a child of another parent.

Everything is there twice, with the same people, so that only the path is wrong. A new operation is
among these without being named; one whose child this test does not know fails here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from backend.activities.polls.models import PollOption
from backend.events.models import Activity
from tests.identity.test_access import OPERATIONS
from tests.support import Centre, Phone, picture_bytes
from tests.web.operations import (
    JSON,
    Operation,
    Stage,
    id_in,
    operations,
    resolved,
    set_stage,
    set_twins,
)

# They are in a path behind another id and belong to no parent: the place of a drawing in its
# gallery, a picture of a post.
NO_IDS = {"number", "cover_id"}
# What the child is when it is named otherwise than by its own id.
NAMED = {"board": lambda ids: f"activity-{ids['activity_id']['hunts']}"}
# With its own ids too it finds nothing at this moment: no turn is over.
NOTHING_THERE = {"GET /api/v1/drawings/{activity_id}/gallery/{turn_id}"}


# Stands for the id in a body; texts in braces stand for ids of the caller's own event.
ID = "{}"


@dataclass(frozen=True)
class Named:
    """A field of a body or of a query that names a child of the event: which child, and a body."""

    operation: str
    field: str
    child: str
    body: Any = None

    @property
    def in_query(self) -> bool:
        """Whether the field is in the query."""
        return self.body is None


_EVENT, _POLLS, _RAFFLE = (
    "/api/v1/events/{event_id}",
    "/api/v1/polls/{activity_id}",
    "/api/v1/raffles/{activity_id}",
)
_STEP = {"title": "开场", "minutes": 5, "notes": ""}
NAMED_ELSEWHERE = [
    Named(
        f"PUT {_EVENT}/agenda",
        "steps[].id",
        "step_id",
        {"version": 1, "steps": [{**_STEP, "id": ID}]},
    ),
    Named(
        f"PUT {_EVENT}/agenda",
        "steps[].activity_id",
        "of_event",
        {"version": 2, "steps": [{**_STEP, "activity_id": ID}]},
    ),
    Named(f"GET {_EVENT}/receipts", "player_id", "player_id"),
    Named(
        f"POST {_EVENT}/adjustments",
        "player_id",
        "player_id",
        {"player_id": ID, "points": 1, "reason": "补分"},
    ),
    Named("PUT /api/v1/drawings/{activity_id}/pin", "turn_id", "turn_id", {"turn_id": ID}),
    Named("POST /api/v1/keywords/{activity_id}/open", "word_ids", "word_id", {"word_ids": [ID]}),
    Named("POST /api/v1/keywords/{activity_id}/close", "word_ids", "word_id", {"word_ids": [ID]}),
    Named(
        f"POST {_RAFFLE}/prizes",
        "picture_id",
        "event_picture",
        {"title": "奖", "stock": 1, "picture_id": ID},
    ),
    Named(
        f"PUT {_RAFFLE}/prizes/{{prize_id}}",
        "picture_id",
        "event_picture",
        {"title": "奖", "stock": 1, "picture_id": ID},
    ),
    Named(f"POST {_RAFFLE}/draws", "prize_id", "prize_id", {"prize_id": ID, "count": 1}),
    Named(
        f"POST {_RAFFLE}/draws",
        "pool.list_id",
        "list_id",
        {"prize_id": "{prize_id}", "count": 1, "pool": {"list_id": ID}},
    ),
    Named(
        f"POST {_POLLS}/polls",
        "entries[].picture_id",
        "event_picture",
        {"title": "题", "entries": [{"title": "甲", "picture_id": ID}]},
    ),
    Named(
        f"POST {_POLLS}/finals",
        "entries[].picture_id",
        "event_picture",
        {
            "title": "题",
            "heats": ["{poll_id}"],
            "first": 1,
            "entries": [{"title": "甲", "picture_id": ID}],
        },
    ),
    Named(f"POST {_POLLS}/finals", "heats", "poll_id", {"title": "题", "heats": [ID], "first": 1}),
    Named(
        f"POST {_POLLS}/finals",
        "direct_option_ids",
        "option_id",
        {"title": "题", "heats": ["{poll_id}"], "first": 1, "direct_option_ids": [ID]},
    ),
    Named(
        f"PUT {_POLLS}/polls/{{poll_id}}",
        "entries[].picture_id",
        "event_picture",
        {"title": "题", "entries": [{"title": "甲", "picture_id": ID}]},
    ),
    Named(
        f"PUT {_POLLS}/polls/{{poll_id}}/wording",
        "entries[].picture_id",
        "event_picture",
        {"title": "题", "entries": [{"id": "{option_id}", "title": "甲", "picture_id": ID}]},
    ),
    Named(
        f"PUT {_POLLS}/polls/{{poll_id}}/wording",
        "entries[].id",
        "option_id",
        {"title": "题", "entries": [{"id": ID, "title": "甲"}]},
    ),
    Named(
        f"POST {_POLLS}/polls/{{poll_id}}/ballots",
        "choice",
        "option_id",
        {"choice": [ID], "receipt": "a-receipt-of-a-phone-77"},
    ),
    Named(
        f"POST {_POLLS}/suggestions",
        "picture_id",
        "event_picture",
        {"text": "种花", "picture_id": ID},
    ),
    Named(
        f"POST {_POLLS}/suggestions/{{suggestion_id}}/merge", "into", "suggestion_id", {"into": ID}
    ),
    Named(
        f"POST {_POLLS}/suggestions/polls",
        "suggestion_ids",
        "suggestion_id",
        {"title": "做什么", "number": 77, "suggestion_ids": [ID]},
    ),
    Named(
        f"PUT {_EVENT}/screen-choice",
        "activity_id",
        "of_event",
        {"shows": "activity", "activity_id": ID},
    ),
]
# These name things that belong to no event (an event, a question, a team, a column, a picture of a
# post) or a letter; the steps treat an activity of another event as none.
OF_NO_EVENT = {
    ("POST /api/v1/events", "copy_of"),
    ("POST /api/v1/screens/pairings", "event_id"),
    (f"GET {_EVENT}/steps", "activity_id"),
    (f"POST {_EVENT}/corrections", "question_id"),
    (f"POST {_EVENT}/corrections/preview", "question_id"),
    ("POST /api/v1/hunts/{activity_id}/digs/{dig_id}/answer", "choice"),
    ("POST /api/v1/contests/{activity_id}/rounds/{round_id}/answer", "choice"),
    ("POST /api/v1/drawings/{activity_id}/turns/{turn_id}/choice", "choice"),
    ("POST /api/v1/shakes/{activity_id}/rounds", "team_ids"),
    (f"POST {_RAFFLE}/draws", "pool.team_ids"),
    ("GET /api/v1/posts", "column_id"),
    ("GET /api/v1/posts/sources", "column_id"),
    ("POST /api/v1/posts", "season_id"),
    ("POST /api/v1/posts", "event_id"),
    ("POST /api/v1/posts", "column_id"),
    ("PUT /api/v1/posts/columns/order", "column_ids"),
    ("POST /api/v1/posts/submissions", "column_id"),
    ("PUT /api/v1/posts/submissions/{submission_id}", "column_id"),
    ("PUT /api/v1/posts/submissions/{submission_id}", "picture_ids"),
    ("PUT /api/v1/posts/{post_id}/source", "season_id"),
    ("PUT /api/v1/posts/{post_id}/source", "event_id"),
    ("PUT /api/v1/posts/{post_id}/source", "cover_id"),
    ("POST /api/v1/posts/{post_id}/lesson/answers", "question_id"),
    ("PUT /api/v1/people/birthday", "choice"),
    ("POST /api/v1/posts/{post_id}/lesson/answers", "choice"),
}
# These do not look at the id because of the state of the prize, the draw or the poll, or because
# one suggestion makes no poll.
REFUSED_BEFORE = {
    (f"PUT {_RAFFLE}/prizes/{{prize_id}}", "picture_id"),
    (f"POST {_RAFFLE}/draws", "pool.list_id"),
    (f"POST {_POLLS}/finals", "entries[].picture_id"),
    (f"PUT {_POLLS}/polls/{{poll_id}}", "entries[].picture_id"),
    (f"POST {_POLLS}/suggestions/polls", "suggestion_ids"),
}
_IS_ID = re.compile(r"(?:_ids?|\bid|into|heats|choice|copy_of)\Z")


def fields_of_ids(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (operation, field) of each field of a body or a query that names something by id."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method == "parameters":
                continue
            content = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
            fields = list(_fields_in(document, content.get("schema", {})))
            fields += [
                one["name"]
                for one in (resolved(document, p) for p in operation.get("parameters", ()))
                if one["in"] == "query"
            ]
            yield from ((f"{method.upper()} {path}", one) for one in fields if _IS_ID.search(one))


def _fields_in(document: dict[str, Any], schema: dict[str, Any], before: str = "") -> Iterator[str]:
    for name, found in resolved(document, schema).get("properties", {}).items():
        one = resolved(document, found)
        yield before + name
        yield from _fields_in(document, one, f"{before}{name}.")
        yield from _fields_in(document, one.get("items", {}), f"{before}{name}[].")


def filled(body: Any, value: Any, own: dict[str, Any]) -> Any:
    """Return a body with the id in its place, and with ids of the caller's own event."""
    if isinstance(body, dict):
        return {name: filled(one, value, own) for name, one in body.items()}
    if isinstance(body, list):
        return [filled(one, value, own) for one in body]
    if body == ID:
        return value
    is_own = isinstance(body, str) and body.startswith("{")
    return own[body.strip("{}")] if is_own else body


def nested(app: Flask) -> list[Operation]:
    """Return the operations with more than one id in the path."""
    return [one for one in operations(app) if len(children(one)) > 0]


def children(operation: Operation) -> list[str]:
    """Return the ids that follow the first of a path."""
    return [name for name in operation.names()[1:] if name not in NO_IDS]


def ids_of(stage: Stage) -> dict[str, Any]:
    """Return the ids of a stage, with those that a path names in another way."""
    return with_option({**stage.ids, **{name: named(stage.ids) for name, named in NAMED.items()}})


def with_option(ids: dict[str, Any]) -> dict[str, Any]:
    """Return ids with that of an option of the poll."""
    option = PollOption.select().where(PollOption.poll == ids["poll_id"]).first()
    return {**ids, "option_id": option.id}


def with_more(stage: Stage) -> dict[str, Any]:
    """Return the ids of a stage with those that only bodies name: an activity of the event, and
    pictures that the player uploaded to the events of polls and raffles."""
    pictures = {}
    for prefix in ("polls", "raffles"):
        event_id = Activity.get_by_id(stage.ids["activity_id"][prefix]).event_id
        path = f"/events/{event_id}/pictures"
        pictures[prefix] = stage.player.upload(path, picture_bytes())["id"]
    more = {"event_picture": pictures, "of_event": stage.ids["activity_id"]["hunts"]}
    return {**ids_of(stage), **more}


def asked(phone: Phone, operation: Operation, ids: dict[str, Any]) -> tuple[int, str]:
    """Call an operation with well-formed contents; returns its status and slug."""
    known = OPERATIONS[str(operation)]
    path = operation.at(ids).removeprefix("/api/v1")
    answer = phone.call(operation.method, path, known.body, known.headers)
    body = answer.get_json(silent=True)
    slug = body.get("error", "") if isinstance(body, dict) else ""
    answer.close()
    return answer.status_code, slug


def mixed(own: dict[str, Any], foreign: dict[str, Any], names: list[str]) -> list[dict[str, Any]]:
    """Return ids of which one child is foreign, and such of which all from one on are."""
    found = []
    for place, name in enumerate(names):
        found.append({**own, name: foreign[name]})
        if place + 1 < len(names):
            found.append({**own, **{later: foreign[later] for later in names[place:]}})
    return found


@dataclass(frozen=True)
class Halls:
    """The ids of an event and its games, of another event, and of other games in the same event."""

    callers: dict[str, Phone]
    own: dict[str, Any]
    elsewhere: dict[str, Any]
    twin: dict[str, Any]


@pytest.fixture(scope="module")
def halls(lasting_app: Flask, wechat_url: str) -> Halls:
    """Return everything twice."""
    centre = Centre(lasting_app, wechat_url)
    one, other = set_stage(centre), set_stage(centre)
    own = with_more(one)
    twin = with_option({**own, **set_twins(centre, one)})
    return Halls({"host": one.host, "player": one.player}, own, with_more(other), twin)


def test_child_of_another_parent_is_not_found(halls: Halls) -> None:
    own, app = halls.own, halls.callers["host"].app
    let_in = {}
    found = nested(app)
    for operation in found:
        names = children(operation)
        assert set(names) <= own.keys(), f"{operation}: which child is this?"
        wrong = [*mixed(own, halls.elsewhere, names), *mixed(own, halls.twin, names)]
        for ids in wrong:
            if operation.at(ids) == operation.at(own):
                continue
            answers = {who: asked(phone, operation, ids) for who, phone in halls.callers.items()}
            statuses = {status for status, _ in answers.values()}
            if 404 not in statuses or not statuses <= {403, 404}:
                let_in[operation.at(ids), operation.method] = answers
    assert let_in == {}
    assert len(found) > 40


def sent(halls: Halls, case: Named, value: Any) -> dict[str, tuple[int, str]]:
    """Send a request with an id in its body or query; return the answers of all callers."""
    method, path = case.operation.split(" ", 1)
    there = re.sub(r"\{(\w+)\}", lambda found: str(id_in(path, halls.own[found[1]])), path)
    told = {}
    for who, phone in halls.callers.items():
        there_ = there.removeprefix("/api/v1") + (f"?{case.field}={value}" if case.in_query else "")
        body = None if case.in_query else filled(case.body, value, halls.own)
        headers = {"Idempotency-Key": f"{value}"} if path.endswith("adjustments") else {}
        answer = phone.call(method, there_, body, headers)
        shown = answer.get_json(silent=True)
        slug = shown.get("error", "") if isinstance(shown, dict) else ""
        told[who] = answer.status_code, slug
    return told


def test_id_of_another_event_in_a_body_or_query_is_refused(halls: Halls) -> None:
    let_in, as_own = {}, set()
    for case in NAMED_ELSEWHERE:
        path = case.operation.split(" ", 1)[1]
        foreign = sent(halls, case, id_in(path, halls.elsewhere[case.child]))
        if any(status < 400 for status, _ in foreign.values()):
            let_in[case.operation, case.field] = foreign
        if foreign == sent(halls, case, id_in(path, halls.own[case.child])):
            as_own.add((case.operation, case.field))
    assert let_in == {}
    # The id is what is refused: one of the caller's own gets another answer.
    assert as_own == REFUSED_BEFORE


def test_every_id_in_a_body_or_query_is_known_here(halls: Halls) -> None:
    document = halls.callers["host"].app.test_client().get("/api/openapi.json").json
    found = set(fields_of_ids(document))
    assert found == {(case.operation, case.field) for case in NAMED_ELSEWHERE} | OF_NO_EVENT


def test_what_belongs_to_the_parent_is_found(halls: Halls) -> None:
    # Operations that end something come last, also among these tests.
    order, found = list(OPERATIONS), nested(halls.callers["host"].app)
    missing = {
        str(operation)
        for operation in sorted(found, key=lambda one: order.index(str(one)))
        if all(asked(phone, operation, halls.own)[0] == 404 for phone in halls.callers.values())
    }
    assert missing == NOTHING_THERE


def test_every_path_names_its_ids_in_the_document(routes: Flask) -> None:
    found = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in routes.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and len(rule.arguments) > 1
    }
    assert found == {one.path for one in operations(routes) if len(one.names()) > 1}
