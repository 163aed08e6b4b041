"""Pages for writers of posts: all posts of their columns, the editor, and who has not read a post."""

from typing import Any

import flask
from flask import request

from backend.clock import to_iso
from backend.console.frame import blueprint, page
from backend.identity.current import caller
from backend.moderation import view as moderation
from backend.moderation.policy import PENDING, STATUSES
from backend.posts import audience, columns, comments, figures, season, shares, view, writing
from backend.posts.markdown import rendered
from backend.posts.models import PUBLISHED, STATES, Post
from backend.web import current

PAGE_SIZE = 50
# How many of the newest posts of each column the page of figures counts.
FIGURES_OF = 12
STATE_WORDS = {
    "draft": "草稿",
    "review": "待审核",
    "published": "已发布",
    "withdrawn": "已撤回",
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
    return page("console/post_new.html", columns=_open_columns(), **_choices())


@blueprint.route("/posts/<int:post_id>")
def post(post_id: int) -> str:
    """A post: its text, settings, versions, and who has not read it. Writers of the column."""
    return page("console/post.html", iso=to_iso, **_choices(), **_post(post_id))


@blueprint.route("/posts/<int:post_id>/reach")
def post_reach(post_id: int) -> str:
    """Who has not read a post, a fragment. Writers of the column."""
    return flask.render_template("console/posts/_reach.html", **_post(post_id))


@blueprint.route("/posts/figures")
def post_figures() -> str:
    """The figures of the newest posts, by column, and who brought most readers. Writers."""
    own = columns.writable(caller())
    found = figures.of_columns(current.database(), own, FIGURES_OF)
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


def _list() -> dict[str, Any]:
    who = caller()
    state, number = request.args.get("state", ""), request.args.get("page", 1, type=int)
    query: dict[str, Any] = {"page": min(max(number, 1), 100_000), "page_size": PAGE_SIZE}
    if state in STATES:
        query["state"] = state
    found = view.sources(who, query)
    return {
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


def _choices() -> dict[str, Any]:
    """Return the choices in the form of a post: groups for its audience, and events for its points."""
    return {"groups": audience.offered(), "seasons": season.offered()}
