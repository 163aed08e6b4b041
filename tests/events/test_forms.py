"""Settings as forms: every field has a Chinese label, and every kind says what players earn."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from backend.activities import KINDS
from backend.events.kinds import Kind
from backend.events.templates import all_templates
from backend.web.forms import described
from tests.support import Centre, Phone, refused

CHINESE = re.compile("[\u4e00-\u9fff]")
TYPES = {
    *("boolean", "integer", "number", "text", "choice", "choices", "texts", "integers"),
    *("rows", "group"),
}
ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def every(fields: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield fields, and the fields inside them, that a form shows."""
    for field in fields:
        if not field["hidden"]:
            yield field
            yield from every(field["fields"])


def settings_in_templates(kind: str) -> Iterator[dict[str, Any]]:
    """Yield the settings of each activity of a kind in the templates."""
    for template in all_templates():
        for activity in template["activities"]:
            if activity["kind"] == kind:
                yield KINDS[kind].check(activity["settings"])


@pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.name)
def test_every_field_has_a_chinese_label(kind: Kind) -> None:
    fields = list(every(described(kind.settings(), {})))
    assert [field["name"] for field in fields if not CHINESE.search(field["label"])] == []
    assert {field["type"] for field in fields} <= TYPES
    choices = [choice for field in fields for choice in field["choices"]]
    assert [choice for choice in choices if not CHINESE.search(choice["label"])] == []


@pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.name)
def test_every_kind_says_what_players_earn(kind: Kind) -> None:
    for settings in settings_in_templates(kind.name):
        earnings = kind.preview(settings)
        assert earnings
        assert all(CHINESE.search(one.sentence) and one.points >= 0 for one in earnings)


@pytest.mark.parametrize(
    ("scoring", "points"), [("accuracy", 420), ("light_speed", 462), ("speed", 630)]
)
def test_preview_of_questions_follows_the_marking(scoring: str, points: int) -> None:
    # 7 of 10 right at 60 points each, with 0, 6 or 30 for speed; a streak adds more.
    settings = {"banks": ["business"], "questions": 10, "scoring": scoring, "streak": False}
    assert KINDS["contest"].preview(KINDS["contest"].check(settings))[0].points == points


def test_preview_follows_the_points_by_place() -> None:
    settings = {"points_by_place": [9, 1], "team_points_by_place": [4], "participation_points": 2}
    found = KINDS["shake"].preview(KINDS["shake"].check({**settings, "draw_points": 8}))
    assert [one.points for one in found] == [11, 2, 6, 10]


@ONE_DATABASE
def test_kinds_are_described_with_choices(centre: Centre) -> None:
    host: Phone = centre.host()
    kinds = {one["kind"]: one for one in host.ok("GET", "/activity-kinds")}
    assert kinds.keys() == set(KINDS.names())
    hunt = {field["name"]: field for field in kinds["hunt"]["fields"]}
    assert {"business", "centre"} <= {one["value"] for one in hunt["banks"]["choices"]}
    assert (hunt["digs_per_day"]["low"], hunt["digs_per_day"]["high"]) == (1, 1000)
    assert hunt["digs_per_day"]["default"] == 12
    inside = {field["name"] for field in hunt["sites"]["fields"]}
    assert inside == {"key", "title", "topic", "x", "y"}


@ONE_DATABASE
def test_fresh_settings_make_an_activity(centre: Centre) -> None:
    host: Phone = centre.host()
    for kind in host.ok("GET", "/activity-kinds"):
        facts = {"kind": kind["kind"], "title": kind["title"], "settings": kind["settings"]}
        assert host.post("/events", {"activities": [facts]}).status_code == 201, kind["kind"]


@ONE_DATABASE
def test_preview_says_what_is_earned_and_lacking(centre: Centre) -> None:
    host: Phone = centre.host()
    path = "/activity-kinds/contest/preview"
    found = host.ok("POST", path, {"settings": {"banks": ["business"], "questions": 5}})
    assert found["lacks"] == []
    assert found["earnings"][0]["points"] > 0
    lacking = host.ok("POST", path, {"settings": {"banks": ["none"]}})
    assert lacking["lacks"] == ["没有题库“none”。"]


@ONE_DATABASE
def test_preview_names_a_wrong_setting_by_its_path(centre: Centre) -> None:
    host: Phone = centre.host()
    answer = host.post("/activity-kinds/shake/preview", {"settings": {"seconds": 1}})
    refused(answer, 422, "invalid")
    assert answer.json["errors"].keys() == {"settings.seconds"}
    refused(host.post("/activity-kinds/chess/preview", {"settings": {}}), 404, "not_found")
