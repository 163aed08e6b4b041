"""Posts: the home page, marking as read, and who has not read; 10,000 staff and 1,000 posts."""

import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import urllib3

from backend.clock import DAY_MS
from backend.identity.models import Grant, Staff
from backend.posts.models import (
    PUBLISHED,
    Post,
    PostAudience,
    PostColumn,
    PostReading,
    PostVersion,
)
from tests.bench import crowd
from tests.bench.crowd import Caller
from tests.bench.figures import Figure
from tests.bench.installation import Installation
from tests.bench.live import LiveScenario, limit
from tests.bench.scenarios import MOST_PER_SECOND, Scenario, require

STAFF, POSTS = 10_000, 1_000
# One post in so many must be read; one person in twenty has not confirmed it.
MUST_READ_EVERY = 10
BODY = "## 时间\n\n周五 **18:00** 到 20:00，三楼。\n\n" * 40
FIRST = 1_000_000

_http = urllib3.PoolManager(retries=False)


@dataclass(frozen=True)
class Library:
    """The posts of the bench: the ids for all staff that nobody has read, and the newest one."""

    unread: Sequence[int]
    newest: int


def library(place: Installation) -> Library:
    """Return the posts; written when first asked for."""
    staff_ids = [post_id for post_id in range(FIRST, FIRST + POSTS) if _is_for_all(post_id)]
    found = Library(
        [post_id for post_id in staff_ids[: len(staff_ids) * 4 // 5] if not _must_be_read(post_id)],
        FIRST + POSTS - MUST_READ_EVERY,
    )
    if Post.get_or_none(Post.id == found.newest) is None:
        _hire(place)
        _publish(place)
        _read(place)
    return found


def _is_for_all(post_id: int) -> bool:
    return post_id % 10 < 7


def _must_be_read(post_id: int) -> bool:
    return post_id % MUST_READ_EVERY == 0


def _hire(place: Installation) -> None:
    """Add people to the roster until it has `STAFF`, copies of those who are there."""
    there = Staff.select().count()
    copies = -(-STAFF // there)
    own = ("id", "number", "account_id", "bound_at")
    same = ", ".join(name for name in Staff.column_names() if name not in own)
    with place.database.write():
        place.database.sql(
            "WITH RECURSIVE copies(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < ?)"
            f" INSERT INTO staff (number, {same}) SELECT number || '-' || n, {same}"
            " FROM staff, copies WHERE n < ? ORDER BY n, id LIMIT ?",
            (copies, copies, STAFF - there),
        )


def _publish(place: Installation) -> None:
    """Write the posts: seven of ten for all staff, two for a team, one for a shift."""
    now = place.clock.now()
    columns = itertools.cycle(PostColumn.select().order_by(PostColumn.position))
    teams = sorted({person.team_id for person in Staff.select(Staff.team).distinct()})
    groups: Iterator[str] = itertools.cycle([f"team:{team}" for team in teams])
    posts, versions, audiences = [], [], []
    for post_id in range(FIRST, FIRST + POSTS):
        shown_at = now - (FIRST + POSTS - post_id) * DAY_MS // 4
        posts.append(
            {
                "id": post_id,
                "column": next(columns),
                "state": PUBLISHED,
                "draft_id": post_id,
                "shown_id": post_id,
                "must_read": _must_be_read(post_id),
                "shown_at": shown_at,
                "created_at": shown_at,
            }
        )
        title = f"第 {post_id - FIRST} 篇：夜班班车改到二号门，请提前五分钟到"
        versions.append(
            {
                "id": post_id,
                "post": post_id,
                "number": 1,
                "title": title,
                "summary": "从下周一开始，三条线路都改。",
                "body": BODY,
                "written_at": shown_at,
            }
        )
        key = (
            "staff" if _is_for_all(post_id) else "shift:早班" if post_id % 10 == 9 else next(groups)
        )
        audiences.append({"post": post_id, "key": key})
    with place.database.write():
        for model, rows in ((Post, posts), (PostVersion, versions), (PostAudience, audiences)):
            for start in range(0, POSTS, 100):
                model.insert_many(rows[start : start + 100]).execute()
        PostColumn.note_change(*PostColumn.select(PostColumn.id))


def _read(place: Installation) -> None:
    """Let 19 of 20 confirm what must be read, and 13 of 20 read the newest posts; remind one in ten."""
    now = place.clock.now()
    with place.database.write(takes_time=True):
        place.database.sql(
            "INSERT INTO post_reading"
            " (post_id, staff_id, read_at, read_version, confirmed_at, confirmed_version)"
            " SELECT p.id, s.id, ?, 1, ?, 1 FROM post p, staff s"
            " WHERE p.id >= ? AND p.must_read AND MOD(s.id * 7919 + p.id / 10 * 7, 20) < 19",
            (now, now, FIRST),
        )
        place.database.sql(
            "INSERT INTO post_reading (post_id, staff_id, read_at, read_version)"
            " SELECT p.id, s.id, ?, 1 FROM post p, staff s"
            " WHERE p.id >= ? AND NOT p.must_read AND MOD(s.id * 7919 + p.id, 20) < 13",
            (now, FIRST + POSTS * 9 // 10),
        )
        place.database.sql(
            "INSERT INTO post_notice (post_id, staff_id, kind, source, text, at)"
            " SELECT ?, s.id, 'reminder', 'bench:' || s.id, '', ? FROM staff s"
            " WHERE MOD(s.id, 10) = 0",
            (FIRST, now),
        )


class PostsHome(Scenario):
    """The home page of the posts, of 1,000 callers in turn."""

    name = "posts_home"
    target = 0.35
    once = False

    def prepare(self, place: Installation, repeats: int, seconds: float) -> None:
        """Write posts and readings."""
        self._people = crowd.callers(place)
        library(place)

    def requests(self, repeat: int) -> list[bytes]:
        """Return one read of each caller."""
        return [caller.request("GET", "/posts/home") for caller in self._people]

    def check(self, body: Any) -> None:
        """Three modules with unread posts, five latest posts, and something to confirm."""
        columns = [column for module in body["modules"] for column in module["columns"]]
        require(len(body["modules"]) == 3 and len(columns) > 9, f"{len(columns)} columns")
        require(len(body["latest"]) == 5, f"{len(body['latest'])} latest posts")
        require(sum(column["unread"] for column in columns) > 0, "nothing unread")
        require(1 <= len(body["must_read"]) <= 20, f"{len(body['must_read'])} to confirm")


class PostsRead(Scenario):
    """Marking as read, each time another post or another person."""

    name = "posts_read"
    target = 0.3
    once = True

    def prepare(self, place: Installation, repeats: int, seconds: float) -> None:
        """Write posts and readings."""
        people = crowd.callers(place)
        pairs = itertools.product(library(place).unread, people)
        count = int(MOST_PER_SECOND * seconds)
        self._parts = [list(itertools.islice(pairs, count)) for _ in range(repeats)]
        self._before = PostReading.select().count()

    def requests(self, repeat: int) -> list[bytes]:
        """Return the reports of one repeat."""
        body = json.dumps({}).encode()
        return [_report(caller, post_id, body) for post_id, caller in self._parts[repeat]]

    def check(self, body: Any) -> None:
        """A first moment, and no confirmation."""
        require(body["read_at"] is not None and body["confirmed_at"] is None, "not read")

    def check_all(self, acknowledged: Sequence[int]) -> None:
        """One reading for each report."""
        made = PostReading.select().count() - self._before
        require(made == sum(acknowledged), f"{sum(acknowledged)} reports, {made} readings")


def _report(caller: Caller, post_id: int, body: bytes) -> bytes:
    return caller.request("PUT", f"/posts/{post_id}/reading", body)


class PostsUnread(LiveScenario):
    """Milliseconds until a writer sees who of 10,000 has not confirmed a post; one request at a
    time."""

    name = "posts_unread"
    most_ms = 200.0
    repeats = 10

    def measure(
        self, place: Installation, bare_port: int, step: Callable[[], object]
    ) -> list[Figure]:
        """Ask, and measure."""
        people = crowd.callers(place)
        post_id = library(place).newest
        writer = self._writer(place, people[0])
        address = f"http://127.0.0.1:{place.settings.port}/api/v1/posts/{post_id}/reach"
        found = []
        for _ in range(self.repeats):
            began = time.perf_counter()
            answer = _http.request(
                "GET", address, headers={"Authorization": f"Bearer {writer.token}"}
            )
            found.append((time.perf_counter() - began) * 1000)
            body = answer.json()
            require(body["audience"] >= STAFF * 9 // 10, f"{body['audience']} in the audience")
            missing = sum(len(group["people"]) for group in body["missing"])
            require(missing == body["audience"] - body["confirmed"] > 0, f"{missing} are missing")
            step()
            step()
        return [limit(self.name, self.most_ms, found)]

    def _writer(self, place: Installation, caller: Caller) -> Caller:
        """Let a caller write in all columns."""
        with place.database.write():
            Grant.insert_new(
                staff=caller.staff.id, role="admin", event_id=0, granted_at=place.clock.now()
            )
        return caller


SCENARIOS = (PostsHome, PostsRead)
LIVE = (PostsUnread,)
