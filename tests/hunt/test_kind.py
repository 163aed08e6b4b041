"""What a template may say about a hunt."""

from typing import Any

import marshmallow as ma
import pytest

from backend.activities import KINDS
from backend.activities.hunt.kind import Hunt
from backend.events.kinds import Kinds
from backend.events.templates import all_templates
from tests.hunt.evening import PIT
from tests.hunt.test_treasures import BELL

LEAST = {"banks": ["business"], "sites": [PIT]}


def test_what_a_template_leaves_out_has_a_default() -> None:
    checked = Hunt().check(LEAST)
    assert checked == {
        **LEAST,
        "digs_per_day": 12,
        "question_seconds": 40,
        "snooze_seconds": 180,
        "scoring": "light_speed",
        "treasures": [],
    }


@pytest.mark.parametrize("template", all_templates(), ids=lambda template: template["name"])
def test_sample_templates_are_good(template: dict[str, Any]) -> None:
    kinds = Kinds(*KINDS)
    for activity in template["activities"]:
        assert kinds[activity["kind"]].check(activity["settings"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("banks", []),
        ("sites", []),
        ("sites", [PIT, PIT]),
        ("sites", [{**PIT, "x": 101}]),
        ("sites", [{**PIT, "key": "矿"}]),
        ("digs_per_day", 0),
        ("question_seconds", 4),
        ("snooze_seconds", -1),
        ("scoring", "fast"),
        ("treasures", [{**BELL, "site": "atlantis"}]),
        ("treasures", [{**BELL, "chance": 1.5}]),
        ("treasures", [{**BELL, "stock": -1}]),
        ("treasures", [BELL, BELL]),
        ("colour", "gold"),
    ],
)
def test_setting_that_cannot_work_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ma.ValidationError) as refusal:
        Hunt().check({**LEAST, field: value})
    assert list(refusal.value.messages_dict) == [field]
