"""Pages for writers of posts: all posts of their columns, the editor, and who has not read a post."""

from datetime import date, timedelta
from typing import Any

import flask
from flask import request

from backend.clock import DAY_MS, local_time, to_iso
from backend.console import lesson, readers
from backend.console.frame import blueprint, page
from backend.events import lifecycle
from backend.events.models import Event
from backend.identity.current import caller
from backend.lookup.tables import short
from backend.moderation import view as moderation
from backend.moderation.policy import PENDING, STATUSES
from backend.posts import (
    audience,
    columns,
    comments,
    figures,
    plan,
    season,
    shares,
    submissions,
    view,
    writing,
)
from backend.posts.audience import STAFF
from backend.posts.markdown import rendered
from backend.posts.models import (
    ACCEPTED,
    MODULES,
    PUBLISHED,
    REJECTED,
    RETURNED,
    STATES,
    WAITING,
    Post,
)
from backend.web import current

PAGE_SIZE = 50
# How many of the newest posts of each column the page of figures counts.
FIGURES_OF = 12
PLANNED_DAYS = 42
PLAN_WORDS = {plan.APPEARS: "发布", plan.ENDS: "下架"}
STATE_WORDS = {
    "draft": "草稿",
    "review": "待审核",
    "published": "已发布",
    "withdrawn": "已撤回",
}
WRITER_WORDS = {"host": "主持人", "trainer": "培训师", "leader": "班组长"}
# The flags of a column.
COLUMN_FACTS = {
    "takes_submissions": "收员工投稿",
    "must_read": "文章要回复收到",
    "has_comments": "可以评论",
    "has_likes": "可以点赞",
    "active": "开放（关掉后文章都看不到，不会删）",
}
SUBMISSION_WORDS = {
    WAITING: "待审核",
    RETURNED: "已退回",
    ACCEPTED: "已采用",
    REJECTED: "没有采用",
}
# The button of each action in each state; publishing a published post makes its newest version
# visible.
ACTION_WORDS = {
    "draft": {"submit": "提交审核"},
    "review": {"publish": "发布", "return": "退回草稿"},
    "published": {"withdraw": "撤回"},
    "withdrawn": {"reopen": "改回草稿"},
}


@blueprint.route("/posts")
def posts() -> str:
    """All posts of the columns in which the caller writes. Writers."""
    return page("console/posts.html", **_list())


@blueprint.route("/posts/list")
def post_list() -> str:
    """A page of the list, a fragment. Writers."""
    return flask.render_template("console/posts/_list.html", **_list())


@blueprint.route("/posts/new")
def new_post() -> str:
    """The form for a new draft. Writers."""
    return page("console/post_new.html", columns=_open_columns(), **_choices([STAFF]))


@blueprint.route("/posts/<int:post_id>")
def post(post_id: int) -> str:
    """A post: its text, settings, versions, and who has not read it. Writers of the column."""
    shown = _post(post_id)
    keys = audience.keys_of(post_id)
    choices = _choices(keys, Post.get_by_id(post_id))
    return page("console/post.html", iso=to_iso, readers=readers.told(keys), **choices, **shown)


@blueprint.route("/posts/<int:post_id>/reach")
def post_reach(post_id: int) -> str:
    """Who has not read a post, a fragment. Writers of the column."""
    return flask.render_template("console/posts/_reach.html", **_post(post_id))


@blueprint.route("/posts/figures")
def post_figures() -> str:
    """The figures of the newest posts, by column, and who brought most readers. Writers."""
    own = columns.writable(caller())
    database = current.database()
    found = database.for_report(lambda: figures.of_columns(database, own, FIGURES_OF))
    post_ids = [item["id"] for column in found for item in column["items"]]
    return page(
        "console/post_figures.html", figures=found, chart=_chart, ranking=shares.ranking(post_ids)
    )


def _chart(column: dict[str, Any]) -> dict[str, Any]:
    """Return what `report.js` draws: how many of the audience read each post."""
    rows = [
        {
            "name": item["title"],
            "value": item["reached"],
            "of": item["audience"],
            "percent": round(100 * (item["reading_rate"] or 0)),
        }
        for item in column["items"]
    ]
    return {"kind": "shares", "rows": rows}


@blueprint.route("/posts/comments")
def post_comments() -> str:
    """Comments in the columns in which the caller writes, waiting ones first. Writers."""
    return page("console/post_comments.html", **_comments())


@blueprint.route("/posts/comments/items")
def post_comment_items() -> str:
    """The comments, a fragment. Writers."""
    return flask.render_template("console/posts/_comments.html", **_comments())


def _comments() -> dict[str, Any]:
    own = [column.id for column in columns.writable(caller())]
    status, number = request.args.get("status", PENDING), request.args.get("page", 1, type=int)
    status = status if status in STATUSES else "all"
    query = {"status": status, "page": min(max(number, 1), 100_000), "page_size": PAGE_SIZE}
    found = comments.queue(own, query)
    return {
        **found,
        "chosen": status,
        "pages": -(-found["total"] // PAGE_SIZE),
        "statuses": moderation.STATUSES,
        "findings": moderation.FINDINGS,
    }


@blueprint.route("/posts/plan")
def post_plan() -> str:
    """What is planned for six weeks: posts that appear or end, and events. Writers."""
    own, now = columns.writable(caller()), current.now()
    until = now + PLANNED_DAYS * DAY_MS
    posts = plan.planned(own, now, until)
    entries = [
        _entry(one.at, PLAN_WORDS[one.kind], one.title, one.column, f"/host/posts/{one.post_id}")
        for one in posts
        if one.kind != plan.LATE
    ]
    events = Event.select().where(
        Event.opens_at.between(now, until), Event.state != lifecycle.DRAFT, ~Event.rehearsal
    )
    entries += [_entry(one.opens_at, "活动开始", one.title, "") for one in events]
    entries.sort(key=lambda one: int(one["at"]))
    late = [one for one in posts if one.kind == plan.LATE]
    weeks = _weeks(_local_day(now), _local_day(until), entries) if entries else []
    return page("console/post_plan.html", weeks=weeks, late=late, state_words=STATE_WORDS)


def _weeks(today: date, last: date, entries: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return whole weeks from Monday to Sunday, which hold all days up to the last one, with their
    entries."""
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=number) for number in range((last - monday).days + 1)]
    days += [last + timedelta(days=number) for number in range(1, 7 - last.weekday())]
    shown = [
        {
            "iso": day.isoformat(),
            "text": short(day),
            "is_past": day < today,
            "is_today": day == today,
            "entries": [entry for entry in entries if entry["day"] == day],
        }
        for day in days
    ]
    return [shown[first : first + 7] for first in range(0, len(shown), 7)]


def _local_day(moment: int) -> date:
    return local_time(moment, current.settings().timezone).date()


def _entry(at: int, word: str, title: str, about: str, address: str = "") -> dict[str, Any]:
    local = local_time(at, current.settings().timezone)
    return {
        "at": at,
        "day": local.date(),
        "time": f"{local:%H:%M}",
        "word": word,
        "title": title,
        "about": about,
        "address": address,
    }


@blueprint.route("/posts/columns")
def post_columns() -> str:
    """All columns, with their flags. Admins."""
    return page("console/post_columns.html", **_columns())


@blueprint.route("/posts/columns/items")
def post_column_items() -> str:
    """The columns, a fragment. Admins."""
    return flask.render_template("console/posts/_columns.html", **_columns())


def _columns() -> dict[str, Any]:
    caller().require("admin")
    found = columns.all_columns()
    ids = [column.id for column in found]
    return {
        "columns": found,
        "raised": {one: _raised(ids, place) for place, one in enumerate(ids) if place},
        "lowered": {one: _raised(ids, place + 1) for place, one in enumerate(ids[:-1])},
        "modules": MODULES,
        "roles": WRITER_WORDS,
        "facts": COLUMN_FACTS,
    }


def _raised(ids: list[int], place: int) -> dict[str, list[int]]:
    """Return the order after a column has changed places with the one before it."""
    order = [*ids[: place - 1], ids[place], ids[place - 1], *ids[place + 1 :]]
    return {"column_ids": order}


@blueprint.route("/posts/submissions")
def post_submissions() -> str:
    """Submissions to the columns in which the caller may write. Writers."""
    return page("console/post_submissions.html", **_submissions())


@blueprint.route("/posts/submissions/items")
def post_submission_items() -> str:
    """The submissions, a fragment. Writers."""
    return flask.render_template("console/posts/_submissions.html", **_submissions())


@blueprint.route("/posts/submissions/<int:submission_id>")
def post_submission(submission_id: int) -> str:
    """A submission as a phone shows it, with the decisions.

    Its author, and while it waits the writers of its column.
    """
    found = submissions.of_reader(caller(), submission_id)
    text = rendered(writing.newest(found.post).body)
    return page(
        "console/post_submission.html",
        submission=submissions.head(found),
        pieces=view.shown_pieces(text, submission_id),
        finding=moderation.FINDINGS.get(found.finding, ""),
        may_decide=writing.may_publish(found.post, writing.writer_of(caller())),
        state_words=SUBMISSION_WORDS,
    )


def _submissions() -> dict[str, Any]:
    state, number = request.args.get("state", WAITING), request.args.get("page", 1, type=int)
    state = state if state in SUBMISSION_WORDS else WAITING
    query = {"state": state, "page": min(max(number, 1), 100_000), "page_size": PAGE_SIZE}
    found = submissions.queue(caller(), query)
    return {
        **found,
        "chosen": state,
        "pages": -(-found["total"] // PAGE_SIZE),
        "state_words": SUBMISSION_WORDS,
        "findings": moderation.FINDINGS,
    }


def _list() -> dict[str, Any]:
    who = caller()
    state, number = request.args.get("state", ""), request.args.get("page", 1, type=int)
    query: dict[str, Any] = {"page": min(max(number, 1), 100_000), "page_size": PAGE_SIZE}
    if state in STATES:
        query["state"] = state
    found = view.sources(who, query)
    return {
        "waiting": submissions.waiting(who),
        "is_admin": who.has("admin"),
        "posts": found["items"],
        "found": found["total"],
        "state": state if state in STATES else "",
        "state_words": STATE_WORDS,
        "pages": {
            "number": query["page"],
            "last": max(1, -(-found["total"] // PAGE_SIZE)),
            "address": flask.url_for("host.post_list"),
        },
    }


def _post(post_id: int) -> dict[str, Any]:
    who = caller()
    found: Post = writing.of_writer(who, post_id)
    source = view.source(found)
    text = rendered(source["body"])
    return {
        "post": source,
        "pieces": view.shown_pieces(text, post_id),
        "notes": [note.zh for note in text.notes],
        "state_words": STATE_WORDS,
        "actions": ACTION_WORDS[source["state"]],
        "may_publish": writing.may_publish(found, writing.writer_of(who)),
        "reach": view.shown_reach(found) if found.state == PUBLISHED else None,
    }


def _open_columns() -> list[Any]:
    return [column for column in columns.writable(caller()) if column.active]


def _choices(keys: list[str], post: Post | None = None) -> dict[str, Any]:
    """Return the choices in the form of a post: who may read it, events for its points, and the
    questions of its lesson."""
    about = audience.written([post.about])[0] if post and post.about else ""
    return {
        "choices": readers.choices(keys, about),
        "seasons": season.offered(),
        "lesson": lesson.choices(post),
    }
