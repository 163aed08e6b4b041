"""Players answer as well, as fast and with such habits as their profile says."""

from random import Random

import pytest

from miniprogram_stub.pace import FAST, human
from miniprogram_stub.players import PLAYER_PROFILES, PlayerProfile, StubPlayer, draw_player

SINGLE = {"kind": "single", "options": [{"key": key, "text": key} for key in "ABCD"]}
MULTIPLE = {"kind": "multiple", "options": [{"key": key, "text": key} for key in "ABCDE"]}
TRUE_FALSE = {"kind": "truefalse", "options": [{"key": key, "text": key} for key in "TF"]}
RIGHT = {"single": ["C"], "multiple": ["A", "B", "D"], "truefalse": ["T"]}
QUESTIONS = [SINGLE, MULTIPLE, TRUE_FALSE]
SITES = [{"key": f"site-{number}"} for number in range(12)]


def player(seed: int = 1, **traits: object) -> StubPlayer:
    return StubPlayer(PlayerProfile("有人", **{"skill": 0.5, "speed": 0.5} | traits), Random(seed))


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("skill", [0.0, 0.3, 0.9, 1.0])
def test_skill_is_how_often_the_answer_is_right(question, skill):
    someone, right = player(skill=skill), RIGHT[question["kind"]]
    answers = [someone.choice(question, right) for _ in range(2000)]
    assert sum(answer == right for answer in answers) / 2000 == pytest.approx(skill, abs=0.04)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("skill", [0.0, 1.0])
@pytest.mark.parametrize("knows", [True, False])
def test_every_choice_is_one_that_a_phone_can_send(question, skill, knows):
    someone = player(skill=skill)
    keys = {option["key"] for option in question["options"]}
    for _ in range(300):
        choice = someone.choice(question, RIGHT[question["kind"]] if knows else None)
        assert set(choice) <= keys
        assert len(choice) == len(set(choice)) >= 1
        assert question["kind"] == "multiple" or len(choice) == 1


def test_unknown_question_is_guessed():
    expert = player(skill=1.0)
    guesses = [expert.choice(SINGLE, None) for _ in range(1000)]
    assert guesses.count(["C"]) / 1000 == pytest.approx(0.25, abs=0.05)


def test_quick_people_take_less_time():
    quick, slow = player(speed=1.0), player(speed=0.0)
    times = [(quick.think_seconds(), slow.think_seconds()) for _ in range(200)]
    assert all(fast < late for fast, late in times)
    assert all(2 < fast < 6 and 18 < late < 34 for fast, late in times)


def test_favourite_sites_are_dug_most():
    someone = player(favourite_sites=2)
    dug = [someone.site(SITES) for _ in range(1000)]
    often = sorted({site: dug.count(site) for site in dug}.values(), reverse=True)
    assert sum(often[:2]) > 600
    assert len(often) == 12


def test_favourite_site_without_questions_is_left_alone():
    someone = player(favourite_sites=12)
    someone.site(SITES)
    assert {someone.site(SITES[:1]) for _ in range(20)} == {"site-0"}


@pytest.mark.parametrize("habit", ["snoozes", "gives_up", "comes_late", "double_taps", "peeks"])
@pytest.mark.parametrize("chance", [0.0, 0.3, 1.0])
def test_habits_come_as_often_as_told(habit, chance):
    someone = player(**{habit: chance})
    times = sum(getattr(someone, habit)() for _ in range(1000))
    assert times / 1000 == pytest.approx(chance, abs=0.05)


def test_same_seed_is_the_same_evening():
    def evening(seed: int) -> list[object]:
        someone = draw_player(3, seed)
        return [(someone.site(SITES), someone.choice(SINGLE, ["A"])) for _ in range(30)]

    assert evening(5) == evening(5)
    assert evening(5) != evening(6)


def test_profiles_take_turns():
    titles = [draw_player(number, 1).profile.title for number in range(len(PLAYER_PROFILES))]
    assert titles == [profile.title for profile in PLAYER_PROFILES]


@pytest.mark.parametrize("profile", PLAYER_PROFILES, ids=lambda profile: profile.title)
def test_profile_is_a_table_of_chances(profile):
    habits = ("skill", "speed", "snoozes", "gives_up", "comes_late", "double_taps", "peeks")
    assert all(0 <= getattr(profile, habit) <= 1 for habit in habits)
    assert profile.favourite_sites >= 1


@pytest.mark.parametrize("pace", [FAST, human(1), human(5), human(60)])
def test_evening_takes_about_as_long_as_its_pace_says(pace):
    totals = []
    for seed in range(40):
        someone = player(seed, speed=0.6)
        total = pace.arrival_seconds(someone)
        for _ in range(12):
            thought = pace.think_seconds(someone, 12)
            total += thought + pace.gap_seconds(someone, 12, thought)
        totals.append(total)
    assert sum(totals) / 40 == pytest.approx(pace.evening_seconds, rel=0.15)
