"""The home page of posts, from the posts in memory and what the caller has read of them."""

import json
from collections import Counter
from functools import lru_cache
from typing import Any

from backend.clock import to_iso
from backend.db import Database
from backend.identity.principal import Principal
from backend.posts import notices
from backend.posts.catalog import ListedPost, PostsOfGroups
from backend.posts.heads import for_reader
from backend.posts.reading import ReadMarks, column_of, marks_of, state_of

MOST_MUST_READ = 50
LATEST = 5
MOST_PAGES = 2_000


class HomePages:
    """Makes home pages, and keeps each until something that it shows has changed. Build one per process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # By reader: what decides about the page, and the page.
        self._kept: dict[tuple[str, int], tuple[tuple[Any, ...], bytes]] = {}

    def page(self, posts: PostsOfGroups, who: Principal, now: int) -> bytes:
        """Return as JSON the modules with their columns, the posts to read, and the latest posts.

        The posts to read are those that the caller must still read, the oldest first. `unread` of a
        column counts the unread ones among the newest posts of all columns.
        """
        # Read before the page is made: a change in between is seen by the next call.
        state = state_of(self._database, who)
        unseen = notices.unseen(self._database, who, posts, now)
        decides = (posts.number, state, unseen)
        reader = column_of(who)
        kept = self._kept.get(reader)
        if kept is not None and kept[0] == decides:
            return kept[1]
        page = _page(posts, who, marks_of(self._database, who, posts.ids), unseen).encode()
        if len(self._kept) >= MOST_PAGES:
            self._kept.clear()
        self._kept[reader] = (decides, page)
        return page


def _page(posts: PostsOfGroups, who: Principal, rows: list[tuple[Any, ...]], unseen: int) -> str:
    """Return a page; texts that are the same for all people were encoded before."""
    read = {post_id: version for post_id, version, _, _, _ in rows}
    confirmed = {post_id: version or 0 for post_id, _, version, _, _ in rows}
    marks = {row[0]: row for row in rows}
    is_staff = who.is_staff
    unread = Counter(
        [
            post.column.id
            for post in posts.newest
            if post.shown_at >= posts.oldest
            and (
                (version := read.get(post.id)) is None
                or (is_staff and post.must_read and version < post.version.number)
            )
        ]
    )
    lacking = [post for post in posts.must_read if confirmed.get(post.id, 0) < post.confirm_from]
    must_read = lacking[:MOST_MUST_READ] if is_staff else []

    def shown(some: list[ListedPost]) -> str:
        return ",".join(_head(post, marks.get(post.id), who) for post in some)

    modules = ",".join(
        f'{module.opened},"columns":[{_columns(module.columns, unread)}]}}'
        for module in posts.modules
    )
    return (
        f'{{"modules":[{modules}],"must_read":[{shown(must_read)}],'
        f'"latest":[{shown(posts.newest[:LATEST])}],"notices":{unseen}}}'
    )


def _columns(columns: list[tuple[int, str]], unread: Counter[int]) -> str:
    return ",".join(f'{opened},"unread":{unread[id_]}}}' for id_, opened in columns)


def _head(post: ListedPost, row: tuple[Any, ...] | None, who: Principal) -> str:
    mark = None if row is None else ReadMarks._make(row)
    return f"{post.opened},{_own(**for_reader(post, mark, who))}"


@lru_cache(maxsize=4096)
def _own(read_at: int | None, confirmed_at: int | None, **facts: bool) -> str:
    """Return what depends on the reader as the end of a JSON object."""
    moments = {"read_at": read_at, "confirmed_at": confirmed_at}
    written = {name: at and to_iso(at) for name, at in moments.items()}
    return json.dumps({**written, **facts}, separators=(",", ":"))[1:]
