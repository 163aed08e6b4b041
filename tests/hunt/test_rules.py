"""The rules of the hunt: verdicts, points, time, letters, the next question, treasures."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.activities.hunt import rules
from backend.activities.hunt.rules import Candidate
from backend.questions import marking

LIMIT_MS = 40_000

letters = st.sets(st.sampled_from(marking.LETTERS), min_size=1)
scorings = st.sampled_from(sorted(marking.SPEED_PERCENT))
difficulties = st.sampled_from(sorted(marking.BASE_POINTS))
moments = st.integers(0, 10 * LIMIT_MS)
streaks = st.integers(1, 40)
seeds = st.integers(0, 2**32)


def total(scoring: str, difficulty: int, used_ms: int, streak: int = 1) -> int:
    """Return all points of a right answer."""
    return sum(
        part.points for part in marking.points(scoring, difficulty, used_ms, LIMIT_MS, streak)
    )


@pytest.mark.parametrize(
    ("key", "choice", "right"),
    [
        ("B", "B", True),
        ("B", "A", False),
        ("ACD", "DCA", True),
        ("ACD", "AC", False),
        ("ACD", "ABCD", False),
        ("T", "T", True),
        ("T", "F", False),
        ("A", "", False),
    ],
)
def test_only_exactly_the_letters_of_the_key_are_right(key: str, choice: str, right: bool) -> None:
    assert marking.verdict(list(key), list(choice)) is right


@given(letters, letters, st.randoms())
def test_verdict_ignores_order_and_repeats(
    key: set[str], choice: set[str], rng: random.Random
) -> None:
    sent = [*choice, *choice]
    rng.shuffle(sent)
    assert marking.verdict(sorted(key), sent) is (key == choice)


@pytest.mark.parametrize(
    ("scoring", "difficulty", "used_ms", "streak", "parts"),
    [
        ("accuracy", 1, 0, 1, [("correct", 40)]),
        ("accuracy", 5, 39_999, 2, [("correct", 100)]),
        ("light_speed", 1, 0, 1, [("correct", 40), ("speed", 8)]),
        ("light_speed", 3, 20_000, 1, [("correct", 60), ("speed", 6)]),
        ("light_speed", 1, 39_999, 1, [("correct", 40)]),
        ("speed", 4, 0, 1, [("correct", 80), ("speed", 80)]),
        ("speed", 2, 10_000, 1, [("correct", 50), ("speed", 37)]),
        ("speed", 2, 40_000, 1, [("correct", 50)]),
        ("speed", 2, 500_000, 1, [("correct", 50)]),
        ("speed", 2, 20_000, 3, [("correct", 50), ("speed", 25), ("streak", 5)]),
    ],
)
def test_points_part_by_part(
    scoring: str, difficulty: int, used_ms: int, streak: int, parts: list[tuple[str, int]]
) -> None:
    found = marking.points(scoring, difficulty, used_ms, LIMIT_MS, streak)
    assert [(part.rule, part.points) for part in found] == parts


@pytest.mark.parametrize(
    ("streak", "points"), [(1, 0), (2, 0), (3, 5), (4, 10), (6, 20), (7, 25), (8, 25), (99, 25)]
)
def test_streak_counts_from_the_third_and_stops_growing(streak: int, points: int) -> None:
    assert total("accuracy", 1, 0, streak) - total("accuracy", 1, 0, 1) == points


@given(scorings, difficulties, moments, streaks)
def test_no_part_is_ever_nothing_or_less(
    scoring: str, difficulty: int, used_ms: int, streak: int
) -> None:
    parts = marking.points(scoring, difficulty, used_ms, LIMIT_MS, streak)
    assert all(part.points > 0 for part in parts)
    assert parts[0].points == marking.BASE_POINTS[difficulty]


@given(scorings, difficulties, moments, moments, streaks)
def test_faster_never_earns_less(
    scoring: str, difficulty: int, one_ms: int, other_ms: int, streak: int
) -> None:
    fast, slow = sorted((one_ms, other_ms))
    assert total(scoring, difficulty, fast, streak) >= total(scoring, difficulty, slow, streak)


@given(difficulties, moments, moments, streaks)
def test_accuracy_ignores_time(difficulty: int, one_ms: int, other_ms: int, streak: int) -> None:
    assert total("accuracy", difficulty, one_ms, streak) == total(
        "accuracy", difficulty, other_ms, streak
    )


@given(scorings, difficulties, moments)
def test_speed_adds_at_most_what_the_mode_says(scoring: str, difficulty: int, used_ms: int) -> None:
    base = marking.BASE_POINTS[difficulty]
    speed = total(scoring, difficulty, used_ms) - base
    assert 0 <= speed <= base * marking.SPEED_PERCENT[scoring] / 100


@given(scorings, moments, streaks)
def test_harder_questions_earn_more(scoring: str, used_ms: int, streak: int) -> None:
    earned = [total(scoring, difficulty, used_ms, streak) for difficulty in range(1, 6)]
    assert earned == sorted(set(earned))


@pytest.mark.parametrize(
    ("used_ms", "snoozed_ms", "counts_ms"),
    [
        (7_000, None, 7_000),
        (10_000, 10_000, 10_000),
        (15_000, 10_000, 10_000),
        (190_000, 10_000, 10_000),
        (195_000, 10_000, 15_000),
        (219_000, 10_000, 39_000),
    ],
)
def test_call_stops_the_time_that_counts_for_speed(
    used_ms: int, snoozed_ms: int | None, counts_ms: int
) -> None:
    assert rules.used_for_speed(used_ms, snoozed_ms, 180) == counts_ms


@given(st.integers(0, LIMIT_MS), moments, st.integers(0, 3600))
def test_snooze_neither_costs_nor_gives_time(
    snoozed_ms: int, later_ms: int, snooze_seconds: int
) -> None:
    used_ms = snoozed_ms + later_ms
    counts_ms = rules.used_for_speed(used_ms, snoozed_ms, snooze_seconds)
    assert snoozed_ms <= counts_ms <= used_ms
    assert used_ms - counts_ms <= snooze_seconds * 1000
    assert rules.used_for_speed(used_ms + 1, snoozed_ms, snooze_seconds) >= counts_ms


@given(st.sampled_from(["single", "multiple"]), st.integers(2, 6), seeds)
def test_options_are_a_permutation(kind: str, count: int, seed: int) -> None:
    order = rules.option_order(kind, count, random.Random(seed))
    assert sorted(order) == list(marking.LETTERS[:count])


def test_every_order_comes_up_about_as_often() -> None:
    rng = random.Random(7)
    orders = Counter(rules.option_order("single", 3, rng) for _ in range(6000))
    assert len(orders) == 6
    assert all(850 < count < 1150 for count in orders.values())


def test_true_or_false_is_never_shuffled() -> None:
    assert {rules.option_order("truefalse", 0, random.Random(n)) for n in range(50)} == {"TF"}


@given(st.integers(2, 6), seeds, st.data())
def test_letters_come_back_from_the_bank_as_they_were_shown(
    count: int, seed: int, data: st.DataObject
) -> None:
    order = rules.option_order("multiple", count, random.Random(seed))
    labels = st.sampled_from(marking.LETTERS[:count])
    shown = sorted(data.draw(st.sets(labels, min_size=1)))
    bank = rules.to_bank(order, shown)
    assert bank is not None
    assert len(bank) == len(shown)
    assert rules.to_shown(order, bank) == shown


@pytest.mark.parametrize(
    ("order", "shown", "bank"),
    [
        ("CADB", "A", ["C"]),
        ("CADB", "DB", ["A", "B"]),
        ("CADB", "AAA", ["C"]),
        ("CADB", "E", None),
        ("CADB", "AE", None),
        ("CADB", "T", None),
        ("TF", "T", ["T"]),
        ("TF", "TF", ["F", "T"]),
        ("TF", "A", None),
    ],
)
def test_shown_letters_are_the_players_own(order: str, shown: str, bank: list[str] | None) -> None:
    assert rules.to_bank(order, list(shown)) == bank


@pytest.mark.parametrize(
    ("kind", "count", "key", "fits"),
    [
        ("single", 4, ["D"], True),
        ("single", 4, ["E"], False),
        ("single", 4, ["A", "B"], False),
        ("single", 4, ["T"], False),
        ("single", 4, [], False),
        ("multiple", 4, ["A", "D"], True),
        ("multiple", 4, ["A", "F"], False),
        ("multiple", 4, ["A", "A"], False),
        ("truefalse", 0, ["F"], True),
        ("truefalse", 0, ["A"], False),
        ("truefalse", 0, ["T", "F"], False),
    ],
)
def test_key_fits_only_options_that_there_are(
    kind: str, count: int, key: list[str], fits: bool
) -> None:
    assert marking.key_fits(kind, count, key) is fits


candidates = st.lists(
    st.tuples(st.integers(1, 500), st.sampled_from("甲乙丙丁")),
    min_size=1,
    unique_by=lambda c: c[0],
)


def test_nothing_to_pick_from_is_no_question() -> None:
    assert rules.pick([], {}, random.Random(1)) is None


@given(candidates, st.dictionaries(st.sampled_from("甲乙丙丁"), st.just((9, 9))), seeds)
def test_no_question_repeats_before_all_came_once(
    questions: list[tuple[int, str]], results: dict[str, tuple[int, int]], seed: int
) -> None:
    rng = random.Random(seed)
    seen: Counter[int] = Counter()
    for _ in range(2 * len(questions)):
        open_ones = [Candidate(number, topic, seen[number]) for number, topic in questions]
        picked = rules.pick(open_ones, results, rng)
        assert picked is not None
        seen[picked] += 1
        assert max(seen.values()) - min(seen[number] for number, _ in questions) <= 1


@given(candidates, seeds, st.randoms())
def test_pick_does_not_depend_on_the_order_of_rows(
    questions: list[tuple[int, str]], seed: int, rng: random.Random
) -> None:
    rows = [Candidate(number, topic, 0) for number, topic in questions]
    mixed = rng.sample(rows, len(rows))
    assert rules.pick(rows, {}, random.Random(seed)) == rules.pick(mixed, {}, random.Random(seed))


def test_weak_topics_come_more_often() -> None:
    rows = [Candidate(number, "弱强新"[number % 3], 0) for number in range(30)]
    rng = random.Random(11)
    results = {"弱": (30, 30), "强": (30, 0)}
    picked = [rules.pick(rows, results, rng) for _ in range(6000)]
    came = Counter("弱强新"[number % 3] for number in picked if number is not None)
    assert 3.2 < came["弱"] / came["强"] < 4.6
    assert came["强"] * 1.8 < came["新"] < came["弱"] * 0.8


def test_topic_with_many_questions_comes_no_more_often() -> None:
    rows = [Candidate(number, "多" if number else "少", 0) for number in range(40)]
    rng = random.Random(3)
    rare = sum(rules.pick(rows, {}, rng) == 0 for _ in range(2000))
    assert 900 < rare < 1100


@given(st.integers(0, 1000), st.data())
def test_topic_weighs_from_one_to_four(answered: int, data: st.DataObject) -> None:
    wrong = data.draw(st.integers(0, answered))
    weight = rules.topic_weight(answered, wrong)
    assert 1 < weight < 4
    assert weight < rules.topic_weight(answered + 1, wrong + 1)
    assert weight > rules.topic_weight(answered + 1, wrong)


@given(st.floats(0, 1, exclude_max=True))
def test_treasure_of_certain_chance_is_found_and_of_none_never(roll: float) -> None:
    assert rules.finds(roll, 1)
    assert not rules.finds(roll, 0)


def test_treasure_is_found_as_often_as_its_chance_says() -> None:
    rng = random.Random(5)
    found = sum(rules.finds(rng.random(), 0.15) for _ in range(10_000))
    assert 1400 < found < 1600
