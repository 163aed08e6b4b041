"""The crowd: staff with accounts and tokens, seated in events, with points and open digs.

The rows are inserted in bulk, because a hundred thousand joins over HTTP would take too long.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from backend.activities import KINDS
from backend.activities.hunt import rules
from backend.activities.hunt.models import Dig
from backend.clock import business_week
from backend.events import making, service
from backend.events.kinds import Kinds
from backend.events.models import Event, Player
from backend.identity.models import Account, Grant, Staff, Team
from backend.identity.tokens import Tokens
from backend.questions.models import Question
from backend.scoring import ledger
from tests.bench.installation import Installation

CALLERS = 1000
HOUR_MS = 3600 * 1000
# Ids of players without an account behind them are beyond this.
STRANGERS = 1_000_000
_CHUNK = 2000
# No question expires while the bench runs.
LIMIT_SECONDS = 3600


@dataclass(frozen=True)
class Caller:
    """A member of staff who can call the API."""

    account_id: int
    staff: Staff
    token: str

    def request(self, method: str, path: str, body: bytes = b"", more: str = "") -> bytes:
        """Return a request of this person, ready to be sent.

        `path` follows `/api/v1`; `more` are further headers.
        """
        more += f"Authorization: Bearer {self.token}\r\n"
        return request(method, f"/api/v1{path}", body, more)


def request(method: str, path: str, body: bytes = b"", more: str = "") -> bytes:
    """Return an HTTP request, ready to be sent."""
    if body:
        more += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n{more}\r\n"
    return head.encode() + body


def callers(place: Installation, people: int = CALLERS) -> list[Caller]:
    """Return so many people without roles, bound to accounts, made when first asked for.

    The staff of the sample centre come first; where they are too few, more are written. People with
    roles may know the keys of questions, and play out of competition.
    """
    now = place.clock.now()
    without_roles = Staff.id.not_in(Grant.select(Grant.staff))
    _hire(place, people - Staff.select().where(without_roles).count())
    found = Staff.select(Staff, Team).join(Team).where(without_roles)
    staff = list(found.order_by(Staff.id).limit(people))
    _bind(place, [person for person in staff if person.account_id is None], now)
    tokens = Tokens(place.settings.secret)
    return [
        Caller(person.account_id, person, tokens.issue(person.account_id, 1, now)[0])
        for person in staff
    ]


def _hire(place: Installation, missing: int) -> None:
    team = Team.get()
    with place.database.write():
        for number in range(missing):
            Staff.create(
                number=f"bench-{number}", name=f"压测{number}", team=team, invite_digest="-"
            )


def _bind(place: Installation, staff: Sequence[Staff], now: int) -> None:
    with place.database.write():
        for person in staff:
            person.account = Account.create(
                appid=place.settings.wechat_appid,
                openid=f"bench-{person.number}",
                session_key="",
                session_key_updated_at=now,
                created_at=now,
                last_login_at=now,
            )
            person.bound_at = now
            person.save()


def new_event(place: Installation, template: str = "hunt") -> Event:
    """Return an open event made from a template, without players."""
    now = place.clock.now()
    kinds = Kinds(*KINDS)
    content = making.of_template(kinds, template, now)
    event = making.create(place.database, kinds, place.boards, content, now)
    return service.transition(place.database, place.boards, event.id, "open", now)


def seat(place: Installation, event: Event, people: Sequence[Caller], copies: int = 1) -> None:
    """Seat callers, each with `copies` of themselves in all; the others only fill the board."""
    now = place.clock.now()
    columns = "staff_id, name, staff_number, team_id, team_name, shift"
    with place.database.write():
        place.database.sql(
            f"INSERT INTO player (event_id, account_id, {columns}, status, joined_at, came_at)"
            " SELECT ?, s.account_id, s.id, s.name, s.number, t.id, t.name, s.shift, 'active', ?, ?"
            " FROM staff s JOIN team t ON t.id = s.team_id"
            " WHERE s.account_id IS NOT NULL AND s.id <= ?",
            (event.id, now, now, people[-1].staff.id),
        )
        place.database.sql(
            "WITH RECURSIVE copies(n) AS"
            " (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < ?)"
            f" INSERT INTO player (event_id, account_id, {columns}, status, joined_at, came_at)"
            " SELECT event_id, account_id + n * ?, staff_id + n * ?, name, staff_number, team_id,"
            " team_name, shift, status, joined_at, came_at FROM player, copies"
            " WHERE event_id = ? AND n < ?",
            (copies, STRANGERS, STRANGERS, event.id, copies),
        )
        place.database.sql(
            "INSERT INTO event_team (event_id, team_id, name, headcount) SELECT ?, t.id, t.name, 30"
            " FROM team t WHERE EXISTS (SELECT 1 FROM player p WHERE p.event_id = ?"
            " AND p.team_id = t.id)",
            (event.id, event.id),
        )


def give_points(place: Installation, event: Event) -> None:
    """Give every player one award of mixed points within the last hour, and build the boards."""
    now = place.clock.now()
    day = place.scores.calendar.day(now - HOUR_MS)
    week = business_week(day)
    with place.database.write():
        place.database.sql(
            "INSERT INTO score_entry (event_id, player_id, points, reason, source, note,"
            " rule_version, day, week, earned_at, created_at)"
            " SELECT event_id, id, 10 + MOD(id * 7919, 2990), 'bench', 'bench:' || id, '', 'bench-1',"
            " ?, ?, ? - MOD(id * 104729, ?), ? FROM player WHERE event_id = ?",
            (day, week, now, HOUR_MS, now, event.id),
        )
        for board in ledger.boards_of(None, day, week):
            place.database.sql(
                "INSERT INTO standing (event_id, board, player_id, points, reached_at, version,"
                " updated_at) SELECT event_id, ?, player_id, points, earned_at, 2, earned_at"
                " FROM score_entry WHERE event_id = ?",
                (board, event.id),
            )
    place.scores.rebuild(event.id)


@dataclass(frozen=True)
class OpenDig:
    """A dig that waits for its answer."""

    dig_id: int
    caller: Caller
    right: list[str]


def open_digs(
    place: Installation, event: Event, people: Sequence[Caller], count: int
) -> list[OpenDig]:
    """Open questions, the players in turn, and return them in the order of opening."""
    activity = event.activities.get()
    players = dict(
        Player.select(Player.account_id, Player.id).where(Player.event == event).tuples()
    )
    luck = random.Random(event.id)
    questions = list(Question.select().where(Question.current))
    sites = [site["key"] for site in activity.settings["sites"]]
    day = place.scores.calendar.day(place.clock.now())
    first = (Dig.select(peewee.fn.MAX(Dig.id)).scalar() or 0) + 1
    digs: list[OpenDig] = []
    values: list[Any] = []
    for number in range(count):
        caller, question = people[number % len(people)], luck.choice(questions)
        order = rules.option_order(question.kind, len(question.options), luck)
        values += (
            *(first + number, activity.id, players[caller.account_id], luck.choice(sites)),
            *(question.id, order, place.clock.now(), day, 1 + number // len(people)),
        )
        digs.append(OpenDig(first + number, caller, rules.to_shown(order, question.key)))
    with place.database.write():
        _insert_digs(place, values)
    return digs


def _insert_digs(place: Installation, values: list[Any]) -> None:
    for start in range(0, len(values), 9 * _CHUNK):
        chunk = values[start : start + 9 * _CHUNK]
        rows = ", ".join(
            [f"(?, ?, ?, ?, ?, ?, ?, {LIMIT_SECONDS}, 0, FALSE, ?, ?)"] * (len(chunk) // 9)
        )
        place.database.sql(
            "INSERT INTO dig (id, activity_id, player_id, site, question_id, option_order,"
            f" opened_at, limit_seconds, snooze_seconds, voided, day, slot) VALUES {rows}",
            tuple(chunk),
        )
