"""People who vote, for tests: an open event with polls, over a database and a Redis, without HTTP."""

import itertools
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any

from redis import Redis

from backend.activities.polls import service, view
from backend.activities.polls.ballots import CastBallot, TakenBallot
from backend.activities.polls.drafts import EntryDraft, PollDraft
from backend.activities.polls.kind import Polls
from backend.activities.polls.models import Poll, PollOption
from backend.activities.polls.suggestions.play import SuggestionsPlay
from backend.db import Database
from backend.errors import LinkaError
from backend.events.models import Activity, Event, Player
from backend.events.visibility import View
from backend.identity.models import Account
from backend.keys import Secret
from backend.live.feed import Feed, Message
from backend.scoring.leaderboard import Leaderboard
from backend.scoring.ledger import Calendar
from backend.scoring.scorekeeper import Scorekeeper
from tests.support import FakeClock, bind_seats

HOST = 1
SECRET_KEY = "a secret key of tests"
SHANGHAI = Calendar("Asia/Shanghai", 4)


def receipt() -> str:
    """Return a receipt as a phone makes it."""
    return secrets.token_urlsafe(24)


class Hall:
    """An open event with polls, and players of it."""

    def __init__(self, database: Database, redis: Redis, clock: FakeClock) -> None:
        self.database = database
        self.redis = redis
        self.clock = clock
        self.play = self.another_play()
        self.event = Event.create(
            title="周年庆",
            template="anniversary",
            state="open",
            join_code="PARTY2",
            screen_key="key",
            began_at=clock.now(),
            opens_at=clock.now(),
            created_at=clock.now(),
        )
        self.activity = Activity.create(
            event=self.event,
            kind="polls",
            title="投票",
            position=1,
            settings=Polls().check({"burst_from_address": 5, "burst_in_minute": 20}),
        )
        self._numbers = itertools.count(1)
        self._options: dict[int, list[int]] = {}

    def another_play(self) -> SuggestionsPlay:
        """Return what takes ballots in another process."""
        return self.play_on(self.redis)

    def play_on(self, redis: Redis) -> SuggestionsPlay:
        """Return what takes ballots with this Redis."""
        scores = Scorekeeper(self.database, Leaderboard(redis), SHANGHAI)
        return SuggestionsPlay(scores, Feed(redis), redis, Secret(SECRET_KEY))

    def staff(self, count: int = 1) -> list[int]:
        """Return players who are staff."""
        return self._people(count, guests=False)

    def guests(self, count: int = 1) -> list[int]:
        """Return players who are guests."""
        return self._people(count, guests=True)

    def _people(self, count: int, *, guests: bool) -> list[int]:
        numbers = [next(self._numbers) for _ in range(count)]
        rows = [
            {
                "event": self.event,
                "account_id": 1000 + number,
                "staff_id": None if guests else number,
                "name": f"{'亲友' if guests else '同事'}{number}",
                "staff_number": None if guests else f"{200000 + number}",
                "team_name": None if guests else "早班一组",
                "joined_at": self.clock.now(),
            }
            for number in numbers
        ]
        for start in range(0, count, 100):
            Player.insert_many(rows[start : start + 100]).execute()
        bind_seats(self.database)
        found = Player.select(Player.id).where(
            Player.account_id.in_([1000 + number for number in numbers])
        )
        return [player.id for player in found.order_by(Player.id)]

    def has_account(self, player_id: int, unionid: str | None) -> None:
        """Give a player an account of WeChat with this unionid; staff have one, bound."""
        account_id = Player.get_by_id(player_id).account_id
        Account.insert(
            id=account_id,
            appid="wx1",
            openid=f"openid-{account_id}",
            unionid=unionid,
            session_key="",
            session_key_updated_at=1,
            created_at=1,
            last_login_at=1,
        ).on_conflict(conflict_target=[Account.id], update={Account.unionid: unionid}).execute()

    def shown(self, eyes: View) -> dict[str, Any]:
        """Return the poll that is on, as this view sees it."""
        shown = self.play.shown(self.activity.id, eyes, self.clock.now())
        assert shown is not None
        poll: dict[str, Any] = shown["poll"]
        return poll

    def draft(self, options: int = 3, **facts: Any) -> Poll:
        """Return a draft with options 甲, 乙, 丙 …"""
        entries = [EntryDraft(f"节目{'甲乙丙丁戊己庚辛'[at]}") for at in range(options)]
        draft = PollDraft(**{"title": "最受欢迎的节目", "entries": entries, **facts})
        poll, _ = service.create_poll(self.database, self.activity, draft, HOST, self.clock.now())
        return poll

    def open(self, options: int = 3, **facts: Any) -> Poll:
        """Return an open poll."""
        poll = self.draft(options, **facts)
        return self.does(poll, "open")

    def does(self, poll: Poll, action: str, display: str | None = None) -> Poll:
        """Let the host do something with a poll."""
        now = self.clock.now()
        return self.play.act(self.activity, poll.id, action, display, HOST, now)

    def options(self, poll: Poll) -> list[int]:
        """Return the options of a poll by number."""
        return [option.id for option in view.options_of(poll)]

    def given(
        self,
        poll: Poll,
        player_id: int,
        choice: Sequence[int],
        receipt_: str | None = None,
        replaces: str | None = None,
        hall_code: str | None = None,
    ) -> CastBallot:
        """Return a ballot for options by their place: 0 is the first."""
        if poll.id not in self._options:
            self._options[poll.id] = self.options(poll)
        options = self._options[poll.id]
        chosen = [options[at] if at < len(options) else at for at in choice]
        secret = receipt_ or receipt()
        now = self.clock.now()
        place = (self.activity.id, poll.id, player_id)
        return CastBallot(*place, chosen, secret, replaces, now, hall_code)

    def cast(
        self,
        poll: Poll,
        player_id: int,
        *choice: int,
        receipt: str | None = None,
        replaces: str | None = None,
        hall_code: str | None = None,
        address: str = "10.0.0.1",
        play: SuggestionsPlay | None = None,
    ) -> TakenBallot:
        """Let a player vote, in this process or in another."""
        given = self.given(poll, player_id, choice, receipt, replaces, hall_code)
        return (play or self.play).cast(given, address)

    def tries(self, poll: Poll, player_id: int, *choice: int, **more: Any) -> str:
        """Let a player try to vote; returns `taken`, or the slug of the refusal."""
        try:
            self.cast(poll, player_id, *choice, **more)
        except LinkaError as refusal:
            return refusal.slug
        return "taken"

    def vote(self, poll: Poll, *choices: int) -> None:
        """Let one more member of staff vote for each of these options."""
        for player_id, choice in zip(self.staff(len(choices)), choices, strict=True):
            self.cast(poll, player_id, choice)

    def count(self) -> None:
        """Let the worker count, a second later."""
        self.clock.advance(1)
        self.play.advance(self.activity.id, self.clock.now())

    def results(self, poll: Poll, eyes: View = View.PUBLIC) -> dict[str, Any]:
        """Return the results as this view sees them."""
        poll = Poll.get_by_id(poll.id)
        return view.results(poll, view.options_of(poll), eyes)

    def votes(self, poll: Poll) -> list[int]:
        """Return the votes that hosts see, by the number of the option."""
        rows = sorted(self.results(poll, View.HOST)["rows"], key=lambda row: row["number"])
        return [row["votes"] for row in rows]

    def turnout(self, poll: Poll) -> dict[str, Any]:
        """Return valid and refused ballots."""
        return view.summary(Poll.get_by_id(poll.id))["turnout"]

    def refused(self, poll: Poll) -> dict[str, int]:
        """Return how many ballots were refused, by those classes that occurred."""
        found: Counter[str] = Counter(self.turnout(poll)["refused_by_reason"])
        return dict(+found)

    def messages(self, kind: str) -> list[Message]:
        """Return the messages of the feed."""
        told = Feed(self.redis).after(self.event.id, "0-0")
        return [message for message in told if message.type == kind]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return rows of the database, in the order in which it gives them."""
        found: list[tuple[Any, ...]] = self.database.sql(statement).fetchall()
        return found

    def option(self, poll: Poll, at: int) -> PollOption:
        """Return an option by its place."""
        return view.options_of(poll)[at]
