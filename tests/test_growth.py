"""No request of one person does work that grows with the number of all people of an event.

Counted are the steps of SQLite's virtual machine, which are the same on every machine. Each request
is made with few people who have played, and again with many; its writes are undone.
"""

import io
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from backend.db import Database
from backend.events.models import Player
from backend.scoring.scorekeeper import Scorekeeper
from tests.callers import GUEST_PLAYER, HOST, STAFF_PLAYER, kinds
from tests.copied import Copies
from tests.identity.test_access import OPERATIONS, Evening, Snapshot, set_evening
from tests.support import Centre, Keys, Phone, login_code, picture_bytes

FEW, MANY = 30, 300


class Steps:
    """Counts the steps of a database's statements."""

    def __init__(self, database: Database) -> None:
        self._found: Counter[str] = Counter()
        self._statement = ""
        steps = self

        class Counting(sqlite3.Connection):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self.set_trace_callback(steps._begin)
                self.set_progress_handler(steps._step, 1)

        for one in (database._peewee, database._reading):
            assert one is not None
            one.connect_params["factory"] = Counting
        database._peewee.close_all()
        database._reading.close()

    def _begin(self, statement: str) -> None:
        self._statement = re.sub(r"\d+", "1", statement)

    def _step(self) -> int:
        self._found[self._statement] += 1
        return 0

    def taken(self) -> Counter[str]:
        """Return {statement: steps} since the last call."""
        found = Counter(self._found)
        self._found.clear()
        return found


# A person who has no open question, one who joins only now, and one whom WeChat alone knows.
VETERAN, NEWCOMER, STRANGER = "veteran", "newcomer", "stranger"


@dataclass(frozen=True)
class Call:
    """A request of somebody, after others of `first`: each (caller, operation, body).

    `game` is the activity, where the path does not tell it.
    """

    caller: str
    operation: str
    body: Any = None
    first: tuple[tuple[str, str, Any], ...] = ()
    query: str = ""
    game: str = ""

    def __str__(self) -> str:
        before = "".join(f", after {body.get('action', 'choice')}" for *_, body in self.first[-1:])
        return f"{self.work}{self.query} of a {self.caller}{before}"

    @property
    def work(self) -> str:
        """What may grow for a reason of its own: the operation, and the game of a panel."""
        return f"{self.operation} ({self.game})" if self.game else self.operation


_CONTEST, _HUNT, _POLL, _TURN, _BOARD = (
    "/api/v1/contests/{activity_id}",
    "/api/v1/hunts/{activity_id}",
    "/api/v1/polls/{activity_id}/polls/{poll_id}",
    "/api/v1/drawings/{activity_id}/turns/{turn_id}",
    "/api/v1/events/{event_id}/leaderboards/{board}",
)


# Bodies that are made when they are sent.
ANSWER, JOIN, LOGIN = object(), object(), object()
STROKES = {"at": 0, "batches": [{"stroke": 1, "colour": 1, "width": 1, "points": [1, 1]}]}
_CHOSEN = ((STAFF_PLAYER, f"POST {_TURN}/choice", {"choice": 0}),)


def _acts(*actions: str) -> tuple[tuple[str, str, Any], ...]:
    """Return actions of a host in the first round of the contest."""
    path = f"POST {_CONTEST}/actions"
    return tuple((HOST, path, {"action": one, "position": 1}) for one in actions)


# What a phone asks often in a state in which the tests of all operations do not leave it.
ASKED = (
    Call(VETERAN, f"POST {_HUNT}/digs", {"site": "lake"}),
    Call(VETERAN, f"GET {_HUNT}"),
    Call(VETERAN, f"GET {_HUNT}/wrong-questions"),
    Call(STAFF_PLAYER, f"POST {_HUNT}/digs/{{dig_id}}/answer", ANSWER),
    Call(STAFF_PLAYER, f"GET {_CONTEST}", first=_acts("reveal")),
    Call(STAFF_PLAYER, f"GET {_CONTEST}", first=_acts("reveal", "board")),
    Call(STAFF_PLAYER, f"POST {_CONTEST}/rounds/{{round_id}}/answer", ANSWER),
    Call(VETERAN, f"GET {_CONTEST}"),
    Call(VETERAN, f"POST {_POLL}/ballots", {"choice": [1], "receipt": "a-receipt-of-a-phone-2"}),
    Call(VETERAN, f"GET {_POLL}/ballots/own"),
    Call(VETERAN, f"POST {_TURN}/guesses", {"text": "不是它"}, first=_CHOSEN),
    Call(STAFF_PLAYER, f"POST {_TURN}/strokes", STROKES, first=_CHOSEN),
    Call(STAFF_PLAYER, f"GET {_BOARD}", query="?top=10"),
    Call(STAFF_PLAYER, f"GET {_BOARD}", query="?around=me"),
    Call(STAFF_PLAYER, f"GET {_BOARD}", query="?scope=teams"),
    Call(GUEST_PLAYER, f"GET {_BOARD}", query="?top=10"),
    Call(NEWCOMER, "POST /api/v1/events/join", JOIN),
    Call(VETERAN, "POST /api/v1/events/join", JOIN),
    Call(STRANGER, "POST /api/v1/login", LOGIN),
    Call(VETERAN, "POST /api/v1/login", LOGIN),
    Call(STAFF_PLAYER, "GET /api/v1/lookup", query="?q=食堂"),
)
# The pages of hosts that are read anew once a second.
GAMES = tuple(kind.PREFIX for _, kind in kinds())
PANEL = "GET /host/events/{event_id}/activities/{activity_id}/panel"
PANELS = (
    *(Call(HOST, PANEL, game=game) for game in GAMES),
    Call(HOST, PANEL, game="contests", first=_acts("reveal")),
    Call(HOST, PANEL, game="contests", first=_acts("reveal", "board")),
    Call(HOST, "GET /host/events/{event_id}", query="?activity={activity_id}", game="hunts"),
)
# These end the caller's own token or account.
LEFT_OUT = {"DELETE /api/v1/me", "DELETE /api/v1/me/tokens"}
OF_ALL = tuple(
    Call(caller, name, operation.body)
    for caller in (STAFF_PLAYER, GUEST_PLAYER)
    for name, operation in OPERATIONS.items()
    if caller in operation.callers and name not in LEFT_OUT
    if caller == STAFF_PLAYER or name.startswith("GET")
)
CALLS = {str(call): call for call in (*ASKED, *PANELS, *OF_ALL)}
# The operations that read what many have left, and why.
_ROOMS = "it has a line for each room"
GROWING = {
    f"{PANEL} (drawings)": _ROOMS,
    "GET /host/events/{event_id} (hunts)": "its agenda tells what goes on in all rooms",
    "GET /api/v1/drawings/{activity_id}": _ROOMS,
    "GET /api/v1/drawings/{activity_id}/gallery": "it lists all drawings",
    "GET /api/v1/people/teams": "it counts the people of each team",
    "GET /api/v1/people/teams/{team_id}": "it counts the people of each team",
    "GET /api/v1/polls/{activity_id}/suggestions": "it is sorted by support",
    "GET /api/v1/polls/{activity_id}/suggestions/{suggestion_id}": "it counts the support",
    "PUT /api/v1/polls/{activity_id}/suggestions/{suggestion_id}/support": "it counts the support",
    "GET /api/v1/posts/{post_id}": "it counts likes and comments",
    "GET /api/v1/posts/{post_id}/comments": "it counts the comments",
    "PUT /api/v1/posts/{post_id}/like": "it counts the likes",
    "GET /api/v1/raffles/{activity_id}/draws/{draw_id}": "it lists the pool, for everybody to check",
}


@dataclass
class Crowd:
    """An evening on which many have done what the veteran has done."""

    evening: Evening
    centre: Centre
    event: dict[str, Any]
    steps: Steps

    def took(self, call: Call) -> tuple[int, Counter[str]]:
        """Return the status of a call, and the steps of its statements."""
        for caller, operation, body in call.first:
            self._ask(Call(caller, operation, body))
        status = self._ask(call)
        taken = self.steps.taken()
        self.evening.snapshot.restore()
        return status, taken

    def _ask(self, call: Call) -> int:
        method, path = call.operation.split(" ", 1)
        game = call.game or path.split("/")[3]
        places = self.evening.places | self.evening.games.get(game, {})
        phone = self.evening.phones[call.caller]
        sent: dict[str, Any] = {"json": self._body(call, phone, path.format_map(places))}
        if call.operation in OPERATIONS and OPERATIONS[call.operation].takes_a_file:
            sent = {"data": {"file": (io.BytesIO(picture_bytes()), "picture.png")}}
        self.steps.taken()
        answer = phone.app.test_client().open(
            (path + call.query).format_map(places),
            method=method,
            headers={"Authorization": f"Bearer {phone.token}"},
            **sent,
        )
        assert answer.status_code < 300 or call in OF_ALL, answer.text
        answer.close()
        return answer.status_code

    def _body(self, call: Call, phone: Phone, path: str) -> Any:
        if call.body is JOIN:
            return {"code": self.event["join_code"]}
        if call.body is LOGIN:
            return {"code": login_code(self.centre.wechat_url, phone.user)}
        if call.body is not ANSWER:
            return call.body
        asked = path.removeprefix("/api/v1").removesuffix("/answer").partition("/rounds")[0]
        shown = phone.ok("GET", asked)
        question = shown.get("question") or shown["state"]["round"]["question"]
        return {"choice": [question["options"][0]["key"]]}


def _play(phone: Phone, evening: Evening, *, digs: int) -> None:
    """Let somebody answer questions of the hunt, half of them wrongly."""
    hunt, keys = f"/hunts/{evening.games['hunts']['activity_id']}", Keys()
    for number in range(digs):
        dig = phone.ok("POST", f"{hunt}/digs", {"site": "lake"})
        choice = keys.right(dig) if number % 2 else keys.wrong(dig)
        phone.ok("POST", f"{hunt}/digs/{dig['id']}/answer", {"choice": choice})


def _play_all(phone: Phone, evening: Evening) -> None:
    """Let somebody do everything that people do."""
    games, event_id = evening.games, evening.places["event_id"]
    _play(phone, evening, digs=6)
    contest = games["contests"]
    path = f"/contests/{contest['activity_id']}/rounds/{contest['round_id']}/answer"
    question = phone.ok("GET", f"/contests/{contest['activity_id']}")["state"]["round"]["question"]
    phone.ok("POST", path, {"choice": [question["options"][0]["key"]]})
    polls = games["polls"]
    poll = f"/polls/{polls['activity_id']}/polls/{polls['poll_id']}"
    phone.ok("POST", f"{poll}/ballots", {"choice": [1], "receipt": "a-receipt-of-a-phone-2"})
    phone.ok("PUT", f"/polls/{polls['activity_id']}/suggestions/{polls['suggestion_id']}/support")
    phone.ok("POST", f"/polls/{polls['activity_id']}/suggestions", {"text": "早餐早一点"})
    words = games["keywords"]
    phone.ok("POST", f"/keywords/{words['activity_id']}/replies", {"text": "周年"})
    phone.upload(f"/events/{event_id}/pictures", picture_bytes())
    for post in phone.ok("GET", "/posts")["items"]:
        phone.ok("PUT", f"/posts/{post['id']}/reading", {})
        phone.ok("PUT", f"/posts/{post['id']}/like", {"marked": True})
        phone.ok("POST", f"/posts/{post['id']}/comments", {"text": "谢谢大家"})
    phone.ok("POST", "/lookup/questions", {"text": "几点关门"})


def _published(host: Phone, title: str) -> int:
    """Let the host publish a post; returns its id."""
    body = {"column_id": 1, "title": title, "body": "欢迎大家来。", "audience": ["everyone"]}
    post_id = int(host.ok("POST", "/posts", body)["id"])
    for action in ("submit", "publish"):
        host.ok("POST", f"/posts/{post_id}/transitions", {"action": action})
    return post_id


def _crowd(centre: Centre, app: Flask) -> Crowd:
    evening = set_evening(centre, app)
    numbers = list(centre.numbers())
    evening.phones[VETERAN] = centre.staff(numbers[3])
    evening.phones[NEWCOMER] = centre.staff(numbers[9])
    evening.phones[STRANGER] = Phone(app, "somebody-new")
    app.extensions["linka.clock"].advance(5)
    for number in range(3):
        evening.places["post_id"] = _published(evening.phones[HOST], f"通知 {number}")
    _play(evening.phones[STAFF_PLAYER], evening, digs=4)
    _play_all(evening.phones[VETERAN], evening)
    hunt = evening.games["hunts"]
    dig = evening.phones[STAFF_PLAYER].ok(
        "POST", f"/hunts/{hunt['activity_id']}/digs", {"site": "lake"}
    )
    hunt["dig_id"] = dig["id"]
    event = evening.phones[HOST].ok("GET", f"/events/{evening.places['event_id']}")
    return Crowd(evening, centre, event, Steps(app.extensions["linka.database"]))


@pytest.fixture(scope="module")
def taken(lasting_app: Flask, wechat_url: str) -> Iterator[dict[str, Any]]:
    """Return for each call what it took among few people, and among many."""
    centre = Centre(lasting_app, wechat_url)
    crowd = _crowd(centre, lasting_app)
    scores: Scorekeeper = lasting_app.extensions["linka.scores"]
    file = scores.database.url.removeprefix("sqlite:///")
    veteran = Player.get(Player.staff_number == list(centre.numbers())[3])
    copies = Copies(file, veteran.id)
    found: dict[str, list[tuple[int, Counter[str]]]] = {name: [] for name in CALLS}
    for numbers in (range(1, FEW + 1), range(FEW + 1, MANY + 1)):
        # Somebody may write three texts in a second, and Redis still counts the guesses that are undone.
        lasting_app.extensions["linka.clock"].advance(1)
        copies.write(numbers)
        scores.rebuild(crowd.event["id"])
        crowd.evening.snapshot.close()
        crowd.evening.snapshot = Snapshot(file)
        for name, call in CALLS.items():
            # What a process keeps is made by the first call.
            crowd.took(call)
            found[name].append(crowd.took(call))
    yield found
    crowd.evening.snapshot.close()


@pytest.mark.parametrize("name", CALLS)
def test_steps_do_not_grow_with_the_people(taken: dict[str, Any], name: str) -> None:
    (status, few), (later_status, many) = taken[name]
    assert status == later_status
    # Less than a step for each of the others: an index is searched, and none of their rows is read.
    is_growing = many.total() - few.total() >= MANY - FEW
    assert is_growing <= (CALLS[name].work in GROWING), _growth(few, many)


def test_what_may_grow_does(taken: dict[str, Any]) -> None:
    found = {
        CALLS[name].work
        for name, ((_, few), (_, many)) in taken.items()
        if many.total() - few.total() >= MANY - FEW
    }
    assert GROWING.keys() <= found


def _growth(few: Counter[str], many: Counter[str]) -> dict[str, int]:
    """Return the statements that take more steps among many, with how many more."""
    more = Counter({statement: many[statement] - few[statement] for statement in many})
    return dict(more.most_common(3))
