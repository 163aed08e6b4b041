"""What a template may say about a game."""

from typing import Any

import marshmallow as ma
import pytest

from backend.activities.drawing.kind import Drawing
from backend.events.templates import template


def test_template_is_good() -> None:
    (activity,) = template("drawing")["activities"]
    checked = Drawing().check(activity["settings"])
    assert (checked["mode"], checked["turns"], checked["packs"]) == (
        "rooms",
        8,
        ["everyday", "business"],
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("packs", []),
        ("mode", "street"),
        ("room_size", 1),
        ("room_size", 13),
        ("rounds", 0),
        ("turns", 0),
        ("draw_seconds", 19),
        ("colour", "red"),
    ],
)
def test_setting_that_cannot_work_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ma.ValidationError) as refusal:
        Drawing().check({"packs": ["everyday"], field: value})
    assert list(refusal.value.messages_dict) == [field]
