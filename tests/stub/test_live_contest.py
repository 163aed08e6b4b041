"""The stub's recount of 现场竞赛: streaks, and answers that were never acknowledged."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from miniprogram_stub.live.contest import ContestPhone
from miniprogram_stub.live.journal import LiveJournal

GAME = {"scoring": "accuracy", "streak": True}
RIGHT, WRONG = ["A"], ["B"]
NAME = "anne"
SOURCES = [f"contest:{number}:7" for number in range(1, 6)]


@pytest.fixture
def journal() -> LiveJournal:
    """Return an empty journal."""
    return LiveJournal()


def counted(
    journal: LiveJournal, *, streak: bool = True, unseen: int | None = None
) -> dict[str, int]:
    """Count five rounds of the easiest questions; returns what must be in the ledger. `unseen` is a
    round that no phone saw revealed."""
    rounds = {
        number: {
            "position": number,
            "key": RIGHT,
            "seconds": 20,
            "question": {"difficulty": 1},
            "game": {**GAME, "streak": streak},
        }
        for number in range(1, 6)
        if number != unseen
    }
    unused = cast(Any, None)
    program = cast(Any, SimpleNamespace(phone=SimpleNamespace(user=NAME)))
    phone = ContestPhone(unused, program, journal, unused, unused, unused)
    phone.seat = cast(Any, SimpleNamespace(player_id=7))
    phone.answered.update([unseen] if unseen else [])
    phone.count_points(rounds)
    return journal.due(NAME)


def answer(journal: LiveJournal, *choices: list[str] | None) -> None:
    """Let the server acknowledge answers; None is one that was sent and never heard of."""
    for source, choice in zip(SOURCES, choices, strict=False):
        journal.sent(NAME, source)
        if choice is not None:
            journal.acknowledged(NAME, source, {"choice": choice, "used_ms": 1000, "counted": True})


def test_streak_counts_from_the_third_right_answer(journal: LiveJournal) -> None:
    answer(journal, RIGHT, RIGHT, RIGHT, WRONG, RIGHT)
    assert list(counted(journal).values()) == [40, 40, 45, 0, 40]


def test_question_without_an_answer_ends_a_streak(journal: LiveJournal) -> None:
    answer(journal, RIGHT, RIGHT)
    journal.acknowledged(NAME, SOURCES[3], {"choice": RIGHT, "used_ms": 1000, "counted": True})
    assert list(counted(journal).values()) == [40, 40, 40]


def test_nobody_can_tell_the_streak_after_an_answer_that_was_not_heard_of(
    journal: LiveJournal,
) -> None:
    answer(journal, None, RIGHT, RIGHT, WRONG, RIGHT)
    assert counted(journal) == {SOURCES[3]: 0, SOURCES[4]: 40}
    assert journal.doubtful(NAME) == set(SOURCES[:3])


def test_without_streaks_every_answer_can_be_told(journal: LiveJournal) -> None:
    answer(journal, None, RIGHT, RIGHT, WRONG, RIGHT)
    assert list(counted(journal, streak=False).values()) == [40, 40, 0, 40]


def test_round_that_nobody_saw_revealed_may_have_earned_anything(journal: LiveJournal) -> None:
    answer(journal, RIGHT, RIGHT, RIGHT, WRONG, RIGHT)
    assert counted(journal, unseen=2) == {SOURCES[0]: 40, SOURCES[3]: 0, SOURCES[4]: 40}
    assert journal.doubtful(NAME) == {SOURCES[1], SOURCES[2]}
