"""A call with many positional arguments cannot be read: more than seven have to be named.

Ruff limits the parameters of functions; this also finds classes whose constructor is generated. The
columns of a query are a list, and may be any number.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
MOST = 7


def long_calls(source: str) -> Iterator[str]:
    """Yield the calls in a source with too many positional arguments."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or len(node.args) <= MOST:
            continue
        if not isinstance(node.func, ast.Attribute) or node.func.attr != "select":
            yield f"{ast.unparse(node.func)}, line {node.lineno}"


def test_no_call_has_more_than_seven_positional_arguments() -> None:
    found = {
        str(path.relative_to(ROOT)): calls
        for package in ("backend", "miniprogram_stub")
        for path in (ROOT / package).rglob("*.py")
        if (calls := list(long_calls(path.read_text("utf-8"))))
    }
    assert found == {}


def test_long_call_is_found() -> None:
    assert list(long_calls("Phone(1, 2, 3, 4, 5, 6, 7, 8)")) == ["Phone, line 1"]
    assert not list(long_calls("Phone(1, 2, 3, 4, 5, 6, 7, wait=8)"))
    assert not list(long_calls("Staff.select(1, 2, 3, 4, 5, 6, 7, 8)"))
