"""Who is drawn follows from seed, commitment, word and the size of the pool, and is fair."""

import hashlib
import hmac
import json
from collections import Counter
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from backend.activities.raffle import rules
from backend.activities.raffle.kind import Raffle
from tests.raffle.records import SEED, document

COMMITTED = "cd" * 32
# The 99.9 % point of chi-square with 29 degrees of freedom.
CHI_SQUARE_29 = 58.3


def picked(seed: str, size: int, count: int, word: str = "") -> list[int]:
    """Return the first numbers that are picked."""
    return list(islice(rules.order(seed, COMMITTED, word, size), count))


def test_ten_thousand_draws_are_uniform_over_people_at_every_turn() -> None:
    size, turns = 30, 3
    counts: list[Counter[int]] = [Counter() for _ in range(turns)]
    for number in range(10_000):
        seed = hashlib.sha256(str(number).encode()).hexdigest()
        for turn, one in enumerate(picked(seed, size, turns)):
            counts[turn][one] += 1
    expected = 10_000 / size
    for turn in counts:
        chi = sum((turn[one] - expected) ** 2 / expected for one in range(1, size + 1))
        assert chi < CHI_SQUARE_29


def test_pairs_of_a_small_pool_are_uniform() -> None:
    pairs = Counter(
        tuple(picked(hashlib.sha256(str(number).encode()).hexdigest(), 6, 2))
        for number in range(6_000)
    )
    assert len(pairs) == 30
    assert sum((count - 200) ** 2 / 200 for count in pairs.values()) < CHI_SQUARE_29


@given(size=st.integers(1, 60), seed=st.binary(min_size=32, max_size=32), word=st.text(max_size=9))
def test_everybody_is_picked_once(size: int, seed: bytes, word: str) -> None:
    found = picked(seed.hex(), size, size, word)
    assert sorted(found) == list(range(1, size + 1))


def test_further_picks_never_change_the_first_ones() -> None:
    assert picked(SEED, 50, 3) == picked(SEED, 50, 50)[:3]


def test_seed_commitment_and_word_all_matter() -> None:
    usual = picked(SEED, 1000, 5)
    assert picked(SEED, 1000, 5, "扎西德勒") != usual
    assert picked("ac" * 32, 1000, 5) != usual
    assert list(islice(rules.order(SEED, "ce" * 32, "", 1000), 5)) != usual


def test_anybody_can_compute_it_by_the_description() -> None:
    """Written from the text at the head of `rules` alone, without its functions."""
    found = document()
    packed = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()  # noqa: E731
    rows = [[row["number"], row["tag"], row["name"]] for row in found["pool"]]
    digest = hashlib.sha256(packed(rows)).hexdigest()
    facts = ["linka-raffle-2", 7, 3, "一等奖", 2, 60, digest, SEED]
    assert hashlib.sha256(packed(facts)).hexdigest() == found["commitment"]
    key = hmac.new(
        bytes.fromhex(SEED), packed([found["commitment"], "扎西德勒"]), hashlib.sha256
    ).digest()
    stream = b"".join(
        hmac.new(key, counter.to_bytes(8, "big"), hashlib.sha256).digest() for counter in range(3)
    )
    left = list(range(1, 11))
    order = []
    for place in range(3):
        # None of the first numbers is so large that it is passed over.
        number = int.from_bytes(stream[8 * place : 8 * place + 8], "big")
        other = place + number % (10 - place)
        left[place], left[other] = left[other], left[place]
        order.append(left[place])
    assert order == [pick["number"] for pick in found["picks"]]


def test_numbers_that_would_be_unfair_are_passed_over() -> None:
    bound = 3
    largest = 2**64 - 2**64 % bound
    assert rules._below(bound, iter([largest, 2**64 - 1, 5])) == 2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("王明", "王*"),
        ("王小明", "王*明"),
        ("次仁旺堆", "次**堆"),
        ("次仁旺堆次仁旺堆", "次**堆"),
        ("王", "王*"),
        ("", "*"),
        ("Konchok Tsering", "K**g"),
    ],
)
def test_masked_name(name: str, expected: str) -> None:
    assert rules.masked(name) == expected


def test_tag_tells_nobody_who_it_is_without_the_salt() -> None:
    assert rules.tag_of("00" * 16, "staff:1") != rules.tag_of("01" * 16, "staff:1")
    assert len({rules.tag_of("00" * 16, f"staff:{n}") for n in range(2000)}) == 2000


@pytest.mark.parametrize(
    ("won", "absent", "many"),
    [(1, 0, False), (1, 1, False), (1, 2, True), (8, 2, False), (7, 2, True), (50, 9, False)],
)
def test_many_no_shows_are_two_and_more_than_a_fifth(won: int, absent: int, many: bool) -> None:
    assert rules.are_many(won, absent) is many


@pytest.mark.parametrize("seconds", [29, 601, "60"])
def test_waiting_time_has_bounds(seconds: object) -> None:
    with pytest.raises(ValidationError):
        Raffle().check({"waiting_seconds": seconds})
