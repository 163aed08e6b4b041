"""What the hosts' console shows of announced words."""

from typing import Any

from backend.activities.keywords import rules, view, words
from backend.activities.keywords.models import Keyword
from backend.activities.keywords.rules import WordFacts
from backend.events import lifecycle
from backend.events.models import Activity

STATE_NAMES = {
    rules.PREPARED: "未公布",
    rules.OPEN: "进行中",
    rules.GONE: "名额已满",
    rules.OVER: "已结束",
}


def panel(activity: Activity, now: int) -> dict[str, Any]:
    """Return the words as hosts see them, with the players who hit them.

    `prepared` are in their order, `on_stage` are those on the screen, and `earlier` those that were
    dismissed, the newest first.
    """
    event = activity.event
    found = words.all_of(activity.id)
    hits = view.names_of([word.id for word, _ in found])

    def shown(word: Keyword, facts: WordFacts) -> dict[str, Any]:
        return {**view.host_word(event, word, facts, now), "hits": hits.get(word.id, [])}

    prepared = [shown(*one) for one in found if one[0].opened_at is None]
    announced = [one for one in found if one[0].opened_at is not None]
    on_stage = [shown(*one) for one in announced if one[0].dismissed_at is None]
    earlier = [shown(*one) for one in announced if one[0].dismissed_at is not None]
    return {
        "prepared": prepared,
        "on_stage": on_stage,
        "open_ids": [word["id"] for word in on_stage if word["state"] == rules.OPEN],
        "earlier": sorted(earlier, key=lambda word: -word["opened_at"]),
        "settings": activity.settings,
        "paused": lifecycle.is_paused(event),
        "may_open": lifecycle.state(event, now) == lifecycle.OPEN
        and not lifecycle.is_paused(event),
        "states": STATE_NAMES,
        "longest_list": rules.LONGEST_LIST,
    }
