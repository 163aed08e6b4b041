"""A winner is marked as absent only after a call and the waiting time, and the proof shows both."""

from typing import Any

import pytest

from backend.activities.raffle.models import RaffleDraw
from backend.activities.raffle.verifying import verify
from tests.raffle.evening import Evening
from tests.support import HOST, Centre, FakeClock, refused, sample_roster

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def waiting(answer: Any) -> str:
    """Return the sentence of a refusal because the winner is waited for."""
    refused(answer, 409, "still_waiting")
    return str(answer.json["message"])


def test_absent_takes_a_call_and_the_waiting_time(evening: Evening) -> None:
    evening.crowd(4)
    draw = evening.drawn(evening.prize(stock=1))
    (pick,) = draw["picks"]
    refused(evening.absent(draw, pick), 409, "not_called")
    called = evening.call(draw, pick).json
    assert called and called["picks"][0]["called_by"] == sample_roster()[HOST]["姓名"]
    assert "5 秒" in waiting(evening.absent(draw, pick))
    evening.clock.advance(4.2)
    assert "1 秒" in waiting(evening.absent(draw, pick))
    evening.clock.advance(0.8)
    after = evening.absent(draw, pick).json
    assert after and [one["status"] for one in after["picks"]] == ["absent", "won"]


def test_pause_is_no_time_that_was_waited(evening: Evening) -> None:
    evening.crowd(4)
    draw = evening.drawn(evening.prize(stock=1))
    (pick,) = draw["picks"]
    evening.call(draw, pick)
    evening.clock.advance(2)
    evening.host_does("pause")
    evening.clock.advance(60)
    refused(evening.absent(draw, pick), 409, "event_paused")
    evening.host_does("resume")
    assert "3 秒" in waiting(evening.absent(draw, pick))
    shown = evening.shown()
    assert shown and shown["calls"][0]["wait_ends_at"] == evening.clock.now() + 3_000


def test_hall_waits_a_minute_and_a_rehearsal_five_seconds(centre: Centre, clock: FakeClock) -> None:
    for rehearsal, seconds in ((False, 60), (True, 5)):
        evening = Evening(centre, clock, rehearsal=rehearsal)
        evening.player()
        draw = evening.commit(evening.prize())
        assert draw["waiting_seconds"] == evening.proof(draw)["waiting_seconds"] == seconds


def test_winner_who_comes_is_signed_off_at_any_time(evening: Evening) -> None:
    evening.crowd(4)
    draw = evening.drawn(evening.prize(stock=1))
    (pick,) = draw["picks"]
    evening.call(draw, pick)
    evening.host.ok("POST", f"{evening.path}/handovers", {"code": pick["code"]})
    evening.clock.advance(60)
    refused(evening.absent(draw, pick), 409, "already_handed_over")
    shown = evening.shown()
    assert shown and shown["calls"] == []


def test_call_is_shown_with_its_end_even_when_the_raffle_was_dismissed(evening: Evening) -> None:
    people = evening.crowd(4)
    draw = evening.drawn(evening.prize("一等奖", 1))
    (pick,) = draw["picks"]
    evening.host.ok("POST", f"{evening.path}/stage", {"showing": None})
    assert evening.shown() is None
    evening.clock.advance(1)
    evening.call(draw, pick)
    shown = evening.shown()
    assert shown and (shown["phase"], shown["draw"]) == ("calling", None)
    assert shown["since"] == evening.clock.now()
    (call,) = shown["calls"]
    assert (call["prize"], call["draw"], call["turn"], call["number"]) == (
        *("一等奖", 1, 1),
        pick["number"],
    )
    assert call["wait_ends_at"] == evening.clock.now() + 5_000
    assert call["name"] in {person.name for person in people}
    evening.clock.advance(34.9)
    assert evening.shown() is not None
    evening.clock.advance(0.2)
    assert evening.shown() is None


def test_winner_is_told_that_they_are_called(evening: Evening) -> None:
    winner = evening.player()
    draw = evening.drawn(evening.prize())
    (win,) = winner.ok("GET", evening.path)["own"]["wins"]
    assert (win["called_at"], win["wait_ends_at"]) == (None, None)
    evening.call(draw, draw["picks"][0])
    (win,) = winner.ok("GET", evening.path)["own"]["wins"]
    assert win["called_at"] < win["wait_ends_at"]


def test_proof_lists_calls_and_no_shows_with_time_and_host(evening: Evening) -> None:
    evening.crowd(9)
    draw = evening.drawn(evening.prize(stock=1))
    for turn in range(3):
        last = evening.host.ok("GET", f"{evening.path}/winners")[turn]
        evening.missed(draw, last)
    found = evening.verified(draw)
    assert (found.won, found.absent) == (1, 3)
    assert any("3 人未到场（75%" in warning for warning in found.warnings)
    proof = evening.proof(draw, evening.player())
    host = sample_roster()[HOST]["姓名"]
    first = proof["picks"][0]
    assert (first["called_by"], first["absent_by"]) == (host, host)
    assert first["called_at"] == "2026-11-22T02:00:00.000Z"
    assert first["absent_at"] == "2026-11-22T02:00:05.000Z"
    assert proof["picks"][3]["called_at"] is None


def test_pool_of_one_says_so(evening: Evening) -> None:
    evening.player()
    prize = evening.prize()
    draw = evening.commit(prize)
    assert draw["only_candidate"] is True
    shown = evening.shown()
    assert shown and shown["draw"]["only_candidate"] is True
    evening.draw(draw)
    assert "名单里只有一位候选人" in evening.verified(draw).warnings
    evening.crowd(2)
    assert evening.commit(prize)["only_candidate"] is False


def test_draw_of_before_there_were_calls_keeps_its_commitment(evening: Evening) -> None:
    evening.crowd(5)
    draw = evening.drawn(evening.prize(stock=1))
    evening.missed(draw, draw["picks"][0])
    RaffleDraw.update(waiting_seconds=None).execute()
    assert evening.proof(draw)["format"] == "linka-raffle-1"
    (shown,) = evening.host.ok("GET", evening.path)["draws"]
    assert shown["waiting_seconds"] == 60


def test_nobody_but_hosts_calls(evening: Evening) -> None:
    player = evening.player()
    draw = evening.drawn(evening.prize())
    path = f"{evening.path}/draws/{draw['id']}/picks"
    refused(player.post(f"{path}/{draw['picks'][0]['id']}/call"), 403, "forbidden")
    refused(evening.host.post(f"{path}/999999/call"), 404, "unknown_pick")


def test_nobody_is_called_once_the_seed_is_known(evening: Evening) -> None:
    evening.crowd(2)
    draw = evening.drawn(evening.prize())
    evening.verified(draw)
    refused(evening.call(draw, draw["picks"][0]), 409, "seed_revealed")
    verify(evening.proof(draw))
