"""Every recorded action has a title for hosts, and its details are in Chinese."""

import ast
import re
from pathlib import Path

import pytest

import backend
from backend.activities import KINDS
from backend.events import lifecycle
from backend.events.trail import told
from backend.events.trail_words import VALUES, AuditWording, titles_of
from backend.identity import audit
from tests.support import Centre

CODE = Path(backend.__file__).parent
# Lines about the roster, the banks, accounts, posts and look-ups belong to no event.
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
    "column_made",
    "column_changed",
    "columns_arranged",
    "post_made",
    "team_described",
    "post_changed",
    "post_picture_added",
    "post_reminded",
    "card_made",
    "card_changed",
    "lookup_imported",
    "question_assigned",
    "question_answered",
}


def recorded() -> set[str]:
    """Return the actions that are literals in calls of `audit.record`."""
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


def test_states_of_an_event_have_the_words_of_the_console() -> None:
    assert AuditWording({}).facts({"state": "draft"}) == "阶段：准备中"
    assert VALUES.items() >= lifecycle.STATE_WORDS.items()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_phases_modes_and_settings_are_told_in_the_words_of_their_kind(centre: Centre) -> None:
    host = centre.host()
    event = centre.open_event(host, "evening", rehearsal=True)
    ids = {one["kind"]: one["id"] for one in event["activities"]}
    here = f"/events/{event['id']}"
    settings = {"banks": ["business"], "scoring": "accuracy", "question_seconds": 15}
    change = {"version": 1, "settings": settings}
    host.ok("PUT", f"{here}/activities/{ids['contest']}", change)
    host.ok("POST", f"/contests/{ids['contest']}/actions", {"action": "begin"})
    host.ok("POST", f"/shakes/{ids['shake']}/rounds", {"mode": "draw", "number": 1})
    host.ok("POST", f"/raffles/{ids['raffle']}/stage", {"showing": "winners"})
    draft = {"title": "今晚去哪儿", "method": "ranked", "entries": [{"title": "湖边"}]}
    poll = host.ok("GET", f"/polls/{ids['polls']}")["items"][0]
    host.ok("PUT", f"/polls/{ids['polls']}/polls/{poll['id']}", draft)
    task = {"duty": "后勤", "title": "摆桌子", "minutes": 0}
    made = host.ok("POST", f"{here}/crew/tasks", task)
    host.ok("PUT", f"{here}/crew/tasks/{made['id']}/done", {"done": True})
    lines = told(audit.all_of(event["id"]), KINDS)
    text = "\n".join(
        f"{one['title']} {one['about']} {one['before']} {one['after']} {one['more']}"
        for one in lines
    )
    for words in (
        "环节阶段：等待开始",
        "玩法：摇奖",
        "大屏显示：中奖名单",
        "方式：排序",
        "只看对错",
        "添加任务 任务 ",
    ):
        assert words in text
    assert set(re.findall(r"[A-Za-z_]{3,}", text)) <= {"business", "centre"}
