"""Who has read a post, who has confirmed it, and who has not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from peewee import fn

from backend.db import Database
from backend.errors import NotFound
from backend.identity.models import Staff
from backend.identity.principal import Principal
from backend.intake import Intake, NewItem
from backend.posts import audience
from backend.posts.catalog import ListedPost
from backend.posts.errors import NothingToConfirm, PostCorrected
from backend.posts.models import Post, PostColumn, PostReading


def reader_of(who: Principal) -> dict[str, int]:
    """Return the columns that name a reader in `PostReading`."""
    if who.person is None:
        return {"account": who.account_id}
    return {"staff": who.person.staff_id}


def column_of(who: Principal) -> tuple[str, int]:
    """Return the column that names a reader in statements, and its value."""
    return (
        ("account_id", who.account_id) if who.person is None else ("staff_id", who.person.staff_id)
    )


def is_by(who: Principal) -> Any:
    """Return the condition for the readings of a caller."""
    if who.person is None:
        return PostReading.account == who.account_id
    return PostReading.staff == who.person.staff_id


def shown_post(who: Principal, post_id: int, now: int) -> Post:
    """Return a post that the caller may know of; raises `NotFound`."""
    query = Post.select(Post, PostColumn).join(PostColumn)
    found: Post | None = query.where(Post.id == post_id, audience.is_shown(who, now)).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class ReaderReport:
    """What a reader reports about a post: whether they confirm it, and the version that they saw.

    The version None stands for the shown one.
    """

    confirmed: bool = False
    version: int | None = None


@dataclass(frozen=True)
class NewReading:
    """That a person of staff, or a guest's account, has read a version of a post, and confirms it or
    not. 收到 counts for versions from number `confirm_from` on.
    """

    post_id: int
    confirm_from: int
    staff_id: int | None
    account_id: int | None
    version: int
    confirmed: bool
    at: int

    @property
    def key(self) -> tuple[int, int | None, int | None]:
        """The post and its reader."""
        return self.post_id, self.staff_id, self.account_id


@dataclass(frozen=True)
class StoredReading:
    """When a reader first read a post and confirmed it, and whether that is new."""

    read_at: int
    confirmed_at: int | None
    is_first: bool


_INSERT_SQL = """
INSERT INTO post_reading
  (post_id, staff_id, account_id, read_at, read_version, confirmed_at, confirmed_version)
VALUES {rows} ON CONFLICT DO NOTHING RETURNING post_id, staff_id, account_id
"""


class Readings(Intake[NewReading, None, NewReading, StoredReading]):
    """Takes reports of readers. Build one per process."""

    counted_as = "post_readings"

    def mark(self, who: Principal, post: ListedPost, seen: ReaderReport, now: int) -> StoredReading:
        """Store that the caller read a post, and confirmed it.

        The first moment of each stays, until a correction asks for 收到 again. Raises
        `NothingToConfirm`, and `PostCorrected` for a version from before such a correction.
        """
        if seen.confirmed and not (post.must_read and who.is_staff):
            raise NothingToConfirm
        shown = post.version.number
        version = min(seen.version or shown, shown)
        if seen.confirmed and version < post.confirm_from:
            raise PostCorrected
        staff_id = who.person.staff_id if who.person else None
        account_id = None if who.person else who.account_id
        return self.take(
            NewReading(
                post.id, post.confirm_from, staff_id, account_id, version, seen.confirmed, now
            )
        )

    def key(self, item: NewReading) -> tuple[int, int | None, int | None]:
        """Return the post and its reader."""
        return item.key

    def read(self, items: Sequence[NewReading]) -> None:
        """Nothing decides about a reading but its unique row."""

    def judge(self, facts: None, item: NewReading) -> NewItem[NewReading]:
        """Write each reading."""
        return NewItem(item)

    def write(self, facts: None, entries: Sequence[NewReading]) -> list[StoredReading | None]:
        """Insert the readings that are new, and update the others."""
        # In one order, so that two transactions never wait for each other.
        ordered = sorted(entries, key=lambda one: [part or 0 for part in one.key])
        values = [
            value
            for one in ordered
            for value in (
                *one.key,
                one.at,
                one.version,
                *((one.at, one.version) if one.confirmed else (None, None)),
            )
        ]
        rows = ", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * len(ordered))
        made = self.database.sql(_INSERT_SQL.format(rows=rows), tuple(values)).fetchall()
        new = {tuple(row) for row in made}
        return [
            StoredReading(one.at, one.at if one.confirmed else None, True)
            if one.key in new
            else _again(one)
            for one in entries
        ]


def _again(seen: NewReading) -> StoredReading:
    """Update a reading that is stored, and return it."""
    by = (
        PostReading.account == seen.account_id
        if seen.staff_id is None
        else PostReading.staff == seen.staff_id
    )
    mine = (PostReading.post == seen.post_id) & by
    PostReading.update(read_version=seen.version).where(
        mine, PostReading.read_version < seen.version
    ).execute()
    if seen.confirmed:
        lacking = PostReading.confirmed_version.is_null() | (
            PostReading.confirmed_version < seen.confirm_from
        )
        PostReading.update(confirmed_at=seen.at, confirmed_version=seen.version).where(
            mine, lacking
        ).execute()
    found = PostReading.get(mine)
    return StoredReading(found.read_at, found.confirmed_at, False)


class ReadMarks(NamedTuple):
    """What a person has read and confirmed of a post."""

    post_id: int
    read_version: int
    confirmed_version: int | None
    read_at: int
    confirmed_at: int | None


def marks_of(database: Database, who: Principal, post_ids: str) -> list[tuple[Any, ...]]:
    """Return what a caller has read of posts, as rows for `ReadMarks`; `post_ids` are ids parted by
    commas.
    """
    if not post_ids:
        return []
    column, reader = column_of(who)
    return database.read(
        f"SELECT {', '.join(ReadMarks._fields)} FROM post_reading"  # nosec B608 # names and
        f" WHERE {column} = ? AND post_id IN ({post_ids})",  # numbers of our own
        (reader,),
    )


def state_of(database: Database, who: Principal) -> tuple[Any, ...]:
    """Return numbers that are equal as long as nothing changes in what a caller has read.

    A new reading has a larger id than those that are erased, and versions only grow.
    """
    column, reader = column_of(who)
    [found] = database.read(
        "SELECT COUNT(*), SUM(id), SUM(read_version), SUM(confirmed_version) FROM post_reading"
        f" WHERE {column} = ?",  # nosec B608 # a name of our own
        (reader,),
    )
    return found


@dataclass(frozen=True)
class PostReach:
    """How many of the staff in its audience a post has reached.

    `missing` are those who have not confirmed it, or have not read a post without 收到, as {team,
    shift, people}.
    """

    audience: int
    read: int
    confirmed: int
    missing: list[dict[str, Any]]


def reach(post: Post) -> PostReach:
    """Return how many of the audience read a post, and who did not, by team and shift."""
    members = audience.members(post)
    done = PostReading.select(PostReading.staff).where(
        PostReading.post == post.id, PostReading.staff.is_null(False)
    )
    confirmed = done.where(PostReading.confirmed_version >= post.confirm_from)
    lacking = Staff.id.not_in(confirmed if post.must_read else done)
    audience_count, read, confirmed_count = (
        members.select(
            fn.COUNT(Staff.id),
            fn.COUNT(Staff.id).filter(Staff.id.in_(done)),
            fn.COUNT(Staff.id).filter(Staff.id.in_(confirmed)),
        )
        .order_by()
        .tuples()
        .get()
    )
    rows = members.where(lacking).tuples()
    return PostReach(audience_count, read, confirmed_count, _grouped(rows))


def lacking(post: Post) -> list[tuple[int, str]]:
    """Return the people of the audience who have not confirmed a post, as (person, shift).

    If the post has no 收到, these are the people who have not read it.
    """
    done = PostReading.select(PostReading.staff).where(
        PostReading.post == post.id, PostReading.staff.is_null(False)
    )
    if post.must_read:
        done = done.where(PostReading.confirmed_version >= post.confirm_from)
    rows = audience.members(post).where(Staff.id.not_in(done)).tuples()
    return [(staff_id, shift) for staff_id, _, _, shift, _ in rows]


def _grouped(rows: Any) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], list[dict[str, str]]] = {}
    for _, number, name, shift, team in rows:
        groups.setdefault((team, shift), []).append({"number": number, "name": name})
    return [
        {"team": team, "shift": shift, "people": people} for (team, shift), people in groups.items()
    ]
