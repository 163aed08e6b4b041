"""JSON of the fast encoder is that of the standard library, byte for byte."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.encoding import encoded

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
