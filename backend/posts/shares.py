"""Shares: a token for each person who shares a post, and the readers whom it brought.

A reader counts who opens a post for the first time with another person's token, once for each
person. Readers of the roster earn the sharer points in the season of the post, up to a limit a day;
guests earn nothing, because anybody can have several accounts.
"""

import secrets
from typing import Any

from peewee import fn

from backend.db import Database
from backend.errors import SignedOut
from backend.events.models import Player
from backend.events.players import StaffOnly
from backend.identity import principal
from backend.identity.models import Staff, Team
from backend.identity.principal import Principal
from backend.posts import season
from backend.posts.errors import NotReadYet
from backend.posts.models import Post, PostArrival, PostReading, PostShare
from backend.posts.reading import is_by
from backend.scoring.scorekeeper import Scorekeeper

POINTS = 5
# The number of readers for whom a sharer gets points in a business day, over all posts.
MOST_A_DAY = 10
TOP = 10


def share(database: Database, who: Principal, post: Post, now: int) -> PostShare:
    """Return the caller's share of a post; it stays the same.

    Raises `StaffOnly`, and `NotReadYet`: a sharer must have read the post, so that nobody else can
    count later as having brought them to it.
    """
    if who.person is None:
        raise StaffOnly
    if not PostReading.select().where(PostReading.post == post, is_by(who)).exists():
        raise NotReadYet
    staff_id = who.person.staff_id
    with database.write():
        PostShare.insert_new(
            PostShare.post,
            PostShare.staff,
            post=post.id,
            staff=staff_id,
            token=secrets.token_urlsafe(12),
            created_at=now,
        )
        found: PostShare = PostShare.get(PostShare.post == post, PostShare.staff == staff_id)
    return found


def arrive(
    database: Database, scores: Scorekeeper, who: Principal, post: Post, token: str, now: int
) -> None:
    """Count a person who has just read a post for the first time, for the share by which they came.

    A token of another post, of the reader, or of nobody counts for nothing.
    """
    found = PostShare.get_or_none(PostShare.token == token, PostShare.post == post)
    reader_id = who.person.staff_id if who.person else None
    if found is None or found.staff_id == reader_id:
        return
    sharer = _sharer(database, found)
    if sharer is None or sharer.account_id == who.account_id:
        return
    player = season.seat_of(database, scores, post.season_id, sharer, now) if who.person else None
    day, totals = scores.calendar.day(now), None
    with database.write():
        # Arrivals of one sharer are written one after the other, because the limit of the day
        # counts earlier ones.
        Staff.lock(found.staff_id)
        made = PostArrival.insert_new(
            share=found.id,
            post=post.id,
            account_id=who.account_id,
            staff=reader_id,
            day=day,
            points=0,
            at=now,
        )
        if made is not None and player is not None and _rewarded(found, day) < MOST_A_DAY:
            totals = _reward(scores, player, found, reader_id, now)
            if totals is not None:
                PostArrival.update(points=POINTS).where(PostArrival.id == made).execute()
    if player is not None and totals is not None:
        season.show(scores, player, totals)


def _reward(
    scores: Scorekeeper, player: Player, found: PostShare, reader_id: int | None, now: int
) -> Any:
    source = f"share:{found.post_id}:{reader_id}"
    return season.award(scores, player, season.SeasonPoints(season.SHARE, source, POINTS, ""), now)


def _rewarded(found: PostShare, day: str) -> int:
    """Return for how many readers of a day a sharer got points."""
    own = PostShare.select(PostShare.id).where(PostShare.staff == found.staff_id)
    rows = PostArrival.select().where(
        PostArrival.share.in_(own), PostArrival.day == day, PostArrival.points > 0
    )
    return int(rows.count())


def _sharer(database: Database, found: PostShare) -> Principal | None:
    """Return the sharer as a caller; None if the person is gone or has no account."""
    person = Staff.get_by_id(found.staff_id)
    if person.account_id is None or not person.active or person.test_event_id is not None:
        return None
    try:
        return principal.of_account(database, person.account_id)
    except SignedOut:
        return None


def ranking(post_ids: list[int]) -> list[dict[str, Any]]:
    """Return the people who brought most readers to posts, at most ten, with the points for it.

    Readers of the roster decide; guests only between equals, because anybody can have several accounts.
    """
    brought = fn.COUNT(PostArrival.id)
    rows = (
        PostArrival.select(
            Staff.number,
            Staff.name,
            Team.name.alias("team"),
            brought.alias("brought"),
            fn.SUM(PostArrival.points).alias("points"),
        )
        .join(PostShare)
        .join(Staff)
        .join(Team)
        .where(PostArrival.post.in_(post_ids))
        .group_by(Staff.id, Staff.number, Staff.name, Team.name)
        .order_by(fn.COUNT(PostArrival.staff).desc(), brought.desc(), Staff.number)
        .limit(TOP)
    )
    return list(rows.dicts())
