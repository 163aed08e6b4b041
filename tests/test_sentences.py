"""Messages of the core for people are `Sentence`s, so that each caller reads their own language."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.errors import LinkaError
from tests.support import TRAINER, Centre

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "backend").rglob("*.py"))
CHINESE = re.compile("[\u4e00-\u9fff]")
# Classes other than `LinkaError` that take a sentence for people.
OTHERS = {"ValidationError", "RowError", "Unreadable", "BadStroke"}


def names_of(error: type[LinkaError]) -> set[str]:
    """Return the names of a class and of all its subclasses."""
    return {error.__name__}.union(*(names_of(one) for one in error.__subclasses__()))


def literals(tree: ast.AST) -> Iterator[str]:
    """Yield the Chinese literals in an expression that are not in a `Sentence`."""
    if isinstance(tree, ast.Call) and ast.unparse(tree.func) == "Sentence":
        return
    value = tree.value if isinstance(tree, ast.Constant) else None
    if isinstance(value, str) and CHINESE.search(value):
        yield value
    for child in ast.iter_child_nodes(tree):
        yield from literals(child)


def said_in_one_language(source: str, refusals: set[str]) -> list[str]:
    """Return the Chinese literals that a source gives to refusals outside a `Sentence`.

    A literal that goes through a name is found where the name is defined in the same source.
    """
    tree = ast.parse(source)
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = []
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] in refusals:
            told: list[ast.expr] = [*call.args, *(one.value for one in call.keywords)]
            if ast.unparse(call.func).endswith("RowError"):
                # The second argument is the name of a column.
                told = told[2:]
            names = {
                name.id for one in told for name in ast.walk(one) if isinstance(name, ast.Name)
            }
            told += [constants[name] for name in names & constants.keys()]
            found += [literal for one in told for literal in literals(one)]
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "backend")))
def test_refusals_speak_both_languages(path: Path) -> None:
    refusals = names_of(LinkaError) | OTHERS
    assert said_in_one_language(path.read_text(encoding="utf-8"), refusals) == []


@pytest.mark.parametrize(
    "source",
    [
        'raise Invalid(fields={"key": ["请填写。"]})',
        'TEXT = "请填写。"\nraise Invalid(fields={"key": [TEXT]})',
        'raise ma.ValidationError([f"第 {number} 位"], "key")',
        'RowError(row.number, "姓名", "没有填写")',
    ],
)
def test_a_chinese_literal_is_noticed(source: str) -> None:
    assert said_in_one_language(source, {"Invalid"} | OTHERS) != []


def test_a_sentence_and_the_name_of_a_column_are_allowed() -> None:
    source = 'RowError(row.number, "姓名", Sentence("没有填写", "is empty"))'
    assert said_in_one_language(source, OTHERS) == []


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "预约活动需要先设定开始时间。"),
        ("en", "An event without a beginning cannot be scheduled."),
    ],
)
def test_a_field_is_refused_in_the_language_of_the_request(
    centre: Centre, language: str, said: str
) -> None:
    host = centre.host()
    event_id = host.ok("POST", "/events", {"template": "hunt"})["id"]
    answer = host.call(
        "POST",
        f"/events/{event_id}/transitions",
        {"action": "schedule"},
        {"Accept-Language": language},
    )
    assert answer.json["errors"] == {"opens_at": [said]}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("language", "said"), [("zh", "答案：没有填写"), ("en", "答案: is empty")])
def test_rows_of_a_table_are_refused_in_the_language_of_the_request(
    centre: Centre, language: str, said: str
) -> None:
    table = "编号,题型,主题,难度,题干,答案\nQ-1,判断,业务,1,一对吗？,\n".encode()
    trainer = centre.staff(TRAINER)
    answer = trainer.app.test_client().post(
        "/api/v1/question-banks/centre/imports",
        data={"file": (io.BytesIO(table), "questions.csv")},
        headers={"Authorization": f"Bearer {trainer.token}", "Accept-Language": language},
    )
    assert answer.json is not None
    assert answer.json["errors"] == {"2": [said]}
