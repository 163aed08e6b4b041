"""The part of a post's form that says who may read it (给谁看)."""

from typing import Any

import flask
from flask import request

from backend.console.frame import blueprint
from backend.identity import roster
from backend.identity.current import caller
from backend.posts import audience, choosing, columns
from backend.posts.audience import EVERYONE, STAFF

MOST_FOUND = 8
# So many groups are named; the number of the others is said.
MOST_NAMED = 6


@blueprint.route("/posts/people")
def found_people() -> str:
    """People of the roster by name, 工号 or team, to be chosen, a fragment. Writers."""
    columns.writable(caller())
    words = request.args.get("words", "").strip()[:40]
    people, total = roster.search_staff(words=words, state="", page=1, page_size=MOST_FOUND)
    shown = {"people": people, "total": total, "words": words}
    return flask.render_template("console/posts/_people.html", **shown)


def choices(keys: list[str], about: str) -> dict[str, Any]:
    """Return the groups that can be chosen, and those that are, by the keys of an audience.

    `added` are chosen groups that no box stands for, with their words; `about` is the team or
    person that the post is about.
    """
    written = audience.written(keys)
    kinds = {"班组": choosing.teams(), "班次": choosing.shifts(), "角色": choosing.roles()}
    boxes = {one.group for groups in kinds.values() for one in groups}
    added = [one for one in written if one not in boxes and one not in (EVERYONE, STAFF)]
    return {
        "whole": next((one for one in (EVERYONE, STAFF) if one in written), ""),
        "kinds": kinds,
        "chosen": written,
        "added": dict(zip(added, _words(added), strict=True)),
        "shifts": choosing.shifts_of_duty(),
        "people": audience.people_of(keys).order_by().count(),
        "about": {about: _words([about])[0]} if about.startswith("person:") else {},
    }


def told(keys: list[str]) -> str:
    """Return an audience in a few words."""
    written = audience.written(keys)
    named = _words(written[:MOST_NAMED])
    rest = f"等 {len(written)} 个范围" if len(written) > MOST_NAMED else ""
    return "、".join(named) + rest


def _words(written: list[str]) -> list[str]:
    return [one.zh for one in choosing.in_words(written)]
