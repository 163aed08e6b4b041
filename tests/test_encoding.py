"""JSON of the fast library is that of the standard library, byte for byte."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.encoding import decoded, encoded

# Points have two decimals at most.
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.integers(-(10**9), 10**9).map(lambda n: n / 100)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_json_is_as_flask_writes_it(value: Any) -> None:
    assert encoded(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def test_rows_are_lists() -> None:
    assert encoded([(1, "一"), (2, None)]) == '[[1,"一"],[2,null]]'.encode()


@pytest.mark.parametrize(
    "value", [{1, 2}, object(), {1: "number as a key"}], ids=["set", "object", "key"]
)
def test_what_is_no_json_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        encoded(value)


@given(VALUES)
def test_json_is_read_as_the_standard_library_reads_it(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        assert decoded(text) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    ["", "{", "NaN", "-Infinity", "1e400", '"\\ud800"', '{"\\udfff": 1}', "[" * 5000, "\ufeff{}"],
    ids=["nothing", "open", "nan", "infinity", "huge", "half", "half_name", "deep", "mark"],
)
def test_what_could_not_be_sent_on_is_not_read(text: str) -> None:
    with pytest.raises(ValueError):
        decoded(text)
