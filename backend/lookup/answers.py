"""The shape of every answer: a title, rows of a label and a text, or a text alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class AnswerRow:
    """A row of an answer; `is_now` marks the one that holds now."""

    label: str
    text: str
    is_now: bool = False


@dataclass(frozen=True)
class Answer:
    """An answer of a kind: `buses`, `shifts`, `canteen` or `card`.

    `notice` says that a table is old or ends before the day that was asked for. Of a card there are
    `attachments` ({title, text}) and the name of its owner.
    """

    kind: str
    title: str
    rows: Sequence[AnswerRow] = ()
    text: str = ""
    notice: str = ""
    attachments: Sequence[dict[str, Any]] = field(default_factory=tuple)
    owner: str = ""
    card_id: int | None = None
