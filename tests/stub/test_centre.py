"""The sample centre gives phones their people and what they have learnt."""

from collections import Counter
from random import Random

import pytest

from miniprogram_stub.centre import AnswerBook, NoCentre, load_centre


@pytest.fixture(scope="module")
def centre():
    return load_centre()


def test_host_is_who_the_sample_says(centre):
    assert centre.host.number == "900002"
    assert centre.host.user == "staff-900002"
    assert len(centre.host.invite_code) == 6


def test_people_with_roles_do_not_play(centre):
    everybody = centre.pick(5000, Random(1))
    numbers = {person.number for person in everybody}
    assert len(numbers) == len(everybody) == len(centre.roster) - 4
    assert centre.host.number not in numbers


@pytest.mark.parametrize("count", [1, 7, 50, 500])
def test_so_many_as_asked_for_come_and_nobody_twice(centre, count):
    picked = centre.pick(count, Random(1))
    assert len({person.number for person in picked}) == count


def test_fifty_people_are_of_many_teams_and_shifts(centre):
    picked = centre.pick(50, Random(1))
    teams = Counter(person.team for person in picked)
    assert len(teams) == 13
    assert max(teams.values()) == 4
    assert len({person.shift for person in picked}) >= 3


def test_team_sends_people_of_each_of_its_shifts(centre):
    shifts_of = {}
    for person in centre.roster:
        shifts_of.setdefault(person.team, set()).add(person.shift)
    picked = centre.pick(50, Random(1))
    full = [team for team, count in Counter(p.team for p in picked).items() if count == 4]
    for team in full:
        assert {p.shift for p in picked if p.team == team} == shifts_of[team]


def test_seed_decides_who_comes(centre):
    assert centre.pick(20, Random(3)) == centre.pick(20, Random(3))
    assert centre.pick(20, Random(3)) != centre.pick(20, Random(4))


def test_missing_sample_is_one_clear_error(tmp_path):
    with pytest.raises(NoCentre, match="样例中心读不出来"):
        load_centre(tmp_path)


def shuffled(*texts: str) -> list[dict[str, str]]:
    return [{"key": key, "text": text} for key, text in zip("ABCDEF", texts, strict=False)]


def test_right_options_are_found_by_their_texts():
    book = AnswerBook()
    book.learn("哪两样？", ["甲", "丙"])
    asked = {"kind": "multiple", "stem": "哪两样？", "options": shuffled("丙", "乙", "甲")}
    assert book.right_choice(asked) == ["A", "C"]


@pytest.mark.parametrize(("right", "choice"), [("对", ["T"]), ("错", ["F"])])
def test_true_or_false_has_letters_of_its_own(right, choice):
    book = AnswerBook()
    book.learn("美多是花。", [right])
    options = [{"key": "T", "text": "对"}, {"key": "F", "text": "错"}]
    asked = {"kind": "truefalse", "stem": "美多是花。", "options": options}
    assert book.right_choice(asked) == choice


def test_question_that_is_in_no_book_has_no_right_choice():
    book = AnswerBook()
    book.learn("哪两样？", ["甲", "丙"])
    options = shuffled("甲", "乙")
    assert book.right_choice({"kind": "single", "stem": "别的？", "options": options}) is None
    assert book.right_choice({"kind": "multiple", "stem": "哪两样？", "options": options}) is None


def test_every_question_of_the_sample_is_in_the_book(centre):
    assert len(centre.answers) >= 200
