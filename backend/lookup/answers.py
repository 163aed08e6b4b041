"""The common shape of all answers: a title, and rows with a label and a text, or one text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class AnswerRow:
    """A row of an answer; `is_now` marks the row that applies now."""

    label: str
    text: str
    is_now: bool = False


@dataclass(frozen=True)
class Answer:
    """An answer of a kind: `buses`, `shifts`, `canteen` or `card`.

    `notice` says that a table is old, or ends before the day in question. `choices` are texts to look
    up instead. An answer of a card has `attachments` ({title, text}) and the name of its owner.
    """

    kind: str
    title: str
    rows: Sequence[AnswerRow] = ()
    text: str = ""
    notice: str = ""
    choices: Sequence[str] = ()
    attachments: Sequence[dict[str, Any]] = field(default_factory=tuple)
    owner: str = ""
    card_id: int | None = None
