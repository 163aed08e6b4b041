"""Announced words over HTTP: what a host does with them, and replies for phones without a socket."""

from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from backend.activities.keywords import export, importing, view, words
from backend.activities.keywords.current import play
from backend.activities.keywords.models import Keyword
from backend.activities.keywords.schemas import (
    ChosenKeywords,
    HostKeyword,
    KeywordList,
    KeywordsBody,
    NewKeyword,
    ReplyBody,
    ReplyRequest,
)
from backend.events import lifecycle, players
from backend.events.current import activity_of, hosted_activity, seen
from backend.events.models import Activity
from backend.events.play import speaker_of
from backend.sheets import EXCEL
from backend.web import current
from backend.web.blueprint import Blueprint
from backend.web.imports import (
    TABLE_REFUSED,
    AgreedQuery,
    ImportedRows,
    ImportFile,
    ImportPreviewBody,
    shown_import,
    shown_preview,
)
from backend.web.tables import excel, template, uploaded_sheet

blueprint = Blueprint(
    "keywords", __name__, url_prefix="/api/v1/keywords", description="回复有效关键词"
)

KEYWORDS = "/<int:activity_id>"
WORD = KEYWORDS + "/words/<int:word_id>"
SEEN = {"c401": "unauthenticated", "c404": "not_found"}
HOSTED = {"c401": "unauthenticated", "c403": "forbidden", "c404": "not_found"}
CHOSEN = {**HOSTED, "c404": "not_found, unknown_word"}


def _activity(activity_id: int) -> Activity:
    return activity_of("keywords", activity_id)


def _hosted(activity_id: int) -> tuple[Activity, int]:
    return hosted_activity("keywords", activity_id)


@blueprint.route(KEYWORDS, methods=["GET"])
@blueprint.response(200, KeywordsBody)
@blueprint.refuses(**SEEN, c403="not_a_player, kicked, banned")
def get_keywords(activity_id: int) -> dict[str, Any]:
    """Show the words that were announced, who hit them, and the own hits. Its players and hosts."""
    activity = _activity(activity_id)
    event, player, eyes = seen(activity.event_id)
    now = current.now()
    nothing: dict[str, Any] = {
        "phase": None,
        "since": None,
        "paused": lifecycle.is_paused(event),
        "hits_per_person": activity.settings["hits_per_person"],
        "words": [],
    }
    found = play().shown(activity_id, eyes, now) or nothing
    return {**found, "own": play().own(activity_id, player.id, now) if player else None}


@blueprint.route(KEYWORDS + "/replies", methods=["POST"])
@blueprint.arguments(ReplyRequest)
@blueprint.response(200, ReplyBody)
@blueprint.refuses(
    **SEEN,
    c403="not_a_player, staff_only, kicked, banned",
    c409="event_not_open, event_paused, event_closed",
    c429="too_many_requests",
)
def reply_keyword(body: dict[str, str], activity_id: int) -> dict[str, Any]:
    """Reply a word, as `keywords.reply`; a repeat gets the first answer. Its players."""
    activity = _activity(activity_id)
    _, player, _ = seen(activity.event_id)
    if player is None:
        raise players.NotAPlayer
    players.require_active(player.status)
    return play().hear_reply(speaker_of(player), activity_id, body, current.now())


@blueprint.route(KEYWORDS + "/words", methods=["GET"])
@blueprint.response(200, HostKeyword(many=True))
@blueprint.refuses(**HOSTED)
def list_keywords(activity_id: int) -> list[dict[str, Any]]:
    """List all words, including those that were not announced. The hosts of its event."""
    activity, _ = _hosted(activity_id)
    return _listed(activity)


def _listed(activity: Activity, word_ids: set[int] | None = None) -> list[dict[str, Any]]:
    now = current.now()
    return [
        view.host_word(activity.event, word, facts, now)
        for word, facts in words.all_of(activity.id)
        if word_ids is None or word.id in word_ids
    ]


@blueprint.route(KEYWORDS + "/words", methods=["POST"])
@blueprint.arguments(NewKeyword)
@blueprint.response(201, HostKeyword)
@blueprint.alt_response(200, schema=HostKeyword, description="The same word, prepared before")
@blueprint.refuses(**HOSTED, c409="word_taken")
def prepare_keyword(body: dict[str, Any], activity_id: int) -> ResponseReturnValue:
    """Prepare a word; only hosts see it before it is announced. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    word, new = words.prepare_word(current.database(), activity, body, host_id, current.now())
    return _listed(activity, {word.id})[0], 201 if new else 200


@blueprint.route(KEYWORDS + "/word-lists", methods=["POST"])
@blueprint.arguments(KeywordList)
@blueprint.response(200, HostKeyword(many=True))
@blueprint.refuses(**HOSTED, c422="invalid")
def prepare_keywords(body: dict[str, Any], activity_id: int) -> list[dict[str, Any]]:
    """Prepare a list of words, all or none; errors name their rows. The hosts of its event.

    Returns the new words; words that exist already stay unchanged.
    """
    activity, host_id = _hosted(activity_id)
    made = words.prepare_words(current.database(), activity, body["words"], host_id, current.now())
    return _listed(activity, {word.id for word in made})


@blueprint.route(WORD, methods=["PUT"])
@blueprint.arguments(NewKeyword)
@blueprint.response(200, HostKeyword)
@blueprint.refuses(**CHOSEN, c409="word_announced, word_taken")
def edit_keyword(body: dict[str, Any], activity_id: int, word_id: int) -> dict[str, Any]:
    """Change a word that has not been announced. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    word = words.edit_word(current.database(), activity, word_id, body, host_id, current.now())
    return _listed(activity, {word.id})[0]


@blueprint.route(KEYWORDS + "/words/template.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**HOSTED)
def download_words_template(activity_id: int) -> Response:
    """Download an Excel file for words to fill in. The hosts of its event."""
    _hosted(activity_id)
    return template("关键词", importing.TEMPLATE, importing.NOTES)


@blueprint.route(KEYWORDS + "/words/imports/preview", methods=["POST"])
@blueprint.arguments(ImportFile, location="files")
@blueprint.response(200, ImportPreviewBody)
@blueprint.refuses(**HOSTED, **TABLE_REFUSED)
def preview_keywords(files: dict[str, Any], activity_id: int) -> dict[str, Any]:
    """Show every row of a file of words, and what an import would do; writes nothing. The hosts of
    its event."""
    activity, _ = _hosted(activity_id)
    sheet = uploaded_sheet(files, importing.COLUMNS)
    return shown_preview(importing.preview(activity, sheet))


@blueprint.route(KEYWORDS + "/words/imports", methods=["POST"])
@blueprint.arguments(ImportFile, location="files")
@blueprint.arguments(AgreedQuery, location="query")
@blueprint.response(200, ImportedRows)
@blueprint.refuses(**HOSTED, **TABLE_REFUSED, c409="import_moved")
def import_keywords(
    files: dict[str, Any], query: dict[str, str | None], activity_id: int
) -> dict[str, int]:
    """Prepare words from Excel or CSV, all or nothing. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    sheet = uploaded_sheet(files, importing.COLUMNS)
    added = importing.import_words(
        current.database(), activity, sheet, host_id, current.now(), query["agreed"]
    )
    return shown_import(added, sheet)


@blueprint.route(WORD, methods=["DELETE"])
@blueprint.response(204)
@blueprint.refuses(**CHOSEN, c409="word_announced")
def remove_keyword(activity_id: int, word_id: int) -> None:
    """Remove a word that was not announced. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    words.remove_word(current.database(), activity, word_id, host_id, current.now())


@blueprint.route(KEYWORDS + "/open", methods=["POST"])
@blueprint.arguments(ChosenKeywords)
@blueprint.response(200, HostKeyword(many=True))
@blueprint.refuses(**CHOSEN, c409="event_not_open, event_paused, event_closed")
def open_keywords(body: dict[str, list[int]], activity_id: int) -> list[dict[str, Any]]:
    """Announce words: their time runs at once. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    chosen = body["word_ids"]
    opened = words.open_words(current.database(), activity, chosen, host_id, current.now())
    return _changed(activity, opened)


@blueprint.route(KEYWORDS + "/close", methods=["POST"])
@blueprint.arguments(ChosenKeywords)
@blueprint.response(200, HostKeyword(many=True))
@blueprint.refuses(**CHOSEN, c409="word_not_announced")
def close_keywords(body: dict[str, list[int]], activity_id: int) -> list[dict[str, Any]]:
    """End words before their time is up. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    chosen = body["word_ids"]
    closed = words.close_words(current.database(), activity, chosen, host_id, current.now())
    return _changed(activity, closed)


def _changed(activity: Activity, chosen: list[Keyword]) -> list[dict[str, Any]]:
    play().changed(activity.event_id, activity.id)
    return _listed(activity, {word.id for word in chosen})


@blueprint.route(KEYWORDS + "/dismiss", methods=["POST"])
@blueprint.response(204)
@blueprint.refuses(**HOSTED, c409="words_open")
def dismiss_keywords(activity_id: int) -> None:
    """Dismiss the announced words from the screen. The hosts of its event."""
    activity, host_id = _hosted(activity_id)
    words.dismiss_words(current.database(), activity, host_id, current.now())
    play().changed(activity.event_id, activity_id)


@blueprint.route(KEYWORDS + "/hits.xlsx", methods=["GET"])
@blueprint.response(200, content_type=EXCEL)
@blueprint.refuses(**HOSTED)
def download_hits(activity_id: int) -> Response:
    """Download who hit which word as Excel. The hosts of its event."""
    activity, _ = _hosted(activity_id)
    timezone = current.settings().timezone
    return excel("关键词命中名单", lambda: [export.hits_sheet(activity, timezone)])
