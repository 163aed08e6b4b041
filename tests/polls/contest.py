"""A contest over HTTP, for tests: its host, staff and a guest."""

import io
from dataclasses import dataclass
from typing import Any

import openpyxl
from PIL import Image

from tests.support import FakeClock, Phone

ENTRIES = [
    {"title": "=格桑花开", "description": "早班第一组", "video_url": "https://v.example.cn/1.mp4"},
    {"title": "北京的金山上", "description": "中班第二组"},
    {"title": "洗衣歌", "direct": True},
]


@dataclass
class Contest:
    """An open event with a poll, its host, staff and a guest."""

    clock: FakeClock
    host: Phone
    staff: list[Phone]
    guest: Phone
    event_id: int
    path: str

    def make(self, **facts: Any) -> str:
        """Make and open a poll; returns its path."""
        body = {"title": "合唱比赛", "entries": ENTRIES, **facts}
        poll = self.host.ok("POST", f"{self.path}/polls", body)
        path = f"{self.path}/polls/{poll['id']}"
        self.act(path, "open")
        return path

    @property
    def activity_id(self) -> int:
        """The activity of the polls."""
        return int(self.path.rsplit("/", 1)[1])

    def act(self, path: str, action: str, **more: Any) -> dict[str, Any]:
        """Let the host do something."""
        found: dict[str, Any] = self.host.ok("POST", f"{path}/actions", {"action": action, **more})
        return found

    def options(self, path: str) -> list[int]:
        """Return the options by number."""
        return [option["id"] for option in self.host.ok("GET", path)["options"]]

    def sheets(self, path: str) -> dict[str, list[tuple[Any, ...]]]:
        """Download an Excel file and return the rows of its sheets."""
        answer = self.host.get(path)
        assert answer.status_code == 200, answer.text
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def picture_of(contest: Contest) -> int:
    """Let the host upload a picture."""
    drawn = io.BytesIO()
    Image.new("RGB", (32, 24), "gold").save(drawn, "PNG")
    answer = contest.host.app.test_client().post(
        f"/api/v1/events/{contest.event_id}/pictures",
        data={"file": (io.BytesIO(drawn.getvalue()), "stage.png")},
        headers={"Authorization": f"Bearer {contest.host.token}"},
    )
    assert answer.status_code == 201 and answer.json, answer.text
    return int(answer.json["id"])
