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

    def adopt(self, title: str) -> None:
        """Continue with a poll that was made elsewhere."""
        items = self.hall.host.ok("GET", self._polls)["items"]
        (poll_id,) = [poll["id"] for poll in items if poll["title"] == title]
        self.path = f"{self._polls}/polls/{poll_id}"
        self.options = [option["id"] for option in self.hall.host.ok("GET", self.path)["options"]]

    def seen(self, phone: Phone) -> dict[str, Any]:
        """Return the poll as a phone sees it."""
        found: dict[str, Any] = phone.ok("GET", self.path)
        return found

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

    # --- suggestions

    def propose(self, phone: Phone, text: str) -> int:
        """Let a phone suggest something; returns the suggestion's id."""
        return int(phone.ok("POST", f"{self._polls}/suggestions", {"text": text})["id"])

    def support(self, phone: Phone, suggestion_id: int) -> None:
        """Let a phone support a suggestion."""
        phone.ok("PUT", f"{self._polls}/suggestions/{suggestion_id}/support")

    def suggestion(self, phone: Phone, suggestion_id: int) -> dict[str, Any]:
        """Return a suggestion as a phone sees it."""
        found: dict[str, Any] = phone.ok("GET", f"{self._polls}/suggestions/{suggestion_id}")
        return found

    def reject(self, suggestion_id: int, reason: str) -> None:
        """Let the host reject the text of a suggestion."""
        queue = f"/events/{self.hall.id}/moderation"
        text = self.suggestion(self.hall.host, suggestion_id)["text"]
        items = self.hall.host.ok("GET", f"{queue}?status=all")["items"]
        (item_id,) = [item["id"] for item in items if item["text"] == text]
        self.hall.host.ok("PUT", f"{queue}/{item_id}", {"status": "rejected", "reason": reason})
