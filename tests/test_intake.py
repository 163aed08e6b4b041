"""Items that come at the same moment are read, judged and written in a fixed order in one
transaction."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import peewee
import pytest

from backend.db import Database
from backend.db import database as proxy
from backend.errors import Forbidden, LinkaError, Unavailable
from backend.intake import Intake, NewItem
from tests.support import at_once


class Claim(peewee.Model):
    """The person who has a place; places are unique. This table exists in tests alone."""

    place = peewee.TextField(primary_key=True)
    person = peewee.TextField()

    class Meta:
        database = proxy


@dataclass(frozen=True)
class Wish:
    """A person who wants a place."""

    place: str
    person: str


class Places(Intake[Wish, dict[str, str], Wish, str]):
    """Gives each place to the first person who wants it; `steps` lists the calls within
    transactions."""

    counted_as = "places"

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.steps: list[tuple[str, int]] = []
        self.overlooked: set[str] = set()

    def lock(self, items: Sequence[Wish]) -> None:
        self.steps.append(("lock", len(items)))

    def key(self, item: Wish) -> str:
        return item.person

    def read(self, items: Sequence[Wish]) -> dict[str, str]:
        self.steps.append(("read", len(items)))
        seen = {claim.place: claim.person for claim in Claim.select()}
        # As if the other transaction had not ended yet when this one read.
        return {place: seen[place] for place in seen.keys() - self._overlook()}

    def _overlook(self) -> set[str]:
        places, self.overlooked = self.overlooked, set()
        return places

    def judge(self, facts: dict[str, str], item: Wish) -> NewItem[Wish] | str:
        holder = facts.get(item.place)
        if holder is None:
            return NewItem(item)
        if holder != item.person:
            raise Forbidden
        return f"{holder} had it"

    def write(self, facts: dict[str, str], entries: Sequence[Wish]) -> list[str | None]:
        self.steps.append(("write", len(entries)))
        return [
            f"{one.person} got it"
            if Claim.insert(place=one.place, person=one.person)
            .on_conflict_ignore()
            .returning(Claim.place)
            .execute()
            else None
            for one in entries
        ]


def outcome(places: Places, wish: Wish) -> Any:
    """Return the result of a wish, or the class of its refusal."""
    try:
        return places.take(wish)
    except LinkaError as refusal:
        return type(refusal)


@pytest.fixture
def places(database: Database) -> Iterator[Places]:
    with database.write():
        Claim.create_table()
    yield Places(database)


def test_one_item_is_locked_read_and_written(places: Places) -> None:
    assert places.take(Wish("A", "林")) == "林 got it"
    assert places.steps == [("lock", 1), ("read", 1), ("write", 1)]


def test_repeat_has_the_first_result(places: Places) -> None:
    places.take(Wish("A", "林"))
    assert places.take(Wish("A", "林")) == "林 had it"
    with pytest.raises(Forbidden):
        places.take(Wish("A", "卡"))
    assert Claim.select().count() == 1


def test_of_many_at_once_one_gets_the_place(places: Places) -> None:
    wishes = [Wish("A", f"person {number}") for number in range(40)]
    outcomes = at_once([partial(outcome, places, wish) for wish in wishes])
    assert Counter(outcomes) == {f"{Claim.get().person} got it": 1, Forbidden: 39}


def test_items_of_one_key_see_what_those_before_them_wrote(places: Places) -> None:
    wish = Wish("A", "林")
    other = Wish("B", "卡")
    assert places._take_batch([wish, other, wish]) == ["林 got it", "卡 got it", "林 had it"]
    assert places.steps == [("lock", 3), ("read", 2), ("write", 2), ("read", 1), ("write", 0)]


def test_who_lost_the_race_is_judged_by_the_row_that_won(places: Places) -> None:
    places.take(Wish("A", "林"))
    places.overlooked = {"A"}
    assert places.take(Wish("A", "林")) == "林 had it"
    places.overlooked = {"A"}
    with pytest.raises(Forbidden):
        places.take(Wish("A", "卡"))


def test_lost_race_that_leaves_nothing_to_see_may_be_tried_again(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "write", lambda facts, entries: [None] * len(entries))
    with pytest.raises(Unavailable) as refused:
        places.take(Wish("A", "林"))
    assert refused.value.retry_after_seconds == 1


def test_refusal_keeps_nobody_else_from_being_taken(places: Places) -> None:
    places.take(Wish("A", "林"))
    outcomes = places._take_batch([Wish("A", "卡"), Wish("B", "卓")])
    assert isinstance(outcomes[0], Forbidden)
    assert outcomes[1] == "卓 got it"
