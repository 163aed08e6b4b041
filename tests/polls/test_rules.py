"""How ballots are counted, the places of options, and the order in which players see them."""

from collections import Counter
from typing import Any

import marshmallow as ma
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.activities.polls import rules
from backend.activities.polls.drafts import EntrySchema
from backend.activities.polls.rules import Choice, PollOutcome

A, B, C, D = 1, 2, 3, 4


def ranked(*piles: tuple[int, Choice], options: tuple[int, ...] = (A, B, C, D)) -> PollOutcome:
    """Count rankings, each given with how many ballots it has."""
    return rules.outcome(rules.RANKED, options, {choice: count for count, choice in piles})


@pytest.mark.parametrize(
    ("method", "most", "choice", "kept"),
    [
        ("single", 1, [B], (B,)),
        ("single", 1, [], None),
        ("multiple", 2, [C, A], (A, C)),
        ("multiple", 2, [A, B, C], None),
        ("multiple", 3, [A, A], None),
        ("multiple", 3, [A, 9], None),
        ("ranked", 3, [C, A], (C, A)),
        ("ranked", 3, [C, A, C], None),
    ],
)
def test_choice_is_kept_in_its_normal_form(
    method: str, most: int, choice: list[int], kept: Choice | None
) -> None:
    assert rules.normal_choice(method, most, choice, {A, B, C}) == kept


def test_places_are_shared_by_equals() -> None:
    found = rules.outcome(rules.MULTIPLE, [A, B, C, D], {(A, B): 3, (C,): 1, (A,): 0})
    assert found.votes == {A: 3, B: 3, C: 1, D: 0}
    assert found.places == {A: 1, B: 1, C: 3, D: 4}


@pytest.mark.parametrize(
    ("votes", "places", "winners", "tied"),
    [
        ([5, 3, 3], 1, [A], []),
        ([5, 5, 3], 1, [], [A, B]),
        ([5, 5, 3], 2, [A, B], []),
        ([5, 3, 3], 2, [A], [B, C]),
        ([5, 3, 3], 3, [A, B, C], []),
        ([5, 0, 0], 2, [A], []),
        ([0, 0, 0], 1, [], []),
        ([2, 2, 2], 2, [], [A, B, C]),
    ],
)
def test_tie_for_the_last_place_is_declared(
    votes: list[int], places: int, winners: list[int], tied: list[int]
) -> None:
    options = [A, B, C]
    piles: dict[Choice, int] = {(one,): count for one, count in zip(options, votes, strict=True)}
    found = rules.outcome(rules.SINGLE, options, piles)
    assert (rules.winners(found, places), rules.tied(found, places)) == (winners, tied)


def test_whoever_shares_the_last_place_of_a_heat_goes_on() -> None:
    found = rules.outcome(rules.SINGLE, [A, B, C, D], {(B,): 4, (A,): 2, (C,): 2})
    assert rules.qualified(found, 2) == [B, A, C]
    assert rules.qualified(found, 4) == [B, A, C]


def test_ballots_of_the_last_go_to_their_next_choice() -> None:
    found = ranked((4, (A,)), (3, (B,)), (2, (C, B)))
    assert found.places == {A: 2, B: 1, C: 3, D: 4}
    assert found.votes[B] == 5
    assert [one.out for one in found.rounds] == [[D], [C], [A], []]


def test_ballot_without_a_further_choice_is_used_up() -> None:
    found = ranked((3, (A,)), (2, (B,)), (1, (C,)), options=(A, B, C))
    assert [one.exhausted for one in found.rounds] == [0, 1, 3]


def test_of_the_weakest_who_had_fewer_before_goes_out() -> None:
    # D goes out first; then B and C have 3 each, and C had fewer before.
    found = ranked((5, (A,)), (3, (B,)), (2, (C,)), (1, (D, C)))
    assert [one.out for one in found.rounds[:2]] == [[D], [C]]


def test_weakest_who_were_always_equal_go_out_together() -> None:
    found = ranked((5, (A,)), (2, (B, A)), (2, (C, A)))
    assert [one.out for one in found.rounds] == [[D], [B, C], []]
    assert found.places == {A: 1, B: 2, C: 2, D: 4}


def test_last_who_are_equal_share_the_first_place() -> None:
    found = ranked((3, (A,)), (3, (B,)), (1, (C,)))
    assert found.places == {A: 1, B: 1, C: 3, D: 4}
    assert rules.tied(found, 1) == [A, B]


RANKINGS = st.lists(
    st.lists(st.sampled_from([A, B, C, D]), min_size=1, max_size=4, unique=True).map(tuple),
    max_size=12,
)


@settings(max_examples=60)
@given(RANKINGS, st.permutations([A, B, C, D]))
def test_ranked_count_knows_no_favourites(rankings: list[Choice], names: list[int]) -> None:
    other = dict(zip([A, B, C, D], names, strict=True))
    renamed = [tuple(other[option] for option in ranking) for ranking in rankings]
    before = rules.outcome(rules.RANKED, [A, B, C, D], Counter(rankings))
    after = rules.outcome(rules.RANKED, sorted(names), Counter(reversed(renamed)))
    assert {other[option]: place for option, place in before.places.items()} == after.places


@settings(max_examples=60)
@given(RANKINGS)
def test_ranked_count_loses_no_ballot_and_ends(rankings: list[Choice]) -> None:
    found = rules.outcome(rules.RANKED, [A, B, C, D], Counter(rankings))
    for one in found.rounds:
        assert sum(one.votes.values()) + one.exhausted == len(rankings)
    left = [set(one.votes) for one in found.rounds]
    assert all(later < earlier for earlier, later in zip(left, left[1:], strict=False))
    assert found.places.keys() == {A, B, C, D}
    assert min(found.places.values()) == 1


@settings(max_examples=60)
@given(RANKINGS)
def test_first_choice_of_most_ballots_wins(rankings: list[Choice]) -> None:
    firsts = Counter(ranking[0] for ranking in rankings)
    found = rules.outcome(rules.RANKED, [A, B, C, D], Counter(rankings))
    for option, count in firsts.items():
        if 2 * count > len(rankings):
            assert rules.winners(found, 1) == [option]


def test_rotating_order_puts_each_first_equally_often() -> None:
    options = [A, B, C, D]
    orders = [rules.ordered("rotating", options, 7, player) for player in range(100, 140)]
    for place in range(4):
        assert set(Counter(order[place] for order in orders).values()) == {10}


def test_random_order_is_a_players_own_and_stays() -> None:
    options = list(range(10))
    orders = [rules.ordered("random", options, 7, player) for player in range(50)]
    assert orders == [rules.ordered("random", options, 7, player) for player in range(50)]
    assert len({tuple(order) for order in orders}) == 50
    assert all(sorted(order) == options for order in orders)


@pytest.mark.parametrize(
    ("search", "found"),
    [("7", True), ("０７", True), ("8", False), ("格桑", True), ("夜班 ", True), ("早班", False)],
)
def test_entry_is_found_by_number_and_words(search: str, found: bool) -> None:
    texts: Any = ("格桑花开", "夜班第一组")
    assert rules.matches(search, 7, *texts) is found


@pytest.mark.parametrize("end", ["\x00", "\ud800", "\x7f", "a b", "x" * 500])
def test_address_that_cannot_be_kept_is_refused(end: str) -> None:
    good = {"title": "合唱", "video_url": "https://v.example.cn/合唱.mp4?a=1"}
    assert EntrySchema().load(good)["video_url"] == good["video_url"]
    with pytest.raises(ma.ValidationError):
        EntrySchema().load({**good, "video_url": f"https://v.example.cn/{end}"})
