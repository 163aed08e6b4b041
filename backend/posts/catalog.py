"""The posts that readers see, in memory until a writer changes one of them.

Home pages and readings ask many times a second for the same few facts about the same posts. Each
transaction that changes what readers see in a column adds one to the column's `revision`. A request
compares the sum with that of the copy here, which is one short statement, and reads the posts again
where it differs. The groups of a person, and what they have read, are asked in each request.
"""

import itertools
import json
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from backend.clock import to_iso
from backend.db import Database
from backend.identity.principal import Principal
from backend.posts import audience, heads
from backend.posts.models import MODULES, PUBLISHED
from backend.selection import Bool, Selection

NEWEST = 60
MOST_VIEWS = 1_024
_FOREVER = 1 << 62
_numbers = itertools.count(1)


class ListedColumn(NamedTuple):
    """What lists show of a column."""

    id: int
    module: str
    title: str
    icon: str


class ListedVersion(NamedTuple):
    """What lists show of the version that readers see."""

    number: int
    title: str
    summary: str
    byline: str
    cover_id: int | None


class HomeModule(NamedTuple):
    """A module as `_opened` JSON, with the id of each column and the column as such JSON."""

    opened: str
    columns: list[tuple[int, str]]


def _opened(members: dict[str, Any]) -> str:
    """Return a JSON object without its closing brace, so that members can follow."""
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))[:-1]


@dataclass(frozen=True)
class ListedPost:
    """A published post of an open column, as lists show it; it may appear later."""

    id: int
    pinned: bool
    must_read: bool
    confirm_from: int
    shown_at: int
    expires_at: int | None
    column: ListedColumn
    version: ListedVersion

    @cached_property
    def opened(self) -> str:
        """What lists show of it to all readers, as `_opened` JSON."""
        return _opened({**heads.for_all(self), "published_at": to_iso(self.shown_at)})


_POST = Selection(
    ListedPost,
    id="p.id",
    pinned=Bool("p.pinned"),
    must_read=Bool("p.must_read"),
    confirm_from="p.confirm_from",
    shown_at="p.shown_at",
    expires_at="p.expires_at",
    column=Selection(ListedColumn, id="c.id", module="c.module", title="c.title", icon="c.icon"),
    version=Selection(
        ListedVersion,
        number="v.number",
        title="v.title",
        summary="v.summary",
        byline="v.byline",
        cover_id="v.cover_id",
    ),
)
_POSTS_SQL = f"""
SELECT {_POST} FROM post p JOIN post_column c ON c.id = p.column_id
JOIN post_version v ON v.id = p.shown_id
WHERE p.state = '{PUBLISHED}' AND c.active
ORDER BY p.pinned DESC, p.shown_at DESC, p.id DESC
"""  # nosec B608 # our own names
_AUDIENCES_SQL = f"""
SELECT a.post_id, a.key, a.day FROM post_audience a JOIN post p ON p.id = a.post_id
WHERE p.state = '{PUBLISHED}'
"""  # nosec B608 # our own names
_COLUMNS_SQL = "SELECT id, module, title, icon FROM post_column WHERE active ORDER BY position, id"
_REVISION_SQL = "SELECT CAST(SUM(revision) AS BIGINT) FROM post_column"


class PostsOfGroups:
    """What people of the same groups see within a span of time in which no post appears or ends.

    `newest` are the first `NEWEST` posts of all lists, `must_read` those to confirm, the oldest
    first; `ids` names all of them in a statement. Posts that were shown before `oldest` count as
    read. `modules` are the modules with their open columns, each with the title of its newest post.
    The span is from `since` until before `until`. Each object has a `number` of its own.
    """

    def __init__(
        self, published: "PublishedPosts", keys: frozenset[str], now: int, oldest: int
    ) -> None:
        self._published = published
        self._keys = keys
        self.number = next(_numbers)
        own = published.of_groups(keys)
        shown = [post for post in own if _is_on(post, now)]
        self.oldest = oldest
        self.newest = shown[:NEWEST]
        self.must_read = sorted(
            (post for post in shown if post.must_read and post.shown_at >= oldest),
            key=lambda post: (post.shown_at, post.id),
        )
        self.ids = ", ".join(str(id_) for id_ in {post.id for post in self.newest + self.must_read})
        self.modules = _modules(published.columns, self.newest)
        moments = [
            moment
            for post in own
            for moment in (post.shown_at, post.expires_at, post.shown_at + now - oldest + 1)
        ]
        turns = (moment for moment in moments if moment is not None and moment > now)
        self.since, self.until = now, min(turns, default=_FOREVER)

    def find(self, post_id: int, now: int) -> ListedPost | None:
        """Return one of all their posts if it is shown at a moment."""
        return self._published.find(self._keys, post_id, now)


def _modules(columns: Iterable[ListedColumn], newest: Iterable[ListedPost]) -> list[HomeModule]:
    titles: dict[int, str] = {}
    for post in newest:
        titles.setdefault(post.column.id, post.version.title)
    found = {
        name: HomeModule(_opened({"name": name, "title": title}), [])
        for name, title in MODULES.items()
    }
    for column in columns:
        shown = {"id": column.id, "title": column.title, "icon": column.icon}
        opened = _opened({**shown, "newest": titles.get(column.id, "")})
        found[column.module].columns.append((column.id, opened))
    return list(found.values())


class PublishedPosts:
    """The published posts at a revision, the newest first; `days` are those of groups of shifts."""

    def __init__(
        self,
        revision: int,
        columns: Sequence[ListedColumn],
        posts: Sequence[ListedPost],
        audiences: Iterable[tuple[int, str, str]],
    ) -> None:
        self.revision = revision
        self.columns = columns
        self._posts = {post.id: post for post in posts}
        self._audiences: dict[int, set[str]] = {post.id: set() for post in posts}
        days = set()
        for post_id, key, day in audiences:
            if post_id in self._audiences:
                self._audiences[post_id].add(key)
                days.add(day)
        self.days = sorted(days - {""})
        self._keys = frozenset[str]().union(*self._audiences.values())
        self._views: dict[frozenset[str], PostsOfGroups] = {}

    def find(self, groups: Iterable[str], post_id: int, now: int) -> ListedPost | None:
        """Return a post that people of groups may know of at a moment."""
        post = self._posts.get(post_id)
        if post is None or self._audiences[post_id].isdisjoint(groups):
            return None
        return post if _is_on(post, now) else None

    def of(self, groups: Iterable[str], now: int, oldest: int) -> PostsOfGroups:
        """Return what people of groups see at a moment; see `PostsOfGroups` for `oldest`."""
        keys = self._keys.intersection(groups)
        known = self._views.get(keys)
        if known is None or not known.since <= now < known.until:
            if len(self._views) >= MOST_VIEWS:
                self._views.clear()
            known = self._views[keys] = PostsOfGroups(self, keys, now, oldest)
        return known

    def of_groups(self, keys: Collection[str]) -> list[ListedPost]:
        """Return the posts for people of groups, shown now or not."""
        return [
            post for post in self._posts.values() if not self._audiences[post.id].isdisjoint(keys)
        ]


def _is_on(post: ListedPost, now: int) -> bool:
    return post.shown_at <= now and (post.expires_at is None or post.expires_at > now)


class PostCatalog:
    """The published posts of a database. Build one per process.

    Readings are kept for `keep_ms`: posts that were shown before count as read.
    """

    def __init__(self, database: Database, keep_ms: int) -> None:
        self._database = database
        self._keep_ms = keep_ms
        self._kept: PublishedPosts | None = None
        self._reading = threading.Lock()

    def find(self, who: Principal, post_id: int, now: int) -> ListedPost | None:
        """Return a post that a caller may know of at this moment."""
        published = self._published()
        found = published.find(audience.groups_of(who), post_id, now)
        # Few posts are for groups of shifts.
        if found is None and published.days:
            found = published.find(self._groups(published, who), post_id, now)
        return found

    def of(self, who: Principal, now: int) -> PostsOfGroups:
        """Return what a caller sees at this moment."""
        published = self._published()
        return published.of(self._groups(published, who), now, now - self._keep_ms)

    def _groups(self, published: PublishedPosts, who: Principal) -> list[str]:
        """Return the groups of a caller, without those of shifts that no post is for."""
        of_duty = audience.duty_groups_of(self._database, who, published.days)
        return [*audience.groups_of(who), *of_duty]

    def _published(self) -> PublishedPosts:
        """Return the published posts as they are now."""
        kept = self._kept
        if kept is not None and kept.revision == self._revision():
            return kept
        with self._reading:
            # Another request may have read them meanwhile.
            if self._kept is None or self._kept.revision != self._revision():
                self._kept = self._read()
            return self._kept

    def _revision(self) -> int:
        [(revision,)] = self._database.read(_REVISION_SQL)
        return int(revision or 0)

    def _read(self) -> PublishedPosts:
        """Read the posts of one moment."""
        sql = self._database.sql
        with self._database.snapshot():
            [(revision,)] = sql(_REVISION_SQL).fetchall()
            return PublishedPosts(
                int(revision or 0),
                [ListedColumn(*row) for row in sql(_COLUMNS_SQL).fetchall()],
                _POST.read(sql(_POSTS_SQL).fetchall()),
                sql(_AUDIENCES_SQL).fetchall(),
            )
