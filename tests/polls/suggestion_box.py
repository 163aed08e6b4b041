"""People who suggest things, for tests: a hall with a box, over a database and a Redis, without HTTP."""

import io
import json
from typing import Any

import openpyxl
from redis import Redis

from backend.activities.polls import view as views
from backend.activities.polls.drafts import PollDraft
from backend.activities.polls.kind import Polls
from backend.activities.polls.models import Poll, PollOption
from backend.activities.polls.suggestions import handling, suggesting, view
from backend.activities.polls.suggestions.models import Suggestion, SuggestionSupport
from backend.activities.polls.suggestions.view import Viewer
from backend.db import Database
from backend.errors import LinkaError
from backend.events.models import Player
from backend.events.visibility import View
from backend.live.feed import Feed
from backend.moderation import queue
from backend.moderation.moderator import Author, Moderator
from backend.moderation.words import BlockedWords
from backend.offload.process import Offload
from backend.sheets.writing import write_book
from tests.polls.hall import HOST, Hall
from tests.support import FakeClock, picture_bytes


class Box(Hall):
    """A hall that collects suggestions."""

    kind = Polls()

    def __init__(
        self, database: Database, redis: Redis, clock: FakeClock, offload: Offload
    ) -> None:
        super().__init__(database, redis, clock)
        self.offload = offload.short
        self.moderator = Moderator(
            database, BlockedWords(database), Feed(redis), None, self.offload
        )

    def propose(self, player_id: int, text: str, picture_id: int | None = None) -> int:
        """Let a player suggest something."""
        player = Player.get_by_id(player_id)
        now = self.clock.now()
        made, _ = suggesting.propose(self.moderator, self.activity, player, text, picture_id, now)
        return int(made.id)

    def box(self, *texts: str) -> list[int]:
        """Let as many players suggest one thing each."""
        people = self.staff(len(texts))
        return [self.propose(who, text) for who, text in zip(people, texts, strict=True)]

    def picture(self, player_id: int) -> int:
        """Let a player upload a picture and return its item."""
        player = Player.get_by_id(player_id)
        author = Author(player.event_id, player.account_id, player.id)
        return int(self.moderator.take_picture(author, picture_bytes(), self.clock.now())[0].id)

    def support(self, player_id: int, suggestion_id: int) -> int:
        """Let a player support a suggestion, and return the one that counts it."""
        player = Player.get_by_id(player_id)
        now = self.clock.now()
        target, _ = suggesting.support(self.database, self.activity, player, suggestion_id, now)
        self.database.release()
        return int(target.id)

    def tries_to_support(self, player_id: int, suggestion_id: int) -> str:
        """Let a player try; returns the slug of the refusal, or nothing."""
        try:
            self.support(player_id, suggestion_id)
        except LinkaError as refusal:
            return refusal.slug
        return ""

    def merge(self, suggestion_id: int, into: int) -> int:
        """Let the host merge one into another, and return the latter."""
        at = (self.database, self.activity.id)
        target, _ = handling.merge(*at, suggestion_id, into, HOST, self.clock.now())
        self.database.release()
        return int(target.id)

    def decide(self, suggestion_id: int, status: str, reason: str = "", answer: str = "") -> None:
        """Let the host decide about a suggestion."""
        facts = {"status": status, "reason": reason, "answer": answer}
        at = (self.database, self.activity.id)
        handling.decide(*at, suggestion_id, facts, HOST, self.clock.now())

    def judge(self, item_id: int, status: str) -> None:
        """Let the host approve or reject something in moderation."""
        now = self.clock.now()
        queue.decide(self.database, self.event.id, item_id, status, "不合适", HOST, now)

    def item(self, suggestion_id: int) -> int:
        """Return the item of a suggestion in moderation."""
        return int(Suggestion.get_by_id(suggestion_id).item_id)

    def poll_of(self, chosen: list[int] | int, number: int = 1, **facts: Any) -> Poll:
        """Let the host make a poll of suggestions."""
        draft = PollDraft(**{"title": "周年庆做什么", "number": number, **facts})
        at = (self.database, self.activity)
        return handling.make_poll(*at, draft, chosen, HOST, self.clock.now())[0]

    def options_of(self, poll: Poll) -> list[PollOption]:
        """Return the options of a poll by number."""
        return views.options_of(poll)

    def polls(self) -> list[Poll]:
        """Return the polls there are."""
        return list(Poll.select().order_by(Poll.number))

    def listed(self, player_id: int | None = None, **query: Any) -> list[dict[str, Any]]:
        """Return what a player sees, or the host."""
        eyes = Viewer(View.OWN if player_id else View.HOST, player_id)
        asked = {"page": 1, "page_size": 50, "mine": False, "sort": "supports", **query}
        items: list[dict[str, Any]] = view.suggestion_page(self.activity, eyes, asked)["items"]
        return items

    def seen(self, suggestion_id: int, player_id: int | None = None) -> dict[str, Any]:
        """Return a suggestion as a player sees it, or the host."""
        eyes = Viewer(View.OWN if player_id else View.HOST, player_id)
        return view.one(self.activity, suggestion_id, eyes)

    def similar(self, text: str, player_id: int | None = None) -> dict[str, Any]:
        """Return what is like a text."""
        eyes = Viewer(View.OWN if player_id else View.HOST, player_id)
        return view.similar(self.activity, text, eyes, self.database, self.offload)

    def behind(self, suggestion_id: int) -> set[int]:
        """Return the supporters of a suggestion, each once."""
        rows = SuggestionSupport.select(SuggestionSupport.player).where(
            SuggestionSupport.suggestion == suggestion_id
        )
        found = [player_id for (player_id,) in rows.tuples()]
        assert len(found) == len(set(found))
        return set(found)

    def told(self) -> list[tuple[int, str]]:
        """Return what proposers were told."""
        found = Feed(self.redis).after(self.event.id, "0-0", 500)
        messages = [json.loads(one.data) for one in found if one.type == "polls.suggestion"]
        return [(message["suggestion_id"], message["change"]) for message in messages]

    def sheets(self) -> dict[str, list[dict[str, Any]]]:
        """Return the Excel file as a person opens it: {sheet: rows}."""
        data = write_book(view.worksheets(self.activity, "Asia/Shanghai"))
        book = openpyxl.load_workbook(io.BytesIO(data))
        found = {}
        for sheet in book.worksheets:
            header, *rows = sheet.values
            found[sheet.title] = [dict(zip(header, row, strict=True)) for row in rows]
        return found
