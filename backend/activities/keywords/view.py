"""What screens, phones and hosts see of announced words. Every moment is in ms."""

from collections.abc import Sequence
from typing import Any

from backend.activities.keywords import rules
from backend.activities.keywords.deciding import ReplyOutcome
from backend.activities.keywords.models import Keyword, KeywordHit
from backend.activities.keywords.rules import WordFacts
from backend.activities.keywords.words import on_stage, state_of
from backend.events import lifecycle, visibility
from backend.events.models import Activity, Event, Player
from backend.events.visibility import View

# How many names of a word a screen has room for; the other winners are only counted.
NAMES = 60

SENTENCES = {
    rules.HIT: "回复成功！“{word}”第 {place} 位",
    rules.DECOY: "哎呀，“{word}”是美多放的幌子，再听听主持人怎么说",
    rules.WRONG: "这不是有效关键词，再听听主持人怎么说",
    rules.PLACES_GONE: "“{word}”的名额刚刚被抢完，下一个要更快哦",
    rules.TOO_LATE: "“{word}”的回复时间已经过了，等下一个关键词吧",
    rules.ENOUGH: "你已经赢过啦，把机会留给其他同事吧",
}


def shown(activity: Activity, view: View, now: int) -> dict[str, Any] | None:
    """Return the announced words with those who hit them; None when nothing is on the screen.

    `phase` is `open` while a reply can win, else `over`.
    """
    words = on_stage(activity.id)
    if not words:
        return None
    event = activity.event
    states = [state_of(event, facts, now) for _, facts in words]
    phase = rules.OPEN if rules.OPEN in states else rules.OVER
    hits = names_of([word.id for word, _ in words if not word.decoy])
    return {
        "phase": phase,
        "since": max(word.opened_at or 0 for word, _ in words),
        "paused": lifecycle.is_paused(event),
        "hits_per_person": activity.settings["hits_per_person"],
        "words": [
            _word(event, word, facts, hits.get(word.id, []), view, now) for word, facts in words
        ],
    }


def _word(
    event: Event,
    word: Keyword,
    facts: WordFacts,
    hits: list[dict[str, Any]],
    view: View,
    now: int,
) -> dict[str, Any]:
    """Return a word as all see it: while it is open, a decoy looks like any other."""
    state = state_of(event, facts, now)
    told = visibility.shows_held_back(state != rules.OPEN, view)
    left = rules.left_ms(facts, event.pauses, now)
    assert word.opened_at is not None
    return {
        "id": word.id,
        "number": word.number,
        "text": word.text,
        "points": word.points,
        "places": word.places,
        "seconds": word.seconds,
        "state": state,
        "opened_at": word.opened_at,
        "closes_at": lifecycle.end_of(
            event.pauses, word.opened_at, word.seconds * 1000, now, word.closed_at
        ),
        "left_ms": left,
        "taken": 0 if word.decoy else facts.taken,
        "hits": hits,
        "decoy": word.decoy if told else None,
        "caught": facts.taken if told and word.decoy else None,
    }


def names_of(word_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Return {word: the players who hit it first}; players who were removed are not named."""
    rows = (
        KeywordHit.select(
            KeywordHit.word, KeywordHit.place, Player.id, Player.name, Player.team_name
        )
        .join(Player)
        .where(
            KeywordHit.word.in_(list(word_ids)),
            KeywordHit.place <= NAMES,
            Player.status == "active",
        )
        .order_by(KeywordHit.word, KeywordHit.place)
        .tuples()
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for word_id, place, player_id, name, team in rows:
        hit = {"place": place, "player_id": player_id, "name": name, "team": team}
        found.setdefault(word_id, []).append(hit)
    return found


def own(activity: Activity, player_id: int) -> dict[str, Any]:
    """Return a player's hits, and how many are left; points are null until the reveal."""
    rows = (
        KeywordHit.select(KeywordHit, Keyword)
        .join(Keyword)
        .where(KeywordHit.activity == activity, KeywordHit.player == player_id)
        .order_by(KeywordHit.id)
    )
    hits = [_own_hit(activity.event, hit) for hit in rows if hit.turn is not None]
    most = activity.settings["hits_per_person"]
    return {"hits": hits, "hits_left": None if most is None else max(0, most - len(hits))}


def _own_hit(event: Event, hit: KeywordHit) -> dict[str, Any]:
    told = visibility.shows_entry(event, View.OWN, hit.at)
    return {
        "word_id": hit.word_id,
        "text": hit.word.text,
        "place": hit.place,
        "points": hit.points if told else None,
        "hit_at": hit.at,
    }


def answered(answer: ReplyOutcome) -> dict[str, Any]:
    """Return what a player is told about a reply, with a sentence that can be sent as it is."""
    word, points = answer.word, answer.points
    if points is not None and not visibility.shows_entry(answer.event, View.OWN, answer.at):
        points = None
    is_hit = answer.outcome == rules.HIT
    sentence = SENTENCES[answer.outcome].format(word=word and word.text, place=answer.place)
    return {
        "outcome": answer.outcome,
        "word_id": word and word.id,
        "place": answer.place if is_hit else None,
        "points": points if is_hit else None,
        "message": sentence,
    }


def host_word(event: Event, word: Keyword, facts: WordFacts, now: int) -> dict[str, Any]:
    """Return a word as its hosts see it, announced or not."""
    left = rules.left_ms(facts, event.pauses, now)
    return {
        "id": word.id,
        "number": word.number,
        "text": word.text,
        "others": word.others,
        "pinyin": word.pinyin,
        "points": word.points,
        "places": word.places,
        "seconds": word.seconds,
        "decoy": word.decoy,
        "state": state_of(event, facts, now),
        "opened_at": word.opened_at,
        "left_ms": left,
        "taken": facts.taken,
    }
