"""Which texts are similar to another one, and in which order."""

import pytest

from backend.chinese import normalised
from backend.likeness import LEAST_LIKE, most_alike

NIGHT, BUS, TREE = "食堂加一个夜宵窗口", "三号班车晚十分钟发车", "大厅种一棵树"


def like(typed: str, texts: list[str], most: int = 5) -> list[str]:
    """Return the texts that are similar to one, as they were typed."""
    found = most_alike(normalised(typed), [normalised(text) for text in texts], most)
    assert all(LEAST_LIKE <= score <= 100 for _, score in found)
    return [texts[place] for place, _ in found]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("食堂加夜宵窗口", [NIGHT]),
        ("食堂加壹個夜宵窗口", [NIGHT]),
        ("希望食堂晚上加一个夜宵窗口，谢谢！", [NIGHT]),
        ("三号班车", [BUS]),
        ("三號 班車", [BUS]),
        ("班车晚点发车", [BUS]),
        ("工位换新椅子", []),
    ],
)
def test_what_is_like_a_text_is_found(typed: str, found: list[str]) -> None:
    assert like(typed, [NIGHT, BUS, TREE, "……"]) == found


def test_most_similar_comes_first_and_of_equals_the_first_one() -> None:
    texts = ["三号班车晚点", BUS, "三号班车晚十分钟", BUS]
    assert like(BUS, texts, 2) == [BUS, BUS]
    found = most_alike(BUS, texts, 4)
    assert [place for place, _ in found][:2] == [1, 3]
