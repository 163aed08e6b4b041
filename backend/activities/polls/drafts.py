"""Drafts of polls, for templates, the API and services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.activities.polls import rules
from backend.visible import bare
from backend.web.forms import label
from backend.web.schema import FullMatch, Schema, Text

MOST_OPTIONS = 200
METHOD_NAMES = {rules.SINGLE: "单选", rules.MULTIPLE: "多选", rules.RANKED: "排序"}
ORDER_NAMES = {rules.BY_NUMBER: "按编号", rules.RANDOM: "每人随机", rules.ROTATING: "每人轮换"}
# The largest ranking, because a count may take as many rounds.
MOST_RANKED = 30


@dataclass(frozen=True)
class EntryDraft:
    """The draft of an option; `source_id` is the option of an earlier poll that it comes from."""

    title: str
    description: str = ""
    video_url: str | None = None
    picture_id: int | None = None
    direct: bool = False
    source_id: int | None = None


@dataclass(frozen=True)
class PollDraft:
    """The draft of a poll. With `number` a repeated request makes one poll, the one of this number.

    `most_choices` None means as many as the method allows.
    """

    title: str
    entries: Sequence[EntryDraft] = field(default_factory=tuple)
    description: str = ""
    method: str = rules.SINGLE
    most_choices: int | None = None
    places: int = 1
    anonymous: bool = True
    guests_allowed: bool = False
    changes_allowed: bool = False
    daily_quota: int | None = None
    entry_order: str = rules.BY_NUMBER
    hall_code: bool = False
    number: int | None = None

    def most(self) -> int:
        """Return how many options a ballot may name."""
        if self.method == rules.SINGLE:
            return 1
        highest = MOST_RANKED if self.method == rules.RANKED else MOST_OPTIONS
        return min(self.most_choices or highest, highest)


@dataclass(frozen=True)
class PollWording:
    """Corrected words of a poll; `entries` holds the options' words by their ids."""

    title: str
    description: str
    entries: Mapping[int, EntryDraft]


def draft_of(facts: Mapping[str, Any]) -> PollDraft:
    """Return the draft that `DraftSchema` read."""
    entries = tuple(EntryDraft(**entry) for entry in facts.get("entries", ()))
    return PollDraft(**{**facts, "entries": entries})


def _require_all_visible(address: str) -> None:
    if bare(address) != address:
        raise ma.ValidationError("Invisible characters are not allowed.")


class EntrySchema(Schema):
    """An option, or an entry of a contest; `direct` marks a 直通卡."""

    title = Text(1, 120, required=True, metadata=label("选项"))
    description = Text(0, 2000, load_default="", metadata=label("说明"))
    video_url = ma.fields.Url(
        schemes={"https"},
        # No control characters and no lone surrogates: neither can be stored.
        validate=[
            FullMatch(r"^[^\u0000-\u0020\u007f\ud800-\udfff]{9,500}$"),
            _require_all_visible,
        ],
        load_default=None,
        allow_none=True,
        metadata=label("影片"),
    )
    direct = ma.fields.Boolean(load_default=False, metadata=label("直通卡"))


class RulesSchema(Schema):
    """The rules of a poll; `places` is how many options win, a null quota means one ballot for each
    person. With `hall_code` a ballot must carry the code on the screen, which changes every minute.
    """

    title = Text(1, 120, required=True, metadata=label("标题"))
    description = Text(0, 2000, load_default="", metadata=label("说明"))
    method = ma.fields.String(
        load_default=rules.SINGLE,
        validate=validate.OneOf(rules.METHODS),
        metadata=label("方式", choices=METHOD_NAMES),
    )
    most_choices = ma.fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, MOST_OPTIONS),
        metadata=label("最多选几个"),
    )
    places = ma.fields.Integer(
        strict=True, load_default=1, validate=validate.Range(1, 100), metadata=label("胜出几个")
    )
    anonymous = ma.fields.Boolean(load_default=True, metadata=label("匿名"))
    guests_allowed = ma.fields.Boolean(load_default=False, metadata=label("亲友可以投票"))
    changes_allowed = ma.fields.Boolean(load_default=False, metadata=label("可以改票"))
    daily_quota = ma.fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 20),
        metadata=label("每人每天几票"),
    )
    entry_order = ma.fields.String(
        load_default=rules.BY_NUMBER,
        validate=validate.OneOf(rules.ORDERS),
        metadata=label("选项顺序", choices=ORDER_NAMES),
    )
    hall_code = ma.fields.Boolean(load_default=False, metadata=label("现场码"))

    @ma.validates_schema
    def _single_names_one(self, data: dict[str, Any], **_: Any) -> None:
        if data["method"] == rules.SINGLE and data["most_choices"] not in (None, 1):
            raise ma.ValidationError("A single choice names one option.", "most_choices")


class DraftSchema(RulesSchema):
    """A whole poll."""

    entries = ma.fields.List(
        ma.fields.Nested(EntrySchema),
        load_default=list,
        validate=validate.Length(0, MOST_OPTIONS),
        metadata=label("选项"),
    )
