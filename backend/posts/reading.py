"""Who has read a post, who has confirmed it, and who has not."""

from dataclasses import dataclass
from typing import Any

from peewee import fn

from backend.db import Database
from backend.errors import NotFound
from backend.identity.models import Staff
from backend.identity.principal import Principal
from backend.posts import audience
from backend.posts.errors import NothingToConfirm
from backend.posts.models import Post, PostColumn, PostReading


def reader_of(who: Principal) -> dict[str, int]:
    """Return the columns that name a reader in `PostReading`."""
    if who.person is None:
        return {"account": who.account_id}
    return {"staff": who.person.staff_id}


def is_by(who: Principal) -> Any:
    """Return the condition that the readings of a caller fulfil."""
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


def mark(database: Database, who: Principal, post: Post, confirmed: bool, now: int) -> PostReading:
    """Store that the caller read a post, and confirmed it; the first moment of each stays.

    Raises `NothingToConfirm`.
    """
    if confirmed and not (post.must_read and who.is_staff):
        raise NothingToConfirm
    with database.write():
        PostReading.insert_new(post=post.id, read_at=now, **reader_of(who))
        mine = (PostReading.post == post.id) & is_by(who)
        if confirmed:
            PostReading.update(confirmed_at=now).where(
                mine, PostReading.confirmed_at.is_null()
            ).execute()
        found: PostReading = PostReading.get(mine)
    return found


@dataclass(frozen=True)
class Reach:
    """How far a post has come among the staff it is for. `missing` are those who have not confirmed
    it, or of a post without 收到 have not read it, as {team, shift, people}."""

    audience: int
    read: int
    confirmed: int
    missing: list[dict[str, Any]]


def reach(post: Post) -> Reach:
    """Return how many of the audience read a post, and who did not, by team and shift."""
    members = audience.members(post)
    done = PostReading.select(PostReading.staff).where(
        PostReading.post == post.id, PostReading.staff.is_null(False)
    )
    confirmed = done.where(PostReading.confirmed_at.is_null(False))
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
    return Reach(audience_count, read, confirmed_count, _grouped(rows))


def _grouped(rows: Any) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], list[dict[str, str]]] = {}
    for _, number, name, shift, team in rows:
        groups.setdefault((team, shift), []).append({"number": number, "name": name})
    return [
        {"team": team, "shift": shift, "people": people} for (team, shift), people in groups.items()
    ]
