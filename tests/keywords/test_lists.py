"""What a host changes about prepared words, and lists of words that are pasted."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from backend.identity.models import AuditLine
from tests.keywords.evening import WORD, Evening
from tests.support import refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def listing(evening: Evening, *lines: str, **more: Any) -> TestResponse:
    """Try to prepare a list of words."""
    return evening.host.post(f"{evening.path}/word-lists", {"lines": list(lines), **more})


def words(evening: Evening) -> list[dict[str, Any]]:
    """Return all words as hosts see them."""
    found: list[dict[str, Any]] = evening.host.ok("GET", f"{evening.path}/words")
    return found


def test_each_line_is_a_word_with_its_other_spellings(evening: Evening) -> None:
    answer = listing(evening, "周年快乐 / 生日快乐／八周年", "林卡", places=3)
    assert answer.status_code == 200
    found = [(one["number"], one["text"], one["others"], one["places"]) for one in words(evening)]
    assert found == [(1, "周年快乐", ["生日快乐", "八周年"], 3), (2, "林卡", [], 3)]
    assert AuditLine.select().where(AuditLine.action == "prepare_keyword").count() == 2


def test_same_list_again_adds_only_what_is_new(evening: Evening) -> None:
    listing(evening, "周年快乐", "林卡")
    added = listing(evening, "周年快乐", "林卡", "美多")
    assert [one["text"] for one in added.json or []] == ["美多"]
    assert [one["text"] for one in words(evening)] == ["周年快乐", "林卡", "美多"]


def test_wrong_lines_are_named_and_nothing_is_added(evening: Evening) -> None:
    evening.prepare()
    wrong = listing(evening, "林卡", "！！", "长" * 21)
    refused(wrong, 422, "invalid")
    assert [text[:7] for text in wrong.json["errors"]["lines"]] == ["第 2 行“！", "第 3 行“长"]  # type: ignore[index]
    taken = listing(evening, "林卡", f"{WORD}！", "林 卡", places=2)
    refused(taken, 422, "invalid")
    assert taken.json["errors"]["lines"] == [  # type: ignore[index]
        f"第 2 行“{WORD}！”与“{WORD}”的写法相同。",
        "第 3 行“林 卡”与“林卡”的写法相同。",
    ]
    assert [one["text"] for one in words(evening)] == [WORD]


def test_prepared_word_is_changed_with_its_spellings(evening: Evening) -> None:
    word_id = evening.prepare(others=["生日快乐"])
    path = f"{evening.path}/words/{word_id}"
    for _ in range(2):
        evening.host.ok("PUT", path, {"text": "扎西德勒", "others": [WORD], "places": 7})
    (word,) = words(evening)
    assert (word["text"], word["others"], word["places"]) == ("扎西德勒", [WORD], 7)
    (line,) = AuditLine.select().where(AuditLine.action == "edit_keyword")
    assert (line.detail["before"]["text"], line.detail["after"]["text"]) == (WORD, "扎西德勒")
    evening.open(word_id)
    assert evening.outcome(evening.player(), WORD) == "hit"
    assert evening.outcome(evening.player(), "生日快乐") == "wrong"


def test_announced_word_stays_and_another_words_spelling_is_taken(evening: Evening) -> None:
    first, second = evening.announce(), evening.prepare("林卡")
    path = f"{evening.path}/words"
    put = evening.host.call("PUT", f"{path}/{first}", {"text": "美多"}, {})
    refused(put, 409, "word_announced")
    refused(evening.host.call("PUT", f"{path}/{second}", {"text": WORD}, {}), 409, "word_taken")
    assert [one["text"] for one in words(evening)] == [WORD, "林卡"]


def test_removal_is_recorded(evening: Evening) -> None:
    word_id = evening.prepare()
    evening.host.ok("DELETE", f"{evening.path}/words/{word_id}")
    (line,) = AuditLine.select().where(AuditLine.action == "remove_keyword")
    assert line.detail == {"text": WORD}
