"""What the hosts' console shows of suggestions: the part that the query names."""

from collections.abc import Sequence
from typing import Any

import peewee
from werkzeug.datastructures import MultiDict

from backend.activities.polls import panel as polls_panel
from backend.activities.polls.drafts import METHOD_NAMES
from backend.activities.polls.suggestions import view
from backend.activities.polls.suggestions.models import Suggestion, SuggestionSupport
from backend.activities.polls.suggestions.suggesting import COLLECTING, STATUSES
from backend.activities.polls.suggestions.view import STATUS_NAMES, Viewer
from backend.db import Database
from backend.events.models import Activity
from backend.events.visibility import View
from backend.moderation.models import ModerationItem
from backend.moderation.policy import APPROVED, PENDING
from backend.moderation.policy import STATUSES as MODERATION
from backend.moderation.view import STATUSES as MODERATION_NAMES
from backend.offload.process import OffloadProcess

PAGE_SIZE = 20
SEARCH_CHARACTERS = 60
# How many suggestions are offered for a vote, those with most supporters first.
OFFERED = 60
_HOST = Viewer(View.HOST, None)


def panel(
    activity: Activity, asked: MultiDict[str, str], database: Database, offload: OffloadProcess
) -> dict[str, Any] | None:
    """Return the part that a query names: `suggestions`, `decide`, `merge` or `vote`.

    Returns None where it names a part of polls. Raises `UnknownSuggestion`.
    """
    part, suggestion_id = asked.get("part", ""), asked.get("suggestion", 0, int)
    if part == "suggestions":
        found = listing(activity, asked)
    elif part == "decide":
        found = one(activity, suggestion_id)
    elif part == "merge":
        search = (asked.get("search") or "").strip()[:SEARCH_CHARACTERS]
        found = merging(activity, suggestion_id, search, database, offload)
    elif part == "vote":
        found = {**to_vote(activity), "methods": METHOD_NAMES}
    else:
        return None
    return {"part": part, "is_form": part in ("decide", "vote"), **found}


def listing(activity: Activity, asked: MultiDict[str, str]) -> dict[str, Any]:
    """Return a page of suggestions.

    `status`, `moderation`, `search` and `sort` filter and order it.
    """
    query = {
        "page": max(1, asked.get("page", 1, int)),
        "page_size": PAGE_SIZE,
        "mine": False,
        "status": _one_of(STATUSES, asked.get("status")),
        "moderation": _one_of(MODERATION, asked.get("moderation")),
        "search": (asked.get("search") or "").strip()[:SEARCH_CHARACTERS],
        "sort": _one_of(("supports", "new"), asked.get("sort")) or "supports",
    }
    found = view.suggestion_page(activity, _HOST, query)
    return {
        **query,
        "items": _with_moderation(found["items"]),
        "total": found["total"],
        "pages": max(1, -(-found["total"] // PAGE_SIZE)),
        "counts": counts(activity),
        "waiting": waiting(activity),
        "statuses": STATUS_NAMES,
        "moderation_names": MODERATION_NAMES,
    }


def counts(activity: Activity) -> dict[str, int]:
    """Return how many suggestions have each status, without those that were merged."""
    rows = (
        Suggestion.select(Suggestion.status, peewee.fn.COUNT(Suggestion.id))
        .where(Suggestion.activity == activity, Suggestion.merged_into.is_null())
        .group_by(Suggestion.status)
    )
    found = dict(rows.tuples())
    return {status: found.get(status, 0) for status in STATUSES}


def waiting(activity: Activity) -> int:
    """Return how many suggestions wait for moderation."""
    rows = Suggestion.select().join(ModerationItem, on=Suggestion.item)
    return int(
        rows.where(Suggestion.activity == activity, ModerationItem.status == PENDING).count()
    )


def one(activity: Activity, suggestion_id: int) -> dict[str, Any]:
    """Return a suggestion for the form that decides about it; raises `UnknownSuggestion`."""
    [shown] = _with_moderation([view.one(activity, suggestion_id, _HOST)])
    return {"suggestion": shown, "statuses": STATUS_NAMES}


def merging(
    activity: Activity,
    suggestion_id: int,
    search: str,
    database: Database,
    offload: OffloadProcess,
) -> dict[str, Any]:
    """Return the suggestions that one can be merged into: search results, else the most similar.

    `together` is how many people support either, each counted once. Raises `UnknownSuggestion`, and
    what `view.similar` raises.
    """
    gone = view.one(activity, suggestion_id, _HOST)
    if search:
        asked = {"page": 1, "page_size": PAGE_SIZE, "mine": False, "sort": "supports"}
        found = view.suggestion_page(activity, _HOST, {**asked, "search": search})["items"]
    else:
        found = view.similar(activity, gone["text"], _HOST, database, offload)["items"]
    others = [one for one in found if one["id"] != suggestion_id and one["merged_into"] is None]
    return {
        "suggestion": gone,
        "search": search,
        "others": [
            {**other, "together": _together(suggestion_id, other["id"])} for other in others
        ],
    }


def _together(*suggestion_ids: int) -> int:
    rows = SuggestionSupport.select(SuggestionSupport.player).where(
        SuggestionSupport.suggestion.in_(suggestion_ids)
    )
    return int(rows.distinct().count())


def to_vote(activity: Activity) -> dict[str, Any]:
    """Return the suggestions from which a poll can be made: approved, and still being collected."""
    query = {"page": 1, "page_size": OFFERED, "mine": False, "sort": "supports"}
    asked = {**query, "status": COLLECTING, "moderation": APPROVED}
    found = view.suggestion_page(activity, _HOST, asked)
    return {
        "items": found["items"],
        "total": found["total"],
        "number": polls_panel.next_number(activity),
    }


def _with_moderation(shown: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add the items of moderation, and the texts of the suggestions that were merged into each."""
    ids = [one["id"] for one in shown]
    items = {
        found.id: found
        for found in Suggestion.select(Suggestion, ModerationItem)
        .join(ModerationItem, peewee.JOIN.LEFT_OUTER, on=Suggestion.picture, attr="picture")
        .where(Suggestion.id.in_(ids))
    }
    merged: dict[int, list[str]] = {}
    rows = Suggestion.select(Suggestion.merged_into, Suggestion.text).order_by(Suggestion.id)
    for root, text in rows.where(Suggestion.merged_into.in_(ids)).tuples():
        merged.setdefault(root, []).append(text)
    return [
        {
            **one,
            "item_id": items[one["id"]].item_id,
            "picture": _picture(items[one["id"]]),
            "merged": merged.get(one["id"], []),
        }
        for one in shown
    ]


def _picture(suggestion: Suggestion) -> dict[str, Any] | None:
    """Return the picture's item in moderation, None without a picture."""
    if suggestion.picture_id is None:
        return None
    return {"item_id": suggestion.picture_id, "status": suggestion.picture.status}


def _one_of(values: Sequence[str], value: str | None) -> str:
    return value if value is not None and value in values else ""
