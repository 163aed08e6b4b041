"""Messages about wrong fields are in the caller's language."""

import inspect
import re
from typing import Any

import marshmallow as ma
import pytest
import webargs.fields
from marshmallow import validate

from backend.errors import Sentence
from backend.web.messages import MOST_SENTENCES, by_field, sentence
from tests.support import Centre, Phone

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
FALLBACK = "不符合要求。"


def _defaults() -> set[str]:
    """Return the messages that fields of marshmallow and webargs have."""
    classes = [*vars(ma.fields).values(), *vars(webargs.fields).values(), ma.Schema]
    found = set()
    for one in classes:
        for name in ("default_error_messages", "_default_error_messages"):
            found |= set(getattr(one, name, {}).values()) if inspect.isclass(one) else set()
    # Fields that no schema here has.
    return {text for text in found if not re.search(r"UUID|IP|email|period|timedelta", text)}


@pytest.mark.parametrize("template", sorted(_defaults()))
def test_every_default_message_has_a_chinese_sentence(template: str) -> None:
    text = template.format(input="x", obj_type="datetime", awareness="aware", choices="a, b")
    assert sentence(text).en == text
    assert sentence(text).zh != FALLBACK, text


@pytest.mark.parametrize(
    ("validator", "value", "chinese"),
    [
        (validate.Length(2, 5), "x", "长度须在 2 到 5 之间。"),
        (validate.Length(min=2), "x", "长度须不小于 2。"),
        (validate.Length(max=2), "xxx", "长度须不大于 2。"),
        (validate.Length(equal=2), "x", "长度须为 2。"),
        (validate.Range(1, 5), 0, "须不小于 1 且不大于 5。"),
        (validate.Range(min=1), 0, "须不小于 1。"),
        (validate.Range(max=1, max_inclusive=False), 1, "须小于 1。"),
        (validate.OneOf(["a", "b"]), "c", "须为以下之一：a, b。"),
        (validate.Regexp("a"), "b", "格式不对。"),
        (validate.Equal(3), 4, "须等于 3。"),
        (validate.NoneOf([1]), 1, "类型或值不对。"),
        (validate.ContainsOnly([1]), [2], "只能从以下选择：1。"),
    ],
)
def test_validators_speak_chinese(validator: Any, value: Any, chinese: str) -> None:
    with pytest.raises(ma.ValidationError) as refusal:
        validator(value)
    assert sentence(refusal.value.messages[0]).zh == chinese


def test_unknown_message_is_not_left_in_english() -> None:
    assert sentence("Something new.") == Sentence(FALLBACK, "Something new.")
    assert sentence(Sentence("中文", "English")) == Sentence("中文", "English")


def test_messages_inside_a_field_name_their_place() -> None:
    found = {"json": {"entries": {0: {"title": ["Missing data for required field."]}}}}
    said = Sentence("0: title: 必填。", "0: title: Missing data for required field.")
    assert by_field(found) == {"entries": [said]}


@ONE_DATABASE
@pytest.mark.parametrize(
    ("language", "said"), [("zh", "必填。"), ("en", "Missing data for required field.")]
)
def test_answers_say_it_in_the_language_of_the_request(
    centre: Centre, language: str, said: str
) -> None:
    host: Phone = centre.host()
    answer = host.call("POST", "/events", {}, {"Accept-Language": language})
    assert answer.json["errors"] == {"template": [said]}


def test_of_very_many_wrong_members_the_first_ones_are_named() -> None:
    [told] = by_field(
        {"json": {"numbers": {at: ["Not a valid string."] for at in range(5_000)}}}
    ).values()
    assert [one.en for one in told[:2]] == ["0: Not a valid string.", "1: Not a valid string."]
    assert len(told) == MOST_SENTENCES
