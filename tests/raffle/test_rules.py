"""Who is drawn follows from seed, commitment, word and the size of the pool, and is fair."""

import copy
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.activities.raffle import rules
from backend.activities.raffle.rules import Entry, NotVerified, Terms

SEED, COMMITTED = "ab" * 32, "cd" * 32
# The 99.9 % point of chi-square with 29 degrees of freedom.
CHI_SQUARE_29 = 58.3


def picked(seed: str, size: int, count: int, word: str = "") -> list[int]:
    """Return the first numbers that are picked."""
    return list(islice(rules.order(seed, COMMITTED, word, size), count))


def document(won: int = 2, absent: int = 1) -> dict[str, Any]:
    """Return the file of a fair draw."""
    pool = [Entry(n, rules.tag_of("00", f"staff:{n}"), f"王*{n}") for n in range(1, 11)]
    terms = Terms(7, 3, "一等奖", 2)
    committed = rules.commitment(terms, rules.pool_digest(pool), SEED)
    numbers = islice(rules.order(SEED, committed, "扎西德勒", 10), won + absent)
    return {
        "format": rules.FORMAT,
        "activity": 7,
        "draw": 3,
        "prize": "一等奖",
        "count": 2,
        "commitment": committed,
        "seed": SEED,
        "word": "扎西德勒",
        "pool": [vars(entry) for entry in pool],
        "picks": [
            {"turn": turn, "number": number, "status": "absent" if turn <= absent else "won"}
            for turn, number in enumerate(numbers, 1)
        ],
    }


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
    facts = ["linka-raffle-1", 7, 3, "一等奖", 2, digest, SEED]
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


def test_fair_draw_is_verified() -> None:
    found = rules.verify(document())
    assert (found.people, found.won, found.absent) == (10, 2, 1)


def _swap_picks(found: dict[str, Any]) -> None:
    found["picks"][0]["number"], found["picks"][1]["number"] = (
        found["picks"][1]["number"],
        found["picks"][0]["number"],
    )


def _swap_people(found: dict[str, Any]) -> None:
    first, second = found["pool"][:2]
    first["tag"], second["tag"] = second["tag"], first["tag"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_swap_picks, "中奖顺序"),
        (_swap_people, "承诺"),
        (lambda found: found["picks"][2].update(number=99), "中奖顺序"),
        (lambda found: found.update(seed="ac" * 32), "承诺"),
        (lambda found: found.update(word="别的词"), "中奖顺序"),
        (lambda found: found.update(word=None), "中奖顺序"),
        (lambda found: found.update(prize="特等奖"), "承诺"),
        (lambda found: found.update(count=3), "承诺"),
        (lambda found: found.update(draw=4), "承诺"),
        (lambda found: found["pool"].pop(), "承诺"),
        (lambda found: found["pool"].append(dict(found["pool"][0])), "编号"),
        (lambda found: found["pool"][1].update(tag=found["pool"][0]["tag"]), "重复"),
        (lambda found: found["picks"][0].update(status="won"), "多"),
        (lambda found: found["picks"][0].update(status="fixed"), "多"),
        (lambda found: found["picks"].pop(0), "中奖顺序"),
        (lambda found: found.update(seed=None), "种子"),
        (lambda found: found.pop("seed"), "不完整"),
        (lambda found: found.update(seed="zz"), "承诺"),
        (lambda found: found.update(pool=None), "不完整"),
        (lambda found: found.update(format="other"), "不完整"),
    ],
)
def test_whatever_was_changed_is_noticed(
    change: Callable[[dict[str, Any]], object], why: str
) -> None:
    found = copy.deepcopy(document())
    change(found)
    with pytest.raises(NotVerified, match=why):
        rules.verify(found)


@pytest.mark.parametrize("other", [None, [], "x", 7, {}, {"format": rules.FORMAT}])
def test_file_of_something_else_is_refused(other: Any) -> None:
    with pytest.raises(NotVerified, match="不完整"):
        rules.verify(other)
