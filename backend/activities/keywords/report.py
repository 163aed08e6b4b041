"""What the report of an event shows of announced words."""

import peewee

from backend.activities.keywords.models import Keyword, KeywordHit
from backend.events.models import Activity
from backend.events.reporting import ActivityReport, Fact, Landmark, Tally


def report(activity: Activity) -> ActivityReport:
    """Return the announced words without decoys, with how many players hit each."""
    words = list(
        Keyword.select()
        .where(Keyword.activity == activity, Keyword.opened_at.is_null(False), ~Keyword.decoy)
        .order_by(Keyword.opened_at)
    )
    hits = KeywordHit.select().where(
        KeywordHit.activity == activity, KeywordHit.turn.is_null(False)
    )
    counts = dict(
        hits.select(KeywordHit.word, peewee.fn.COUNT(KeywordHit.id))
        .group_by(KeywordHit.word)
        .tuples()
    )
    rows = [(word.text, counts.get(word.id, 0)) for word in words]
    return ActivityReport(
        facts=[
            Fact("公布的关键词", len(words)),
            Fact("抢中", sum(count for _, count in rows)),
            Fact("抢中的人", hits.select(KeywordHit.player).distinct().count()),
        ],
        tallies=[Tally("每个关键词抢中多少人", "人", rows)] if rows else (),
        landmarks=[Landmark(word.opened_at, f"公布关键词“{word.text}”") for word in words],
    )
