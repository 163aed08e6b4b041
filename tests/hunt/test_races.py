"""Concurrent actions: unique effects happen once, on both databases."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

import pytest
from werkzeug.test import TestResponse

from backend.activities.hunt import digs, treasures
from backend.activities.hunt.digs import ChosenDig, HuntNow
from backend.activities.hunt.facts import Verdict, facts_of
from backend.activities.hunt.models import Dig, HuntAnswer, Snooze, Treasure, TreasureClaim
from backend.db import Database
from backend.events.models import Activity, Player
from backend.questions.models import Question
from backend.scoring.models import Correction, ScoreEntry
from tests.hunt.evening import PIT, RIGHT, Evening, shown
from tests.hunt.test_treasures import BELL
from tests.installation import until
from tests.support import Phone, as_json, at_once

ALL_CHOICES = [list(some) for size in range(1, 7) for some in combinations("ABCDEF", size)]


def statuses(answers: list[TestResponse]) -> Counter[Any]:
    """Count the answers by status and slug."""
    return Counter((answer.status_code, answer.json.get("error")) for answer in answers)


def sends(evening: Evening, phone: Phone, dig: Any, choice: list[str]) -> Callable[[], Any]:
    """Return a call that sends an answer."""
    return partial(evening.sending, phone, dig, choice)


def test_fifty_identical_answers_count_once(evening: Evening) -> None:
    evening.settle(treasures=[BELL])
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    right = [o["key"] for o in dig["question"]["options"] if o["text"] == "选项B"]
    answers = at_once([sends(evening, player, dig, right)] * 50)
    assert statuses(answers) == {(200, None): 50}
    verdicts = {as_json({**answer.json, "score": None}) for answer in answers}
    assert len(verdicts) == 1
    assert (answers[0].json["verdict"], answers[0].json["points"]) == ("correct", RIGHT)
    assert HuntAnswer.select().count() == 1
    entries = [(entry.reason, entry.points) for entry in ScoreEntry.select().order_by("id")]
    assert entries == [("answer", RIGHT), ("treasure", 50)]
    assert evening.points(player) == RIGHT + 50
    assert evening.differences() == []


def test_of_fifty_different_answers_one_counts(evening: Evening) -> None:
    evening.ask("ABC", kind="multiple", options=6)
    player = evening.digger()
    dig = evening.dig(player)
    answers = at_once([sends(evening, player, dig, choice) for choice in ALL_CHOICES[:50]])
    assert statuses(answers) == {(200, None): 1, (409, "already_answered"): 49}
    counted = next(answer.json for answer in answers if answer.status_code == 200)
    assert (
        player.ok("GET", f"{evening.path}/digs/{dig['id']}")["result"]["choice"]
        == (counted["choice"])
    )
    assert [entry.points for entry in ScoreEntry.select()] == [counted["points"]]
    assert HuntAnswer.select().count() == 1
    assert evening.differences() == []


def test_right_and_wrong_at_once_never_both_count(evening: Evening) -> None:
    evening.ask("T", kind="truefalse")
    phones = evening.diggers(10)
    calls = []
    for phone in phones:
        dig = evening.dig(phone)
        calls += [sends(evening, phone, dig, [letter]) for letter in "TF"]
    answers = at_once(calls)
    assert statuses(answers) == {(200, None): 10, (409, "already_answered"): 10}
    earned = sum(answer.json.get("points", 0) for answer in answers)
    assert sum(evening.points(phone) for phone in phones) == earned
    assert evening.differences() == []


def test_double_taps_open_one_question(evening: Evening) -> None:
    evening.settle(sites=[{**PIT, "key": f"site-{number}"} for number in range(12)])
    for _ in range(20):
        evening.ask()
    player = evening.digger()
    answers = at_once([partial(evening.digging, player, f"site-{n}") for n in range(12)])
    assert statuses(answers) == {(201, None): 1, (200, None): 11}
    assert len({as_json(answer.json) for answer in answers}) == 1
    assert Dig.select().count() == 1
    assert evening.hunt(player)["digs_left"] == 11


@dataclass(frozen=True)
class Chosen:
    """A question that was chosen for a player, and is not open yet."""

    database: Database
    ground: HuntNow
    player: Player
    dig: ChosenDig
    now: int

    def write(self) -> Dig | None:
        """Open it."""
        return digs.write_dig(self.database, self.ground, self.player, self.dig, self.now)

    def begin(self) -> tuple[Dig, bool]:
        """Open a question as a request does."""
        return digs.begin_dig(self.database, self.ground, self.player, "pit", self.now)


def chosen_in(evening: Evening) -> Chosen:
    """Choose a question for somebody who joins, in a hunt with two questions."""
    evening.ask(), evening.ask()
    player = Player.get_by_id(evening.player_id(evening.digger()))
    activity = Activity.get_by_id(evening.activity_id)
    scores = evening.centre.app.extensions["linka.scores"]
    ground = HuntNow(activity, activity.event, [], scores.calendar, b"key")
    now = evening.clock.now()
    dig = digs.choose_dig(scores.database, ground, player, "pit", now)
    assert isinstance(dig, ChosenDig)
    return Chosen(scores.database, ground, player, dig, now)


def test_question_that_is_voided_after_the_choice_is_not_opened(evening: Evening) -> None:
    chosen = chosen_in(evening)
    evening.correct(chosen.dig.question)
    assert chosen.write() is None
    assert Dig.select().count() == 0
    dig, is_new = chosen.begin()
    assert is_new
    assert dig.question_id != chosen.dig.question.id


def test_question_that_is_replaced_after_the_choice_is_not_opened(evening: Evening) -> None:
    chosen = chosen_in(evening)
    Question.update(current=False).where(Question.id == chosen.dig.question.id).execute()
    assert chosen.write() is None
    dig, is_new = chosen.begin()
    assert is_new
    assert dig.question_id != chosen.dig.question.id


def test_slot_that_is_taken_after_the_choice_gives_the_open_question(evening: Evening) -> None:
    chosen = chosen_in(evening)
    opened = chosen.write()
    assert opened is not None
    assert chosen.write() is None
    assert chosen.begin() == (opened, False)
    assert Dig.select().count() == 1


def test_last_dig_of_the_day_is_used_once(evening: Evening) -> None:
    evening.settle(digs_per_day=2)
    evening.ask(), evening.ask()
    player = evening.digger()
    evening.play(player, "B")
    answers = at_once([partial(evening.digging, player)] * 8)
    assert statuses(answers) == {(201, None): 1, (200, None): 7}
    assert evening.hunt(player)["digs_left"] == 0
    assert Dig.select().count() == 2


def test_two_presses_of_the_snooze_give_it_once(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    answers = at_once([partial(evening.snoozing, player, dig)] * 8)
    assert statuses(answers) == {(200, None): 8}
    assert {answer.json["seconds_left"] for answer in answers} == {220}
    assert Snooze.select().count() == 1


def test_two_hunts_race_for_the_one_snooze_of_the_event(evening: Evening) -> None:
    evening.ask()
    phones, second = evening.diggers(5), evening.another_hunt()
    calls = []
    for phone in phones:
        calls.append(partial(evening.snoozing, phone, evening.dig(phone)))
        calls.append(partial(evening.snoozing, phone, evening.dig(phone, hunt=second), second))
    assert statuses(at_once(calls)) == {(200, None): 5, (409, "snooze_used"): 5}
    assert sorted(dig.snooze_seconds for dig in Dig.select()) == [0] * 5 + [180] * 5


def test_treasure_is_never_handed_out_more_often_than_there_is_stock(evening: Evening) -> None:
    evening.settle(treasures=[{**BELL, "stock": 3}])
    evening.ask("T", kind="truefalse")
    phones = evening.diggers(40)
    answers = at_once([sends(evening, phone, evening.dig(phone), ["T"]) for phone in phones])
    assert statuses(answers) == {(200, None): 40}
    found = [answer.json["treasure"] for answer in answers if answer.json["treasure"]]
    assert found == [{"title": "金铃", "points": 50}] * 3
    assert Treasure.get().claimed == 3
    claims = list(TreasureClaim.select().order_by(TreasureClaim.number))
    assert [claim.number for claim in claims] == [1, 2, 3]
    assert len({claim.player_id for claim in claims}) == 3
    assert sorted(evening.points(phone) for phone in phones) == [RIGHT] * 37 + [RIGHT + 50] * 3
    assert evening.differences() == []


def test_answers_of_one_batch_share_what_is_hidden(evening: Evening) -> None:
    flute = {**BELL, "key": "flute", "title": "竹笛", "stock": 1}
    evening.settle(treasures=[{**BELL, "stock": 1}, flute])
    evening.ask()
    opened = [evening.dig(player)["id"] for player in evening.diggers(3)]
    database = evening.centre.app.extensions["linka.database"]
    facts = facts_of(database, opened)
    right = Verdict("B", True, (), 1, 0, evening.clock.now(), True)
    with database.write():
        found = treasures.find_all(database, b"key", [(facts[dig], right) for dig in opened])
    assert {dig: treasure.title for dig, treasure in found.items()} == {
        opened[0]: "金铃",
        opened[1]: "竹笛",
    }
    assert [claim.number for claim in TreasureClaim.select()] == [1, 1]
    assert [treasure.claimed for treasure in Treasure.select()] == [1, 1]
    database.release()


def test_answers_of_one_batch_may_be_of_several_hunts(evening: Evening) -> None:
    evening.ask()
    player, hunt = evening.digger(), evening.another_hunt()
    first, second = evening.dig(player)["id"], evening.dig(player, hunt=hunt)["id"]
    salts = {dig.id: dig.activity.salt for dig in Dig.select()}
    assert len(set(salts.values())) == 2
    database = evening.centre.app.extensions["linka.database"]
    for asked in ([first, second], [second, first], [0, first, second], [0], []):
        found = facts_of(database, asked)
        assert {dig: facts.salt for dig, facts in found.items()} == {
            dig: salts[dig] for dig in asked if dig
        }
    database.release()


def test_player_never_finds_the_same_treasure_twice_at_once(evening: Evening) -> None:
    evening.settle(treasures=[BELL])
    evening.ask()
    player = evening.digger()
    first = evening.dig(player)
    Dig.update(opened_at=evening.clock.now() - 40_000).execute()
    second = evening.dig(player)
    Dig.update(opened_at=evening.clock.now()).execute()
    answers = at_once([partial(evening.answering, player, dig, "B") for dig in (first, second)])
    assert statuses(answers) == {(200, None): 2}
    assert sorted(bool(answer.json["treasure"]) for answer in answers) == [False, True]
    assert evening.points(player) == 2 * RIGHT + 50
    assert evening.differences() == []


def test_same_correction_at_once_takes_points_back_once(evening: Evening) -> None:
    question = evening.ask()
    phones = evening.diggers(4)
    for phone in phones:
        evening.play(phone, "B")
    answers = at_once([partial(evening.correcting, question)] * 6)
    assert sorted(answer.json["rescored"] for answer in answers) == [0, 0, 0, 0, 0, 4]
    assert [evening.receipts(phone)["total_points"] for phone in phones] == [0] * 4
    assert ScoreEntry.select().count() == 8
    assert evening.differences() == []


def test_different_corrections_at_once_end_with_the_newest(evening: Evening) -> None:
    question = evening.ask("A")
    phones = evening.diggers(3)
    for phone, letters in zip(phones, "ABC", strict=True):
        evening.play(phone, letters)
    answers = at_once([partial(evening.correcting, question, key) for key in ("A", "B", "C", "")])
    assert statuses(answers) == {(200, None): 4}
    newest = Correction.select().order_by(Correction.id.desc()).get()
    held = newest.key[0] if newest.action == "rekey" else ""
    assert [evening.points(phone) for phone in phones] == [
        RIGHT if letters == held else 0 for letters in "ABC"
    ]
    assert evening.differences() == []


def test_answers_that_meet_a_correction_are_judged_by_the_new_key(evening: Evening) -> None:
    question = evening.ask("T", kind="truefalse")
    phones = evening.diggers(24)
    calls: list[Callable[[], Any]] = [
        sends(evening, phone, evening.dig(phone), ["F" if number % 2 else "T"])
        for number, phone in enumerate(phones)
    ]
    calls.insert(12, partial(evening.correcting, question, "F"))
    assert statuses(at_once(calls)) == {(200, None): 25}
    assert [evening.points(phone) for phone in phones] == [0, RIGHT] * 12
    assert evening.differences() == []


def test_answers_that_meet_a_void_earn_nothing(evening: Evening) -> None:
    question = evening.ask("T", kind="truefalse")
    phones = evening.diggers(24)
    calls: list[Callable[[], Any]] = [
        sends(evening, phone, evening.dig(phone), ["T"]) for phone in phones
    ]
    calls.insert(12, partial(evening.correcting, question))
    assert statuses(at_once(calls)).keys() <= {(200, None), (409, "question_voided")}
    assert [evening.points(phone) for phone in phones] == [0] * 24
    assert evening.differences() == []


def test_digs_that_meet_a_void_are_given_back(evening: Evening) -> None:
    question = evening.ask()
    phones = evening.diggers(24)
    calls: list[Callable[[], Any]] = [partial(evening.digging, phone) for phone in phones]
    calls.insert(12, partial(evening.correcting, question))
    assert statuses(at_once(calls)).keys() <= {(200, None), (201, None), (409, "no_question_left")}
    assert Dig.select().where(~Dig.voided).count() == 0
    assert {evening.hunt(phone)["digs_left"] for phone in phones} == {12}


def test_answers_that_meet_the_end_count_or_leave_nothing(evening: Evening) -> None:
    evening.ask("T", kind="truefalse")
    phones = evening.diggers(20)
    calls: list[Callable[[], Any]] = [
        sends(evening, phone, evening.dig(phone), ["T"]) for phone in phones
    ]
    calls.insert(5, partial(evening.host_does, "close"))
    answers = [answer for answer in at_once(calls) if answer is not None]
    assert statuses(answers).keys() <= {(200, None), (409, "event_closed")}
    counted = [RIGHT if answer.status_code == 200 else 0 for answer in answers]
    assert [evening.points(phone) for phone in phones] == counted
    assert HuntAnswer.select().count() == ScoreEntry.select().count() == sum(counted) // RIGHT
    assert evening.differences() == []


_WAITING_SQL = """
SELECT COUNT(*) FROM pg_locks JOIN pg_database d ON d.oid = database
WHERE NOT granted AND d.datname = current_database()
"""


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_player_who_is_removed_while_an_answer_is_written_is_on_no_board(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    database: Database = evening.centre.app.extensions["linka.database"]
    path = f"/events/{evening.event['id']}/players/{evening.player_id(player)}"
    answers = threading.Thread(target=sends(evening, player, dig, shown(dig, "B")))
    removes = threading.Thread(target=partial(evening.host.put, path, {"status": "kicked"}))

    def waiting() -> int:
        return int(database.sql(_WAITING_SQL).fetchone()[0])

    with database.write():
        # The answer is judged, and waits before it is written.
        database.sql("LOCK TABLE answer IN EXCLUSIVE MODE")
        answers.start()
        until(lambda: waiting() == 1, 10, "the answer to wait")
        removes.start()
        until(lambda: waiting() == 2 or not removes.is_alive(), 10, "the removal to wait or end")
    answers.join(10)
    removes.join(10)
    assert HuntAnswer.select().count() == 1
    assert evening.differences() == []


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_hunt_is_renamed_while_an_answer_is_written(evening: Evening) -> None:
    evening.ask()
    player = evening.digger()
    dig = evening.dig(player)
    database: Database = evening.centre.app.extensions["linka.database"]
    event = f"/events/{evening.event['id']}"
    named = {"title": "夜场", "version": evening.host.ok("GET", f"{event}/setup")["version"]}
    path = f"{event}/activities/{evening.activity_id}"
    found: list[TestResponse] = []
    calls = [sends(evening, player, dig, shown(dig, "B")), partial(evening.host.put, path, named)]
    threads = [threading.Thread(target=lambda call=call: found.append(call())) for call in calls]

    def waiting() -> int:
        return int(database.sql(_WAITING_SQL).fetchone()[0])

    with database.write():
        database.sql("LOCK TABLE answer IN EXCLUSIVE MODE")
        for count, thread in enumerate(threads, start=1):
            thread.start()
            until(lambda count=count: waiting() == count, 10, f"{count} to wait")
    for thread in threads:
        thread.join(10)
    assert [answer.status_code for answer in found] == [200, 200]
