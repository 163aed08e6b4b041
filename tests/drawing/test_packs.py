"""Word packs: those that come along, and those that people bring."""

import io
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from backend.activities.drawing.commands import words as words_command
from backend.activities.drawing.guessing import leaks
from backend.activities.drawing.models import PackWord, WordPack
from backend.activities.drawing.packs import (
    COLUMNS,
    PackDiff,
    import_words,
    read_words,
    words_of,
)
from backend.activities.drawing.rules import Prompt
from backend.chinese import normalised
from backend.config import Settings, load_settings
from backend.db import Database
from backend.errors import Invalid
from backend.identity.models import AuditLine
from backend.sheets import BadRows, BadSheet
from tests.sheets.books import book, row, sheet
from tests.support import FIXTURES, FakeClock, at_once

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
HEADER = ",".join(COLUMNS)
PACKS = sorted((FIXTURES / "words").glob("*.csv"))


def sample(name: str) -> list[Prompt]:
    """Return the words of a pack that comes along."""
    return read_words((FIXTURES / "words" / f"{name}.csv").read_bytes())


ONLY_LETTERS = "只能有简体字、字母和数字，中间可以有连字符、点和空格"


def table(*rows: str) -> bytes:
    """Return a file of words."""
    return "\n".join([HEADER, *rows]).encode("utf-8-sig")


# --- what comes along


def test_everyday_pack_has_enough_words_in_eight_categories() -> None:
    words = sample("everyday")
    categories = {word.category for word in words}
    assert len(words) >= 300
    assert len(categories) == 8
    for category in categories:
        levels = {word.difficulty for word in words if word.category == category}
        assert levels == {1, 2, 3}, category


def test_business_pack_has_enough_words() -> None:
    words = sample("business")
    assert len(words) >= 40
    assert {word.difficulty for word in words} == {1, 2, 3}
    assert {"携号转网", "流量包"} <= {word.text for word in words}


@pytest.mark.parametrize("file", PACKS, ids=lambda file: file.stem)
def test_words_are_short_and_chinese(file: Path) -> None:
    for word in read_words(file.read_bytes()):
        assert 1 <= len(word.text) <= 8, word
        assert all("一" <= letter <= "鿿" for letter in word.text), word


def test_no_word_is_in_two_packs() -> None:
    words = [normalised(word.text) for file in PACKS for word in read_words(file.read_bytes())]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("file", PACKS, ids=lambda file: file.stem)
def test_category_never_gives_a_word_away(file: Path) -> None:
    given_away = [w for w in read_words(file.read_bytes()) if leaks(w.category, w.text)]
    assert given_away == []


# --- reading


def test_csv_is_read() -> None:
    assert read_words(table("长城,建筑,2", "ＣＰＵ,电脑,３".replace("ＣＰＵ", "CPU"))) == [
        Prompt("长城", "建筑", 2),
        Prompt("CPU", "电脑", 3),
    ]


@pytest.mark.parametrize("word", ["乾隆", "乾坤", "瞭望塔", "文徵明", "钱锺书"])
def test_simplified_word_is_taken_as_it_is_written(word: str) -> None:
    (taken,) = read_words(f"词语,类别,难度\n{word},人物,1\n".encode())
    assert taken.text == word


def test_excel_is_read() -> None:
    book = openpyxl.Workbook()
    book.active.append(["难度", "词语", "类别"])
    book.active.append([2, "长城", "建筑"])
    written = io.BytesIO()
    book.save(written)
    assert read_words(written.getvalue()) == [Prompt("长城", "建筑", 2)]


@pytest.mark.parametrize("word", ["Wi-Fi", "4.5G", "5G 套餐", "买买提·阿里", "T-1.2-B"])
def test_word_may_have_hyphens_dots_and_spaces_within(word: str) -> None:
    assert read_words(table(f"{word},业务,1")) == [Prompt(word, "业务", 1)]


def test_word_that_differs_in_marks_alone_is_a_repetition() -> None:
    with pytest.raises(BadRows) as refusal:
        read_words(table("Wi-Fi,业务,1", "wifi,业务,1"))
    assert "与第 2 行重复" in refusal.value.errors[0].in_table.zh


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (",建筑,1", "第 2 行 词语：没有填写"),
        ("长城,,1", "第 2 行 类别：没有填写"),
        ("长城,建筑,", "第 2 行 难度：没有填写"),
        ("长城,建筑,4", "第 2 行 难度：“4”须为 1–3 的整数"),
        ("长城,建筑,难", "第 2 行 难度：“难”须为 1–3 的整数"),
        ("-长城,建筑,1", "第 2 行 词语：“-长城”" + ONLY_LETTERS),
        ("长城。,建筑,1", "第 2 行 词语：“长城。”" + ONLY_LETTERS),
        ("长  城,建筑,1", "第 2 行 词语：“长  城”" + ONLY_LETTERS),
        ("長城,建筑,1", "第 2 行 词语：“長城”" + ONLY_LETTERS),
        ("好" * 13 + ",建筑,1", "第 2 行 词语：太长，最多 12 个字"),
        ("长城," + "好" * 13 + ",1", "第 2 行 类别：太长，最多 12 个字"),
    ],
)
def test_wrong_row_is_named(row: str, error: str) -> None:
    with pytest.raises(BadRows) as refusal:
        read_words(table(row))
    assert [found.in_table.zh for found in refusal.value.errors] == [error]


def test_every_wrong_row_is_named() -> None:
    with pytest.raises(BadRows) as refusal:
        read_words(table("长城,建筑,9", "天坛,建筑,1", "天坛,建筑,2", ",,", "故宫,#REF!,1"))
    assert [found.row for found in refusal.value.errors] == [2, 4, 6]
    assert "与第 3 行重复" in refusal.value.errors[1].in_table.zh


def test_table_without_the_columns_is_refused() -> None:
    with pytest.raises(BadSheet):
        read_words("名称,难度\n长城,1".encode())


# --- taking them in


@on_sqlite
def test_pack_is_what_the_file_says(database: Database) -> None:
    def load(*words: Prompt) -> PackDiff:
        return import_words(list(words), "own", database=database, now=1)

    wall, temple = Prompt("长城", "建筑", 1), Prompt("天坛", "建筑", 2)
    assert load(wall, temple) == PackDiff(added=2, changed=0, removed=0, unchanged=0)
    assert load(wall, temple) == PackDiff(added=0, changed=0, removed=0, unchanged=2)
    harder = Prompt("天坛", "古迹", 3)
    assert load(harder) == PackDiff(added=0, changed=1, removed=1, unchanged=0)
    assert words_of(["own"]) == [harder]
    assert load(wall, harder) == PackDiff(added=0, changed=1, removed=0, unchanged=1)
    assert words_of(["own"]) == [wall, harder]
    assert AuditLine.select().count() == 3


@on_sqlite
def test_word_of_two_packs_comes_once(database: Database) -> None:
    for name in ("one", "two"):
        import_words([Prompt("长城", name, 1)], name, database=database, now=1)
    assert words_of(["two", "one", "none"]) == [Prompt("长城", "one", 1)]


@on_sqlite
@pytest.mark.parametrize("name", ["", " own", "x" * 61])
def test_bad_name_is_refused(database: Database, name: str) -> None:
    with pytest.raises(Invalid):
        import_words([Prompt("长城", "建筑", 1)], name, database=database, now=1)
    assert WordPack.select().count() == 0


def test_two_imports_at_once_leave_one_pack(database: Database) -> None:
    words = sample("business")

    def load() -> PackDiff:
        try:
            return import_words(words, "business", database=database, now=1)
        finally:
            database.release()

    diffs = at_once([load] * 4)
    assert sorted(diff.added for diff in diffs) == [0, 0, 0, len(words)]
    assert PackWord.select().count() == len(words)


# --- the command


@dataclass
class Shell:
    """What the command works with."""

    database: Database
    clock: FakeClock = field(default_factory=FakeClock)
    settings: Settings = field(default_factory=lambda: load_settings({}))


def run(database: Database, *arguments: str) -> Result:
    """Run `linka words …`."""
    return CliRunner().invoke(words_command, list(arguments), obj=Shell(database))


@on_sqlite
def test_command_imports_a_pack(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_bytes(table("长城,建筑,1", "天坛,建筑,2"))
    done = run(database, "import", str(file), "--title", "自己的词")
    assert (done.exit_code, done.output) == (
        0,
        "词库“own”：新增 2 词，更新 0 词，停用 0 词，未变 0 词。\n",
    )
    assert [(pack.name, pack.title) for pack in WordPack.select()] == [("own", "自己的词")]


@on_sqlite
def test_command_tells_what_of_a_file_it_did_not_read(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "own.xlsx"
    rows = [row(1, *COLUMNS), row(2, "长城", "建筑", "1"), row(3, "天坛", "建筑", "1")]
    hidden = rows[2].replace("<row ", '<row hidden="1" ')
    file.write_bytes(book(sheet(*rows[:2], hidden)))
    done = run(database, "import", str(file))
    assert "提醒：第 3 行是隐藏的" in done.output
    assert "新增 1 词" in done.output


@on_sqlite
def test_command_writes_nothing_when_a_row_is_wrong(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_bytes(table("长城,建筑,1", "天坛,建筑,7"))
    done = run(database, "import", str(file))
    assert done.exit_code == 1
    assert "第 3 行 难度" in done.output
    assert "词库没有任何改动" in done.output
    assert WordPack.select().count() == 0


@on_sqlite
def test_command_says_what_is_wrong_with_a_file(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_bytes(b"a,b\n1,2")
    done = run(database, "import", str(file))
    assert done.exit_code == 1
    assert "表头里缺少这些列" in done.output
