"""Who may call what: every operation of the API, by everybody.

An operation that is new fails here until it stands in the table, with those who may call it.
"""

import io
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from backend.activities import KINDS
from backend.activities.drawing.models import Turn
from backend.events.kinds import Kinds
from backend.events.models import Activity, Player
from backend.events.templates import all_templates
from backend.identity.grants import grant
from tests.support import ADMIN, TRAINER, Centre, FakeClock, Phone, hunt_of

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

NOBODY, GUEST, GUEST_PLAYER, STAFF_PLAYER = "nobody", "guest", "guest player", "staff player"
HOST_ELSEWHERE, HOST_HERE, HOST = "host of another event", "host of this event", "host"
TRAINER_, ADMIN_ = "trainer", "admin"

HOSTS = {HOST_HERE, HOST, ADMIN_}
PLAYERS = {GUEST_PLAYER, STAFF_PLAYER}
ANYONE = PLAYERS | HOSTS | {GUEST, HOST_ELSEWHERE, TRAINER_}
EVERYBODY = ANYONE | {NOBODY}


@dataclass(frozen=True)
class Operation:
    """Who may call an operation, and a call that is well formed."""

    callers: set[str]
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    takes_a_file: bool = False


# What ends something (a token, a rehearsal's data) stands last.
OPERATIONS = {
    "POST /api/v1/login": Operation(EVERYBODY, {"code": "never-issued"}),
    "POST /api/v1/screens/pairings": Operation(EVERYBODY, {"event_id": 1}),
    "GET /api/v1/screens/pairings/{secret}": Operation(EVERYBODY),
    "GET /api/v1/me": Operation(ANYONE),
    "GET /api/v1/me/export": Operation(ANYONE),
    "GET /api/v1/events": Operation(ANYONE),
    "GET /api/v1/event-templates": Operation(HOSTS | {HOST_ELSEWHERE}),
    "POST /api/v1/events": Operation({HOST, ADMIN_}, {"template": "hunt"}),
    "GET /api/v1/events/{event_id}": Operation(PLAYERS | HOSTS),
    "GET /api/v1/events/{event_id}/leaderboards": Operation(PLAYERS | HOSTS),
    "GET /api/v1/events/{event_id}/leaderboards/{board}": Operation(PLAYERS | HOSTS),
    "GET /api/v1/events/{event_id}/me": Operation(PLAYERS),
    "GET /api/v1/events/{event_id}/receipts": Operation(PLAYERS),
    "GET /api/v1/events/{event_id}/players": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/audit": Operation(HOSTS),
    "GET /api/v1/audit": Operation({ADMIN_}),
    "PUT /api/v1/events/{event_id}/players/{player_id}": Operation(HOSTS, {"status": "active"}),
    "POST /api/v1/events/{event_id}/transitions": Operation(HOSTS, {"action": "open"}),
    "POST /api/v1/events/{event_id}/adjustments": Operation(
        HOSTS, {"player_id": 1, "points": 5, "reason": "帮忙布置"}, {"Idempotency-Key": "k"}
    ),
    "POST /api/v1/events/{event_id}/corrections": Operation(
        HOSTS, {"question_id": 1, "action": "void", "reason": "题目有误"}
    ),
    "POST /api/v1/events/{event_id}/screens": Operation(HOSTS, {"pairing_code": "123456"}),
    "GET /api/v1/events/{event_id}/stream": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/gallery/{activity_id}/{number}": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/screen-pictures/{item_id}": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/moderation": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/moderation.xlsx": Operation(HOSTS),
    "PUT /api/v1/events/{event_id}/moderation/{item_id}": Operation(HOSTS, {"status": "approved"}),
    "GET /api/v1/events/{event_id}/writing-blocks": Operation(HOSTS),
    "DELETE /api/v1/events/{event_id}/writing-blocks/{player_id}": Operation(HOSTS),
    "POST /api/v1/events/{event_id}/pictures": Operation(HOSTS | {STAFF_PLAYER}, takes_a_file=True),
    "GET /api/v1/events/{event_id}/pictures/{item_id}": Operation(PLAYERS | HOSTS),
    "GET /api/v1/question-banks": Operation(HOSTS | {HOST_ELSEWHERE, TRAINER_}),
    "GET /api/v1/question-banks/template.xlsx": Operation({TRAINER_, ADMIN_}),
    "GET /api/v1/question-banks/{bank}/questions": Operation({TRAINER_, ADMIN_}),
    "GET /api/v1/question-banks/{bank}/questions.xlsx": Operation({TRAINER_, ADMIN_}),
    "POST /api/v1/question-banks/{bank}/imports": Operation({TRAINER_, ADMIN_}, takes_a_file=True),
    "GET /api/v1/hunts/{activity_id}": Operation(PLAYERS),
    "POST /api/v1/hunts/{activity_id}/digs": Operation({STAFF_PLAYER}, {"site": "lake"}),
    "GET /api/v1/hunts/{activity_id}/digs/{dig_id}": Operation(PLAYERS),
    "POST /api/v1/hunts/{activity_id}/digs/{dig_id}/answer": Operation(
        {STAFF_PLAYER}, {"choice": ["A"]}
    ),
    "POST /api/v1/hunts/{activity_id}/digs/{dig_id}/snooze": Operation(PLAYERS),
    "GET /api/v1/hunts/{activity_id}/wrong-questions": Operation(PLAYERS),
    "GET /api/v1/hunts/{activity_id}/statistics": Operation(HOSTS | {TRAINER_}),
    "POST /api/v1/events/{event_id}/tickets": Operation(PLAYERS),
    "GET /api/v1/contests/{activity_id}": Operation(PLAYERS | HOSTS),
    "POST /api/v1/contests/{activity_id}/rounds/{round_id}/answer": Operation(
        {STAFF_PLAYER}, {"choice": ["A"]}
    ),
    "POST /api/v1/contests/{activity_id}/actions": Operation(HOSTS, {"action": "begin"}),
    "GET /api/v1/shakes/{activity_id}": Operation(PLAYERS | HOSTS),
    "POST /api/v1/shakes/{activity_id}/rounds/{round_id}/reports": Operation(
        {STAFF_PLAYER}, {"count": 1}
    ),
    "POST /api/v1/shakes/{activity_id}/rounds": Operation(HOSTS, {"mode": "race"}),
    "GET /api/v1/shakes/{activity_id}/rounds/{round_id}/flagged": Operation(HOSTS),
    "POST /api/v1/shakes/{activity_id}/rounds/{round_id}/dismiss": Operation(HOSTS),
    "POST /api/v1/shakes/{activity_id}/rounds/{round_id}/cancel": Operation(HOSTS),
    "GET /api/v1/drawings/{activity_id}": Operation(PLAYERS | HOSTS),
    "GET /api/v1/drawings/{activity_id}/gallery": Operation(PLAYERS | HOSTS),
    "GET /api/v1/drawings/{activity_id}/gallery/{turn_id}": Operation(PLAYERS | HOSTS),
    "PUT /api/v1/drawings/{activity_id}/gallery/{turn_id}": Operation(HOSTS, {"hidden": False}),
    "POST /api/v1/drawings/{activity_id}/begin": Operation(HOSTS),
    "POST /api/v1/drawings/{activity_id}/here": Operation({STAFF_PLAYER}),
    **{
        f"POST /api/v1/drawings/{{activity_id}}/turns/{{turn_id}}/{verb}": Operation(
            {STAFF_PLAYER}, body
        )
        for verb, body in {
            "choice": {"choice": 0},
            "strokes": {
                "at": 0,
                "batches": [{"stroke": 1, "colour": 1, "width": 1, "points": [1, 1]}],
            },
            "undo": {"at": 0},
            "clear": {"at": 0},
            "fill": {"at": 0, "colour": 1, "x": 1, "y": 1},
            "guesses": {"text": "山"},
            "reports": {},
            "votes": {},
        }.items()
    },
    "POST /api/v1/drawings/{activity_id}/finish": Operation(HOSTS),
    "GET /api/v1/keywords/{activity_id}": Operation(PLAYERS | HOSTS),
    "POST /api/v1/keywords/{activity_id}/replies": Operation({STAFF_PLAYER}, {"text": "周年"}),
    "GET /api/v1/keywords/{activity_id}/words": Operation(HOSTS),
    "POST /api/v1/keywords/{activity_id}/words": Operation(HOSTS, {"text": "美多"}),
    "POST /api/v1/keywords/{activity_id}/open": Operation(HOSTS, {"word_ids": [1]}),
    "POST /api/v1/keywords/{activity_id}/close": Operation(HOSTS, {"word_ids": [1]}),
    "GET /api/v1/keywords/{activity_id}/hits.xlsx": Operation(HOSTS),
    "POST /api/v1/keywords/{activity_id}/dismiss": Operation(HOSTS),
    "DELETE /api/v1/keywords/{activity_id}/words/{word_id}": Operation(HOSTS),
    "PUT /api/v1/events/{event_id}/writing-blocks/{player_id}": Operation(
        HOSTS, {"reason": "重复刷屏"}
    ),
    "GET /api/v1/polls/{activity_id}": Operation(PLAYERS | HOSTS),
    "POST /api/v1/polls/{activity_id}/polls": Operation(HOSTS, {"title": "去哪里过林卡"}),
    "POST /api/v1/polls/{activity_id}/finals": Operation(
        HOSTS, {"title": "决赛", "heats": [1], "first": 2}
    ),
    "GET /api/v1/polls/{activity_id}/polls/{poll_id}": Operation(PLAYERS | HOSTS),
    "PUT /api/v1/polls/{activity_id}/polls/{poll_id}": Operation(HOSTS, {"title": "新的题目"}),
    "GET /api/v1/polls/{activity_id}/polls/{poll_id}/entries": Operation(PLAYERS | HOSTS),
    "POST /api/v1/polls/{activity_id}/polls/{poll_id}/ballots": Operation(
        PLAYERS, {"choice": [1], "receipt": "a-receipt-of-a-phone-1"}
    ),
    "GET /api/v1/polls/{activity_id}/polls/{poll_id}/ballots/own": Operation(PLAYERS),
    "POST /api/v1/polls/{activity_id}/polls/{poll_id}/actions": Operation(
        HOSTS, {"action": "stage"}
    ),
    "POST /api/v1/polls/{activity_id}/polls/{poll_id}/runoff": Operation(HOSTS),
    "POST /api/v1/polls/{activity_id}/polls/{poll_id}/reminders": Operation(HOSTS),
    "GET /api/v1/polls/{activity_id}/polls/{poll_id}/flags": Operation(HOSTS),
    "GET /api/v1/polls/{activity_id}/polls/{poll_id}/results.xlsx": Operation(HOSTS),
    "GET /api/v1/polls/{activity_id}/suggestions": Operation(PLAYERS | HOSTS),
    "POST /api/v1/polls/{activity_id}/suggestions": Operation({STAFF_PLAYER}, {"text": "种树"}),
    "GET /api/v1/polls/{activity_id}/suggestions/similar": Operation(PLAYERS | HOSTS),
    "GET /api/v1/polls/{activity_id}/suggestions/{suggestion_id}": Operation(PLAYERS | HOSTS),
    "PUT /api/v1/polls/{activity_id}/suggestions/{suggestion_id}/support": Operation(
        {STAFF_PLAYER}
    ),
    "PUT /api/v1/polls/{activity_id}/suggestions/{suggestion_id}": Operation(
        HOSTS, {"status": "adopted"}
    ),
    "POST /api/v1/polls/{activity_id}/suggestions/{suggestion_id}/merge": Operation(
        HOSTS, {"into": 999}
    ),
    "POST /api/v1/polls/{activity_id}/suggestions/polls": Operation(
        HOSTS, {"title": "做什么", "number": 1, "best": 2}
    ),
    "GET /api/v1/polls/{activity_id}/suggestions.xlsx": Operation(HOSTS),
    "GET /api/v1/polls/{activity_id}/polls/{poll_id}/ballots.xlsx": Operation(HOSTS),
    "GET /api/v1/raffles/{activity_id}": Operation(PLAYERS | HOSTS),
    "GET /api/v1/raffles/{activity_id}/draws/{draw_id}": Operation(PLAYERS | HOSTS),
    "POST /api/v1/raffles/{activity_id}/prizes": Operation(HOSTS, {"title": "奖", "stock": 1}),
    "DELETE /api/v1/raffles/{activity_id}/prizes/{prize_id}": Operation(HOSTS),
    "POST /api/v1/raffles/{activity_id}/lists": Operation(HOSTS, takes_a_file=True),
    "POST /api/v1/raffles/{activity_id}/draws": Operation(HOSTS, {"prize_id": 1, "count": 1}),
    "POST /api/v1/raffles/{activity_id}/draws/{draw_id}/abandon": Operation(HOSTS),
    "POST /api/v1/raffles/{activity_id}/draws/{draw_id}/draw": Operation(HOSTS, {"upto": 1}),
    "POST /api/v1/raffles/{activity_id}/draws/{draw_id}/picks/{pick_id}/absent": Operation(HOSTS),
    "POST /api/v1/raffles/{activity_id}/draws/{draw_id}/picks/{pick_id}/call": Operation(HOSTS),
    "POST /api/v1/raffles/{activity_id}/draws/{draw_id}/reveal": Operation(HOSTS),
    "GET /api/v1/raffles/{activity_id}/draws/{draw_id}/pool.xlsx": Operation(HOSTS),
    "GET /api/v1/raffles/{activity_id}/winners": Operation(HOSTS),
    "GET /api/v1/raffles/{activity_id}/winners.xlsx": Operation(HOSTS),
    "POST /api/v1/raffles/{activity_id}/handovers": Operation(HOSTS, {"code": "NOSUCH"}),
    "POST /api/v1/raffles/{activity_id}/stage": Operation(HOSTS, {"showing": "winners"}),
    "POST /api/v1/events/join": Operation(ANYONE, {"code": "NOSUCH"}),
    "POST /api/v1/me/binding": Operation(ANYONE, {"staff_number": "999999", "invite_code": "x"}),
    "POST /api/v1/events/{event_id}/screen-key": Operation(HOSTS),
    "DELETE /api/v1/events/{event_id}/data": Operation(HOSTS),
    "DELETE /api/v1/staff/{number}/binding": Operation({ADMIN_}),
    "DELETE /api/v1/me": Operation(ANYONE, {"confirm": "erase"}),
    "DELETE /api/v1/me/tokens": Operation(ANYONE),
}


@dataclass
class Evening:
    """An open event, and a phone of each who may want something from it."""

    phones: dict[str, Phone]
    places: dict[str, Any]
    games: dict[str, dict[str, int]]

    def ask(self, caller: str, name: str) -> tuple[int, str]:
        """Call an operation and return the status and the slug of a refusal."""
        operation = OPERATIONS[name]
        method, path = name.split(" ", 1)
        places = self.places | self.games.get(path.split("/")[3], {})
        path = path.removeprefix("/api/v1").format_map(places)
        if operation.takes_a_file:
            return self._upload(caller, path)
        answer = self.phones[caller].call(method, path, operation.body, operation.headers)
        refusal = answer.json if answer.is_json and answer.status_code >= 400 else None
        answer.close()
        return answer.status_code, (refusal or {}).get("error", "")

    def _upload(self, caller: str, path: str) -> tuple[int, str]:
        phone = self.phones[caller]
        answer = phone.app.test_client().post(
            f"/api/v1{path}",
            data={"file": (io.BytesIO(b"x"), "questions.csv")},
            headers={"Authorization": f"Bearer {phone.token}"} if phone.token else {},
        )
        return answer.status_code, answer.json.get("error", "")


@pytest.fixture
def evening(centre: Centre, app: Flask, clock: FakeClock) -> Evening:
    """Return an evening with everybody there."""
    host, (player, *others) = centre.host(), centre.people(4)
    here, there = (centre.open_event(host, rehearsal=True) for _ in range(2))
    guest_player = centre.guest("guest-player")
    centre.join(here, player, guest_player)
    numbers = list(centre.numbers())
    database = app.extensions["linka.database"]
    for number, event in zip(numbers[1:3], (here, there), strict=True):
        grant("host", number, event["id"], database=database, now=clock.now())
    dig = player.ok("POST", f"{hunt_of(here)}/digs", {"site": "lake"})
    pairing = player.ok("POST", "/screens/pairings", {"event_id": here["id"]})
    return Evening(
        {
            NOBODY: Phone(app, ""),
            GUEST: centre.guest(),
            GUEST_PLAYER: guest_player,
            STAFF_PLAYER: player,
            HOST_HERE: others[0],
            HOST_ELSEWHERE: others[1],
            HOST: host,
            TRAINER_: centre.staff(TRAINER),
            ADMIN_: centre.staff(ADMIN),
        },
        {
            "event_id": here["id"],
            "activity_id": hunt_of(here).rpartition("/")[2],
            "player_id": Player.get(Player.staff_number == numbers[0]).id,
            "dig_id": dig["id"],
            "item_id": 1,
            "board": "event",
            "bank": "business",
            "number": numbers[0],
            "secret": pairing["secret"],
        },
        _begin_games(host, here["id"], player, others[2]),
    )


def _begin_games(
    host: Phone, event_id: int, player: Phone, other: Phone
) -> dict[str, dict[str, int]]:
    """Add the live games to an event and begin each; the player is the one who draws."""
    made = {}
    for kind in ("contest", "shake", "drawing", "polls", "keywords", "raffle"):
        settings = next(
            activity["settings"]
            for template in all_templates()
            for activity in template["activities"]
            if activity["kind"] == kind
        )
        chosen = Kinds(*KINDS)[kind]
        made[kind] = Activity.create(
            event=event_id, kind=kind, title=kind, position=5, settings=chosen.check(settings)
        )
        chosen.prepare(made[kind])
    ids = {kind: int(activity.id) for kind, activity in made.items()}
    host.ok("POST", f"/contests/{ids['contest']}/actions", {"action": "begin"})
    shown = host.ok(
        "POST", f"/contests/{ids['contest']}/actions", {"action": "next", "position": 1}
    )
    shaken = host.ok("POST", f"/shakes/{ids['shake']}/rounds", {"mode": "race"})
    code = host.ok("GET", f"/events/{event_id}")["join_code"]
    other.ok("POST", "/events/join", {"code": code})
    host.ok("POST", f"/drawings/{ids['drawing']}/begin")
    drawn = player.ok("GET", f"/drawings/{ids['drawing']}")["turn_id"]
    own = player.ok("GET", f"/events/{event_id}/me")["player"]["id"]
    Turn.update(drawer=own).where(Turn.id == drawn).execute()
    poll = host.ok("GET", f"/polls/{ids['polls']}")["items"][0]["id"]
    host.ok("POST", f"/polls/{ids['polls']}/polls/{poll}/actions", {"action": "open"})
    suggestion = player.ok("POST", f"/polls/{ids['polls']}/suggestions", {"text": "夜宵窗口"})
    return {
        "polls": {"activity_id": ids["polls"], "poll_id": poll, "suggestion_id": suggestion["id"]},
        "contests": {"activity_id": ids["contest"], "round_id": shown["state"]["round"]["id"]},
        "shakes": {"activity_id": ids["shake"], "round_id": shaken["id"]},
        "drawings": {"activity_id": ids["drawing"], "turn_id": drawn},
        "keywords": {"activity_id": ids["keywords"], "word_id": 1},
        "raffles": {"activity_id": ids["raffle"], "prize_id": 1, "draw_id": 1, "pick_id": 1},
    }


def test_every_operation_stands_in_the_table(app: Flask) -> None:
    document = app.test_client().get("/api/openapi.json").json
    found = {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
        if method != "parameters"
    }
    assert found == OPERATIONS.keys()


def test_every_route_of_the_api_is_in_the_document(app: Flask) -> None:
    document = app.test_client().get("/api/openapi.json").json
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1") and not rule.websocket
    ]
    assert len(rules) == sum(
        len(path.keys() - {"parameters"}) for path in document["paths"].values()
    )


def test_document_says_which_operations_take_no_token(app: Flask) -> None:
    document = app.test_client().get("/api/openapi.json").json
    assert document["security"] == [{"token": []}]
    open_ones = {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method != "parameters" and operation.get("security") == []
    }
    assert open_ones == {name for name, op in OPERATIONS.items() if NOBODY in op.callers}


def test_nobody_gets_anything_without_a_token(evening: Evening) -> None:
    closed = [name for name, operation in OPERATIONS.items() if NOBODY not in operation.callers]
    answers = {name: evening.ask(NOBODY, name) for name in closed}
    # A screen has a cookie instead of a token.
    for path in ("stream", "gallery/{activity_id}/{number}", "screen-pictures/{item_id}"):
        answer = answers.pop(f"GET /api/v1/events/{{event_id}}/{path}")
        assert answer == (403, "screen_not_paired")
    assert {name: answer for name, answer in answers.items() if answer[0] != 401} == {}


@pytest.mark.parametrize("caller", sorted(ANYONE))
def test_caller_is_refused_what_is_for_others(evening: Evening, caller: str) -> None:
    closed = [name for name, operation in OPERATIONS.items() if caller not in operation.callers]
    answers = {name: evening.ask(caller, name) for name in closed}
    let_in = {name: answer for name, answer in answers.items() if answer[0] != 403}
    if caller != STAFF_PLAYER:
        answer = let_in.pop("POST /api/v1/hunts/{activity_id}/digs/{dig_id}/answer")
        assert answer == (404, "not_your_question")
    assert let_in == {}


@pytest.mark.parametrize("caller", sorted(EVERYBODY))
def test_caller_is_let_in_where_the_table_says_so(evening: Evening, caller: str) -> None:
    mine = [name for name, operation in OPERATIONS.items() if caller in operation.callers]
    answers = {name: evening.ask(caller, name) for name in mine}
    # These two refuse what was sent, not who sent it.
    for name in ("POST /api/v1/login", "POST /api/v1/me/binding"):
        assert answers.pop(name, (401, ""))[0] in (401, 403)
    # Nobody reports their own drawing or votes for it; the player is the one who draws.
    mine_alone = [name for name in answers if answers[name] == (403, "own_drawing")]
    assert [name.rpartition("/")[2] for name in mine_alone] in ([], ["reports", "votes"])
    answers = {name: answer for name, answer in answers.items() if name not in mine_alone}
    assert {name: answer for name, answer in answers.items() if answer[0] in (401, 403)} == {}
