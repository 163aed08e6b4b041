"""The OpenAPI document is right: requests that it allows and forbids are sent by every caller."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.operations import ENDLESS, Stage, id_in

# How many of the cases of each operation every caller sends: making them takes longer than sending
# them. Callers who are refused almost everywhere need fewer.
ALLOWED = {"host": 5, "player": 3, "trainer": 2, "guest": 1, "nobody": 1}
FORBIDDEN = {"host": 4, "player": 1}
# It would end the tokens of the one who asks.
SIGN_OUT = ("DELETE", "/api/v1/me/tokens")
CHECKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


@pytest.fixture(scope="module")
def document(stage: Stage) -> BaseSchema:
    """Return the document, read from the app."""
    return schemathesis.openapi.from_wsgi("/api/openapi.json", stage.host.app)


def _operations(document: BaseSchema) -> Iterator[APIOperation]:
    for result in document.get_all_operations():
        operation = result.ok()
        if operation.path != ENDLESS and (operation.method.upper(), operation.path) != SIGN_OUT:
            yield operation


def test_whatever_is_allowed_is_answered_as_documented(stage: Stage, document: BaseSchema) -> None:
    for operation in _operations(document):
        # Real ids, so that more than a 404 is seen.
        real = {
            parameter.name: id_in(operation.path, stage.ids[parameter.name])
            for parameter in operation.path_parameters
        }
        cases = operation.as_strategy(GenerationMode.POSITIVE, path_parameters=real)
        _send(cases, stage, ALLOWED)


def test_whatever_is_forbidden_is_refused_as_documented(stage: Stage, document: BaseSchema) -> None:
    for operation in _operations(document):
        if _can_be_wrong(operation):
            _send(operation.as_strategy(GenerationMode.NEGATIVE), stage, FORBIDDEN)


def _can_be_wrong(operation: APIOperation) -> bool:
    """Say whether the document forbids anything: any text may stand in a path."""
    numbers = [p for p in operation.path_parameters if p.definition["schema"]["type"] == "integer"]
    return bool(numbers or operation.query or operation.headers or operation.body)


def _send(cases: SearchStrategy[Case], stage: Stage, callers: dict[str, int]) -> None:
    people, left = stage.people(), dict(callers)

    @given(case=cases)
    @settings(
        max_examples=max(callers.values()),
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Case) -> None:
        for name in [name for name, count in left.items() if count > 0]:
            left[name] -= 1
            token = people[name].token
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            case.validate_response(case.call(headers=headers), checks=CHECKED)

    send()
