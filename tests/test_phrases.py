"""Packed phrases are those of the dictionary that they were made from."""

import json
from pathlib import Path

import pypinyin
import pytest

from backend.phrases import Phrases

SOME = {"美": [["měi"]], "美多": [["měi"], ["duō"]], "长": [["cháng", "zhǎng"]]}


def test_every_phrase_of_the_library_keeps_its_readings() -> None:
    file = Path(pypinyin.__file__).with_name("phrases_dict.json")
    readings = json.loads(file.read_text(encoding="utf-8"))
    assert dict(Phrases(readings)) == readings


@pytest.mark.parametrize("text", ["", "美多多", "多", "長", "\U00020000", "美 多", "美\tm"])
def test_other_text_is_no_phrase(text: str) -> None:
    phrases = Phrases(SOME)
    assert text not in phrases
    with pytest.raises(KeyError):
        phrases[text]


@pytest.mark.parametrize(
    ("text", "is_beginning"),
    [("美", True), ("美多", True), ("长", True), ("美多多", False), ("多", False), ("長", False)],
)
def test_text_begins_a_phrase_or_not(text: str, is_beginning: bool) -> None:
    assert Phrases(SOME).has_beginning(text) is is_beginning


def test_no_phrases_are_no_error() -> None:
    assert list(Phrases({})) == []
    assert not Phrases({}).has_beginning("美")
