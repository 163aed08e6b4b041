"""A child belongs to its parent: every path with more than one id, with a child of another parent.

Everything is there twice, with the same people, so that only the path is wrong. A new operation is
among these without being named; one whose child this test does not know fails here.
"""

import re
from typing import Any

import pytest
from flask import Flask

from tests.identity.test_access import OPERATIONS
from tests.support import Centre, Phone
from tests.web.operations import Operation, Stage, operations, set_stage, set_twins

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

# They are in a path behind another id, and are none: the place of a drawing in its gallery.
NO_IDS = {"number"}
# What the child is when it is named otherwise than by its own id.
NAMED = {"board": lambda ids: f"activity-{ids['activity_id']['hunts']}"}
# With its own ids too it finds nothing at this moment: no turn is over.
NOTHING_THERE = {"GET /api/v1/drawings/{activity_id}/gallery/{turn_id}"}


def nested(app: Flask) -> list[Operation]:
    """Return the operations with more than one id in the path."""
    return [one for one in operations(app) if len(children(one)) > 0]


def children(operation: Operation) -> list[str]:
    """Return the ids that follow the first of a path."""
    return [name for name in operation.names()[1:] if name not in NO_IDS]


def ids_of(stage: Stage) -> dict[str, Any]:
    """Return the ids of a stage, with those that a path names in another way."""
    return {**stage.ids, **{name: named(stage.ids) for name, named in NAMED.items()}}


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


def test_child_of_another_parent_is_not_found(app: Flask, centre: Centre) -> None:
    one, other = set_stage(centre), set_stage(centre)
    own, elsewhere = ids_of(one), ids_of(other)
    # Of another event, and of another game of the same kind in the same event.
    twin = {**own, **set_twins(centre, one)}
    callers = {"host": one.host, "player": one.player}
    let_in = {}
    found = nested(app)
    for operation in found:
        names = children(operation)
        assert set(names) <= own.keys(), f"{operation}: which child is this?"
        wrong = [*mixed(own, elsewhere, names), *mixed(own, twin, names)]
        for ids in wrong:
            if operation.at(ids) == operation.at(own):
                continue
            answers = {who: asked(phone, operation, ids) for who, phone in callers.items()}
            statuses = {status for status, _ in answers.values()}
            if 404 not in statuses or not statuses <= {403, 404}:
                let_in[operation.at(ids), operation.method] = answers
    assert let_in == {}
    assert len(found) > 40
    # The same calls find what belongs to the parent. What ends something comes last.
    order = list(OPERATIONS)
    missing = {
        str(operation)
        for operation in sorted(found, key=lambda one: order.index(str(one)))
        if all(asked(phone, operation, own)[0] == 404 for phone in callers.values())
    }
    assert missing == NOTHING_THERE


def test_every_path_names_its_ids_in_the_document(app: Flask) -> None:
    routes = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and len(rule.arguments) > 1
    }
    assert routes == {one.path for one in operations(app) if len(one.names()) > 1}
