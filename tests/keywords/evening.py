"""An evening on which words are announced: an open rehearsal, its host, and phones that reply."""

from typing import Any

from werkzeug.test import TestResponse

from backend.activities.keywords.kind import Keywords
from backend.activities.keywords.models import Keyword, KeywordHit, KeywordSpelling
from backend.activities.keywords.play import KeywordsPlay
from backend.events.models import Activity
from backend.events.visibility import View
from backend.scoring.boards import Boards
from backend.scoring.models import ScoreEntry
from tests.support import Centre, FakeClock, Phone

WORD = "周年快乐"


class Evening:
    """An open event with announced words, its host, and people who reply."""

    def __init__(self, centre: Centre, clock: FakeClock) -> None:
        self.centre = centre
        self.clock = clock
        self.host = centre.host()
        self.event = centre.open_event(self.host, "anniversary", rehearsal=True)
        self.activity_id: int = next(
            activity["id"]
            for activity in self.event["activities"]
            if activity["kind"] == "keywords"
        )
        self.path = f"/keywords/{self.activity_id}"
        self._numbers = centre.numbers()
        for table in (KeywordSpelling, Keyword):
            table.delete().execute()
        self.settle(hits_per_person=None, pinyin=False)

    @property
    def play(self) -> KeywordsPlay:
        """The play that takes replies."""
        play: KeywordsPlay = self.centre.app.extensions["linka.plays"]["keywords"]
        return play

    def settle(self, **changes: Any) -> None:
        """Change settings of the activity."""
        activity = Activity.get_by_id(self.activity_id)
        activity.settings = Keywords().check({**activity.settings, **changes})
        activity.save()

    def player(self) -> Phone:
        """Return the phone of one more member of staff who has joined."""
        phone = self.centre.staff(next(self._numbers))
        self.centre.join(self.event, phone)
        return phone

    def people(self, count: int) -> list[Phone]:
        """Return the phones of members of staff who have joined."""
        return [self.player() for _ in range(count)]

    def preparing(self, text: str = WORD, **more: Any) -> TestResponse:
        """Try to prepare a word."""
        return self.host.post(f"{self.path}/words", {"text": text, **more})

    def prepare(self, text: str = WORD, **more: Any) -> int:
        """Prepare a word; returns its id."""
        answer = self.preparing(text, **more)
        assert answer.status_code == 201, answer.text
        return int(answer.json["id"])  # type: ignore[index]

    def open(self, *word_ids: int) -> None:
        """Announce words."""
        self.host.ok("POST", f"{self.path}/open", {"word_ids": list(word_ids)})

    def announce(self, text: str = WORD, **more: Any) -> int:
        """Prepare a word and announce it; returns its id."""
        word_id = self.prepare(text, **more)
        self.open(word_id)
        return word_id

    def replying(self, phone: Phone, text: str = WORD) -> TestResponse:
        """Try to reply."""
        return phone.post(f"{self.path}/replies", {"text": text})

    def reply(self, phone: Phone, text: str = WORD) -> dict[str, Any]:
        """Reply, and return what came of it."""
        answer = self.replying(phone, text)
        assert answer.status_code == 200, answer.text
        return answer.json  # type: ignore[return-value]

    def outcome(self, phone: Phone, text: str = WORD) -> str:
        """Reply, and return the outcome."""
        return str(self.reply(phone, text)["outcome"])

    def shown(self, view: View = View.PUBLIC) -> dict[str, Any] | None:
        """Return what all see."""
        return self.play.shown(self.activity_id, view, self.clock.now())

    def word(self, word_id: int, view: View = View.PUBLIC) -> dict[str, Any]:
        """Return a word as all see it."""
        shown = self.shown(view)
        assert shown is not None
        found: dict[str, Any] = next(word for word in shown["words"] if word["id"] == word_id)
        return found

    def host_does(self, action: str) -> None:
        """Pause, resume, close, freeze."""
        path = f"/events/{self.event['id']}/transitions"
        self.host.ok("POST", path, {"action": action})

    def points(self, phone: Phone) -> float:
        """Return a player's points on the board."""
        points: float = phone.ok("GET", f"/events/{self.event['id']}/me")["standing"]["points"]
        return points

    def places(self) -> list[int]:
        """Return the places that are given, in their order."""
        return [hit.place for hit in KeywordHit.select().order_by(KeywordHit.place)]

    def entries(self) -> list[tuple[str, int]]:
        """Return (source, points) of all score entries."""
        query = ScoreEntry.select(ScoreEntry.source, ScoreEntry.points)
        return list(query.order_by(ScoreEntry.id).tuples())

    def differences(self) -> list[str]:
        """Return where ledger, standings and boards differ."""
        boards: Boards = self.centre.app.extensions["linka.boards"]
        return boards.verify(self.event["id"]).differences
