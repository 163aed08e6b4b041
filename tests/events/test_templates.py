"""The folder of templates is read at each use, and a broken file does not affect the others."""

import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from backend.clock import to_iso
from backend.events import templates
from backend.events.commands import events
from backend.events.models import Event
from backend.events.templates import BrokenTemplate, UnknownTemplate, read_folder, template
from backend.questions.models import Question, QuestionBank
from tests.events.test_commands import Shell
from tests.support import Centre, FakeClock, Phone, refused

ONE_DATABASE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
DAY_MS = 86_400_000
HUNT = """
name: {name}
title: 淘金
activities:
  - kind: hunt
    title: 淘金
    settings:
      banks: [{banks}]
      sites: [{{key: pit, title: 坑, topic: {topic}, x: 1, y: 1}}]
"""
BROKEN = {
    "syntax.yaml": "name: [",
    "empty.yaml": "",
    "list.yaml": "- 1",
    "missing.yaml": "name: missing",
    "number.yaml": "name: 5\ntitle: x\nactivities: []",
    "twice.yaml": HUNT.format(name="good", banks="business", topic="账单缴费"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in use, with one good template."""
    made = tmp_path / "events"
    made.mkdir()
    monkeypatch.setattr(templates, "FOLDER", made)
    write(made, "good")
    return made


def write(folder: Path, name: str, banks: str = "business", topic: str = "账单缴费") -> Path:
    """Write the template of a hunt."""
    file = folder / f"{name}.yaml"
    file.write_text(HUNT.format(name=name, banks=banks, topic=topic), encoding="utf-8")
    return file


def make(host: Phone, name: str, **more: Any) -> Any:
    """Ask for an event."""
    return host.post("/events", {"template": name, **more})


def test_broken_files_are_named_and_the_others_used(folder: Path) -> None:
    for name, text in BROKEN.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "latin.yaml").write_bytes(b"name: \xff")
    (folder / "folder.yaml").mkdir()
    read = read_folder()
    assert [found["name"] for found in read.templates] == ["good"]
    assert read.broken.keys() == {*BROKEN, "latin.yaml", "folder.yaml"}
    assert all(why and "\n" not in why for why in read.broken.values())
    syntax = "expected the node content, but found '<stream end>'"
    assert read.broken["syntax.yaml"] == f"line 1, column 8: {syntax}"
    assert template("good")["title"] == "淘金"
    with pytest.raises(BrokenTemplate):
        template("syntax")
    with pytest.raises(UnknownTemplate):
        template("chess")


def test_edited_template_is_seen_at_once(folder: Path) -> None:
    file = write(folder, "mine")
    before = template("mine")
    assert template("mine") is before
    file.write_text(file.read_text().replace("title: 淘金\n", "title: 新的\n", 1))
    os.utime(file, ns=(1, 1))
    assert template("mine")["title"] == "新的"
    file.unlink()
    with pytest.raises(UnknownTemplate):
        template("mine")


@ONE_DATABASE
def test_broken_file_keeps_nobody_from_making_an_event(centre: Centre, folder: Path) -> None:
    host = centre.host()
    (folder / "syntax.yaml").write_text("name: [")
    (folder / "kind.yaml").write_text(
        (folder / "good.yaml")
        .read_text()
        .replace("kind: hunt", "kind: chess")
        .replace("good", "kind")
    )
    (folder / "setting.yaml").write_text(
        (folder / "good.yaml").read_text().replace("x: 1", "x: 1000").replace("good", "setting")
    )
    assert [found["name"] for found in host.ok("GET", "/event-templates")] == [
        *("good", "kind", "setting")
    ]
    assert make(host, "good").status_code == 201
    for name in ("syntax", "kind", "setting"):
        answer = make(host, name)
        refused(answer, 422, "broken_template")
        assert answer.json["errors"].keys() == {"template"}
    assert Event.select().count() == 1


def test_template_that_names_what_is_not_there_is_refused(centre: Centre, folder: Path) -> None:
    host = centre.host()
    write(folder, "bank", banks="business, nowhere")
    write(folder, "topic", topic="天文学")
    for name, reason in {
        "bank": "淘金：没有题库“nowhere”。",
        "topic": "淘金：主题“天文学”没有可用的题。",
    }.items():
        answer = make(host, name)
        refused(answer, 422, "incomplete_template")
        assert answer.json["errors"] == {"template": [reason]}
    english = host.call("POST", "/events", {"template": "bank"}, {"Accept-Language": "en"})
    assert english.json["errors"] == {"template": ["淘金: There is no question bank “nowhere”."]}
    assert Event.select().count() == 0


def test_questions_that_expire_before_the_opening_are_not_there(
    centre: Centre, folder: Path, clock: FakeClock
) -> None:
    host = centre.host()
    bank = QuestionBank.create(name="short", title="短期")
    facts = {"bank": bank, "version": 1, "kind": "truefalse", "difficulty": 1, "stem": "？"}
    more = {"key": ["T"], "explanation": "", "digest": "", "created_at": 0}
    Question.create(code="1", topic="短期", expires_on="2026-11-23", **facts, **more)
    Question.create(code="2", topic="长期", **facts, **more)
    write(folder, "short", banks="short", topic="短期")
    assert make(host, "short").status_code == 201
    assert make(host, "short", opens_at=to_iso(clock.now() + DAY_MS)).status_code == 201
    answer = make(host, "short", opens_at=to_iso(clock.now() + 2 * DAY_MS))
    refused(answer, 422, "incomplete_template")
    assert answer.json["errors"] == {"template": ["淘金：主题“短期”的题到 2026-11-24 已全部过期。"]}


@ONE_DATABASE
@pytest.mark.parametrize(
    ("activity", "reason"),
    [
        ("kind: contest, settings: {banks: [nowhere]}", "没有题库“nowhere”。"),
        ("kind: contest, settings: {banks: [void]}", "题库里没有可用的题。"),
        ("kind: drawing, settings: {packs: [nowhere]}", "没有词库“nowhere”，或其中没有词。"),
    ],
)
def test_every_kind_that_draws_says_what_is_missing(
    centre: Centre, folder: Path, activity: str, reason: str
) -> None:
    QuestionBank.create(name="void", title="空的")
    (folder / "other.yaml").write_text(
        f"name: other\ntitle: x\nactivities: [{{title: 环节, {activity}}}]", encoding="utf-8"
    )
    answer = make(centre.host(), "other")
    refused(answer, 422, "incomplete_template")
    assert answer.json["errors"] == {"template": [f"环节：{reason}"]}


@ONE_DATABASE
def test_command_warns_and_goes_on_when_forced(app: Flask, folder: Path) -> None:
    names = ("database", "clock", "kinds", "boards", "feed")
    shell = Shell(*(app.extensions[f"linka.{name}"] for name in names))
    write(folder, "topic", topic="天文学")
    (folder / "syntax.yaml").write_text("name: [")
    refusal = shell.run("create", "topic")
    assert (refusal.exit_code, "天文学" in refusal.stderr) == (1, True)
    forced = shell.run("create", "topic", "--force")
    assert (forced.exit_code, Event.select().count()) == (0, 1)
    assert "提醒：跳过有错误的模板 syntax.yaml：" in forced.stderr
    assert "提醒：淘金：主题“天文学”没有可用的题。" in forced.stderr
    listed = CliRunner().invoke(events, ["templates"], obj=shell)
    assert (listed.exit_code, "syntax.yaml" in listed.stderr) == (0, True)


def test_sample_templates_of_whole_events_plan_the_crew_and_the_speaker() -> None:
    for found in read_folder().templates:
        if not found["name"].endswith("-short"):
            assert {task["duty"] for task in found["crew"]} == set(templates.DUTIES), found["name"]
            assert all(activity["notes"] for activity in found["activities"]), found["name"]


def test_sample_templates_lack_nothing(centre: Centre) -> None:
    host = centre.host()
    for file in os.listdir(templates.FOLDER):
        assert make(host, file.removesuffix(".yaml")).status_code == 201, file
