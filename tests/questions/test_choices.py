"""What phones usually send is read without marshmallow, and as marshmallow reads it."""

from typing import Any

import marshmallow as ma
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.questions.choices import ChoiceSchema
from backend.web.schema import MAX_ID, Id


class _Message(ChoiceSchema):
    round_id = Id(required=True)


SCHEMAS = (ChoiceSchema(), _Message())
LETTER = st.sampled_from(["A", "B", "F", "T"])
OTHER = st.sampled_from(["", "G", "a", "AB", None, True, 1, 0.5, [], {}, ["A"], "\ud800"])
NUMBER = st.sampled_from([1, 42, MAX_ID, MAX_ID + 1, 0, -1, 1.0, "1", True, None])
CHOICE = st.one_of(st.lists(st.one_of(LETTER, LETTER, OTHER), max_size=8), OTHER)
SENT = st.one_of(
    st.fixed_dictionaries({}, optional={"choice": CHOICE, "round_id": NUMBER, "more": OTHER}),
    OTHER,
)


def _read(schema: ma.Schema, load: Any, sent: Any) -> Any:
    try:
        return load(schema, sent)
    except ma.ValidationError as error:
        return error.messages


@pytest.mark.parametrize("schema", SCHEMAS, ids=["choice", "choice and id"])
@given(sent=SENT)
def test_it_reads_as_marshmallow_does(schema: ChoiceSchema, sent: Any) -> None:
    expected = _read(schema, ma.Schema.load, sent)
    found = _read(schema, ChoiceSchema.load, sent)
    assert found == expected


@pytest.mark.parametrize(
    ("schema", "sent"),
    [
        (SCHEMAS[0], {"choice": ["A", "C"]}),
        (SCHEMAS[0], {"choice": ["T"]}),
        (SCHEMAS[1], {"round_id": 7, "choice": ["B"]}),
    ],
    ids=["letters", "true or false", "with an id"],
)
def test_usual_data_are_returned_as_they_came(schema: ChoiceSchema, sent: Any) -> None:
    assert schema.load(sent) is sent
