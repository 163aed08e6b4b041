"""Words from a table: previewed, then prepared as they were shown."""

from typing import Any

import pytest

from backend.activities.keywords.models import Keyword
from tests.keywords.evening import Evening
from tests.support import refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

HEADER = "关键词,其他写法,名额,秒数,分数,拼音也算,干扰词"


def csv(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines]).encode()


def preview(evening: Evening, data: bytes) -> Any:
    return evening.host.upload(f"{evening.path}/words/imports/preview", data, "words.csv")


def errors(evening: Evening, *lines: str) -> list[list[str]]:
    return [row["errors"] for row in preview(evening, csv(*lines))["rows"]]


def test_words_are_prepared_as_they_were_shown(evening: Evening) -> None:
    data = csv("林卡,林咔、linka,5,30,40,是,", "青稞饼,,,,,,是")
    found = preview(evening, data)
    assert found["counts"]["added"] == 2
    assert Keyword.select().count() == 0
    path = f"{evening.path}/words/imports?agreed={found['agreed']}"
    assert evening.host.upload(path, data) == {"added": 2, "unchanged": 0}
    first, second = evening.host.ok("GET", f"{evening.path}/words")
    assert (first["text"], first["others"]) == ("林卡", ["林咔", "linka"])
    assert (first["places"], first["seconds"], first["points"]) == (5, 30, 40)
    assert (first["pinyin"], second["pinyin"], second["decoy"]) == (True, False, True)
    assert [first["state"], second["state"]] == ["prepared", "prepared"]


def test_empty_numbers_are_those_of_the_settings(evening: Evening) -> None:
    evening.settle(places=7, seconds=45)
    evening.host.upload(f"{evening.path}/words/imports", csv("林卡", header="关键词"))
    [word] = evening.host.ok("GET", f"{evening.path}/words")
    assert (word["places"], word["seconds"]) == (7, 45)


@pytest.mark.parametrize(
    "line, problem",
    [
        (",,1,30,1,,", "关键词：没有填写"),
        ("林卡,,0,30,1,,", "名额：“0”须为 1–2000 的整数"),
        ("林卡,,1,一分钟,1,,", "秒数：“一分钟”须为 5–3600 的整数"),
        ("林卡,,1,30,1,,也许", "干扰词：“也许”须为 是 或 否"),
        ("？！,,1,30,1,,", "关键词：“？！”里要有文字或数字"),
        (f"{'长' * 21},,1,30,1,,", "关键词：太长，最多 20 个字"),
    ],
)
def test_wrong_row_says_what_is_wrong(evening: Evening, line: str, problem: str) -> None:
    assert errors(evening, line) == [[problem]]
    refused(evening.host.uploads(f"{evening.path}/words/imports", csv(line)), 422, "bad_rows")
    assert Keyword.select().count() == 0


def test_word_that_is_written_like_another_row_is_wrong(evening: Evening) -> None:
    assert errors(evening, "林卡,linka", "ＬＩＮＫＡ,") == [[], ["关键词：与第 2 行重复"]]


def test_word_that_is_there_is_unchanged_or_named(evening: Evening) -> None:
    evening.host.upload(f"{evening.path}/words/imports", csv("林卡,,5,30,40,,"))
    assert preview(evening, csv("林卡,,5,30,40,,"))["counts"]["unchanged"] == 1
    assert errors(evening, "林卡,,6,30,40,,") == [
        ["关键词：与已有的“林卡”写法相同，设置不同；请先删掉那一个"]
    ]


def test_import_is_refused_when_a_word_came_meanwhile(evening: Evening) -> None:
    agreed = preview(evening, csv("林卡,,5,30,40,,"))["agreed"]
    evening.host.upload(f"{evening.path}/words/imports", csv("林卡,,5,30,40,,"))
    path = f"{evening.path}/words/imports?agreed={agreed}"
    refused(evening.host.uploads(path, csv("林卡,,5,30,40,,")), 409, "import_moved")


def test_template_is_imported_as_it_is(evening: Evening) -> None:
    data = evening.host.get(f"{evening.path}/words/template.xlsx").data
    assert preview(evening, data)["counts"]["added"] == 3


def test_players_prepare_nothing(evening: Evening) -> None:
    answer = evening.player().uploads(f"{evening.path}/words/imports/preview", csv("林卡"))
    refused(answer, 403, "forbidden")
