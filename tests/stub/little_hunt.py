"""A hunt of two sites in memory, honest unless a test tells it to cheat."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from tests.stub.little_server import Call, LittleServer, Said, refusal

EARNED_AT = "2026-11-22T12:00:00.000Z"
SITES = [{"key": "lake", "title": "套餐湖"}, {"key": "pass", "title": "漫游垭口"}]
OPTIONS = [{"key": key, "text": f"选项{key}"} for key in "ABCD"]


@dataclass
class Seat:
    """A player with their score. `guest` may not dig."""

    id: int
    name: str
    guest: bool
    digs_left: int
    open_dig: int | None = None
    entries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def points(self) -> int:
        return sum(entry["points"] for entry in self.entries)


class LittleHunt(LittleServer):
    """The calls of a hunt that phones make. `A` is always right and earns 10 points.

    `cheat` is called with every new entry of the ledger and returns those to keep. `strangers` are
    users that nobody can bind. `seconds_left` is what each new dig has.
    """

    def __init__(self, digs: int = 3) -> None:
        super().__init__()
        self.digs = digs
        self.seconds_left = 40
        self.title = "大淘金"
        self.frozen = False
        self.strangers: set[str] = set()
        self.cheat = lambda entry: [entry]
        self.hides: set[int] = set()
        self.seats: dict[str, Seat] = {}
        self.answers: dict[int, tuple[list[str], dict[str, Any]]] = {}
        self.moves: list[str] = []
        self._users: dict[str, str] = {}
        self._bound: set[str] = set()
        self._codes: dict[str, str] = {}
        self._last_dig = 100

    def answer(self, call: Call) -> Said:
        if call.path == "/__emulator__/codes":
            with self.lock:
                code = f"code-{len(self._codes)}"
                self._codes[code] = call.body["user"]
                return Said(body={"code": code})
        if call.path == "/api/v1/login":
            self._users[f"token-of-{call.body['code']}"] = self._codes[call.body["code"]]
        return super().answer(call)

    def serve(self, call: Call) -> Said:
        if not call.path.startswith("/api/"):
            return Said()
        user, path = self._users[call.token], call.path.removeprefix("/api/v1")
        if dig := re.fullmatch(r"/hunts/7/digs/(\d+)/(answer|snooze)", path):
            what = self._answer if dig[2] == "answer" else self._snooze
            return what(self.seats[user], int(dig[1]), call.body)
        said = {
            "/me": self._me,
            "/me/binding": self._bind,
            "/event-templates": self._templates,
            "/events": self._create,
            "/events/1/transitions": self._move,
            "/events/join": self._join,
            "/events/1/receipts": self._receipts,
            "/events/1/me": self._standing,
            "/events/1/leaderboards/event": self._board,
            "/hunts/7": self._map,
            "/hunts/7/digs": self._dig,
        }[path](user, call)
        return said if isinstance(said, Said) else Said(body=said)

    def _me(self, user: str, _: Call) -> Any:
        staff = {"number": user, "name": "陈敏春", "team": "话务一组", "shift": "早班"}
        return {"staff": staff if user in self._bound else None}

    def _bind(self, user: str, call: Call) -> Any:
        if user in self.strangers:
            return refusal(403, "binding_refused")
        self._bound.add(user)
        return self._me(user, call)

    def _templates(self, *_: object) -> Any:
        return [{"name": "hunt", "title": "大淘金"}]

    def _create(self, _: str, call: Call) -> Any:
        self.title = call.body["title"]
        return Said(201, self._event(self.title))

    def _move(self, _: str, call: Call) -> Any:
        self.moves.append(call.body["action"])
        return self._event(self.title)

    def _event(self, title: str) -> dict[str, Any]:
        hunts = [{"id": 7, "kind": "hunt"}]
        return {"id": 1, "title": title, "join_code": "ABC234", "activities": hunts}

    def _join(self, user: str, call: Call) -> Any:
        if call.body["code"] != "ABC234":
            return refusal(404, "unknown_join_code")
        guest = user not in self._bound
        seat = self.seats.setdefault(user, Seat(len(self.seats) + 1, user, guest, self.digs))
        return {"event": self._event(self.title), "player": {"id": seat.id}}

    def _receipts(self, user: str, _: Call) -> Any:
        seat = self.seats[user]
        return {"items": seat.entries, "total_points": seat.points, "frozen": self.frozen}

    def _standing(self, user: str, _: Call) -> Any:
        seat = self.seats[user]
        return {"standing": {"points": None if seat.guest else seat.points, "rank": None}}

    def _board(self, _: str, call: Call) -> Any:
        scope = parse_qs(call.query).get("scope", ["players"])[0]
        seats = [seat for seat in self.seats.values() if not seat.guest]
        seats = sorted((s for s in seats if s.id not in self.hides), key=lambda s: -s.points)
        rows: list[dict[str, Any]] = []
        for position, seat in enumerate(seats, 1):
            tied = bool(rows) and rows[-1]["points"] == seat.points
            rank = rows[-1]["rank"] if tied else position
            row = {"rank": rank, "id": seat.id, "name": seat.name, "team": "班组"}
            rows.append(row | {"points": seat.points})
        board = {"scope": scope, "total": len(rows), "me": None, "formula": "平均分"}
        return board | {"rows": rows if scope == "players" else []}

    def _map(self, user: str, _: Call) -> Any:
        left = self.seats[user].digs_left
        return {"sites": SITES, "digs_left": left, "current_dig": None, "state": "open"}

    def _dig(self, user: str, _: Call) -> Any:
        seat = self.seats[user]
        if seat.guest:
            return refusal(403, "staff_only")
        if seat.open_dig is None:
            if not seat.digs_left:
                return refusal(409, "no_digs_left")
            seat.digs_left -= 1
            self._last_dig += 1
            seat.open_dig = self._last_dig
        return Said(201, self._shown(seat.open_dig))

    def _shown(self, dig_id: int, **more: Any) -> dict[str, Any]:
        question = {
            "kind": "single",
            "topic": "套餐资费",
            "difficulty": 1,
            "stem": "选哪个？",
            "options": OPTIONS,
        }
        dig = {"id": dig_id, "question": question, "seconds_left": self.seconds_left}
        return dig | {"state": "open"} | more

    def _snooze(self, _: Seat, dig_id: int, __: Any) -> Said:
        return Said(body=self._shown(dig_id, snoozed=True))

    def _answer(self, seat: Seat, dig_id: int, body: Any) -> Said:
        if dig_id in self.answers:
            choice, said = self.answers[dig_id]
            same = choice == body["choice"]
            return Said(body=said) if same else refusal(409, "already_answered")
        seat.open_dig = None
        points = 10 if body["choice"] == ["A"] else 0
        entry = {"source": f"dig:{dig_id}", "points": points, "earned_at": EARNED_AT}
        seat.entries += self.cheat(entry)
        said = {
            "verdict": "correct" if points else "wrong",
            "points": points,
            "treasure": None,
            "breakdown": [],
            "sealed": True,
            "corrected": False,
            "counted": True,
            "score": {"points": seat.points, "rank": 1, "frozen": False},
        }
        self.answers[dig_id] = (body["choice"], said)
        return Said(body=said)
