"""The OpenAPI document is the truth: what it allows and what it forbids, sent by everybody."""

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

# Of each operation; whoever is refused almost everywhere need not ask as often.
EXAMPLES = {"host": 6, "player": 4}
FEW = 2
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


@pytest.mark.parametrize("name", ["nobody", "guest", "player", "trainer", "host"])
def test_whatever_is_allowed_is_answered_as_documented(
    stage: Stage, document: BaseSchema, name: str
) -> None:
    for operation in _operations(document):
        # Real ids, so that more than a 404 is seen.
        real = {
            parameter.name: id_in(operation.path, stage.ids[parameter.name])
            for parameter in operation.path_parameters
        }
        _send(operation.as_strategy(GenerationMode.POSITIVE, path_parameters=real), stage, name)


@pytest.mark.parametrize("name", ["player", "host"])
def test_whatever_is_forbidden_is_refused_as_documented(
    stage: Stage, document: BaseSchema, name: str
) -> None:
    for operation in _operations(document):
        if _can_be_wrong(operation):
            _send(operation.as_strategy(GenerationMode.NEGATIVE), stage, name)


def _can_be_wrong(operation: APIOperation) -> bool:
    """Say whether the document forbids anything: any text may stand in a path."""
    numbers = [p for p in operation.path_parameters if p.definition["schema"]["type"] == "integer"]
    return bool(numbers or operation.query or operation.headers or operation.body)


def _send(cases: SearchStrategy[Case], stage: Stage, name: str) -> None:
    token = stage.people()[name].token
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    @given(case=cases)
    @settings(
        max_examples=EXAMPLES.get(name, FEW),
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Case) -> None:
        case.validate_response(case.call(headers=headers), checks=CHECKED)

    send()
