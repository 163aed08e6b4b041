"""An open event in which people write and upload pictures."""

import json
from typing import Any

from flask import Flask

from backend.events.models import Player
from backend.events.visibility import View
from backend.identity.models import AuditLine
from backend.live.feed import Feed
from backend.moderation.models import ModerationItem
from backend.moderation.moderator import Author, Moderator
from backend.moderation.words import BlockedWords, read_list, replace_list
from backend.screen.show import EventShow
from backend.wechat.client import WeChatClient
from backend.wechat.texts import TextCheck
from backend.wechat.tokens import AccessTokens
from tests.support import Centre, FakeClock


class Evening:
    """A host, and two players who have joined."""

    def __init__(self, centre: Centre, clock: FakeClock, **event: Any) -> None:
        self.app: Flask = centre.app
        self.centre = centre
        self.clock = clock
        self.host = centre.host()
        self.event = centre.open_event(self.host, **event)
        self.path = f"/events/{self.event['id']}"
        self.queue = f"{self.path}/moderation"
        self.phones = centre.people(2)
        self.players = [joined["id"] for joined in centre.join(self.event, *self.phones)]
        self.database = self.app.extensions["linka.database"]
        self.moderator: Moderator = self.app.extensions["linka.moderation"]

    def hide(self, *words: str) -> None:
        """Make the local list hold just these words."""
        table = "\n".join(["词语", *words]).encode()
        replace_list(read_list(table), database=self.database, now=self.clock.now())
        self.clock.advance(10)

    def moderator_with_wechat(self, url: str, check: type[TextCheck] = TextCheck) -> Moderator:
        """Return a moderator that asks WeChat."""
        settings, client = (self.app.extensions[f"linka.{name}"] for name in ("settings", "redis"))
        spoken = WeChatClient(url, settings.wechat_appid, settings.wechat_secret)
        texts = check(spoken, AccessTokens(spoken, client))
        offload = self.app.extensions["linka.offload"].short
        return Moderator(self.database, BlockedWords(self.database), Feed(client), texts, offload)

    def author(self, which: int = 0) -> Author:
        """Return a player as an author."""
        player = Player.get_by_id(self.players[which])
        return Author(player.event_id, player.account_id, player.id)

    def write(
        self, text: str, which: int = 0, moderator: Moderator | None = None
    ) -> ModerationItem:
        """Let a player write something, as a feature does it."""
        taking, author, now = moderator or self.moderator, self.author(which), self.clock.now()
        finding = taking.examine(author, text, now)
        with self.database.write():
            return taking.take_text(author, text, finding, now)

    def upload(self, data: bytes, which: int = 0) -> int:
        """Let a player upload a picture and return its item."""
        return int(self.phones[which].upload(f"{self.path}/pictures", data)["id"])

    def decide(self, item_id: int, status: str, reason: str = "") -> dict[str, Any]:
        """Let the host decide."""
        body = {"status": status, "reason": reason}
        decided: dict[str, Any] = self.host.ok("PUT", f"{self.queue}/{item_id}", body)
        return decided

    def listed(self, query: str = "") -> list[dict[str, Any]]:
        """Return what the host sees of the queue."""
        items: list[dict[str, Any]] = self.host.ok("GET", f"{self.queue}{query}")["items"]
        return items

    def snapshot(self, view: View) -> dict[str, Any]:
        """Return what a screen is shown, or a host on the stream."""
        names = ("reader", "plays", "presence", "database", "clock")
        parts = (self.app.extensions[f"linka.{name}"] for name in names)
        shown: dict[str, Any] = json.loads(EventShow(self.event["id"], view, *parts).snapshot())
        return shown

    def lines(self, action: str) -> list[AuditLine]:
        """Return the lines of the audit about an action."""
        return list(AuditLine.select().where(AuditLine.action == action).order_by(AuditLine.id))
