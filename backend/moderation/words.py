"""The local list: words that are not shown, matched however they are typed, and masked."""

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
    """A word of the list; `plain` is what is looked for."""

    word: str
    plain: str


def read_list(
    data: bytes, on_note: Callable[[Sentence], None] = lambda note: None
) -> list[BlockedTerm]:
    """Read a list from an .xlsx or CSV file; raises `BadSheet`, or `BadRows` naming every error.

    `on_note` is told what of the file was not read.
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
    """Make the list hold just these words, in one transaction; returns how many were not there."""
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
    """The list as a process knows it: ten seconds old at most. Build one per process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: tuple[str, ...] = ()
        self._read_at: int | None = None

    def holds_one_of(self, text: str, now: int) -> bool:
        """Say whether a text has a word of the list in it."""
        plain = normalised(text)
        return any(word in plain for word in self._words(now))

    def masked(self, text: str, now: int) -> str:
        """Return a text as others see it: each word of the list is `***`."""
        return masked(text, self._words(now))

    def _words(self, now: int) -> tuple[str, ...]:
        if self._read_at is None or abs(now - self._read_at) >= KEPT_MS:
            rows = self._database.read("SELECT plain FROM blocked_word ORDER BY plain")
            self._known = tuple(plain for (plain,) in rows)
            self._read_at = now
        return self._known


def masked(text: str, words: Sequence[str]) -> str:
    """Return a text in which each of these words (normalised) is `***`."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in normalised(character):
            letters.append(letter)
            places.append(place)
    hidden = _hidden("".join(letters), places, words)
    if not hidden:
        # Marks that belong to the letter before them may hide a word from the letters alone.
        plain = normalised(text)
        return MASK if any(word in plain for word in words) else text
    return _with_masks(text, hidden)


def _hidden(plain: str, places: Sequence[int], words: Sequence[str]) -> set[int]:
    """Return the places of a text that its words of the list cover."""
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
