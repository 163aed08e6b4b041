"""Announced words as a hall plays them: the host announces, phones reply."""

from typing import Any

from tests.browser.hall import Hall
from tests.phones import Phone


class WordHall:
    """An event with announced words on a real server."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.activity_id = hall.activity("keywords")
        self._path = f"/keywords/{self.activity_id}"

    def announce(self, *texts: str, **more: Any) -> list[int]:
        """Let the host announce new words at the same moment; returns their ids."""
        path = f"{self._path}/words"
        ids = [self.hall.host.ok("POST", path, {"text": text, **more})["id"] for text in texts]
        self.open(*ids)
        return ids

    def prepare(self, text: str, **more: Any) -> int:
        """Let the host prepare a word."""
        path = f"{self._path}/words"
        return int(self.hall.host.ok("POST", path, {"text": text, **more})["id"])

    def open(self, *word_ids: int) -> None:
        """Let the host announce words."""
        self.hall.host.ok("POST", f"{self._path}/open", {"word_ids": list(word_ids)})

    def close(self, *word_ids: int) -> None:
        """Let the host end words."""
        self.hall.host.ok("POST", f"{self._path}/close", {"word_ids": list(word_ids)})

    def dismiss(self) -> None:
        """Let the host dismiss the result."""
        self.hall.host.ok("POST", f"{self._path}/dismiss")

    def reply(self, phone: Phone, text: str) -> str:
        """Let a phone reply."""
        said = phone.ok("POST", f"{self._path}/replies", {"text": text})
        return str(said["outcome"])
