"""Which cards a text is about, by titles and synonyms. Pure.

Terms are compared by their characters and by their sound; what is only similar counts less.
"""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from backend.lookup.asking import LEAST_SOUND, Phrase, phrase

# Degrees of similarity, out of 100: a card with `FOUND` or more is an answer, with `SIMILAR` or
# more a suggestion.
SAME, CONTAINED, SAME_SOUND, FOUND, SIMILAR = 100, 95, 90, 75, 60
SHORTEST = 2


def terms_of(words: Iterable[str]) -> list[list[str]]:
    """Return title and synonyms as they are stored and compared: [[characters, sound], …]."""
    phrases = [phrase(word) for word in words]
    return [[one.text, one.sound] for one in phrases if one.text]


def likeness(asked: Phrase, terms: Sequence[Sequence[str]]) -> list[int]:
    """Return for each term how similar a text is to it, out of 100."""
    scores = [_likeness(asked, *term) for term in terms]
    texts, sounds = [term[0] for term in terms], [term[1] for term in terms]
    if len(asked.text) < SHORTEST:
        return scores
    for _, score, place in process.extract(
        asked.text, texts, scorer=fuzz.WRatio, processor=None, score_cutoff=SIMILAR, limit=None
    ):
        # Terms that only share characters are never surer than terms with the same sound.
        scores[place] = max(scores[place], min(round(score), SAME_SOUND - 1))
    if len(asked.sound) > LEAST_SOUND:
        for _, score, place in process.extract(
            asked.sound, sounds, scorer=fuzz.ratio, processor=None, score_cutoff=FOUND, limit=None
        ):
            scores[place] = max(scores[place], min(round(score), SAME_SOUND - 1))
    return scores


def _likeness(asked: Phrase, text: str, sound: str) -> int:
    if asked.text == text:
        return SAME
    shorter = min(asked.text, text, key=len)
    if len(shorter) >= SHORTEST and (text in asked.text or asked.text in text):
        return CONTAINED
    if len(sound) >= LEAST_SOUND and sound in asked.sound:
        return SAME_SOUND
    if len(asked.sound) >= LEAST_SOUND and asked.sound in sound:
        return SAME_SOUND
    return 0
