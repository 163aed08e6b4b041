"""The host's side of an evening: make a rehearsal event, open it, close it."""

from dataclasses import dataclass
from typing import Any

from miniprogram_stub.centre import Staff
from miniprogram_stub.program import MiniProgram

REHEARSAL = "彩排："
LONGEST_TITLE = 60


@dataclass(frozen=True)
class Stage:
    """An event that phones can join; `screen_path` is for the big screen, where the host has one."""

    event_id: int
    title: str
    join_code: str
    screen_path: str = ""


class Host:
    """Whoever runs the event, by their own phone. All methods raise `Refused` and `ServerAway`."""

    def __init__(self, program: MiniProgram, staff: Staff) -> None:
        self.program = program
        self._staff = staff

    def rehearse(self, template: str) -> Stage:
        """Make a rehearsal event from a template and open it."""
        self._prove_who_i_am()
        body = {"template": template, "rehearsal": True}
        title = self._title(template)
        if title:
            body["title"] = title
        event = self.program.call_once("POST", "/events", body)
        return _stage(self._move(event["id"], "open"))

    def close(self, stage: Stage) -> None:
        """End the event; nothing counts any more."""
        self._move(stage.event_id, "close")

    def _prove_who_i_am(self) -> None:
        if not self.program.get("/me")["staff"]:
            proof = {"staff_number": self._staff.number, "invite_code": self._staff.invite_code}
            self.program.post("/me/binding", proof)

    def _title(self, template: str) -> str:
        """What the template is called, marked as a rehearsal; empty for an unknown template."""
        templates = self.program.get("/event-templates")
        titles = [item["title"] for item in templates if item["name"] == template]
        return (REHEARSAL + titles[0])[:LONGEST_TITLE] if titles else ""

    def _move(self, event_id: int, action: str) -> dict[str, Any]:
        moved: dict[str, Any] = self.program.post(
            f"/events/{event_id}/transitions", {"action": action}
        )
        return moved


def _stage(event: dict[str, Any]) -> Stage:
    return Stage(event["id"], event["title"], event["join_code"], event.get("screen_path", ""))
