"""Checks texts and pictures, and stores them with the decision."""

import hashlib
from dataclasses import dataclass

import structlog

from backend.db import Database
from backend.errors import LinkaError
from backend.identity.models import Account
from backend.live.feed import Feed
from backend.moderation import errors, pictures
from backend.moderation.models import ModerationItem, ModerationPicture, WritingBlock
from backend.moderation.policy import (
    BY_HOST,
    CLEAN,
    LISTED,
    PENDING,
    PICTURE,
    UNAVAILABLE,
    Finding,
    finding_of,
)
from backend.moderation.words import BlockedWords
from backend.offload.process import OffloadProcess
from backend.wechat.texts import TextCheck

log = structlog.get_logger(__name__)

TEXT_KIND, PICTURE_KIND = "text", "picture"
MESSAGE = "moderation"


@dataclass(frozen=True)
class Author:
    """The author of a text or picture in an event; `player_id` is null for a host."""

    event_id: int
    account_id: int
    player_id: int | None


class Moderator:
    """Checks and stores texts and pictures. Build one per process.

    `texts` is WeChat's check; if it is None, the local list decides alone. `offload` decodes
    pictures.
    """

    def __init__(
        self,
        database: Database,
        words: BlockedWords,
        feed: Feed,
        texts: TextCheck | None,
        offload: OffloadProcess,
    ) -> None:
        self.database = database
        self.words = words
        self._feed = feed
        self._texts = texts
        self._offload = offload

    def examine(self, author: Author, text: str, now: int) -> Finding:
        """Check a text of at most 2,500 characters: with the local list, then with WeChat if
        necessary.

        Call it outside any transaction, because it may wait for WeChat; it holds no connection to
        the database meanwhile. A text that could not be checked gets the finding `unavailable` and
        is kept. Raises `WritingBlocked` before any check.
        """
        if author.player_id is None:
            return Finding(BY_HOST)
        self.require_may_write(author.player_id)
        return self.check(author.account_id, text, now)

    def check(self, account_id: int, text: str, now: int) -> Finding:
        """Check a text of an account in the same way, where it belongs to no event."""
        if self.words.holds_one_of(text, now):
            return Finding(LISTED)
        if self._texts is None:
            return Finding(CLEAN)
        return self._asked(self._texts, account_id, text)

    def _asked(self, texts: TextCheck, account_id: int, text: str) -> Finding:
        [[openid]] = self.database.rows(
            Account.select(Account.openid).where(Account.id == account_id)
        )
        self.database.release()
        try:
            opinion = texts.ask(openid, text)
        except LinkaError as error:
            log.warning("text_not_checked", error=error.slug)
            return Finding(UNAVAILABLE)
        return finding_of(opinion.suggest, opinion.label)

    def require_may_write(self, player_id: int) -> None:
        """Raise `WritingBlocked` for a player whom a host blocked."""
        if is_blocked(self.database, player_id):
            raise errors.WritingBlocked

    def take_text(self, author: Author, text: str, finding: Finding, now: int) -> ModerationItem:
        """Store a text with its finding, in the caller's transaction.

        Raises `WritingBlocked` if the author was blocked after the check. Call `tell` after the
        commit.
        """
        _require_unblocked(author)
        return ModerationItem.create(**_facts(author, TEXT_KIND, finding, now), text=text)

    def take_picture(self, author: Author, data: bytes, now: int) -> tuple[ModerationItem, bool]:
        """Store an uploaded picture; returns its item, and whether it is new.

        The same bytes from the same person give the same item. A player's picture waits for a
        host's decision; a host's own is approved. Raises `WritingBlocked` or `BadPicture`, and what
        `OffloadProcess.run` raises: the picture is decoded in a child process.
        """
        if author.player_id is not None:
            self.require_may_write(author.player_id)
        digest = hashlib.sha256(data).hexdigest()
        known = _of_digest(author, digest)
        if known is not None:
            return known, False
        self.database.release()
        picture = self._offload.run(pictures.clean, data)
        finding = Finding(PICTURE if author.player_id is not None else BY_HOST)
        with self.database.write():
            _require_unblocked(author)
            item, new = _once(author, digest, finding, now)
            if new:
                ModerationPicture.create(
                    item=item, data=picture.data, width=picture.width, height=picture.height
                )
        if new:
            self.tell(item)
        return item, new

    def tell(self, item: ModerationItem) -> None:
        """Tell the event that an item is new or was decided; the message does not contain the text."""
        self._feed.publish(item.event_id, MESSAGE, item_id=item.id, status=item.status)


def is_blocked(database: Database, player_id: int) -> bool:
    """Say whether a host blocked a player from writing."""
    return bool(database.rows(WritingBlock.select().where(WritingBlock.player == player_id)))


def _require_unblocked(author: Author) -> None:
    if author.player_id is None:
        return
    if WritingBlock.select().where(WritingBlock.player == author.player_id).exists():
        raise errors.WritingBlocked


def _of_digest(author: Author, digest: str) -> ModerationItem | None:
    return ModerationItem.get_or_none(
        ModerationItem.event == author.event_id,
        ModerationItem.account_id == author.account_id,
        ModerationItem.digest == digest,
    )


def _facts(author: Author, kind: str, finding: Finding, now: int) -> dict[str, object]:
    return {
        "event": author.event_id,
        "account_id": author.account_id,
        "player": author.player_id,
        "kind": kind,
        "created_at": now,
        "status": finding.status,
        "finding": finding.name,
        "label": finding.label,
        "reason": finding.reason,
        "decided_at": None if finding.status == PENDING else now,
    }


def _once(author: Author, digest: str, finding: Finding, now: int) -> tuple[ModerationItem, bool]:
    """Insert the item of a picture, or return the one that another transaction inserted first."""
    made = ModerationItem.insert_new(**_facts(author, PICTURE_KIND, finding, now), digest=digest)
    found = _of_digest(author, digest)
    assert found is not None
    return found, made is not None
