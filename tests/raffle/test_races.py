"""Concurrent actions: unique effects happen once, on both databases."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from backend.activities.raffle.models import RaffleHandover, RafflePick, RafflePrize
from backend.events.models import Activity
from backend.identity.models import AuditLine
from tests.raffle.evening import Evening
from tests.support import at_once


def statuses(answers: list[Any]) -> Counter[Any]:
    """Count the answers by status and slug."""
    return Counter(
        (
            answer.status_code,
            answer.json.get("error") if isinstance(answer.json, dict) else None,
        )
        for answer in answers
    )


def test_one_more_asked_for_at_once_draws_one(evening: Evening) -> None:
    evening.crowd(8)
    prize = evening.prize(stock=3)
    draw = evening.commit(prize, 3)
    answers = at_once([partial(evening.drawing, draw, upto=1)] * 6)
    assert statuses(answers) == {(200, None): 6}
    assert RafflePick.select().count() == 1
    at_once([partial(evening.drawing, draw)] * 6)
    assert [pick.turn for pick in RafflePick.select().order_by(RafflePick.turn)] == [1, 2, 3]
    assert evening.left(prize) == 0
    assert evening.verified(draw).won == 3


def test_of_draws_committed_at_once_one_is_under_way(evening: Evening) -> None:
    evening.crowd(4)
    prize = evening.prize(stock=9)
    answers = at_once([partial(evening.committing, prize, 2)] * 5)
    assert statuses(answers) == {(201, None): 1, (409, "draw_under_way"): 4}
    again = at_once([partial(evening.committing, prize, 2, number=1)] * 5)
    assert statuses(again) == {(200, None): 5}


def test_two_raffles_drawn_at_once_never_let_one_person_win_twice(evening: Evening) -> None:
    evening.crowd(6)
    other = Activity.create(
        event=evening.event_id, kind="raffle", title="加场", position=9, settings={"prizes": []}
    )
    first = evening.commit(evening.prize(stock=6), 6)
    prize = RafflePrize.create(activity=other, position=1, title="加场奖", stock=6)
    path = f"/raffles/{other.id}/draws"
    second = evening.host.ok("POST", path, {"prize_id": prize.id, "count": 6})
    assert (first["pool_size"], second["pool_size"]) == (6, 6)
    calls: list[Callable[[], Any]] = [
        partial(evening.drawing, first),
        partial(evening.host.post, f"{path}/{second['id']}/draw", {"upto": 6}),
    ]
    answers = at_once(calls * 2)
    assert statuses(answers) == {(200, None): 4}
    won = [pick.person for pick in RafflePick.select().where(RafflePick.status == "won")]
    assert len(won) == len(set(won)) == 6
    assert Counter(pick.status for pick in RafflePick.select()) == {"won": 6, "passed": 6}


def test_same_code_at_once_is_signed_off_once(evening: Evening) -> None:
    evening.crowd(3)
    (pick,) = evening.drawn(evening.prize())["picks"]
    path, body = f"{evening.path}/handovers", {"code": pick["code"]}
    answers = at_once([partial(evening.host.post, path, body)] * 8)
    assert statuses(answers) == {(201, None): 1, (200, None): 7}
    assert RaffleHandover.select().count() == 1
    assert len({answer.json["handed_at"] for answer in answers}) == 1


def test_absent_and_signed_off_never_both_happen(evening: Evening) -> None:
    evening.crowd(5)
    prize = evening.prize(stock=1)
    draw = evening.drawn(prize)
    (pick,) = draw["picks"]
    evening.call(draw, pick)
    evening.clock.advance(draw["waiting_seconds"])
    path, body = f"{evening.path}/handovers", {"code": pick["code"]}
    calls: list[Callable[[], Any]] = [
        partial(evening.host.post, path, body),
        partial(evening.absent, draw, pick),
    ]
    answers = at_once(calls * 3)
    assert statuses(answers).keys() <= {
        *((201, None), (200, None)),
        *((404, "unknown_pickup_code"), (409, "already_handed_over")),
    }
    fresh = RafflePick.get_by_id(pick["id"])
    assert (fresh.status == "absent") == (RaffleHandover.select().count() == 0)
    assert RafflePick.select().where(RafflePick.status == "won").count() == 1
    assert evening.left(prize) == 0


def test_absent_pressed_twice_redraws_once(evening: Evening) -> None:
    evening.crowd(5)
    draw = evening.drawn(evening.prize(stock=1))
    (pick,) = draw["picks"]
    evening.call(draw, pick)
    evening.clock.advance(draw["waiting_seconds"])
    answers = at_once([partial(evening.absent, draw, pick)] * 5)
    assert statuses(answers) == {(200, None): 5}
    assert Counter(one.status for one in RafflePick.select()) == {"absent": 1, "won": 1}


def test_first_of_many_calls_stands(evening: Evening) -> None:
    evening.crowd(3)
    draw = evening.drawn(evening.prize(stock=1))
    (pick,) = draw["picks"]
    answers = at_once([partial(evening.call, draw, pick)] * 5)
    assert statuses(answers) == {(200, None): 5}
    evening.clock.advance(3)
    again = evening.call(draw, pick).json
    assert again is not None
    assert again["picks"][0]["called_at"] == answers[0].json["picks"][0]["called_at"]
    assert AuditLine.select().where(AuditLine.action == "call_raffle_winner").count() == 1
