"""The two ways to find the questions of banks agree."""

from backend.db import Database
from backend.questions import supply
from backend.questions.models import Question, QuestionBank

DAY = "2026-11-22"


def test_ids_are_those_of_the_current_questions_that_are_valid_on_the_day(
    database: Database,
) -> None:
    with database.write():
        banks = [QuestionBank.create(name=name, title=name) for name in ("甲", "乙", "丙")]
        for number, bank in enumerate(banks):
            for expires_on in (None, "2026-11-21", DAY, "2026-11-23"):
                _write(bank, f"{expires_on}", expires_on=expires_on)
            _write(bank, f"old {number}", current=False)
    for names in (["甲"], ["甲", "丙"], ["丁"], []):
        found = supply.ids_and_topics(database, names, DAY)
        wanted = supply.of_banks(names, DAY).select(Question.id, Question.topic).tuples()
        assert sorted(found) == sorted(wanted)
    assert len(supply.ids_and_topics(database, ["甲", "丙"], DAY)) == 2 * 3


def _write(bank: QuestionBank, code: str, **facts: object) -> None:
    text = {"topic": f"话题{code}", "stem": "？", "explanation": "", "digest": ""}
    numbers = {"version": 1, "difficulty": 1, "created_at": 0}
    Question.create(bank=bank, code=code, kind="single", **text, **numbers, **facts)
