"""Who may call what: every operation of the API, called by everybody.

A new operation fails here until it is in the table below, or in that of its kind (see
`tests/callers.py`), with the people who may call it. `make access` then writes docs/access.md anew.
"""

import io
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.activities import KINDS
from backend.db import Database
from backend.events.models import Activity, AgendaStep, Player
from backend.events.templates import all_templates
from backend.identity.grants import grant
from backend.identity.models import Staff
from backend.posts.models import Post, PostColumn
from tests.callers import (
    ADMIN_,
    ANYONE,
    EVERYBODY,
    GUEST,
    GUEST_PLAYER,
    HOST,
    HOST_ELSEWHERE,
    HOST_HERE,
    HOSTS,
    LEADER,
    NOBODY,
    PLAYERS,
    SCREEN,
    STAFF_PLAYER,
    TRAINER_,
    Game,
    Operation,
    kinds,
)
from tests.identity.access_page import COLUMNS, PAGE, page
from tests.support import ADMIN, TRAINER, Centre, Phone

EDITORS = {HOST, TRAINER_, ADMIN_}

# All calls are made before the first test, which may take a busy machine minutes.
pytestmark = pytest.mark.timeout(600)

# What ends something (a token, a rehearsal's data) stands last.
OPERATIONS = {
    "POST /api/v1/login": Operation(EVERYBODY, {"code": "never-issued"}),
    "POST /api/v1/screens/pairings": Operation(EVERYBODY, {"event_id": 1}),
    "GET /api/v1/screens/pairings/{secret}": Operation(EVERYBODY),
    "POST /api/v1/console/pairings": Operation(EVERYBODY),
    "POST /api/v1/console/pairings/{secret}": Operation(EVERYBODY),
    "POST /api/v1/console/links": Operation(EVERYBODY, {"secret": "never-issued"}),
    "POST /api/v1/console/approvals": Operation(
        HOSTS | {HOST_ELSEWHERE, TRAINER_, LEADER},
        {"pairing_code": "000000"},
    ),
    "GET /api/v1/console/sessions": Operation(ANYONE),
    "DELETE /api/v1/console/sessions/{session_id}": Operation(ANYONE),
    "GET /api/v1/me": Operation(ANYONE),
    "GET /api/v1/me/export": Operation(ANYONE),
    "GET /api/v1/events": Operation(ANYONE),
    "GET /api/v1/event-templates": Operation(HOSTS | {HOST_ELSEWHERE}),
    "POST /api/v1/events": Operation({HOST, ADMIN_}, {"template": "hunt"}),
    "GET /api/v1/events/{event_id}": Operation(PLAYERS | HOSTS),
    "GET /api/v1/activity-kinds": Operation(HOSTS | {HOST_ELSEWHERE}),
    "POST /api/v1/activity-kinds/{kind}/preview": Operation(
        HOSTS | {HOST_ELSEWHERE}, {"settings": {}}
    ),
    "GET /api/v1/events/{event_id}/setup": Operation(HOSTS),
    "PUT /api/v1/events/{event_id}": Operation(HOSTS, {"version": 1, "title": "改过的名字"}),
    "POST /api/v1/events/{event_id}/activities": Operation(
        HOSTS, {"version": 1, "kind": "shake", "title": "再摇一摇"}
    ),
    "PUT /api/v1/events/{event_id}/activities": Operation(HOSTS, {"version": 1, "activities": []}),
    "PUT /api/v1/events/{event_id}/activities/{activity_id}": Operation(
        HOSTS, {"version": 1, "title": "改过的名字"}
    ),
    "DELETE /api/v1/events/{event_id}/activities/{activity_id}": Operation(HOSTS, {"version": 1}),
    "GET /api/v1/events/{event_id}/leaderboards": Operation(PLAYERS | HOSTS),
    "GET /api/v1/events/{event_id}/leaderboards/{board}": Operation(PLAYERS | HOSTS),
    "GET /api/v1/events/{event_id}/me": Operation(PLAYERS),
    "GET /api/v1/events/{event_id}/receipts": Operation(PLAYERS),
    "GET /api/v1/events/{event_id}/players": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/audit": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/audit.xlsx": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/participants.xlsx": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/report.xlsx": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/ranking.xlsx": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/points.xlsx": Operation(HOSTS),
    "GET /api/v1/audit": Operation({ADMIN_}),
    "PUT /api/v1/events/{event_id}/players/{player_id}": Operation(HOSTS, {"status": "active"}),
    "POST /api/v1/events/{event_id}/transitions": Operation(HOSTS, {"action": "open"}),
    "POST /api/v1/events/{event_id}/adjustments": Operation(
        HOSTS, {"player_id": 1, "points": 5, "reason": "帮忙布置"}, {"Idempotency-Key": "k"}
    ),
    "DELETE /api/v1/events/{event_id}/adjustments/{entry_id}": Operation(HOSTS),
    "POST /api/v1/events/{event_id}/corrections/preview": Operation(
        HOSTS, {"question_id": 1, "action": "void", "reason": "题目有误"}
    ),
    "POST /api/v1/events/{event_id}/corrections": Operation(
        HOSTS, {"question_id": 1, "action": "void", "reason": "题目有误"}
    ),
    "GET /api/v1/events/{event_id}/activities/{activity_id}/void/preview": Operation(HOSTS),
    "POST /api/v1/events/{event_id}/screens": Operation(HOSTS, {"pairing_code": "123456"}),
    "GET /api/v1/events/{event_id}/stream": Operation(HOSTS | {SCREEN}),
    "GET /api/v1/events/{event_id}/now": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/steps": Operation(HOSTS),
    "PUT /api/v1/events/{event_id}/screen-choice": Operation(HOSTS, {"shows": "board"}),
    "GET /api/v1/events/{event_id}/screen-views": Operation(HOSTS | {SCREEN}),
    "GET /api/v1/events/{event_id}/agenda": Operation(HOSTS),
    "PUT /api/v1/events/{event_id}/agenda": Operation(HOSTS, {"version": 1, "steps": []}),
    "POST /api/v1/events/{event_id}/agenda/steps/{step_id}/done": Operation(HOSTS, {"done": True}),
    "GET /api/v1/events/{event_id}/screen-pictures/{item_id}": Operation(HOSTS | {SCREEN}),
    "GET /api/v1/events/{event_id}/screen-covers/{cover_id}": Operation(HOSTS | {SCREEN}),
    "GET /api/v1/events/{event_id}/preflight": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/media": Operation(HOSTS),
    "POST /api/v1/events/{event_id}/media": Operation(HOSTS, takes_a_file=True),
    "GET /api/v1/events/{event_id}/media/{media_id}": Operation(HOSTS | {SCREEN}),
    "DELETE /api/v1/events/{event_id}/media/{media_id}": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/moderation": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/moderation.xlsx": Operation(HOSTS),
    "PUT /api/v1/events/{event_id}/moderation/{item_id}": Operation(HOSTS, {"status": "approved"}),
    "PUT /api/v1/events/{event_id}/moderation/{item_id}/wall": Operation(HOSTS, {"pinned": False}),
    "GET /api/v1/events/{event_id}/writing-blocks": Operation(HOSTS),
    "DELETE /api/v1/events/{event_id}/writing-blocks/{player_id}": Operation(HOSTS),
    "POST /api/v1/events/{event_id}/pictures": Operation(HOSTS | {STAFF_PLAYER}, takes_a_file=True),
    "GET /api/v1/events/{event_id}/pictures/{item_id}": Operation(PLAYERS | HOSTS),
    "GET /api/v1/question-banks": Operation(HOSTS | {HOST_ELSEWHERE, TRAINER_}),
    "GET /api/v1/question-banks/template.xlsx": Operation({TRAINER_, ADMIN_}),
    "GET /api/v1/question-banks/{bank}/questions": Operation({TRAINER_, ADMIN_}),
    "GET /api/v1/question-banks/{bank}/questions.xlsx": Operation({TRAINER_, ADMIN_}),
    "POST /api/v1/question-banks/{bank}/imports": Operation({TRAINER_, ADMIN_}, takes_a_file=True),
    "POST /api/v1/question-banks/{bank}/imports/preview": Operation(
        {TRAINER_, ADMIN_}, takes_a_file=True
    ),
    "GET /api/v1/staff": Operation({ADMIN_}),
    "GET /api/v1/staff/template.xlsx": Operation({ADMIN_}),
    "POST /api/v1/staff/imports/preview": Operation({ADMIN_}, takes_a_file=True),
    "POST /api/v1/staff/imports": Operation({ADMIN_}, takes_a_file=True),
    "POST /api/v1/staff/invite-codes": Operation({ADMIN_}, {"numbers": ["NOSUCH1"]}),
    "POST /api/v1/events/{event_id}/tickets": Operation(PLAYERS),
    "PUT /api/v1/events/{event_id}/writing-blocks/{player_id}": Operation(
        HOSTS, {"reason": "重复刷屏"}
    ),
    "GET /api/v1/crew/tasks": Operation(ANYONE - {GUEST, GUEST_PLAYER}),
    "GET /api/v1/events/{event_id}/crew": Operation(HOSTS),
    "POST /api/v1/events/{event_id}/crew/members": Operation(
        HOSTS, {"staff_number": "200001", "duty": "后勤"}
    ),
    "DELETE /api/v1/events/{event_id}/crew/members/{member_id}": Operation(HOSTS),
    "POST /api/v1/events/{event_id}/crew/tasks": Operation(
        HOSTS, {"title": "领取奖品", "duty": "后勤", "minutes": -60}
    ),
    "PUT /api/v1/events/{event_id}/crew/tasks/{task_id}": Operation(
        HOSTS, {"title": "领取奖品", "duty": "后勤", "minutes": -60}
    ),
    "DELETE /api/v1/events/{event_id}/crew/tasks/{task_id}": Operation(HOSTS),
    "PUT /api/v1/events/{event_id}/crew/tasks/{task_id}/done": Operation(HOSTS, {"done": True}),
    "GET /api/v1/posts/home": Operation(ANYONE),
    "GET /api/v1/posts": Operation(ANYONE),
    "GET /api/v1/posts/{post_id}": Operation(ANYONE),
    "PUT /api/v1/posts/{post_id}/reading": Operation(ANYONE, {}),
    "GET /api/v1/posts/{post_id}/lesson": Operation(ANYONE),
    # The post comes first: for people outside its audience it does not exist.
    "POST /api/v1/posts/{post_id}/lesson/answers": Operation(
        ANYONE, {"question_id": 1, "choice": ["A"]}
    ),
    "GET /api/v1/posts/{post_id}/comments": Operation(ANYONE),
    "POST /api/v1/posts/{post_id}/comments": Operation(ANYONE, {"text": "谢谢"}),
    "PUT /api/v1/posts/{post_id}/comments/{comment_id}": Operation(
        {HOST, ADMIN_}, {"status": "approved"}
    ),
    "DELETE /api/v1/posts/{post_id}/comments/{comment_id}": Operation(ANYONE),
    "PUT /api/v1/posts/{post_id}/like": Operation(ANYONE, {"marked": True}),
    "PUT /api/v1/posts/{post_id}/saved": Operation(ANYONE, {"marked": True}),
    "POST /api/v1/posts/{post_id}/shares": Operation(ANYONE),
    "GET /api/v1/posts/{post_id}/figures": Operation({HOST, ADMIN_}),
    "POST /api/v1/posts/{post_id}/reminders": Operation({HOST, ADMIN_}),
    "GET /api/v1/posts/notices": Operation(ANYONE),
    "PUT /api/v1/posts/notices": Operation(ANYONE, {"until": "2026-11-22T02:00:00.000Z"}),
    "POST /api/v1/posts/{post_id}/pictures": Operation({HOST, ADMIN_}, takes_a_file=True),
    "GET /api/v1/posts/{post_id}/pictures/{picture_id}": Operation(ANYONE),
    "GET /api/v1/posts/columns": Operation(ANYONE),
    "POST /api/v1/posts/columns": Operation(
        {ADMIN_}, {"module": "life", "title": "读书会", "writers": ["host"]}
    ),
    "PUT /api/v1/posts/columns/{column_id}": Operation(
        {ADMIN_}, {"module": "news", "title": "新闻", "writers": ["host"]}
    ),
    "PUT /api/v1/posts/columns/order": Operation({ADMIN_}, {"column_ids": [1]}),
    "GET /api/v1/posts/submissions": Operation(ANYONE),
    "POST /api/v1/posts/submissions": Operation(
        ANYONE - {GUEST, GUEST_PLAYER},
        {"code": "phone-0002", "column_id": 8, "title": "青稞饼", "text": "先和面。"},
    ),
    "GET /api/v1/posts/submissions/{submission_id}": Operation(
        {STAFF_PLAYER, HOST, ADMIN_}, refused_as=(404, "not_found")
    ),
    "PUT /api/v1/posts/submissions/{submission_id}": Operation(
        {STAFF_PLAYER},
        {"column_id": 8, "title": "青稞饼", "text": "先和面。", "picture_ids": []},
        refused_as=(404, "not_found"),
    ),
    "POST /api/v1/posts/submissions/{submission_id}/pictures": Operation(
        {STAFF_PLAYER}, takes_a_file=True, refused_as=(404, "not_found")
    ),
    "POST /api/v1/posts/submissions/{submission_id}/transitions": Operation(
        {STAFF_PLAYER}, {"action": "take_back"}, refused_as=(404, "not_found")
    ),
    "PUT /api/v1/posts/submissions/{submission_id}/decision": Operation(
        {HOST, ADMIN_}, {"decision": "accept", "sent": 1}
    ),
    "DELETE /api/v1/posts/submissions/{submission_id}": Operation(
        {STAFF_PLAYER}, refused_as=(404, "not_found")
    ),
    "POST /api/v1/posts/preview": Operation({HOST, TRAINER_, ADMIN_}, {"body": "好"}),
    "POST /api/v1/posts/audience": Operation({HOST, TRAINER_, ADMIN_}, {"audience": ["staff"]}),
    "GET /api/v1/posts/sources": Operation({HOST, TRAINER_, ADMIN_}),
    "POST /api/v1/posts": Operation(
        {HOST, ADMIN_}, {"column_id": 1, "title": "通知", "body": "今天开会。"}
    ),
    "GET /api/v1/posts/{post_id}/source": Operation({HOST, ADMIN_}),
    "PUT /api/v1/posts/{post_id}/source": Operation({HOST, ADMIN_}, {"version": 1}),
    "POST /api/v1/posts/{post_id}/transitions": Operation({HOST, ADMIN_}, {"action": "withdraw"}),
    "GET /api/v1/posts/{post_id}/reach": Operation({HOST, ADMIN_}),
    "GET /api/v1/lookup": Operation(ANYONE),
    "GET /api/v1/lookup/news": Operation(ANYONE),
    "GET /api/v1/lookup/questions/mine": Operation(ANYONE),
    "PUT /api/v1/lookup/questions/seen": Operation(ANYONE),
    "POST /api/v1/lookup/questions": Operation(
        ANYONE - {GUEST, GUEST_PLAYER}, {"text": "健身房几点关门"}
    ),
    "GET /api/v1/lookup/questions": Operation(EDITORS),
    "PUT /api/v1/lookup/questions/{question_id}/owner": Operation(EDITORS, {"number": ""}),
    "PUT /api/v1/lookup/questions/{question_id}/answer": Operation(EDITORS, {"answer": "十点。"}),
    "POST /api/v1/lookup/questions/{question_id}/card": Operation(EDITORS),
    "GET /api/v1/lookup/cards": Operation(EDITORS),
    "POST /api/v1/lookup/cards": Operation(EDITORS, {"title": "停车证", "text": "到门卫室。"}),
    "GET /api/v1/lookup/cards/{card_id}": Operation(EDITORS),
    "PUT /api/v1/lookup/cards/{card_id}": Operation(
        EDITORS, {"title": "停车", "text": "在门卫室。"}
    ),
    "GET /api/v1/lookup/tables": Operation(EDITORS),
    "GET /api/v1/lookup/tables/{table}/template.xlsx": Operation(EDITORS),
    "POST /api/v1/lookup/tables/{table}/imports/preview": Operation(EDITORS, takes_a_file=True),
    "POST /api/v1/lookup/tables/{table}/imports": Operation(EDITORS, takes_a_file=True),
    "GET /api/v1/people/today": Operation(ANYONE),
    "GET /api/v1/people/birthday": Operation(ANYONE - {GUEST, GUEST_PLAYER}),
    "PUT /api/v1/people/birthday": Operation(ANYONE - {GUEST, GUEST_PLAYER}, {"choice": "shared"}),
    "GET /api/v1/people/birthdays": Operation({HOST, ADMIN_}),
    "GET /api/v1/people/birthdays.xlsx": Operation({HOST, ADMIN_}),
    "GET /api/v1/people/teams": Operation(ANYONE - {GUEST, GUEST_PLAYER}),
    "GET /api/v1/people/teams/{team_id}": Operation(ANYONE - {GUEST, GUEST_PLAYER}),
    "PUT /api/v1/people/teams/{team_id}": Operation(
        {HOST, ADMIN_}, {"slogan": "一棒接一棒", "about": ""}
    ),
    "GET /api/v1/people/teams/{team_id}/picture": Operation(ANYONE - {GUEST, GUEST_PLAYER}),
    "POST /api/v1/people/teams/{team_id}/picture": Operation({HOST, ADMIN_}, takes_a_file=True),
    "DELETE /api/v1/people/teams/{team_id}/picture": Operation({HOST, ADMIN_}),
    "GET /api/v1/people/{person_id}": Operation(ANYONE - {GUEST, GUEST_PLAYER}),
    "GET /api/v1/team/participation": Operation({LEADER, ADMIN_}),
    "GET /api/v1/question-banks/lessons": Operation({TRAINER_, ADMIN_}),
    **{name: found for _, kind in kinds() for name, found in kind.OPERATIONS.items()},
    "POST /api/v1/events/join": Operation(ANYONE, {"code": "NOSUCH"}),
    "POST /api/v1/me/binding": Operation(ANYONE, {"staff_number": "999999", "invite_code": "x"}),
    "POST /api/v1/events/{event_id}/screen-key": Operation(HOSTS),
    "POST /api/v1/events/{event_id}/activities/{activity_id}/void": Operation(
        HOSTS, {"reason": "题目有误"}
    ),
    "POST /api/v1/events/{event_id}/rehearsal": Operation(HOSTS),
    "GET /api/v1/events/{event_id}/data": Operation(HOSTS),
    "DELETE /api/v1/events/{event_id}/data": Operation(HOSTS),
    "PUT /api/v1/events/{event_id}/test-players": Operation(HOSTS, {"count": 0}),
    "POST /api/v1/events/{event_id}/evening": Operation(HOSTS, {}),
    "DELETE /api/v1/staff/{number}/binding": Operation({ADMIN_}),
    "DELETE /api/v1/me": Operation(ANYONE, {"confirm": "erase"}),
    "DELETE /api/v1/me/tokens": Operation(ANYONE),
}


class Snapshot:
    """A copy of a database file at one moment, to which the database can be reset."""

    def __init__(self, file: str) -> None:
        self._file = sqlite3.connect(file, isolation_level=None)
        self._kept = sqlite3.connect(":memory:")
        self._file.backup(self._kept)
        self._version = self._seen()

    def restore(self) -> bool:
        """Reset the file; return whether anything had been written to it."""
        if self._seen() == self._version:
            return False
        self._kept.backup(self._file)
        self._version = self._seen()
        return True

    def close(self) -> None:
        """Close both connections."""
        self._file.close()
        self._kept.close()

    def _seen(self) -> int:
        """Return a number that changes when another connection has written."""
        return int(self._file.execute("PRAGMA data_version").fetchone()[0])


@dataclass(frozen=True)
class Outcome:
    """The result of a call: its status, the slug of a refusal, and whether anything was written."""

    status: int
    slug: str
    wrote: bool


@dataclass
class Evening:
    """An open event, and the phone of each caller; a screen has a cookie."""

    phones: dict[str, Phone]
    screen: FlaskClient
    places: dict[str, Any]
    games: dict[str, dict[str, int]]
    snapshot: Snapshot

    def ask(self, caller: str, name: str) -> Outcome:
        """Call an operation; its writes are undone."""
        operation = OPERATIONS[name]
        method, path = name.split(" ", 1)
        places = self.places | self.games.get(path.split("/")[3], {})
        sent: dict[str, Any] = {"json": operation.body}
        if operation.takes_a_file:
            sent = {"data": {"file": (io.BytesIO(b"x"), "questions.csv")}}
        phone = self.phones[caller]
        token = {"Authorization": f"Bearer {phone.token}"} if phone.token else {}
        client = self.screen if caller == SCREEN else phone.app.test_client()
        answer = client.open(
            path.format_map(places), method=method, headers={**operation.headers, **token}, **sent
        )
        body = answer.get_json(silent=True) if answer.status_code >= 400 else None
        answer.close()
        return Outcome(answer.status_code, (body or {}).get("error", ""), self.snapshot.restore())


@pytest.fixture(scope="module")
def evening(lasting_app: Flask, wechat_url: str) -> Iterator[Evening]:
    """Return an evening with everybody there."""
    made = set_evening(Centre(lasting_app, wechat_url), lasting_app)
    yield made
    made.snapshot.close()


def set_evening(centre: Centre, app: Flask) -> Evening:
    """Open an event with a game of each kind that has begun, and let everybody be there."""
    host, (player, *others) = centre.host(), centre.people(4)
    here, there = (centre.open_event(host, rehearsal=True) for _ in range(2))
    guest_player = centre.guest("guest-player")
    centre.join(here, player, guest_player)
    numbers = list(centre.numbers())
    now = app.extensions["linka.clock"].now()
    database: Database = app.extensions["linka.database"]
    for number, event in zip(numbers[1:3], (here, there), strict=True):
        grant("host", number, event["id"], database=database, now=now)
    team = centre.roster[numbers[0]]["班组"]
    leader = next(number for number in numbers[4:] if centre.roster[number]["班组"] != team)
    grant("leader", leader, database=database, now=now)
    pairing = player.ok("POST", "/screens/pairings", {"event_id": here["id"]})
    screen = app.test_client()
    screen.get(here["screen_path"])
    games = _begin_games(host, here, player, others[2])
    phones = {
        NOBODY: Phone(app, ""),
        SCREEN: Phone(app, ""),
        GUEST: centre.guest(),
        GUEST_PLAYER: guest_player,
        STAFF_PLAYER: player,
        LEADER: centre.staff(leader),
        HOST_HERE: others[0],
        HOST_ELSEWHERE: others[1],
        HOST: host,
        TRAINER_: centre.staff(TRAINER),
        ADMIN_: centre.staff(ADMIN),
    }
    places = {
        "event_id": here["id"],
        "player_id": Player.get(Player.staff_number == numbers[0]).id,
        "item_id": 1,
        "step_id": AgendaStep.get(AgendaStep.event == here["id"]).id,
        "entry_id": 1,
        "session_id": 1,
        "member_id": 1,
        "task_id": 999,
        "media_id": 1,
        "board": "event",
        "bank": "business",
        "kind": "shake",
        "pack": "everyday",
        "number": numbers[0],
        "secret": pairing["secret"],
        "column_id": 1,
        "picture_id": 1,
        "cover_id": 1,
        "table": "canteen",
        "card_id": 1,
        "question_id": player.ok("POST", "/lookup/questions", {"text": "几点开门"})["id"],
        "comment_id": 1,
        "team_id": Staff.get(Staff.number == numbers[0]).team_id,
        "person_id": Staff.get(Staff.number == numbers[0]).id,
        "submission_id": _submission(player),
        "post_id": Post.get(Post.code == "opening-of-a-new-hall").id,
    }
    snapshot = Snapshot(database.url.removeprefix("sqlite:///"))
    return Evening(phones, screen, places, games, snapshot)


def _submission(player: Phone) -> int:
    """Let the player send a text for a column of hosts; returns its id."""
    column_id = PostColumn.get(PostColumn.title == "厨艺菜谱").id
    body = {"code": "phone-0001", "column_id": column_id, "title": "酸奶饼", "text": "先和面。"}
    made = player.ok("POST", "/posts/submissions", body)
    player.ok("POST", f"/posts/submissions/{made['id']}/transitions", {"action": "send"})
    return int(made["id"])


def _begin_games(
    host: Phone, event: dict[str, Any], player: Phone, other: Phone
) -> dict[str, dict[str, int]]:
    """Begin a game of each kind in an event; returns ids by the prefix of addresses."""
    other.ok("POST", "/events/join", {"code": event["join_code"]})
    found = {}
    for name, kind in kinds():
        activity_id = _activity_of(event, name)
        game = Game(host, player, event["id"], activity_id, player_acts=True)
        found[kind.PREFIX] = {"activity_id": activity_id, **kind.begin(game)}
        if any("/events/{event_id}/" in operation for operation in kind.OPERATIONS):
            found["events"] = found[kind.PREFIX]
    return found


def _activity_of(event: dict[str, Any], name: str) -> int:
    """Return the event's activity of a kind, added with the settings of a template if need be."""
    there = [one["id"] for one in event["activities"] if one["kind"] == name]
    if there:
        return int(there[0])
    settings = next(
        activity["settings"]
        for template in all_templates()
        for activity in template["activities"]
        if activity["kind"] == name
    )
    facts = {"kind": name, "title": name, "position": 5}
    made = Activity.create(event=event["id"], settings=KINDS[name].check(settings), **facts)
    KINDS[name].prepare(made)
    return int(made.id)


# --- the document


def test_every_operation_stands_in_the_table(routes: Flask) -> None:
    document = routes.test_client().get("/api/openapi.json").json
    found = {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
        if method != "parameters"
    }
    assert found == OPERATIONS.keys()


def test_every_route_of_the_api_is_in_the_document(routes: Flask) -> None:
    document = routes.test_client().get("/api/openapi.json").json
    rules = [
        rule
        for rule in routes.url_map.iter_rules()
        if rule.rule.startswith("/api/v1") and not rule.websocket
    ]
    assert len(rules) == sum(
        len(path.keys() - {"parameters"}) for path in document["paths"].values()
    )


def test_document_says_which_operations_take_no_token_or_a_pass(routes: Flask) -> None:
    document = routes.test_client().get("/api/openapi.json").json
    assert document["security"] == [{"token": []}, {"console": []}]
    open_ones = {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method != "parameters" and operation.get("security") == []
    }
    assert open_ones == {name for name, op in OPERATIONS.items() if NOBODY in op.callers}
    for_screens = {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method != "parameters" and {"screen": []} in operation.get("security", ())
    }
    assert for_screens == {
        name for name, op in OPERATIONS.items() if SCREEN in op.callers and NOBODY not in op.callers
    }


# --- the results of every call by every caller


@pytest.fixture(scope="module")
def outcomes(evening: Evening) -> dict[tuple[str, str], Outcome]:
    """Return the result of each call, by caller and operation: all in one pass, each undone."""
    return {(caller, name): evening.ask(caller, name) for name in OPERATIONS for caller in COLUMNS}


def refusal(caller: str, operation: Operation) -> tuple[int, str | None]:
    """Return the status with which a caller is refused, and the slug if it is always the same."""
    if caller in (NOBODY, SCREEN):
        return (403, "screen_not_paired") if SCREEN in operation.callers else (401, None)
    return operation.refused_as or (403, None)


def test_everybody_else_is_refused(outcomes: dict[tuple[str, str], Outcome]) -> None:
    wrong = {}
    for (caller, name), outcome in outcomes.items():
        if caller not in OPERATIONS[name].callers:
            status, slug = refusal(caller, OPERATIONS[name])
            if outcome.status != status or slug not in (None, outcome.slug):
                wrong[caller, name] = outcome
    assert wrong == {}


def test_everybody_is_let_in_whom_the_table_names(
    outcomes: dict[tuple[str, str], Outcome],
) -> None:
    mine = {
        (caller, name): outcome
        for (caller, name), outcome in outcomes.items()
        if caller in OPERATIONS[name].callers
    }
    # These two refuse what was sent, not who sent it.
    sent = ("POST /api/v1/login", "POST /api/v1/me/binding")
    # The player is the one whose turn it is; some operations refuse only that player.
    own = {
        (STAFF_PLAYER, name): operation.own_refusal
        for name, operation in OPERATIONS.items()
        if operation.own_refusal
    }
    refused = {
        asked: outcome
        for asked, outcome in mine.items()
        if outcome.status in (401, 403) and asked[1] not in sent and asked not in own
    }
    assert refused == {}
    assert {asked: mine[asked].slug for asked in own} == own


def test_who_is_refused_writes_nothing(outcomes: dict[tuple[str, str], Outcome]) -> None:
    wrote = [
        (caller, name)
        for (caller, name), outcome in outcomes.items()
        if outcome.wrote and caller not in OPERATIONS[name].callers
    ]
    assert wrote == []
    assert sum(outcome.wrote for outcome in outcomes.values()) > 100


def test_page_says_what_the_table_says(routes: Flask) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(routes, OPERATIONS), "run `make access`"
