"""Every action that the code records has a title for hosts."""

import ast
from pathlib import Path

import backend
from backend.activities import KINDS
from backend.events.trail import titles_of

CODE = Path(backend.__file__).parent
# Lines about the roster, the banks and accounts belong to no event.
ELSEWHERE = {
    "invite_codes_replaced",
    "roster_imported",
    "unbind",
    "sign_out_everywhere",
    "blocked_words",
    "account_erased",
    "console_approved",
    "console_entered",
    "console_left",
    "console_link",
    "questions_imported",
    "words_imported",
}


def recorded() -> set[str]:
    """Return the actions that calls of `audit.record` name as literals."""
    found = set()
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) != "audit.record":
                continue
            action = node.args[1]
            if isinstance(action, ast.Constant):
                found.add(str(action.value))
    return found


def test_every_action_has_a_title() -> None:
    found = recorded()
    assert len(found) > 20
    assert found - ELSEWHERE <= titles_of(KINDS).keys()
