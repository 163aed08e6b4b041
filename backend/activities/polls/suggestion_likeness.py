"""Which suggestions are like a text that somebody is typing."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from backend.chinese import normalised

# The newest so many are searched, which takes some milliseconds.
SEARCHED = 2_000
FOUND = 5
# Of a hundred; below it people see no likeness.
LEAST_LIKE = 55
LEAST_CHARACTERS = 2


@dataclass(frozen=True)
class Candidate:
    """A suggestion that may be like the text; `plain` is its text, normalised."""

    suggestion_id: int
    plain: str


def alike(text: str, candidates: Sequence[Candidate]) -> list[tuple[int, int]]:
    """Return (suggestion, likeness of a hundred) of the most similar ones, the most similar first.

    Width, case, script, spaces and punctuation make no difference, nor what else stands around a
    shorter text; of equals the one that comes first in `candidates` wins.
    """
    typed = normalised(text)
    if len(typed) < LEAST_CHARACTERS:
        return []
    found = process.extract(
        typed,
        [candidate.plain for candidate in candidates],
        scorer=fuzz.WRatio,
        processor=None,
        score_cutoff=LEAST_LIKE,
        limit=FOUND,
    )
    return [(candidates[place].suggestion_id, round(score)) for _, score, place in found]
