"""The journal is written before the phone continues."""

import json
import threading

from miniprogram_stub.journal import Journal, Record

RECORD = Record("staff-1", 7, ("A", "C"), "correct", 60, 0)


def test_every_record_is_in_the_file_at_once(tmp_path):
    file = tmp_path / "evening.jsonl"
    with Journal(file) as journal:
        journal.acknowledged(RECORD)
        journal.refused("staff-1", 8, "deadline_passed")
        lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert lines[0]["dig_id"] == 7
    assert lines[0]["choice"] == ["A", "C"]
    assert lines[0]["at"] <= lines[1].pop("at")
    assert lines[1] == {"phone": "staff-1", "dig_id": 8, "refused": "deadline_passed"}


def test_file_of_an_earlier_evening_is_kept(tmp_path):
    file = tmp_path / "evening.jsonl"
    for _ in range(2):
        with Journal(file) as journal:
            journal.acknowledged(RECORD)
    assert len(file.read_text().splitlines()) == 2


def test_repeat_is_one_answer():
    journal = Journal()
    journal.acknowledged(RECORD)
    journal.acknowledged(RECORD)
    assert len(journal) == 1
    assert journal.records("staff-1") == [RECORD]
    assert journal.contradictions == []


def test_answer_is_unconfirmed_until_something_is_heard():
    journal = Journal()
    for dig_id in (7, 8, 9):
        journal.sent("staff-1", dig_id)
    journal.acknowledged(RECORD)
    journal.refused("staff-1", 8, "event_closed")
    assert journal.unconfirmed("staff-1") == {9}
    assert journal.unconfirmed("staff-2") == set()


def test_many_phones_may_write_at_once(tmp_path):
    file = tmp_path / "evening.jsonl"

    def write(phone: int) -> None:
        for dig_id in range(50):
            journal.acknowledged(Record(f"p{phone}", phone * 100 + dig_id, ("A",), "wrong", 0, 0))

    with Journal(file) as journal:
        threads = [threading.Thread(target=write, args=(phone,)) for phone in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(journal) == 400
    assert len([json.loads(line) for line in file.read_text().splitlines()]) == 400
