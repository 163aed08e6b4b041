"""Lists, searches and exports question banks."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import fn

from backend.errors import NotFound
from backend.questions.models import Question, QuestionBank
from backend.questions.reading import KIND_NAMES, LETTERS, TRUEFALSE_OPTIONS
from backend.sheets import Column, clean
from backend.sheets.writing import Worksheet, write_book, write_template

COLUMNS = (
    Column("编号", 12),
    Column("题型", 8),
    Column("主题", 14),
    Column("难度", 6),
    Column("题干", 50),
    *(Column(f"选项{letter}", 20) for letter in LETTERS),
    Column("答案", 8),
    Column("解析", 50),
    Column("来源", 22),
    Column("有效期", 12),
    Column("审核人", 10),
)

TEMPLATE_NOTES = (
    "第一行是表头，请不要改动；从第二行开始，一行一题。示例行看懂后请删掉。",
    "编号：题库里不能重复。再次导入时编号相同、内容有变的题会成为新版本，已答过的旧版本保留不变。",
    "题型：单选、多选、判断。",
    "难度：1（最容易）到 5（最难）。",
    "选项：单选、多选至少填两个，从选项A起依次填写，中间不留空；判断题不用填。",
    "答案：单选写一个字母，如 B；多选写几个字母，如 ACD；判断题写 对 或 错。",
    "解析：答错的人会看到，建议每题都写。",
    "有效期：写成 2026-12-31 这样，过了这一天题目不再使用；长期有效就留空。",
    "来源、审核人：可以留空。",
)

_Cells = Sequence[str | int | None]
_NO_OPTIONS = ("",) * len(LETTERS)
_TEMPLATE_ROWS: tuple[_Cells, ...] = (
    ("示例-1", "单选", "服务规范", 1, "客户来电，接起后应先说什么？")
    + ("问候语", "“请稍等”", "“什么事”", "工号加挂机提示", "", "")
    + ("A", "先问候，让客户知道电话已经有人接听。", "《服务规范手册》", "", "培训组"),
    ("示例-2", "多选", "服务规范", 3, "下面哪些做法能让生气的客户平静下来？")
    + ("先听客户说完", "打断客户，马上解释", "复述问题，确认听对了", "说明接下来怎么办", "", "")
    + ("ACD", "先听、再确认、给出下一步；打断只会让客户更着急。", "", "2030-12-31", "培训组"),
    ("示例-3", "判断", "信息安全", 2, "为了方便，可以把客户的身份证号抄在便签上带走。")
    + ("", "", "", "", "", "")
    + ("错", "客户资料不能以任何形式带离工位。", "", "", ""),
)


TEMPLATE = Worksheet("题目", COLUMNS, _TEMPLATE_ROWS)


class UnknownBank(NotFound):
    """No question bank has this name."""

    slug = "unknown_bank"
    zh = "没有名为“{name}”的题库。"
    en = "There is no question bank named {name}."


@dataclass(frozen=True)
class BankSummary:
    """A bank, and how many current questions it has."""

    name: str
    title: str
    questions: int


@dataclass(frozen=True)
class QuestionPage:
    """A page of the questions that were found, in the order of their codes, and their total number."""

    items: tuple[Question, ...]
    total: int


def list_banks() -> list[BankSummary]:
    """Return every bank by name."""
    counted: Any = (
        QuestionBank.select(QuestionBank.name, QuestionBank.title, fn.COUNT(Question.id))
        .left_outer_join(Question, on=(Question.bank == QuestionBank.id) & Question.current)
        .group_by(QuestionBank.id, QuestionBank.name, QuestionBank.title)
        .order_by(QuestionBank.name)
        .tuples()
    )
    return [BankSummary(*row) for row in counted]


def search_questions(
    bank_name: str,
    *,
    words: str = "",
    topic: str = "",
    kind: str = "",
    page: int = 1,
    page_size: int = 50,
) -> QuestionPage:
    """Return current questions of a bank; every one of the `words` is in code, stem or explanation.

    Raises `UnknownBank`. The rows hold the keys: for trainers only.
    """
    query = _with_words(Question.select(), words).where(
        Question.bank == _bank(bank_name), Question.current
    )
    if topic:
        query = query.where(Question.topic == clean(topic))
    if kind:
        query = query.where(Question.kind == clean(kind))
    total = query.count()
    return QuestionPage(tuple(query.order_by(Question.code).paginate(page, page_size)), total)


def find_questions(
    words: str, place: tuple[str, str], day: str, without: Collection[int], most: int
) -> QuestionPage:
    """Return the first `most` questions that have not expired on a business day; every one of the
    `words` is in code, stem or explanation.

    `place` is a bank and a topic, each empty for all; questions with the ids of `without` are left
    out. The rows hold the keys.
    """
    bank_name, topic = place
    query = _with_words(Question.select(Question, QuestionBank).join(QuestionBank), words).where(
        Question.current,
        Question.id.not_in(list(without)),
        Question.expires_on.is_null() | (Question.expires_on >= day),
    )
    if bank_name:
        query = query.where(QuestionBank.name == clean(bank_name))
    if topic:
        query = query.where(Question.topic == clean(topic))
    rows = query.order_by(QuestionBank.name, Question.code).limit(most)
    return QuestionPage(tuple(rows), query.count())


def _with_words(query: Any, words: str) -> Any:
    """Return a query with the condition that code, stem or explanation contain each word."""
    for word in clean(words).split():
        query = query.where(
            Question.stem.contains(word)
            | Question.code.contains(word)
            | Question.explanation.contains(word)
        )
    return query


def template() -> bytes:
    """Return an .xlsx file to fill in: headers, an example of each kind, and how to fill it in."""
    return write_template(TEMPLATE, TEMPLATE_NOTES)


def export(bank_name: str) -> bytes:
    """Return a bank's current questions as an .xlsx file, which imports as unchanged."""
    return write_book([worksheet(bank_name)])


def worksheet(bank_name: str) -> Worksheet:
    """Return a bank's current questions as a worksheet; raises `UnknownBank`."""
    questions = Question.select().where(Question.bank == _bank(bank_name), Question.current)
    return Worksheet("题目", COLUMNS, _rows(questions.order_by(Question.code)))


def _bank(name: str) -> QuestionBank:
    bank = QuestionBank.get_or_none(QuestionBank.name == clean(name))
    if bank is None:
        raise UnknownBank(name=name)
    return bank


def _rows(questions: Iterable[Question]) -> Iterator[_Cells]:
    for question in questions:
        truefalse = question.kind == "truefalse"
        options = [] if truefalse else question.options
        answer = TRUEFALSE_OPTIONS["TF".index(question.key[0])] if truefalse else None
        yield (
            question.code,
            KIND_NAMES[question.kind],
            question.topic,
            question.difficulty,
            question.stem,
            *options,
            *_NO_OPTIONS[len(options) :],
            answer or "".join(question.key),
            question.explanation,
            question.source,
            question.expires_on,
            question.reviewer,
        )
