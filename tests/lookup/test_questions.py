"""A question without an answer waits for the person in charge.

The answer reaches the asker and becomes a card.
"""

import pytest

from backend.clock import DAY_MS
from backend.identity.models import AuditLine, Staff
from backend.lookup.models import Duty, LookupCard, LookupQuestion
from backend.lookup.questions import MOST_WAITING
from backend.retention import erase_old
from tests.lookup.conftest import found, titles
from tests.support import HOST, START, TRAINER, Centre, FakeClock, Phone, at_once, refused

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

TEXT = "健身房几点关门"


def asked(phone: Phone, text: str = TEXT) -> int:
    """Ask and return the id of the question."""
    return int(phone.ok("POST", "/lookup/questions", {"text": text})["id"])


def test_an_answer_reaches_the_asker_and_answers_the_next_by_itself(
    centre: Centre, clock: FakeClock
) -> None:
    asker, other, trainer = centre.staff("200003"), centre.staff("200004"), centre.staff(TRAINER)
    assert found(asker, TEXT)["answers"] == []
    question_id = asked(asker)
    [waiting] = asker.ok("GET", "/lookup/questions/mine")["items"]
    assert (waiting["promised_at"], waiting["answered_at"]) == ("2026-11-23T02:00:00.000Z", None)
    [line] = trainer.ok("GET", "/lookup/questions")["items"]
    assert (line["text"], line["asker_number"], line["is_late"]) == (TEXT, "200003", False)
    path = f"/lookup/questions/{question_id}/answer"
    done = trainer.ok("PUT", path, {"answer": "晚上十点。", "as_card": True})
    assert LookupCard.get_by_id(done["card_id"]).text == "晚上十点。"
    assert asker.ok("GET", "/lookup/news") == {"answers": 1, "waiting": 0}
    assert other.ok("GET", "/lookup/news") == {"answers": 0, "waiting": 0}
    [mine] = asker.ok("GET", "/lookup/questions/mine")["items"]
    assert (mine["answer"], mine["is_new"]) == ("晚上十点。", True)
    asker.ok("PUT", "/lookup/questions/seen")
    assert asker.ok("GET", "/lookup/news")["answers"] == 0
    assert found(other, "请问健身房几点关门呀")["answers"][0]["text"] == "晚上十点。"
    assert titles(centre.guest(), TEXT) == []
    refused(trainer.put(path, {"answer": "十一点。"}), 409, "question_answered")
    refused(trainer.post(f"/lookup/questions/{question_id}/card"), 409, "not_for_a_card")


def test_the_same_question_waits_once_and_only_so_many_wait(centre: Centre) -> None:
    phone = centre.staff("200003")
    answers = at_once([lambda: phone.post("/lookup/questions", {"text": TEXT})] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert asked(phone, "健身房 几点关门？") == asked(phone)
    for number in range(MOST_WAITING - 1):
        asked(phone, f"第 {number} 个问题")
    refused(phone.post("/lookup/questions", {"text": "再问"}), 409, "too_many_waiting")
    assert LookupQuestion.select().count() == MOST_WAITING
    asked(centre.staff("200004"))


def test_the_owner_of_the_nearest_card_is_in_charge(centre: Centre) -> None:
    """Without a role the owner can answer this question, but no other one, and can make no card."""
    asker, owner, other = centre.staff("200003"), centre.staff("900007"), centre.staff("200004")
    question_id, another = asked(asker, "年假能不能分几次请"), asked(asker)
    mine = owner.ok("GET", "/lookup/questions/mine")["for_me"]
    assert [question["id"] for question in mine] == [question_id]
    assert owner.ok("GET", "/lookup/news")["waiting"] == 1
    path = f"/lookup/questions/{question_id}/answer"
    refused(other.put(path, {"answer": "能"}), 403, "forbidden")
    refused(asker.put(path, {"answer": "能"}), 403, "forbidden")
    refused(owner.put(path, {"answer": "能", "as_card": True}), 403, "forbidden")
    refused(owner.put(f"/lookup/questions/{another}/answer", {"answer": "能"}), 403, "forbidden")
    owner.ok("PUT", path, {"answer": "能，最多分三次。"})
    [first, _] = asker.ok("GET", "/lookup/questions/mine")["items"][::-1]
    assert first["answered_by"] == centre.roster["900007"]["姓名"]
    host = centre.staff(HOST)
    made = host.ok("POST", f"/lookup/questions/{question_id}/card")
    assert made["card_id"]
    host.ok("PUT", f"/lookup/questions/{another}/owner", {"number": "200004"})
    other.ok("PUT", f"/lookup/questions/{another}/answer", {"answer": "十点"})
    refused(
        host.put(f"/lookup/questions/{another}/owner", {"number": ""}), 409, "question_answered"
    )


def test_what_waits_too_long_is_late(centre: Centre, clock: FakeClock) -> None:
    asked(centre.staff("200003"))
    clock.advance(86_401)
    [line] = centre.staff(HOST).ok("GET", "/lookup/questions")["items"]
    assert line["is_late"]
    assert centre.staff(HOST).ok("GET", "/lookup/questions?state=answered")["items"] == []


def test_a_card_with_the_same_title_keeps_the_question_open(centre: Centre) -> None:
    question_id = asked(centre.staff("200003"), "开具证明")
    body = {"answer": "到三楼。", "as_card": True}
    refused(centre.staff(HOST).put(f"/lookup/questions/{question_id}/answer", body), 422, "invalid")
    assert LookupQuestion.get_by_id(question_id).answered_at is None


def test_own_questions_are_taken_away_and_erased_and_the_card_stays(centre: Centre) -> None:
    asker, host = centre.staff("200003"), centre.staff(HOST)
    question_id = asked(asker)
    body = {"answer": "十点。", "as_card": True}
    host.ok("PUT", f"/lookup/questions/{question_id}/answer", body)
    records = asker.ok("GET", "/me/export")["records"]
    assert [(row["text"], row["answer"]) for row in records["lookup_questions"]] == [
        (TEXT, "十点。")
    ]
    assert len(records["shifts"]) == 41
    assert centre.staff("200004").ok("GET", "/me/export")["records"]["lookup_questions"] == []
    asker.ok("DELETE", "/me", {"confirm": "erase"})
    assert LookupQuestion.select().count() == 0
    assert titles(centre.staff("200004"), TEXT) == [TEXT]
    actions = {line.action for line in AuditLine.select()}
    assert {"question_answered", "card_made"} <= actions


def test_old_questions_and_shifts_are_erased(centre: Centre) -> None:
    settings = centre.app.extensions["linka.settings"]
    asked(centre.staff("200003"))
    Duty.delete().execute()
    person = Staff.get(Staff.number == "200003")
    for day in ("2026-11-22", "2026-11-23"):
        Duty.create(staff=person, day=day, shift="早班")
    database = centre.app.extensions["linka.database"]
    later = START + settings.keep_lookups_days * DAY_MS
    assert erase_old(database, settings, later)["lookup_questions"] == 0
    erased = erase_old(database, settings, later + DAY_MS)
    assert (erased["lookup_questions"], erased["duties"]) == (1, 1)
