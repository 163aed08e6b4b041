"""The host of an evening: makes a rehearsal event, opens it, closes it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from miniprogram_stub.centre import RosterLine
from miniprogram_stub.program import MiniProgram, Refused, ServerAway
from miniprogram_stub.protocol import PATHS

REHEARSAL = "彩排："
LONGEST_TITLE = 60


@dataclass(frozen=True)
class JoinableEvent:
    """An event that phones can join; `screen_path` is for the big screen, where the host has one."""

    event_id: int
    title: str
    join_code: str
    screen_path: str = ""


class Host:
    """Runs an event from the host's phone. All methods raise `Refused` and `ServerAway`."""

    def __init__(self, program: MiniProgram, staff: RosterLine) -> None:
        self.program = program
        self._staff = staff
        self._closed: set[int] = set()

    @contextmanager
    def rehearsal(self, template: str, *, keep_open: bool = False) -> Iterator[JoinableEvent]:
        """Make a rehearsal event from a template and open it; close it when the block ends.

        It is also closed after a refusal or an error, if the server can be reached; an event that
        cannot be opened is archived.
        """
        self._prove_who_i_am()
        event_id = self._make(template)
        try:
            opened = self._move(event_id, "open")
        except Refused:
            with suppress(Refused, ServerAway):
                self._move(event_id, "archive")
            raise
        event = _joinable(opened)
        try:
            yield event
        except BaseException:
            with suppress(Refused, ServerAway):
                self.close(event)
            raise
        if not keep_open:
            self.close(event)

    def close(self, event: JoinableEvent) -> None:
        """Close the event. A repeat changes nothing."""
        if event.event_id not in self._closed:
            self._move(event.event_id, "close")
            self._closed.add(event.event_id)

    def _make(self, template: str) -> int:
        body = {"template": template, "rehearsal": True}
        title = self._title(template)
        if title:
            body["title"] = title
        made: int = self.program.call_once("POST", "/events", body)["id"]
        return made

    def _prove_who_i_am(self) -> None:
        if not self.program.get(PATHS["me"])["staff"]:
            proof = {"staff_number": self._staff.number, "invite_code": self._staff.invite_code}
            self.program.post(PATHS["binding"], proof)

    def _title(self, template: str) -> str:
        """Return the template's title, marked as a rehearsal; empty for an unknown template."""
        templates = self.program.get("/event-templates")
        titles = [item["title"] for item in templates if item["name"] == template]
        return (REHEARSAL + titles[0])[:LONGEST_TITLE] if titles else ""

    def _move(self, event_id: int, action: str) -> dict[str, Any]:
        moved: dict[str, Any] = self.program.post(
            f"/events/{event_id}/transitions", {"action": action}
        )
        return moved


def _joinable(event: dict[str, Any]) -> JoinableEvent:
    return JoinableEvent(
        event["id"], event["title"], event["join_code"], event.get("screen_path", "")
    )
