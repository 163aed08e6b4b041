"""An evening in which all activities are on, and people whose phones send anything."""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import urllib3

from tests.installation import Installation, until
from tests.phones import Phone, invite_codes
from tests.sockets.socket import Socket
from tests.support import HOST, Keys

# The tables that store points, places, prizes and seats: what cheats would like to have more of.
_HELD_SQL = (
    "SELECT player_id, source, points FROM score_entry WHERE event_id = ? ORDER BY id",
    "SELECT id, account_id, staff_id, team_id, status FROM player WHERE event_id = ? ORDER BY id",
    """
    SELECT h.word_id, h.player_id, h.place FROM keyword_hit h JOIN activity a
    ON a.id = h.activity_id WHERE a.event_id = ? ORDER BY 1, 2
    """,
    """
    SELECT b.poll_id, COUNT(*) FROM poll_ballot b JOIN poll p ON p.id = b.poll_id
    JOIN activity a ON a.id = p.activity_id WHERE a.event_id = ? GROUP BY 1 ORDER BY 1
    """,
    """
    SELECT g.turn_id, g.player_id FROM drawing_guess g JOIN drawing_turn t ON t.id = g.turn_id
    JOIN activity a ON a.id = t.activity_id WHERE a.event_id = ? ORDER BY 1, 2
    """,
    """
    SELECT p.id, p.status FROM raffle_pick p JOIN activity a ON a.id = p.activity_id
    WHERE a.event_id = ? ORDER BY 1
    """,
    "SELECT state, join_code, screen_key, frozen_at FROM event WHERE id = ?",
    "SELECT g.id, g.role FROM role_grant g WHERE g.event_id IN (0, ?) ORDER BY 1",
)


@dataclass(frozen=True)
class Told:
    """An answer: its status, the slug of a refusal, its JSON, and its headers."""

    status: int
    slug: str
    body: Any
    headers: Any


@dataclass
class Cheat(Phone):
    """A phone that sends anything and accepts every answer."""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Told:
        """Call the API once."""
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.send(method, f"/api/v1{path}", body, {**own, **_named(headers)})

    def send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Told:
        """Call any path with any headers."""
        answer = self._http.request(
            method, self.installation.url + path, json=body, headers=headers, redirect=False
        )
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        found = json.loads(answer.data) if is_json and answer.data else None
        slug = found.get("error", "") if answer.status >= 400 and isinstance(found, dict) else ""
        return Told(answer.status, slug, found, answer.headers)


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def receipt() -> str:
    """Return a receipt as a phone makes it."""
    return secrets.token_urlsafe(24)


DIGS_PER_DAY, CAP_PER_SECOND = 3, 8
# Somebody who has not bound an account.
COLLEAGUE = "200099"
POLLS = {
    "员工的票": "staff",
    "大家的票": "open",
    "现场码": "coded",
    "没开始": "draft",
    "截止了": "closed",
}
ACTIVITIES = [
    (
        "hunt",
        "hunt",
        {
            "banks": ["business"],
            "digs_per_day": DIGS_PER_DAY,
            "question_seconds": 600,
            "sites": [
                {"key": key, "title": key, "topic": "*", "x": 1, "y": 1} for key in ("lake", "pass")
            ],
        },
    ),
    ("contest", "contest", {"banks": ["business"], "questions": 12, "question_seconds": 600}),
    *(
        ("shake", f"{name}_shake", {"cap_per_second": CAP_PER_SECOND})
        for name in ("short", "long", "idle")
    ),
    (
        "keywords",
        "words",
        {
            "hits_per_person": 1,
            "seconds": 3600,
            "words": [
                {"text": text} for text in ("心中有客户", "三声服务", "已经关了", "扎西德勒")
            ],
        },
    ),
    (
        "polls",
        "polls",
        {
            "polls": [
                {
                    "title": title,
                    "guests_allowed": name == "open",
                    "hall_code": name == "coded",
                    "entries": [{"title": "甲"}, {"title": "乙"}],
                }
                for title, name in POLLS.items()
            ]
        },
    ),
    ("raffle", "raffle", {"prizes": [{"title": "一等奖", "stock": 1}]}),
]


@dataclass
class Evening:
    """An open event in which all activities are on, and its people.

    `places` has the ids of everything.
    """

    installation: Installation
    host: Cheat
    cheat: Cheat
    victim: Cheat
    guest: Cheat
    stranger: Cheat
    event: dict[str, Any]
    drawers: list[Cheat]
    numbers: Iterator[str]
    places: dict[str, Any] = field(default_factory=dict)
    keys: Keys = field(default_factory=Keys)
    begun_at: float = field(default_factory=time.monotonic)
    sockets: list[Socket] = field(default_factory=list)
    _held: tuple[int, list[Any]] = (0, [])

    # --- people

    def person(self) -> Cheat:
        """Return somebody new who has joined."""
        found = _staff(self.installation, next(self.numbers))
        found.join(self.event["join_code"])
        self.from_here()
        return found

    def socket(self, phone: Phone) -> Socket:
        """Open a socket."""
        self.sockets.append(Socket(phone, self.event_id))
        self.sockets[-1].wait(lambda message: message["type"] == "state")
        return self.sockets[-1]

    # --- the event

    @property
    def event_id(self) -> int:
        """The event's id."""
        return int(self.event["id"])

    @property
    def here(self) -> str:
        """The path of the event."""
        return f"/events/{self.event_id}"

    # --- what people hold

    def from_here(self, event_id: int | None = None) -> None:
        """From now on, what everybody in an event holds must not change."""
        about = event_id or self.event_id
        self._held = about, self._held_in(about)

    def is_as_before(self) -> bool:
        """Return whether nobody holds more or less than at that moment."""
        about, held = self._held
        return self._held_in(about) == held

    def _held_in(self, event_id: int) -> list[Any]:
        return [self.installation.rows(statement, event_id) for statement in _HELD_SQL]

    # --- requests of the table

    def says(self, call: Any) -> str:
        """Send a request of the table, and return the slug of the refusal."""
        who = {"cheat": self.cheat, "guest": self.guest, "stranger": self.stranger}
        phone = who.get(call.who) or Cheat(self.installation, "")
        method, path = call.asked.split(" ", 1)
        return phone.ask(
            method, path.format_map(self.places), self._filled(call.body), **call.headers
        ).slug

    def _filled(self, body: Any) -> Any:
        if isinstance(body, dict):
            return {name: self._filled(value) for name, value in body.items()}
        if isinstance(body, list):
            return [self._filled(value) for value in body]
        if isinstance(body, str) and body.startswith("{"):
            return receipt() if body == "{receipt}" else self.places[body.strip("{}")]
        return body

    # --- hosts and operators

    def let_time_pass(self, dig_id: int) -> None:
        """Let the time of a question run out."""
        self.installation.change(
            "UPDATE dig SET opened_at = opened_at - 3600000 WHERE id = ?", dig_id
        )

    def next_round(self) -> dict[str, Any]:
        """Show the next question of the contest, and return its round."""
        path = f"/contests/{self.places['contest']}"
        state = self.host.ok("GET", path)["state"]
        if state["phase"] == "question":
            self.reveal(state["position"])
        body = {"action": "next", "position": state["position"] + 1}
        shown: dict[str, Any] = self.host.ok("POST", f"{path}/actions", body)["state"]
        self.places["round"] = shown["round"]["id"]
        self.from_here()
        return {**shown["round"], "position": shown["position"]}

    def reveal(self, position: int) -> dict[str, Any]:
        """Reveal the answer of a round, and return the round with its key."""
        path = f"/contests/{self.places['contest']}/actions"
        state = self.host.ok("POST", path, {"action": "reveal", "position": position})["state"]
        shown: dict[str, Any] = state["round"]
        return shown

    def wait_for_shaking(self) -> None:
        """Wait until the countdown of the long round is over."""
        self._wait_for("long_shake", "running")

    def wait_for_the_end(self) -> None:
        """Wait until the short round is over and scored."""
        self._wait_for("short_shake", "podium")

    def _wait_for(self, name: str, phase: str) -> None:
        path = f"/shakes/{self.places[name]}"
        until(lambda: self.host.ok("GET", path)["phase"] == phase, 30, phase)

    def shaken_seconds(self) -> float:
        """Return the longest time for which the long round can have lasted."""
        return time.monotonic() - self.begun_at

    def seed(self) -> str:
        """Return the seed of the draw, which the database alone has."""
        [(seed,)] = self.installation.rows(
            "SELECT seed FROM raffle_draw WHERE id = ?", self.places["draw"]
        )
        return str(seed)

    def binding_of(self, phone: Phone) -> dict[str, str]:
        """Return the staff number and the invite code of a phone's person."""
        number = phone.user.removeprefix("staff-")
        return {"staff_number": number, "invite_code": invite_codes()[number]}

    def second_account(self, phone: Phone) -> Cheat:
        """Return another account of the person of a phone, who has joined with it as a guest."""
        second = Cheat(self.installation, f"{phone.user}-family")
        second.log_in()
        second.join(self.event["join_code"])
        for one in (phone, second):
            account_id = one.ok("GET", "/me")["account"]["id"]
            self.installation.change(
                "UPDATE account SET unionid = ? WHERE id = ?", f"union-{phone.user}", account_id
            )
        return second

    def upload(self, phone: Cheat, path: str, data: bytes) -> str:
        """Upload a table, and return the slug of the refusal."""
        answer = urllib3.request(
            "POST",
            f"{self.installation.url}/api/v1{path}",
            fields={"file": ("list.csv", data)},
            headers={"Authorization": f"Bearer {phone.token}"},
        )
        return str(answer.json().get("error", ""))

    def enter_console(self, planted: str) -> str:
        """Log the host in to the console in a browser with a planted cookie.

        Returns the browser's cookie.
        """
        browser = Cheat(self.installation, "")
        pairing = browser.ok("POST", "/console/pairings")
        self.host.ok("POST", "/console/approvals", {"pairing_code": pairing["pairing_code"]})
        told = browser.ask("POST", f"/console/pairings/{pairing['secret']}", Cookie=planted)
        return str(told.headers["Set-Cookie"].partition(";")[0])

    def begin_drawing(self, *, chosen: bool = True) -> "Drawing":
        """Begin a game in rooms of three, and let the drawer choose a word."""
        settings = {"packs": ["everyday"], "room_size": 3, "draw_seconds": 300}
        event = open_event(self.host, [("drawing", "画", settings)])
        for phone in self.drawers:
            phone.join(event["join_code"])
        path = f"/drawings/{event['activities'][0]['id']}"
        self.host.ok("POST", f"{path}/begin")
        own = {phone.user: phone.ok("GET", path) for phone in self.drawers}
        room = [one for one in self.drawers if own[one.user]["room"] == 1]
        [outsider, *_] = [one for one in self.drawers if one not in room]
        [drawer] = [one for one in room if own[one.user]["role"] == "drawer"]
        guesser, _ = [one for one in room if one is not drawer]
        turn = f"{path}/turns/{own[drawer.user]['turn_id']}"
        word = ""
        if chosen:
            word = drawer.ok("POST", f"{turn}/choice", {"choice": 0})["prompt"]["text"]
        return Drawing(
            int(event["id"]), event["join_code"], path, turn, word, drawer, guesser, outsider
        )

    def close(self) -> None:
        """Close all sockets."""
        while self.sockets:
            self.sockets.pop().close()


@dataclass(frozen=True)
class Drawing:
    """A turn of a game: paths, its word, drawer and guesser, and somebody in another room."""

    event_id: int
    join_code: str
    path: str
    turn: str
    word: str
    drawer: Cheat
    guesser: Cheat
    outsider: Cheat


def open_event(host: Phone, activities: Sequence[tuple[str, str, Any]]) -> dict[str, Any]:
    """Make an event with these activities, and open it."""
    made = [{"kind": kind, "title": title, "settings": how} for kind, title, how in activities]
    event = host.ok("POST", "/events", {"title": "林卡之夜", "activities": made})
    path = f"/events/{event['id']}/transitions"
    opened: dict[str, Any] = host.ok("POST", path, {"action": "open"})
    return opened


def set_evening(installation: Installation) -> Evening:
    """Open an event in which all activities are on, and let people join."""
    numbers = iter(number for number in invite_codes() if number.startswith("2"))
    host = _staff(installation, HOST)
    guest = Cheat(installation, "guest")
    guest.log_in()
    cheat, victim, stranger, *drawers = (_staff(installation, next(numbers)) for _ in range(9))
    event = open_event(host, ACTIVITIES)
    for phone in (cheat, victim, guest):
        phone.join(event["join_code"])
    foreign = open_event(host, [("shake", "别的摇一摇", {})])
    cheat.join(foreign["join_code"])
    evening = Evening(installation, host, cheat, victim, guest, stranger, event, drawers, numbers)
    evening.places = {
        "event": event["id"],
        "join_code": event["join_code"],
        "colleague_code": invite_codes()[COLLEAGUE],
        "victim": victim.ok("GET", f"/events/{event['id']}/me")["player"]["id"],
        "foreign": foreign["id"],
        "foreign_shake": foreign["activities"][0]["id"],
        "foreign_screen": foreign["screen_path"],
        **{one["title"]: one["id"] for one in event["activities"]},
    }
    _begin(evening)
    return evening


def _begin(evening: Evening) -> None:
    """Begin all activities."""
    places, host = evening.places, evening.host
    for name in ("short", "long"):
        body = {"mode": "race", "number": 1, "seconds": 5 if name == "short" else 300}
        begun = host.ok("POST", f"/shakes/{places[f'{name}_shake']}/rounds", body)
        places[f"{name}_round"] = begun["id"]
    for phone, name in ((evening.cheat, "own_dig"), (evening.victim, "victims_dig")):
        body = {"site": "lake"}
        places[name] = phone.ok("POST", f"/hunts/{places['hunt']}/digs", body)["id"]
    host.ok("POST", f"/contests/{places['contest']}/actions", {"action": "begin"})
    evening.next_round()
    words = {one["text"]: one["id"] for one in host.ok("GET", f"/keywords/{places['words']}/words")}
    announced = [words[text] for text in ("心中有客户", "三声服务", "已经关了")]
    host.ok("POST", f"/keywords/{places['words']}/open", {"word_ids": announced})
    host.ok("POST", f"/keywords/{places['words']}/close", {"word_ids": announced[2:]})
    _open_polls(evening)
    raffle = f"/raffles/{places['raffle']}"
    places["prize"] = host.ok("GET", raffle)["prizes"][0]["id"]
    body = {"prize_id": places["prize"], "count": 1}
    places["draw"] = host.ok("POST", f"{raffle}/draws", body)["id"]
    begun = evening.begin_drawing()
    places["drawing"], places["turn"] = begun.path.split("/")[-1], begun.turn.split("/")[-1]
    evening.guest.join(begun.join_code)


def _open_polls(evening: Evening) -> None:
    places, host = evening.places, evening.host
    path = f"/polls/{places['polls']}"
    for poll in host.ok("GET", path)["items"]:
        name = POLLS[poll["title"]]
        places[f"{name}_poll"] = poll["id"]
        if name != "draft":
            host.ok("POST", f"{path}/polls/{poll['id']}/actions", {"action": "open"})
        if name == "closed":
            host.ok("POST", f"{path}/polls/{poll['id']}/actions", {"action": "close"})
        entries = host.ok("GET", f"{path}/polls/{poll['id']}/entries")["items"]
        places["option" if name == "staff" else f"{name}_option"] = entries[0]["id"]
        if name == "staff":
            places["option_2"] = entries[1]["id"]


def _staff(installation: Installation, number: str) -> Cheat:
    phone = Cheat(installation, f"staff-{number}")
    phone.log_in()
    phone.bind(number, invite_codes()[number])
    return phone
