"""The local list: what it matches, what others see of it, and how it is replaced."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from backend.chinese import normalised
from backend.db import Database
from backend.moderation.commands import moderation
from backend.moderation.models import BlockedWord
from backend.moderation.words import BlockedWords, masked, read_list, replace_list
from backend.sheets import BadRows
from tests.sheets.books import book, row, sheet
from tests.support import FIXTURES, FakeClock

WORDS = ["笨蛋", "加微信", "spam", "头发", "café"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("你真是个笨蛋！", "你真是个***！"),
        ("你真是个笨 蛋", "你真是个***"),
        ("你真是个笨，，蛋啊", "你真是个***啊"),
        ("头髮真长", "***真长"),
        ("頭髮真長", "***真長"),
        ("ＳＰａｍ来了", "***来了"),
        ("S.P.A.M", "***"),
        ("笨蛋笨蛋", "***"),
        ("笨蛋和笨蛋", "***和***"),
        ("笨笨蛋蛋", "笨***蛋"),
        ("笨\u3164蛋", "***"),
        ("笨\u202d\u2800蛋啊", "***啊"),
        ("笨鸟先飞", "笨鸟先飞"),
        ("", ""),
        ("😀👍", "😀👍"),
        ("s\u0301pam", "***"),
        ("in the cafe\u0301 here", "***"),
    ],
)
def test_words_are_masked_however_they_are_typed(text: str, shown: str) -> None:
    assert masked(text, sorted(normalised(word) for word in WORDS)) == shown


letters = st.sampled_from("笨蛋 ，加微信sSpPaAm头髮發Ａ!")


@given(st.text(letters | st.characters(max_codepoint=0x9FFF), max_size=30))
def test_what_is_shown_never_has_a_word_and_clean_text_stays(text: str) -> None:
    words = [normalised(word) for word in WORDS]
    shown = masked(text, words)
    pieces = [normalised(piece) for piece in shown.split("***")]
    assert not any(word in piece for word in words for piece in pieces)
    if not any(word in normalised(text) for word in words):
        assert shown == text


def test_list_is_replaced_as_a_whole(database: Database, clock: FakeClock) -> None:
    known = BlockedWords(database)
    first, second = (read_list(f"词语\n{words}".encode()) for words in ("甲\n乙", "乙\n丙\n丙"))
    assert replace_list(first, database=database, now=clock.now()) == 2
    assert known.holds_one_of("有甲", clock.now())
    assert replace_list(second, database=database, now=clock.now()) == 1
    assert replace_list(second, database=database, now=clock.now()) == 0
    clock.advance(10)
    assert not known.holds_one_of("有甲", clock.now())
    assert known.masked("有丙", clock.now()) == "有***"
    assert {row.word for row in BlockedWord.select()} == {"乙", "丙"}


def test_wrong_rows_are_named() -> None:
    with pytest.raises(BadRows) as refusal:
        read_list(f"词语\n好的\n！\u3164？\n{'长' * 31}\n#REF!".encode())
    assert [(error.row, error.message.zh) for error in refusal.value.errors] == [
        (3, "没有文字"),
        (4, "太长，最多 30 个字"),
        (5, "是公式错误 #REF!，请先在 Excel 里改正"),
    ]


def test_sample_list_is_good() -> None:
    listed = read_list((FIXTURES / "blocked.csv").read_bytes())
    assert len(listed) >= 30


class Shell:
    """What the command works with."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock


def test_operator_is_told_what_of_a_list_was_not_read(
    database: Database, clock: FakeClock, tmp_path: Path
) -> None:
    file = tmp_path / "words.xlsx"
    listed = sheet(row(1, "词语"), row(2, "甲"))
    file.write_bytes(book(listed, listed, titles=("一月", "二月")))
    said = CliRunner().invoke(moderation, ["words", str(file)], obj=Shell(database, clock))
    assert "提醒：只读了第一张工作表“一月”，没有读取：“二月”。" in said.output


def test_operator_replaces_the_list(database: Database, clock: FakeClock, tmp_path: Path) -> None:
    file = tmp_path / "words.csv"
    file.write_text("词语\n甲\n乙\n", encoding="utf-8")
    shell = Shell(database, clock)
    said = CliRunner().invoke(moderation, ["words", str(file)], obj=shell)
    assert (said.exit_code, said.output) == (0, "屏蔽词库：共 2 词，其中新增 2 词。\n")
    file.write_text("词语\n丙\n？\n", encoding="utf-8")
    said = CliRunner().invoke(moderation, ["words", str(file)], obj=shell)
    assert said.exit_code == 1
    assert "第 3 行" in said.output
    assert {row.word for row in BlockedWord.select()} == {"甲", "乙"}
