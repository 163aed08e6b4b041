"""What is shown of suggestions, by view, and as an Excel file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from backend.activities.polls import view as polls_view
from backend.activities.polls.models import Poll
from backend.activities.polls.suggestions import errors
from backend.activities.polls.suggestions.models import (
    Suggestion,
    SuggestionOption,
    SuggestionSupport,
)
from backend.activities.polls.suggestions.suggesting import ADOPTED, COLLECTING, DECLINED, DONE
from backend.chinese import normalised
from backend.clock import local_time
from backend.db import Database
from backend.events import visibility
from backend.events.kinds import ShownSuggestion
from backend.events.models import Activity, Player
from backend.events.visibility import View, shows_written
from backend.likeness import most_alike
from backend.moderation.models import ModerationItem
from backend.moderation.policy import APPROVED
from backend.moderation.view import STATUSES as MODERATION_STATUSES
from backend.moderation.view import picture_path
from backend.offload.process import OffloadProcess
from backend.offload.steps import in_steps
from backend.sheets.writing import Column, Worksheet
from backend.web.paging import paged

STATUS_NAMES = {COLLECTING: "收集中", ADOPTED: "已采纳", DONE: "你说我做", DECLINED: "不采纳"}
# How many of the newest are searched, for a text of how many characters, and how many results are
# shown.
SEARCHED = 2_000
LEAST_CHARACTERS = 2
FOUND = 5
# What the big screen has room for.
ON_SCREEN = 8
_Picture = ModerationItem.alias()


@dataclass(frozen=True)
class Viewer:
    """The caller: their view, and their player, if any."""

    view: View
    player_id: int | None


def suggestion_page(activity: Activity, viewer: Viewer, query: dict[str, Any]) -> dict[str, Any]:
    """Return a page of what the caller sees: those with the most supporters, or the newest, first.

    `mine` holds the caller's own, merged and rejected ones too; all others leave merged ones out.
    """
    asked = dict(query)
    mine, status, sort = asked.pop("mine"), asked.pop("status", None), asked.pop("sort")
    moderation, search = asked.pop("moderation", None), asked.pop("search", "")
    found = _seen(activity.id, viewer)
    if mine:
        found = found.where(Suggestion.player == (viewer.player_id or 0))
    else:
        found = found.where(Suggestion.merged_into.is_null())
    if status:
        found = found.where(Suggestion.status == status)
    if moderation:
        found = found.where(ModerationItem.status == moderation)
    if search:
        found = found.where(_matches(search))
    newest, strongest = [Suggestion.id.desc()], [peewee.Desc(_supports()), Suggestion.id]
    order = newest if mine or sort == "new" else strongest
    page, total = paged(found.order_by(*order), asked)
    return {"items": shown(activity, page, viewer), "total": total, **asked}


def on_screen(activity: Activity) -> list[ShownSuggestion]:
    """Return what the big screen shows: suggestions with most supporters first.

    Declined and merged ones are left out.
    """
    found = (
        _seen(activity.id, Viewer(View.SCREEN, None))
        .where(Suggestion.merged_into.is_null(), Suggestion.status != DECLINED)
        .order_by(peewee.Desc(_supports()), Suggestion.id)
        .limit(ON_SCREEN)
    )
    listed = list(found)
    supports = _counts([suggestion.id for suggestion in listed])
    return [
        ShownSuggestion(
            suggestion.id,
            suggestion.text,
            suggestion.player.name,
            suggestion.player.team_name,
            supports.get(suggestion.id, 0),
            STATUS_NAMES[suggestion.status],
            suggestion.status != COLLECTING,
        )
        for suggestion in listed
    ]


def _matches(search: str) -> Any:
    """Return the condition that the text or the proposer's name contains the searched text.

    Width, case and script are ignored in the text.
    """
    in_name = Player.name.contains(search)
    plain = normalised(search)
    return Suggestion.plain.contains(plain) | in_name if plain else in_name


def one(activity: Activity, suggestion_id: int, viewer: Viewer) -> dict[str, Any]:
    """Return one suggestion; raises `UnknownSuggestion` when the viewer may not see it."""
    found = _seen(activity.id, viewer).where(Suggestion.id == suggestion_id).first()
    if found is None:
        raise errors.UnknownSuggestion
    return shown(activity, [found], viewer)[0]


def _seen(activity_id: int, viewer: Viewer) -> peewee.ModelSelect:
    """Return the query of what the caller sees, as `visibility.shows_written` says."""
    found = (
        Suggestion.select(Suggestion, ModerationItem, Player, _Picture)
        .join(ModerationItem, on=Suggestion.item)
        .switch(Suggestion)
        .join(Player)
        .switch(Suggestion)
        .join(_Picture, peewee.JOIN.LEFT_OUTER, on=Suggestion.picture, attr="picture")
        .where(Suggestion.activity == activity_id)
    )
    if visibility.sees_all(viewer.view):
        return found
    approved = ModerationItem.status == APPROVED
    own = Suggestion.player == (viewer.player_id or 0)
    return found.where(approved | own)


def _supports() -> Any:
    rows = SuggestionSupport.select(peewee.fn.COUNT(SuggestionSupport.id))
    return rows.where(SuggestionSupport.suggestion == Suggestion.id)


def shown(
    activity: Activity, suggestions: Iterable[Suggestion], viewer: Viewer
) -> list[dict[str, Any]]:
    """Return suggestions as the caller sees them."""
    listed = list(suggestions)
    # For a merged suggestion the one that it was merged into is shown.
    roots = [suggestion.merged_into_id or suggestion.id for suggestion in listed]
    supports, polls = _counts(roots), _polls(roots)
    behind = _own(roots, viewer.player_id)
    return [
        {
            **_facts(activity, suggestion, viewer),
            "supports": supports.get(root, 0),
            "supported": root in behind,
            "poll": _poll(polls.get(root), suggestion, viewer),
        }
        for suggestion, root in zip(listed, roots, strict=True)
    ]


def _facts(activity: Activity, suggestion: Suggestion, viewer: Viewer) -> dict[str, Any]:
    own = suggestion.player_id == viewer.player_id
    item = suggestion.item
    inside = own or visibility.sees_all(viewer.view)
    return {
        "id": suggestion.id,
        "text": suggestion.text,
        "picture_path": _picture(activity, suggestion, viewer),
        "proposer": {
            "player_id": suggestion.player_id,
            "name": suggestion.player.name,
            "team": suggestion.player.team_name,
        },
        "own": own,
        "status": suggestion.status,
        "reason": suggestion.reason,
        "answer": suggestion.answer,
        "answered_at": suggestion.answered_at,
        "merged_into": suggestion.merged_into_id,
        "moderation": {"status": item.status, "reason": item.reason} if inside else None,
        "created_at": suggestion.created_at,
        "changed_at": suggestion.changed_at,
    }


def _picture(activity: Activity, suggestion: Suggestion, viewer: Viewer) -> str | None:
    if suggestion.picture_id is None:
        return None
    approved = suggestion.picture.status == APPROVED
    if not shows_written(approved, viewer.view, suggestion.player_id == viewer.player_id):
        return None
    return picture_path(activity.event_id, suggestion.picture_id)


def _counts(ids: Sequence[int]) -> dict[int, int]:
    return dict(
        SuggestionSupport.select(
            SuggestionSupport.suggestion, peewee.fn.COUNT(SuggestionSupport.id)
        )
        .where(SuggestionSupport.suggestion.in_(list(ids)))
        .group_by(SuggestionSupport.suggestion)
        .tuples()
    )


def _own(ids: Sequence[int], player_id: int | None) -> set[int]:
    rows = SuggestionSupport.select(SuggestionSupport.suggestion).where(
        SuggestionSupport.suggestion.in_(list(ids)), SuggestionSupport.player == (player_id or 0)
    )
    return {suggestion_id for (suggestion_id,) in rows.tuples()}


def _polls(ids: Sequence[int]) -> dict[int, Poll]:
    """Return {suggestion: the newest poll that it went into}."""
    rows = (
        SuggestionOption.select(SuggestionOption, Poll)
        .join(Poll)
        .where(SuggestionOption.suggestion.in_(list(ids)))
        .order_by(SuggestionOption.id)
    )
    return {row.suggestion_id: row.poll for row in rows}


def _poll(poll: Poll | None, suggestion: Suggestion, viewer: Viewer) -> dict[str, Any] | None:
    """Return the poll, also before it is open to those whose suggestion it is."""
    own = suggestion.player_id == viewer.player_id
    if poll is None or not (own or polls_view.sees(poll, viewer.view)):
        return None
    return {"id": poll.id, "number": poll.number, "title": poll.title, "state": poll.state}


def similar(
    activity: Activity, text: str, viewer: Viewer, database: Database, offload: OffloadProcess
) -> dict[str, Any]:
    """Return suggestions that are similar to a text, and how many were searched.

    Width, case, script, spaces and punctuation make no difference. Raises what `OffloadProcess.run`
    raises; waits for it without a connection to the database.
    """
    typed = normalised(text)
    rows = list(in_steps(_searched(activity))) if len(typed) >= LEAST_CHARACTERS else []
    database.release()
    likeness = offload.run(most_alike, typed, [plain for _, plain in rows], FOUND) if rows else []
    found = {rows[place][0]: score for place, score in likeness}
    suggestions = {row.id: row for row in _seen(activity.id, viewer).where(_is_one_of(found))}
    items = shown(activity, [suggestions[one] for one in found if one in suggestions], viewer)
    return {
        "searched": len(rows),
        "items": [{**item, "likeness": found[item["id"]]} for item in items],
    }


def _searched(activity: Activity) -> peewee.ModelSelect:
    """Return the query of (suggestion, normalised text) of those that are searched, newest first."""
    return (
        Suggestion.select(Suggestion.id, Suggestion.plain)
        .join(ModerationItem, on=Suggestion.item)
        .where(
            Suggestion.activity == activity,
            Suggestion.merged_into.is_null(),
            ModerationItem.status == APPROVED,
        )
        .order_by(Suggestion.id.desc())
        .limit(SEARCHED)
        .tuples()
    )


def _is_one_of(ids: Iterable[int]) -> Any:
    return Suggestion.id.in_(list(ids))


_COLUMNS = (
    Column("编号", 8),
    Column("建议", 60),
    Column("图片", 8),
    Column("提出人", 14),
    Column("班组", 20),
    Column("附议人数", 10),
    Column("状态", 10),
    Column("不采纳理由", 30),
    Column("答复", 40),
    Column("并入编号", 10),
    Column("进入投票", 30),
    Column("审核", 10),
    Column("提出时间", 20),
)
_SUPPORT_COLUMNS = (
    Column("建议编号", 10),
    Column("姓名", 14),
    Column("工号", 12),
    Column("班组", 20),
    Column("附议时间", 20),
)


def worksheets(activity: Activity, zone: str) -> list[Worksheet]:
    """Return all suggestions and their supporters as two worksheets."""
    seen = _seen(activity.id, Viewer(View.HOST, None)).order_by(Suggestion.id)
    listed = list(in_steps(seen))
    ids = [suggestion.id for suggestion in listed]
    supports, polls = _counts(ids), _polls(ids)
    rows = (
        (
            suggestion.id,
            suggestion.text,
            "有" if suggestion.picture_id else None,
            suggestion.player.name,
            suggestion.player.team_name,
            supports.get(suggestion.id, 0),
            "已合并" if suggestion.merged_into_id else STATUS_NAMES[suggestion.status],
            suggestion.reason or None,
            suggestion.answer or None,
            suggestion.merged_into_id,
            polls[suggestion.id].title if suggestion.id in polls else None,
            MODERATION_STATUSES[suggestion.item.status],
            local_time(suggestion.created_at, zone),
        )
        for suggestion in listed
    )
    return [
        Worksheet("建议", _COLUMNS, rows),
        Worksheet("附议名单", _SUPPORT_COLUMNS, _supporters(activity, zone)),
    ]


def _supporters(activity: Activity, zone: str) -> Iterator[tuple[Any, ...]]:
    rows = (
        SuggestionSupport.select(SuggestionSupport, Player)
        .join(Player)
        .switch(SuggestionSupport)
        .join(Suggestion)
        .where(Suggestion.activity == activity)
        .order_by(SuggestionSupport.suggestion, SuggestionSupport.at, SuggestionSupport.id)
    )
    return (
        (
            row.suggestion_id,
            row.player.name,
            row.player.staff_number,
            row.player.team_name,
            local_time(row.at, zone),
        )
        for row in rows
    )
