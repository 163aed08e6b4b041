"""The audit of an event in words for hosts, and as Excel."""

from collections.abc import Iterator, Mapping
from typing import Any

from backend.clock import local_time
from backend.events.kinds import Kinds
from backend.events.models import Activity, Player
from backend.events.trail_words import AuditWording, Vocabulary, subjects_of, titles_of
from backend.identity import audit
from backend.identity.models import Staff
from backend.sheets.writing import Column, Worksheet

COLUMNS = (
    Column("时间", 20),
    Column("操作人", 14),
    Column("工号", 12),
    Column("操作", 18),
    Column("对象", 24),
    Column("之前", 36),
    Column("之后", 36),
    Column("说明", 40),
)
SYSTEM = "系统"


def told(lines: list[dict[str, Any]], kinds: Kinds) -> list[dict[str, Any]]:
    """Return lines of the audit with `title`, `about`, `before`, `after` and `more` in words."""
    titles, names = titles_of(kinds), _names(lines)
    vocabulary, subjects = Vocabulary(kinds, lines), subjects_of(kinds)
    return [
        {
            **line,
            "title": titles.get(line["action"], line["action"]),
            "about": line["detail"].get("file") or _about(line["subject"], names, subjects),
            **_details(line["detail"], vocabulary.of(line)),
        }
        for line in lines
    ]


def worksheet(event_id: int, kinds: Kinds, zone: str) -> Worksheet:
    """Return all lines of an event, the oldest first."""
    return Worksheet("操作记录", COLUMNS, _rows(event_id, kinds, zone))


def _rows(event_id: int, kinds: Kinds, zone: str) -> Iterator[tuple[Any, ...]]:
    for line in told(audit.all_of(event_id), kinds):
        actor = line["actor"] or {"name": SYSTEM, "number": None}
        yield (
            local_time(line["at"], zone),
            actor["name"],
            actor["number"],
            line["title"],
            line["about"],
            line["before"],
            line["after"],
            line["more"],
        )


def _details(detail: dict[str, Any], words: AuditWording) -> dict[str, str]:
    return {
        "before": words.facts(_differing(detail, "before", "after")),
        "after": words.facts(_differing(detail, "after", "before")),
        "more": words.facts(_more(detail)),
    }


def _more(detail: dict[str, Any]) -> dict[str, Any]:
    """Return the details that no other column shows; all lines are about the same event."""
    shown = ("before", "after", "event", "file")
    return {name: value for name, value in detail.items() if name not in shown}


def _differing(detail: dict[str, Any], side: str, other: str) -> Any:
    """Return the facts of one side that differ from the other's."""
    own, others = detail.get(side), detail.get(other)
    if not isinstance(own, dict) or not isinstance(others, dict):
        return own
    return {name: value for name, value in own.items() if others.get(name) != value}


def _names(lines: list[dict[str, Any]]) -> dict[str, str]:
    """Return names of people and titles of activities by the subjects of lines."""
    subjects = {line["subject"] for line in lines}
    ids = [int(s.partition(":")[2]) for s in subjects if s.startswith("player:")]
    activity_ids = [int(s.partition(":")[2]) for s in subjects if s.startswith("activity:")]
    activities = Activity.select(Activity.id, Activity.title).where(Activity.id.in_(activity_ids))
    numbers = [s.partition(":")[2] for s in subjects if s.startswith("staff:")]
    players = Player.select(Player.id, Player.name).where(Player.id.in_(ids)).tuples()
    staff = Staff.select(Staff.number, Staff.name).where(Staff.number.in_(numbers)).tuples()
    return {
        **{f"player:{one}": name for one, name in players},
        **{f"staff:{number}": name for number, name in staff},
        **{f"activity:{one}": title for one, title in activities.tuples()},
    }


def _about(subject: str, names: Mapping[str, str], subjects: Mapping[str, str]) -> str:
    if subject in names:
        return names[subject]
    kind, _, number = subject.partition(":")
    if kind == "event":
        return ""
    return f"{subjects[kind]} {number}" if kind in subjects else subject
