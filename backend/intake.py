"""Takes what many people send at the same moment: answers, replies, ballots, logins.

Each feature says in an `Intake` how it reads, judges and writes its own items; the order of these
steps is the same for all of them and stands in `Intake._take_batch`. What concurrent requests send is
taken in one transaction, with as many statements as one item would need.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import peewee

from backend import metrics
from backend.db import Database
from backend.errors import LinkaError, Unavailable
from backend.gathering import Gathering, rounds

Item = TypeVar("Item")
Facts = TypeVar("Facts")
Entry = TypeVar("Entry")
Result = TypeVar("Result")


@dataclass(frozen=True)
class NewItem(Generic[Entry]):
    """What `judge` returns for an item that is to be written."""

    entry: Entry


def _may_be_one_item(error: Exception) -> bool:
    return not isinstance(error, (peewee.OperationalError, peewee.InterfaceError))


class Intake(Generic[Item, Facts, Entry, Result]):
    """Takes items of one feature, each exactly once. Build one per process.

    A subclass defines how, by its methods `lock`, `key`, `read`, `judge` and `write`. They run in
    the open transaction and know nothing of requests. An item is an immutable object that holds
    everything that was sent, and the moment at which it arrived. `counted_as` is the label of the
    items in `/metrics`.
    """

    counted_as: str

    def __init__(self, database: Database) -> None:
        self.database = database
        self._acknowledged = metrics.ACKNOWLEDGED.labels(self.counted_as)
        self._gathering: Gathering[Item, Result] = Gathering(
            self._take_batch,
            opened=database.write,
            tries_alone=_may_be_one_item,
            finish=self._show_and_count,
        )

    # --- what a subclass says

    def lock(self, items: Sequence[Item]) -> None:
        """Take the locks that these items need until the transaction ends; none by default."""

    def key(self, item: Item) -> Hashable:
        """Return the key of an item. Items of one key are read, judged and written one after the
        other, so that each finds in `read` what the one before has written. All differ by default.
        """
        return id(item)

    def read(self, items: Sequence[Item]) -> Facts:
        """Return what decides about these items."""
        raise NotImplementedError

    def judge(self, facts: Facts, item: Item) -> NewItem[Entry] | Result:
        """Return what is to be written for an item, or the result of an earlier one that it repeats.

        Raises the `LinkaError` by which the item is refused.
        """
        raise NotImplementedError

    def write(self, facts: Facts, entries: Sequence[Entry]) -> Sequence[Result | None]:
        """Write entries and all that follows from them; return the result of each.

        None means that a unique index refused the entry: another transaction was first.
        """
        raise NotImplementedError

    def show(self, results: Sequence[Result]) -> Sequence[Result]:
        """Show results that are committed; returns what the callers get. Nothing by default.

        It runs outside the transaction. The next transaction may begin meanwhile.
        """
        return results

    # --- the same for all

    def take(self, item: Item) -> Result:
        """Return the result of an item after it was committed and shown; raises its refusal.

        After an error in a transaction of several items, each of them is tried in a transaction of
        its own. If the database is away this is not done, because every try would wait for the
        timeout.
        """
        # The transaction needs a connection: a request that waits for it must not hold one.
        self.database.release()
        return self._gathering.do(item)

    def _show_and_count(self, results: Sequence[Result]) -> Sequence[Result]:
        shown = self.show(results)
        self._acknowledged.inc(len(shown))
        return shown

    def _take_batch(self, items: Sequence[Item]) -> list[Result | Exception]:
        """Take items in the open transaction."""
        self.lock(items)
        outcomes: dict[int, Result | Exception] = {}
        for places in rounds(items, self.key):
            taken = self._take_round([items[place] for place in places])
            outcomes.update(zip(places, taken, strict=True))
        return [outcomes[place] for place in range(len(items))]

    def _take_round(self, items: Sequence[Item]) -> list[Result | Exception]:
        """Read, judge and write items whose keys differ."""
        facts = self.read(items)
        judged = [self._judged(facts, item) for item in items]
        entries = [one.entry for one in judged if isinstance(one, NewItem)]
        written = iter(self.write(facts, entries))
        return [
            self._written(item, next(written)) if isinstance(one, NewItem) else one
            for item, one in zip(items, judged, strict=True)
        ]

    def _judged(self, facts: Facts, item: Item) -> NewItem[Entry] | Result | Exception:
        try:
            return self.judge(facts, item)
        except LinkaError as refusal:
            return refusal

    def _written(self, item: Item, result: Result | None) -> Result | Exception:
        """Return the result of an item that was to be written.

        If another transaction was first, the item is judged again, by what that one has written.
        """
        if result is not None:
            return result
        again = self._judged(self.read([item]), item)
        # The first row is not the item's own, and still leaves room for it: sent again, it is taken.
        return Unavailable(retry_after_seconds=1) if isinstance(again, NewItem) else again
