"""The local list of words that are not shown: finds them in all spellings, and masks them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backend.chinese import normalised
from backend.db import Database
from backend.errors import Sentence
from backend.identity import audit
from backend.moderation.models import BlockedWord
from backend.sheets import BadRows, RowError, read_sheet
from backend.sheets.errors import too_long
from backend.visible import longest_form

COLUMN = "词语"
MOST_CHARACTERS = 30
MASK = "***"
KEPT_MS = 10_000
_ROWS_AT_ONCE = 200


@dataclass(frozen=True)
class BlockedTerm:
    """A word of the list; `plain` is its normal form, which is searched for."""

    word: str
    plain: str


def read_list(
    data: bytes, on_note: Callable[[Sentence], None] = lambda note: None
) -> list[BlockedTerm]:
    """Read a list from an .xlsx or CSV file; raises `BadSheet`, or `BadRows` naming every error.

    `on_note` is called with notes about parts of the file that were not read.
    """
    found: dict[str, BlockedTerm] = {}
    sheet = read_sheet(data, [COLUMN])
    for note in sheet.notes:
        on_note(note)
    errors = list(sheet.errors)
    for row in sheet.rows:
        word = row[COLUMN]
        plain = normalised(word)
        if not plain:
            errors.append(RowError(row.number, COLUMN, Sentence("没有文字", "has no letters")))
        elif len(longest_form(word)) > MOST_CHARACTERS:
            errors.append(RowError(row.number, COLUMN, too_long(MOST_CHARACTERS)))
        else:
            found.setdefault(plain, BlockedTerm(word, plain))
    if errors:
        raise BadRows(errors)
    return list(found.values())


def replace_list(
    words: Sequence[BlockedTerm], *, database: Database, now: int, actor_id: int | None = None
) -> int:
    """Replace the list by these words, in one transaction; returns how many are new."""
    with database.write():
        known = {plain for (plain,) in BlockedWord.select(BlockedWord.plain).tuples()}
        wanted = {word.plain: word.word for word in words}
        gone, new = sorted(known - wanted.keys()), sorted(wanted.keys() - known)
        for at in range(0, len(gone), _ROWS_AT_ONCE):
            chunk = gone[at : at + _ROWS_AT_ONCE]
            BlockedWord.delete().where(BlockedWord.plain.in_(chunk)).execute()
        for at in range(0, len(new), _ROWS_AT_ONCE):
            rows = [{"word": wanted[plain], "plain": plain} for plain in new[at:][:_ROWS_AT_ONCE]]
            BlockedWord.insert_many(rows).on_conflict_ignore().execute()
        if gone or new:
            audit.record(actor_id, "blocked_words", "words", now, added=len(new), removed=len(gone))
    return len(new)


class BlockedWords:
    """A cache of the list, at most ten seconds old. Build one per process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: tuple[str, ...] = ()
        self._read_at: int | None = None

    def holds_one_of(self, text: str, now: int) -> bool:
        """Return whether a text contains a word of the list."""
        plain = normalised(text)
        return any(word in plain for word in self._words(now))

    def masked(self, text: str, now: int) -> str:
        """Return a text with each word of the list replaced by `***`."""
        return masked(text, self._words(now))

    def _words(self, now: int) -> tuple[str, ...]:
        if self._read_at is None or abs(now - self._read_at) >= KEPT_MS:
            rows = self._database.rows(
                BlockedWord.select(BlockedWord.plain).order_by(BlockedWord.plain)
            )
            self._known = tuple(plain for (plain,) in rows)
            self._read_at = now
        return self._known


def masked(text: str, words: Sequence[str]) -> str:
    """Return a text with each of these words (normalised) replaced by `***`."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in normalised(character):
            letters.append(letter)
            places.append(place)
    hidden = _hidden("".join(letters), places, words)
    if not hidden:
        # Combining marks after a letter could hide a word from a search in letters.
        plain = normalised(text)
        return MASK if any(word in plain for word in words) else text
    return _with_masks(text, hidden)


def _hidden(plain: str, places: Sequence[int], words: Sequence[str]) -> set[int]:
    """Return the positions of a text that belong to words of the list."""
    found: set[int] = set()
    for word in words:
        at = plain.find(word)
        while at >= 0:
            found.update(range(places[at], places[at + len(word) - 1] + 1))
            at = plain.find(word, at + 1)
    return found


def _with_masks(text: str, hidden: set[int]) -> str:
    shown = []
    for place, character in enumerate(text):
        if place not in hidden:
            shown.append(character)
        elif place - 1 not in hidden:
            shown.append(MASK)
    return "".join(shown)
