"""How well a question discriminates between people who know more and less."""

from types import SimpleNamespace

from backend.events.reporting import GivenAnswer
from backend.report.answers import LEAST_ANSWERS, QuestionFigures, figures

KNOW, DO_NOT = range(LEAST_ANSWERS), range(100, 100 + LEAST_ANSWERS)


def question(number: int) -> SimpleNamespace:
    return SimpleNamespace(
        id=number,
        kind="single",
        topic="主题",
        code=f"T-{number}",
        stem="题目",
        options=["甲", "乙", "丙"],
        key=["A"],
    )


def shown(first: dict[int, bool]) -> QuestionFigures:
    """Return the figures of question 1.

    Some people answered it correctly; everybody answered 2 and 3 both right or both wrong.
    """
    answers = [GivenAnswer(1, who, "A" if right else "B", right) for who, right in first.items()]
    for number in (2, 3):
        answers += [GivenAnswer(number, who, "A", True) for who in KNOW]
        answers += [GivenAnswer(number, who, "C", False) for who in DO_NOT]
    questions = {number: question(number) for number in (1, 2, 3)}
    return next(one for one in figures(7, answers, questions, {}) if one.question_id == 1)


def test_question_that_only_those_know_who_know_the_others_has_one() -> None:
    found = shown(dict.fromkeys(KNOW, True) | dict.fromkeys(DO_NOT, False))
    assert found.discrimination == 1.0


def test_question_that_those_get_wrong_who_know_the_others_is_below_zero() -> None:
    found = shown(dict.fromkeys(KNOW, False) | dict.fromkeys(DO_NOT, True))
    assert found.discrimination == -1.0


def test_question_that_everybody_knows_tells_nothing() -> None:
    assert shown(dict.fromkeys((*KNOW, *DO_NOT), True)).discrimination is None


def test_few_answers_tell_nothing() -> None:
    assert shown({1: True, 100: False}).discrimination is None


def test_wrong_option_that_pulls_is_named() -> None:
    found = shown(dict.fromkeys(KNOW, True) | {100: False})
    assert found.pull is not None
    assert (found.pull.letter, found.pull.text, found.pull.count) == ("B", "乙", 1)
    assert found.words(found.pull) == "B. 乙"


def test_true_and_false_are_named_without_their_letters() -> None:
    asked = question(1)
    asked.kind, asked.options, asked.key = "truefalse", ["对", "错"], ["T"]
    (found,) = figures(7, [GivenAnswer(1, 1, "F", False)], {1: asked}, {})
    assert found.pull is not None
    assert found.words(found.pull) == "错"


def test_key_of_the_event_decides_what_is_right() -> None:
    answers = [GivenAnswer(1, 1, "B", True)]
    (found,) = figures(7, answers, {1: question(1)}, {1: ["B"]})
    assert [one.letter for one in found.options if one.is_right] == ["B"]
    assert found.pull is None
