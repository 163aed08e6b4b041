"""An evening of the hunt for tests: an open rehearsal whose questions and settings a test decides."""

from copy import copy
from typing import Any

from werkzeug.test import TestResponse

from backend.activities.hunt.kind import Hunt
from backend.activities.hunt.models import Dig, HuntAnswer, Snooze, Treasure, TreasureClaim
from backend.events.models import Activity
from backend.questions.models import Question, QuestionBank
from backend.scoring.boards import Boards
from backend.scoring.models import Correction, ScoreEntry, Standing
from tests.support import Centre, FakeClock, Phone, hunt_of, login_code

TABLES = (Dig, HuntAnswer, Snooze, Treasure, TreasureClaim, ScoreEntry, Standing, Correction)
PIT = {"key": "pit", "title": "矿坑", "topic": "淘金", "x": 50, "y": 50}
# One site, nothing hidden there, and right answers of the easiest kind earn 40 points each.
PLAIN = {
    "banks": ["field"],
    "digs_per_day": 12,
    "question_seconds": 40,
    "snooze_seconds": 180,
    "scoring": "accuracy",
    "sites": [PIT],
    "treasures": [],
}
RIGHT = 40


class Evening:
    """An open event with a hunt over a bank of its own, its host, and phones that take part."""

    def __init__(self, centre: Centre, clock: FakeClock, template: str = "hunt") -> None:
        self.centre = centre
        self.clock = clock
        self.host = centre.host()
        self.bank = QuestionBank.create(name="field", title="考场题库")
        self._phones = [self.host]
        self._taken: set[str] = set()
        self._asked = 0
        self._begin(template)

    def beside(self) -> "Evening":
        """Return another event of the same host with the same questions."""
        other = copy(self)
        other._begin("hunt")
        return other

    def _begin(self, template: str) -> None:
        self.event = self.centre.open_event(self.host, template, rehearsal=True)
        self.path = hunt_of(self.event)
        self.activity_id = int(self.path.rpartition("/")[2])
        self.settle(**PLAIN)

    def settle(self, **changes: Any) -> None:
        """Change settings of the hunt; treasures among them are hidden anew."""
        activity = Activity.get_by_id(self.activity_id)
        activity.settings = Hunt().check({**activity.settings, **changes})
        activity.save()
        if "treasures" in changes:
            Treasure.delete().where(Treasure.activity == activity).execute()
            Hunt().prepare(activity)

    def another_hunt(self) -> str:
        """Add a second hunt like the first to the event; returns its path."""
        first = Activity.get_by_id(self.activity_id)
        made = Activity.create(
            event=first.event, kind="hunt", title="夜场", position=9, settings=first.settings
        )
        return f"/hunts/{made.id}"

    def ask(self, key: str = "B", kind: str = "single", options: int = 4, **more: Any) -> Question:
        """Put a question into the bank; its options read 选项A, 选项B and so on."""
        self._asked += 1
        facts = {
            "code": f"F-{self._asked}",
            "version": 1,
            "kind": kind,
            "topic": PIT["topic"],
            "difficulty": 1,
            "stem": f"第{self._asked}题？",
            "options": ["对", "错"] if kind == "truefalse" else _texts(options),
            "key": list(key),
            "explanation": f"第{self._asked}题的解析。",
            "digest": "",
            "created_at": self.clock.now(),
        }
        return Question.create(bank=self.bank, **{**facts, **more})

    def phone(self, shift: str | None = None, team: str | None = None) -> Phone:
        """Return the phone of one more member of staff, who has not joined yet."""
        teams = (team,) if team else {row["班组"] for row in self.centre.roster.values()}
        number = next(
            number
            for number in self.centre.numbers(shift)
            if number not in self._taken and self.centre.roster[number]["班组"] in teams
        )
        self._taken.add(number)
        phone = self.centre.staff(number)
        self._phones.append(phone)
        return phone

    def digger(self, shift: str | None = None, team: str | None = None) -> Phone:
        """Return the phone of one more member of staff who has joined."""
        phone = self.phone(shift, team)
        self.centre.join(self.event, phone)
        return phone

    def diggers(self, count: int) -> list[Phone]:
        """Return the phones of members of staff who have joined."""
        return [self.digger() for _ in range(count)]

    def player_id(self, phone: Phone) -> int:
        """Return who a phone is in the event."""
        player_id: int = phone.ok("GET", f"/events/{self.event['id']}/me")["player"]["id"]
        return player_id

    def later(self, seconds: float) -> None:
        """Let time pass, hours too: every phone logs in again when its hour is over."""
        self.clock.advance(seconds)
        for phone in self._phones if seconds > 600 else ():
            code = login_code(self.centre.wechat_url, phone.user)
            phone.token = phone.ok("POST", "/login", {"code": code})["token"]

    def dig(self, phone: Phone, site: str = "pit", hunt: str = "") -> dict[str, Any]:
        """Open a question."""
        dig: dict[str, Any] = phone.ok("POST", f"{hunt or self.path}/digs", {"site": site})
        return dig

    def digging(self, phone: Phone, site: str = "pit") -> TestResponse:
        """Try to open a question."""
        return phone.post(f"{self.path}/digs", {"site": site})

    def answering(self, phone: Phone, dig: dict[str, Any], letters: str) -> TestResponse:
        """Try to answer with options by the bank's letters."""
        return self.sending(phone, dig, shown(dig, letters))

    def sending(self, phone: Phone, dig: dict[str, Any], choice: list[str]) -> TestResponse:
        """Try to answer with letters as they are."""
        return phone.post(f"{self.path}/digs/{dig['id']}/answer", {"choice": choice})

    def answer(self, phone: Phone, dig: dict[str, Any], letters: str) -> dict[str, Any]:
        """Answer with options by the bank's letters."""
        answer = self.answering(phone, dig, letters)
        assert answer.status_code == 200, answer.text
        return answer.json  # type: ignore[return-value]

    def play(self, phone: Phone, letters: str, site: str = "pit") -> dict[str, Any]:
        """Dig and answer."""
        return self.answer(phone, self.dig(phone, site), letters)

    def snoozing(self, phone: Phone, dig: dict[str, Any], hunt: str = "") -> TestResponse:
        """Try to press “来电了”."""
        return phone.post(f"{hunt or self.path}/digs/{dig['id']}/snooze")

    def hunt(self, phone: Phone) -> dict[str, Any]:
        """Return the map as a phone sees it."""
        found: dict[str, Any] = phone.ok("GET", self.path)
        return found

    def host_does(self, action: str, **more: Any) -> None:
        """Pause, resume, close, freeze, reveal."""
        path = f"/events/{self.event['id']}/transitions"
        self.host.ok("POST", path, {"action": action, **more})

    def correcting(self, question: Question, key: str = "") -> TestResponse:
        """Try to give a question another key, or to void it when none is named."""
        body: dict[str, Any] = {"question_id": question.id, "action": "void", "reason": "题目有误"}
        if key:
            body |= {"action": "rekey", "key": list(key)}
        return self.host.post(f"/events/{self.event['id']}/corrections", body)

    def correct(self, question: Question, key: str = "") -> int:
        """Give a question another key, or void it; returns how many scores changed."""
        answer = self.correcting(question, key)
        assert answer.status_code == 200, answer.text
        rescored: int = answer.json["rescored"]  # type: ignore[index]
        return rescored

    def receipts(self, phone: Phone) -> dict[str, Any]:
        """Return every line of a player's own score."""
        found: dict[str, Any] = phone.ok("GET", f"/events/{self.event['id']}/receipts")
        return found

    def board(self, phone: Phone) -> list[tuple[int, str, float]]:
        """Return rank, name and points of the event's board as a phone sees it."""
        found = phone.ok("GET", f"/events/{self.event['id']}/leaderboards/event?top=200")
        return [(row["rank"], row["name"], row["points"]) for row in found["rows"]]

    def points(self, phone: Phone) -> float:
        """Return a player's own points on the board."""
        found = phone.ok("GET", f"/events/{self.event['id']}/me")
        points: float = found["standing"]["points"]
        return points

    def differences(self) -> list[str]:
        """Return where ledger, standings and boards differ."""
        boards: Boards = self.centre.app.extensions["linka.boards"]
        return boards.verify(self.event["id"]).differences

    def written(self) -> dict[str, Any]:
        """Return all that a player's action can write: every row, and what is on the boards."""
        rows = {
            table.__name__: sorted(table.select().tuples(), key=repr)  # type: ignore[arg-type]
            for table in TABLES
        }
        boards = self.centre.app.extensions["linka.scores"].leaderboard
        return {**rows, "boards": boards.contents(self.event["id"])}


def _texts(count: int) -> list[str]:
    return [f"选项{letter}" for letter in "ABCDEF"[:count]]


def shown(dig: dict[str, Any], letters: str) -> list[str]:
    """Return the letters under which a dig shows the options that the bank calls `letters`."""
    if dig["question"]["kind"] == "truefalse":
        return list(letters)
    texts = {f"选项{letter}" for letter in letters}
    return [option["key"] for option in dig["question"]["options"] if option["text"] in texts]
