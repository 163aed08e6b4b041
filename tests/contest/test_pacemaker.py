"""The pacemaker: what is due is done once, in open events and in those that have just closed."""

import pytest

from backend.phones.pacemaker import LINGER_MS, Pacemaker
from tests.contest.evening import SECONDS, ContestEvening
from tests.support import Centre, FakeClock, at_once


@pytest.fixture
def auto(centre: Centre, clock: FakeClock) -> ContestEvening:
    """Return an evening that runs by itself."""
    return ContestEvening(centre, clock, auto=True, questions=1)


def pacemaker_of(evening: ContestEvening) -> Pacemaker:
    """Return another pacemaker for the same events."""
    parts = evening.app.extensions
    return Pacemaker(parts["linka.plays"], parts["linka.database"], evening.clock)


def test_contest_goes_on_and_scores_once_however_many_are_at_work(auto: ContestEvening) -> None:
    makers = [pacemaker_of(auto) for _ in range(3)]
    auto.act("begin")
    auto.clock.advance(10)
    at_once([maker.step for maker in makers])
    round_id = auto.state()["round"]["id"]
    auto.answer(0, round_id)
    auto.clock.advance(SECONDS + 0.5)
    at_once([maker.step for maker in makers])
    assert auto.state()["phase"] == "reveal"
    assert len(auto.entries()) == 1
    assert auto.is_clean()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_event_that_has_closed_is_looked_after_for_a_while(auto: ContestEvening) -> None:
    maker = pacemaker_of(auto)
    maker.step()
    auto.host.ok("POST", f"/events/{auto.event['id']}/transitions", {"action": "close"})
    now = auto.clock.now()
    assert [activity.id for activity in maker._due(now)] == [auto.activity_id]
    assert [activity.id for activity in maker._due(now + LINGER_MS)] == []
    assert [activity.id for activity in pacemaker_of(auto)._due(now)] == [auto.activity_id]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_paused_contest_waits(auto: ContestEvening) -> None:
    maker, path = pacemaker_of(auto), f"/events/{auto.event['id']}/transitions"
    auto.act("begin")
    auto.host.ok("POST", path, {"action": "pause"})
    auto.clock.advance(100)
    maker.step()
    assert auto.state()["phase"] == "lobby"
    auto.host.ok("POST", path, {"action": "resume"})
    maker.step()
    assert auto.state()["phase"] == "lobby"
    auto.clock.advance(10)
    maker.step()
    assert auto.state()["phase"] == "question"
