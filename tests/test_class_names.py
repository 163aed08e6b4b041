"""One class name means one thing: no two classes of the server or of the stub share a name."""

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
# A migration has models of its own, as the tables were then.
MIGRATIONS = ROOT / "backend" / "migrations"


def class_names(source: str) -> list[str]:
    """Return the names of the classes in a source, without those that a framework prescribes."""
    names = [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    return [name for name in names if name != "Meta" and not name.startswith("_")]


def test_no_two_classes_share_a_name() -> None:
    names: Counter[str] = Counter()
    for package in ("backend", "miniprogram_stub"):
        for path in (ROOT / package).rglob("*.py"):
            if MIGRATIONS not in path.parents:
                names.update(class_names(path.read_text(encoding="utf-8")))
    assert [name for name, count in names.items() if count > 1] == []


def test_classes_inside_classes_and_functions_are_found() -> None:
    assert class_names("class A:\n    class B:\n        class Meta: ...\n") == ["A", "B"]
