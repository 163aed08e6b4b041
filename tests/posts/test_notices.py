"""The number of unseen notices follows the same rules as their list."""

from itertools import product
from typing import Any

import pytest

from backend.db import Database
from backend.identity.models import Staff
from backend.identity.principal import Principal, of_account
from backend.posts import notices
from backend.posts.catalog import PostCatalog
from backend.posts.models import Post, PostAudience, PostColumn, PostNotice, PostReading
from tests.posts.conftest import Desk
from tests.support import START, Centre

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

READER = "200003"
HIDDEN: dict[str, dict[str, Any]] = {
    "withdrawn": {"state": "withdrawn"},
    "later": {"shown_at": START + 60_000},
    "expired": {"expires_at": START},
}
# The versions that the reader has read and confirmed; None without a reading.
READINGS = (None, (1, None), (1, 1), (2, 2))


class NoticeBoard:
    """A post, and a person who has one notice about it."""

    def __init__(self, centre: Centre, desk: Desk) -> None:
        phone = centre.staff(READER)
        parts = centre.app.extensions
        self.database: Database = parts["linka.database"]
        self._catalog: PostCatalog = parts["linka.post_catalog"]
        account_id = phone.ok("GET", "/me/export")["account"]["id"]
        self._who: Principal = of_account(self.database, account_id)
        self._post: Post = Post.get_by_id(desk.publish())
        self._staff = Staff.get(Staff.number == READER)
        self._plain = {
            **{"state": "published", "shown_at": START, "expires_at": None},
            **{"author": None, "must_read": False, "confirm_from": 1},
        }

    def counts(
        self, kind: str, reading: tuple[int, int | None] | None = None, **facts: Any
    ) -> tuple[int, int]:
        """Return how many notices of this kind count as unseen, and how many unseen ones are
        listed, about a post with these facts."""
        is_for_them, is_open = facts.pop("is_for_them", True), facts.pop("is_open", True)
        is_own = facts.pop("is_own", False)
        PostNotice.delete().execute()
        PostReading.delete().execute()
        Post.update(**{**self._plain, "author": self._staff if is_own else None, **facts}).execute()
        key = "staff" if is_for_them else "role:admin"
        PostAudience.update(key=key).execute()
        PostColumn.update(active=is_open).execute()
        PostColumn.note_change(self._post.column_id)
        notices.tell(self._post.id, self._staff.id, kind, "1", "", START)
        if reading:
            PostReading.create(
                post=self._post,
                staff=self._staff,
                read_at=START,
                read_version=reading[0],
                confirmed_version=reading[1],
            )
        posts = self._catalog.of(self._who, START)
        page = {"page": 1, "page_size": 50}
        listed = notices.listed(self.database, self._who, posts, page, START)
        return listed["unseen"], sum(item["seen_at"] is None for item in listed["items"])


@pytest.fixture
def board(centre: Centre, desk: Desk) -> NoticeBoard:
    """Return a post, and a person who has a notice about it."""
    return NoticeBoard(centre, desk)


def test_as_many_are_unseen_as_unseen_ones_are_listed(board: NoticeBoard) -> None:
    hidden = [*HIDDEN.values(), {"is_for_them": False}, {"is_open": False}]
    for kind, is_own, facts in product(notices.NOTICE_KINDS, (False, True), hidden):
        unseen, listed = board.counts(kind, is_own=is_own, **facts)
        assert unseen == listed == int(is_own), (kind, is_own, facts)
    found = set()
    rules = [{"must_read": must, "confirm_from": first} for must in (0, 1) for first in (1, 2)]
    for kind, reading, rule in product(notices.NOTICE_KINDS, READINGS, rules):
        unseen, listed = board.counts(kind, reading, **rule)
        assert unseen == listed, (kind, reading, rule)
        found.add((kind, listed))
    # A reminder alone is listed no more once it has done its work.
    assert found == {*((kind, 1) for kind in notices.NOTICE_KINDS), (notices.REMINDER, 0)}
