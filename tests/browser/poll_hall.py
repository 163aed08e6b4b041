"""A vote as a hall plays it: the host opens it, phones cast ballots."""

import secrets
from typing import Any

from tests.browser.hall import Hall
from tests.phones import Phone


class PollHall:
    """An event with a poll on a real server."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.activity_id = hall.activity("polls")
        self._polls = f"/polls/{self.activity_id}"
        self.path = ""
        self.options: list[int] = []

    def open(self, *titles: str, **facts: Any) -> None:
        """Let the host make and open a named poll."""
        body = {"title": "班组合唱比赛", "anonymous": False, **facts}
        body["entries"] = [{"title": title} for title in titles]
        poll = self.hall.host.ok("POST", f"{self._polls}/polls", body)
        self.path = f"{self._polls}/polls/{poll['id']}"
        self.options = [option["id"] for option in poll["options"]]
        self.act("open")

    @property
    def query(self) -> dict[str, int]:
        """What the page of the poll that was opened last is opened with."""
        poll_id = int(self.path.rsplit("/", 1)[1])
        return {"event": self.hall.id, "activity": self.activity_id, "poll": poll_id}

    def act(self, action: str, **more: str) -> None:
        """Let the host do something with the poll."""
        self.hall.host.ok("POST", f"{self.path}/actions", {"action": action, **more})

    def vote(self, phone: Phone, *choice: int, **more: str) -> None:
        """Let a phone vote for options by their place."""
        chosen = [self.options[at] for at in choice]
        body = {"choice": chosen, "receipt": secrets.token_urlsafe(24), **more}
        phone.ok("POST", f"{self.path}/ballots", body)
