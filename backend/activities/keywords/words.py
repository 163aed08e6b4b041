"""Actions of hosts on words: prepare, announce, close, dismiss."""

from collections.abc import Sequence
from typing import Any

import peewee

from backend.activities.keywords import errors, rules
from backend.activities.keywords.models import Keyword, KeywordHit, KeywordSpelling
from backend.activities.keywords.rules import WordFacts
from backend.db import Database
from backend.errors import Invalid
from backend.events import lifecycle
from backend.events.models import Activity, Event
from backend.identity import audit

_FROM_SETTINGS = ("points", "places", "seconds", "pinyin")
_OF_A_WORD = ("text", "others", "decoy")


def prepare_word(
    database: Database, activity: Activity, word: dict[str, Any], actor_id: int, now: int
) -> tuple[Keyword, bool]:
    """Prepare a word as `kind.WordSchema` reads it; returns (word, whether it is new).

    The same word again gives the first one. Only hosts see it before it is announced. Raises
    `WordTaken`.
    """
    try:
        with database.write():
            database.claim(activity.id)
            made = write(activity, word)
            audit.record(actor_id, "prepare_keyword", f"keyword:{made.id}", now)
            return made, True
    except peewee.IntegrityError:
        known = Keyword.get_or_none(Keyword.activity == activity, Keyword.text == word["text"])
        if known is None or differs(known, facts(activity, word)):
            raise errors.WordTaken from None
        return known, False


def write(activity: Activity, word: dict[str, Any]) -> Keyword:
    """Write a word in the caller's transaction.

    Raises `peewee.IntegrityError` when a word of the activity is written the same way.
    """
    keys = rules.spellings(word["text"], word["others"], facts(activity, word)["pinyin"])
    last = Keyword.select(peewee.fn.MAX(Keyword.number)).where(Keyword.activity == activity)
    made = Keyword.create(
        activity=activity, number=(last.scalar() or 0) + 1, **facts(activity, word)
    )
    for key in keys:
        KeywordSpelling.create(activity=activity, word=made, key=key)
    return made


def as_settings(activity: Activity) -> list[dict[str, Any]]:
    """Return the words as a template describes them, without what equals the activity's settings."""
    common = {name: activity.settings[name] for name in _FROM_SETTINGS}
    return [
        {
            name: getattr(word, name)
            for name in (*_OF_A_WORD, *_FROM_SETTINGS)
            if name in _OF_A_WORD or getattr(word, name) != common[name]
        }
        for word in Keyword.select().where(Keyword.activity == activity).order_by(Keyword.number)
    ]


def renew(activity: Activity) -> None:
    """Replace the words if they differ from the activity's settings, in the caller's transaction."""
    stored = Keyword.select().where(Keyword.activity == activity).order_by(Keyword.number)
    wanted = [facts(activity, word) for word in activity.settings["words"]]
    names = (*_OF_A_WORD, *_FROM_SETTINGS)
    if [{name: getattr(word, name) for name in names} for word in stored] != wanted:
        Keyword.delete().where(Keyword.activity == activity).execute()
        for word in activity.settings["words"]:
            write(activity, word)


def differs(known: Keyword, facts: dict[str, Any]) -> bool:
    """Return whether a stored word has other facts, see `facts`."""
    return facts != {name: getattr(known, name) for name in facts}


def facts(activity: Activity, word: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of a word; the activity's settings fill in what it leaves out."""
    return {
        **{name: word.get(name, activity.settings[name]) for name in _FROM_SETTINGS},
        **{name: word[name] for name in _OF_A_WORD},
    }


def prepare_words(
    database: Database, activity: Activity, words: Sequence[dict[str, Any]], actor_id: int, now: int
) -> list[Keyword]:
    """Prepare several words, all or none; returns the new ones.

    Words that exist already with the same facts are left out. Raises `Invalid` with the rows of
    words that have the spelling of another one.
    """
    with database.write():
        database.claim(activity.id)
        known = {word.text: word for word in Keyword.select().where(Keyword.activity == activity)}
        new = [word for word in words if not _is_as_wanted(known.get(word["text"]), activity, word)]
        _require_spellings_free(activity, words, new)
        made = [write(activity, word) for word in new]
        for word in made:
            audit.record(actor_id, "prepare_keyword", f"keyword:{word.id}", now)
    return made


def _is_as_wanted(known: Keyword | None, activity: Activity, word: dict[str, Any]) -> bool:
    return known is not None and not differs(known, facts(activity, word))


def _require_spellings_free(
    activity: Activity, words: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]
) -> None:
    """Raise `Invalid` with the rows (from 1) of new words that have the spelling of another one."""
    spellings = KeywordSpelling.select(KeywordSpelling.key, Keyword.text).join(Keyword)
    taken: dict[str, str] = dict(spellings.where(KeywordSpelling.activity == activity).tuples())
    wrong = []
    for row, word in enumerate(words, start=1):
        if word not in new:
            continue
        keys = rules.spellings(word["text"], word["others"], facts(activity, word)["pinyin"])
        same = next((taken[key] for key in keys if key in taken), None)
        if same is not None:
            wrong.append(errors.row_is_taken(row, word["text"], same))
        taken |= {key: word["text"] for key in keys if key not in taken}
    if wrong:
        raise Invalid(fields={"lines": wrong})


def edit_word(
    database: Database,
    activity: Activity,
    word_id: int,
    wanted: dict[str, Any],
    actor_id: int,
    now: int,
) -> Keyword:
    """Change a word that has not been announced; a repeat changes nothing.

    Raises `UnknownWord`, `WordAnnounced` or `WordTaken`.
    """
    try:
        with database.write():
            word = _unannounced(database, activity, word_id)
            after = facts(activity, wanted)
            before = {name: getattr(word, name) for name in after}
            if before == after:
                return word
            word.change(**after)
            KeywordSpelling.delete().where(KeywordSpelling.word == word).execute()
            for key in rules.spellings(after["text"], after["others"], after["pinyin"]):
                KeywordSpelling.create(activity=activity, word=word, key=key)
            audit.record(
                actor_id, "edit_keyword", f"keyword:{word_id}", now, before=before, after=after
            )
    except peewee.IntegrityError:
        raise errors.WordTaken from None
    return word


def remove_word(
    database: Database, activity: Activity, word_id: int, actor_id: int, now: int
) -> None:
    """Remove a word that was not announced; raises `UnknownWord` or `WordAnnounced`."""
    with database.write():
        word = _unannounced(database, activity, word_id)
        word.delete_instance(recursive=True)
        audit.record(actor_id, "remove_keyword", f"keyword:{word_id}", now, text=word.text)


def _unannounced(database: Database, activity: Activity, word_id: int) -> Keyword:
    (word,) = _claimed(database, activity, [word_id])
    if word.opened_at is not None:
        raise errors.WordAnnounced
    return word


def open_words(
    database: Database, activity: Activity, word_ids: Sequence[int], actor_id: int, now: int
) -> list[Keyword]:
    """Announce words at the same moment: their time runs at once. A repeat changes nothing.

    Raises `UnknownWord` or what `lifecycle.require_playing` raises.
    """
    lifecycle.require_playing(activity.event, now)
    with database.write():
        words = _claimed(database, activity, word_ids)
        for word in words:
            if word.opened_at is None:
                word.change(opened_at=now)
                audit.record(actor_id, "open_keyword", f"keyword:{word.id}", now)
    return words


def close_words(
    database: Database, activity: Activity, word_ids: Sequence[int], actor_id: int, now: int
) -> list[Keyword]:
    """End words before their time is up; a repeat, or a call after their end, changes nothing.

    Raises `UnknownWord` or `WordNotAnnounced`.
    """
    with database.write():
        words = _claimed(database, activity, word_ids)
        if any(word.opened_at is None for word in words):
            raise errors.WordNotAnnounced
        for word in words:
            if word.closed_at is None:
                word.change(closed_at=now)
                audit.record(actor_id, "close_keyword", f"keyword:{word.id}", now)
    return words


def dismiss_words(database: Database, activity: Activity, actor_id: int, now: int) -> None:
    """Dismiss the announced words from the screen; a repeat changes nothing. Raises `WordsOpen`."""
    with database.write():
        database.claim(activity.id)
        shown = on_stage(activity.id)
        event = activity.event
        if any(state_of(event, facts, now) == rules.OPEN for _, facts in shown):
            raise errors.WordsOpen
        for word, _ in shown:
            word.change(dismissed_at=now)
        if shown:
            audit.record(actor_id, "dismiss_keywords", f"activity:{activity.id}", now)


def _claimed(database: Database, activity: Activity, word_ids: Sequence[int]) -> list[Keyword]:
    """Return words in the order of their numbers, locked against changes and hits."""
    database.claim(activity.id)
    query = Keyword.select().where(Keyword.activity == activity, Keyword.id.in_(list(word_ids)))
    words = list(query.order_by(Keyword.number))
    if len(words) != len(set(word_ids)):
        raise errors.UnknownWord
    return words


def state_of(event: Event, facts: WordFacts, now: int) -> str:
    """Return the state of a word (`rules.state`); the end of the event ends words that are open.

    If the event is reopened, they are open again for the rest of their time.
    """
    found = rules.state(facts, event.pauses, now)
    is_over = lifecycle.state(event, now) in (lifecycle.CLOSED, lifecycle.ARCHIVED)
    return rules.OVER if is_over and found == rules.OPEN else found


def on_stage(activity_id: int) -> list[tuple[Keyword, WordFacts]]:
    """Return the words that were announced and not dismissed, in the order of their numbers."""
    return _with_facts(
        activity_id, Keyword.opened_at.is_null(False), Keyword.dismissed_at.is_null()
    )


def all_of(activity_id: int) -> list[tuple[Keyword, WordFacts]]:
    """Return all words of an activity, for hosts."""
    return _with_facts(activity_id)


def _with_facts(activity_id: int, *where: Any) -> list[tuple[Keyword, WordFacts]]:
    taken = (
        KeywordHit.select(KeywordHit.word, peewee.fn.COUNT(KeywordHit.id))
        .where(KeywordHit.activity == activity_id)
        .group_by(KeywordHit.word)
        .tuples()
    )
    counts = dict(taken)
    words = Keyword.select().where(Keyword.activity == activity_id, *where)
    return [(word, facts_of(word, counts.get(word.id, 0))) for word in words.order_by("number")]


def facts_of(word: Keyword, taken: int) -> WordFacts:
    """Return what the rules need of a word."""
    return WordFacts(word.opened_at, word.closed_at, word.seconds, word.places, word.decoy, taken)
