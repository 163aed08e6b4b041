"""Who has read a post, who has confirmed it, and who has not."""

from dataclasses import dataclass
from typing import Any

from peewee import fn

from backend.db import Database
from backend.errors import NotFound
from backend.identity.models import Staff
from backend.identity.principal import Principal
from backend.posts import audience
from backend.posts.errors import NothingToConfirm, PostCorrected
from backend.posts.models import Post, PostColumn, PostReading, PostVersion


def reader_of(who: Principal) -> dict[str, int]:
    """Return the columns that name a reader in `PostReading`."""
    if who.person is None:
        return {"account": who.account_id}
    return {"staff": who.person.staff_id}


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


def mark(
    database: Database, who: Principal, post: Post, seen: ReaderReport, now: int
) -> tuple[PostReading, bool]:
    """Store that the caller read a post, and confirmed it.

    The first moment of each stays, until a correction asks for 收到 again. Returns (reading,
    whether it is the first one). Raises `NothingToConfirm`, and `PostCorrected` for a version from
    before such a correction.
    """
    if seen.confirmed and not (post.must_read and who.is_staff):
        raise NothingToConfirm
    shown = PostVersion.get_by_id(post.shown_id).number
    version = min(seen.version or shown, shown)
    if seen.confirmed and version < post.confirm_from:
        raise PostCorrected
    mine = (PostReading.post == post.id) & is_by(who)
    with database.write():
        new = PostReading.insert_new(
            post=post.id, read_at=now, read_version=version, **reader_of(who)
        )
        if new is None:
            PostReading.update(read_version=version).where(
                mine, PostReading.read_version < version
            ).execute()
        if seen.confirmed:
            lacking = PostReading.confirmed_version.is_null() | (
                PostReading.confirmed_version < post.confirm_from
            )
            PostReading.update(confirmed_at=now, confirmed_version=version).where(
                mine, lacking
            ).execute()
        found: PostReading = PostReading.get(mine)
    return found, new is not None


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
