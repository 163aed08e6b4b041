"""Which suggestions are like a text that somebody is typing."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest

from rapidfuzz import fuzz, process

from backend.chinese import normalised

# The newest so many are searched; those that share most of their characters are looked at closely,
# which takes some ten milliseconds however long the texts are.
SEARCHED = 2_000
LOOKED_AT = 60
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
    near = _sharing_most(typed, candidates)
    found = process.extract(
        typed,
        [candidate.plain for candidate in near],
        scorer=fuzz.WRatio,
        processor=None,
        score_cutoff=LEAST_LIKE,
        limit=FOUND,
    )
    return [(near[place].suggestion_id, round(score)) for _, score, place in found]


def _sharing_most(typed: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return those that share most of their characters with a text; of equals the first ones."""
    wanted = set(typed)

    def shared(candidate: Candidate) -> float:
        letters = set(candidate.plain)
        return len(wanted & letters) / min(len(wanted), len(letters)) if letters else 0

    return nlargest(LOOKED_AT, candidates, key=shared)
