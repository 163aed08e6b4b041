"""Cards: answers by keyword, which editors write or import."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from backend.db import Database
from backend.errors import Invalid, NotFound, Sentence
from backend.identity import audit
from backend.identity.keys import normal_number
from backend.identity.models import Staff
from backend.identity.principal import Principal
from backend.lookup.answers import Answer
from backend.lookup.asking import Phrase
from backend.lookup.matching import FOUND, SAME_SOUND, SIMILAR, likeness, terms_of
from backend.lookup.models import CARDS, LookupCard
from backend.lookup.tables import ReadRows, RowKind
from backend.sheets import Sheet
from backend.sheets.cells import RowReader
from backend.sheets.errors import repeats_row
from backend.sheets.text import plain
from backend.sheets.writing import Column, Worksheet

EDITORS = ("trainer", "host")
LONGEST_TITLE, LONGEST_TEXT, LONGEST_SYNONYM, MOST_SYNONYMS = 60, 2_000, 30, 20
LONGEST_ATTACHMENT, MOST_ATTACHMENTS = 500, 5
MOST_ANSWERS, MOST_SIMILAR = 5, 4
TITLE, TEXT, SYNONYMS, OWNER = "标题", "内容", "同义词", "负责人工号"
ATTACHMENT, EXPIRES, GUESTS = "附件", "有效期至", "亲友可见"
_TAKEN = Sentence("已有同名的卡片。", "Another card has this title.")
_NOBODY = Sentence("名册里没有在职员工使用这个工号。", "No active member of staff has this number.")


def is_editor(who: Principal) -> bool:
    """Return whether a caller may edit cards, import tables and answer questions.

    Roles for one event do not count.
    """
    return any(who.has(role) for role in EDITORS)


def require_editor(who: Principal) -> None:
    """Raise `Forbidden` unless the caller is an editor."""
    if not is_editor(who):
        who.require(EDITORS[0])


def found(asked: Phrase, today: date, for_guest: bool) -> tuple[list[Answer], list[str]]:
    """Return the cards that answer a text, the surest first, and the titles of similar ones.

    Cards that are merely similar are left out if one is sure.
    """
    rows = list(_shown(today, for_guest).tuples())
    terms = [(card_id, term) for card_id, _, card_terms in rows for term in card_terms]
    scores: dict[int, int] = {}
    for (card_id, _), score in zip(
        terms, likeness(asked, [term for _, term in terms]), strict=True
    ):
        scores[card_id] = max(scores.get(card_id, 0), score)
    best = max(scores.values(), default=0)
    least = SAME_SOUND if best >= SAME_SOUND else FOUND
    order = sorted(scores, key=lambda card_id: -scores[card_id])
    sure = [card_id for card_id in order if scores[card_id] >= least][:MOST_ANSWERS]
    titles = {card_id: title for card_id, title, _ in rows}
    rest = [card_id for card_id in order if card_id not in sure and scores[card_id] >= SIMILAR]
    return _answers(sure), [titles[card_id] for card_id in rest[:MOST_SIMILAR]]


def nearest_owner(asked: Phrase, today: date) -> int | None:
    """Return the owner of the card that is most similar to a text; None if no card is similar."""
    rows = [row for row in _shown(today, False, LookupCard.owner).tuples() if row[3]]
    terms = [(owner, term) for _, _, card_terms, owner in rows for term in card_terms]
    scores = likeness(asked, [term for _, term in terms])
    best = max(range(len(terms)), key=lambda place: scores[place], default=None)
    if best is None or scores[best] < SIMILAR:
        return None
    return int(terms[best][0])


def _shown(today: date, for_guest: bool, *more: Any) -> Any:
    """Return the query of the cards that are shown on a day, with columns (id, title, terms, more)."""
    is_valid = (LookupCard.expires_on == "") | (LookupCard.expires_on >= today.isoformat())
    query = LookupCard.select(LookupCard.id, LookupCard.title, LookupCard.terms, *more).where(
        LookupCard.active, is_valid
    )
    return query.where(LookupCard.for_guests) if for_guest else query


def _answers(card_ids: list[int]) -> list[Answer]:
    cards = {
        card.id: card
        for card in LookupCard.select(LookupCard, Staff.id, Staff.name)
        .left_outer_join(Staff)
        .where(LookupCard.id.in_(card_ids))
    }
    return [
        Answer(
            "card",
            card.title,
            text=card.text,
            attachments=card.attachments,
            owner=card.owner.name if card.owner_id else "",
            card_id=card.id,
        )
        for card_id in card_ids
        if (card := cards.get(card_id)) is not None
    ]


def make(database: Database, facts: dict[str, Any], actor_id: int, now: int) -> LookupCard:
    """Make a card; raises `Invalid` if the title is taken or nobody has the 工号 of the owner."""
    written = _written(facts, now)
    with database.write():
        card_id = LookupCard.insert_new(LookupCard.title, **written)
        if card_id is None:
            raise Invalid(fields={"title": [_TAKEN]})
        audit.record(actor_id, "card_made", f"card:{card_id}", now, title=facts["title"])
    return of_id(card_id)


def change(
    database: Database, card_id: int, facts: dict[str, Any], actor_id: int, now: int
) -> LookupCard:
    """Change a card; raises `NotFound`, or `Invalid` as `make`."""
    written = _written(facts, now)
    with database.write():
        card = LookupCard.lock(card_id)
        if card is None:
            raise NotFound
        others = LookupCard.select().where(
            LookupCard.title == facts["title"], LookupCard.id != card_id
        )
        if others.exists():
            raise Invalid(fields={"title": [_TAKEN]})
        names = ("title", "text", "synonyms", "attachments", "expires_on", "for_guests", "active")
        before = {
            name: getattr(card, name) for name in names if getattr(card, name) != written[name]
        }
        card.change(**written)
        after = {name: written[name] for name in before}
        audit.record(actor_id, "card_changed", f"card:{card_id}", now, before=before, after=after)
    return of_id(card_id)


def of_id(card_id: int) -> LookupCard:
    """Return a card; raises `NotFound`."""
    query = LookupCard.select(LookupCard, Staff.id, Staff.number, Staff.name).left_outer_join(Staff)
    card: LookupCard | None = query.where(LookupCard.id == card_id).first()
    if card is None:
        raise NotFound
    return card


def _written(facts: dict[str, Any], now: int) -> dict[str, Any]:
    facts = dict(facts)
    number = facts.pop("owner_number")
    synonyms = list(dict.fromkeys(facts.pop("synonyms")))
    return {
        **facts,
        "synonyms": synonyms,
        "terms": terms_of([facts["title"], *synonyms]),
        "owner": owner_of(number),
        "updated_at": now,
    }


def owner_of(number: str) -> int | None:
    """Return the person with a 工号; None for an empty one. Raises `Invalid` if nobody has it."""
    if not number:
        return None
    person = Staff.get_or_none(
        Staff.number == normal_number(number), Staff.active, Staff.test_event_id.is_null()
    )
    if person is None:
        raise Invalid(fields={"owner_number": [_NOBODY]})
    return int(person.id)


class Cards(RowKind):
    """A file adds cards and changes those with the same title; it deletes none."""

    name = CARDS
    title = "卡片"
    columns = ((TITLE, TEXT), (SYNONYMS, ATTACHMENT, OWNER, EXPIRES, GUESTS))
    template = Worksheet(
        "卡片",
        (
            Column(TITLE, 20),
            Column(TEXT, 60),
            Column(SYNONYMS, 30),
            Column(ATTACHMENT, 40),
            Column(OWNER, 12),
            Column(EXPIRES, 14),
            Column(GUESTS, 10),
        ),
        [
            (
                "工资卡更新",
                "带身份证和新卡到三楼人力资源组登记，每月 20 日前登记的当月生效。",
                "换工资卡、工资卡号变更",
                "工资卡变更申请表：在共享盘“人力资源/表格”里",
                "900001",
                date(2027, 12, 31),
                "否",
            )
        ],
    )
    notes = (
        "一行一张卡片。示例行看懂后请删掉。标题相同的卡片改成文件里的样子，别的卡片不变。",
        f"标题：{LONGEST_TITLE} 个字以内。内容：{LONGEST_TEXT} 个字以内。",
        f"同义词：别人会怎么问，用顿号分开，最多 {MOST_SYNONYMS} 个。",
        "附件：“名称：内容”，内容是 https 网址或一段文字；几个附件各占一行。",
        "有效期至：这一天以后不再显示，留空是一直有效。亲友可见：是或否。",
    )
    model = LookupCard
    key = ("title",)
    fields = {
        "text": TEXT,
        "synonyms": SYNONYMS,
        "attachments": ATTACHMENT,
        "owner": OWNER,
        "expires_on": EXPIRES,
        "for_guests": GUESTS,
    }

    def read(self, sheet: Sheet) -> ReadRows:
        """Return the cards of a file."""
        rows: dict[int, dict[str, Any]] = {}
        first: dict[str, int] = {}
        errors = list(sheet.errors)
        for row in sheet.rows:
            reader = RowReader(row)
            facts: dict[str, Any] = {
                "title": reader.text(TITLE, LONGEST_TITLE),
                "text": reader.text(TEXT, LONGEST_TEXT),
                "synonyms": _synonyms(reader),
                "attachments": _attachments(reader),
                "owner": _owner(reader),
                "expires_on": reader.day(EXPIRES, required=False),
                "for_guests": reader.yes(GUESTS),
            }
            title = facts["title"]
            if title and first.setdefault(title, row.number) != row.number:
                reader.wrong(TITLE, repeats_row(first[title]))
            errors += reader.errors
            if not reader.errors:
                rows[row.number] = facts
        return ReadRows(rows, errors)

    def named(self, facts: Mapping[str, Any]) -> str:
        """Return the title."""
        return str(facts["title"])

    def stored(self, facts: Mapping[str, Any], now: int) -> dict[str, Any]:
        """Return the columns of a card; a card that was put away stays so."""
        terms = terms_of([facts["title"], *facts["synonyms"]])
        return {**facts, "terms": terms, "updated_at": now}


def _synonyms(reader: RowReader) -> list[str]:
    text = reader.text(SYNONYMS, MOST_SYNONYMS * (LONGEST_SYNONYM + 1), required=False)
    for mark in "，,;；\n":
        text = text.replace(mark, "、")
    return list(dict.fromkeys(part.strip() for part in text.split("、") if part.strip()))


def _attachments(reader: RowReader) -> list[dict[str, str]]:
    found = []
    for line in reader.row[ATTACHMENT].splitlines():
        title, _, text = line.replace("：", ":", 1).partition(":")
        if not (title.strip() and text.strip()) or title.strip().lower() in ("http", "https"):
            reader.wrong(
                ATTACHMENT, Sentence("请写成“名称：内容”", "must be written as “name: content”")
            )
            break
        found.append({"title": title.strip()[:LONGEST_TITLE], "text": text.strip()})
    return found[:MOST_ATTACHMENTS]


def _owner(reader: RowReader) -> int | None:
    try:
        return owner_of(plain(reader.row[OWNER]))
    except Invalid:
        reader.wrong(OWNER, _NOBODY)
        return None
