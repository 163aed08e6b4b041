"""A host removes an activity that nobody has played, while phones and the worker ask about it."""

import pytest

from backend.activities import KINDS
from backend.events.visibility import View
from tests.support import Centre, FakeClock

GONE = 10**9


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", KINDS.names())
def test_nothing_is_shown_of_an_activity_that_is_gone(
    centre: Centre, clock: FakeClock, name: str
) -> None:
    play, now = centre.app.extensions["linka.plays"][name], clock.now()
    assert play.shown(GONE, View.PUBLIC, now) is None
    assert play.own(GONE, 1, now) is None
    assert play.pulse(GONE, now) is None
    assert not play.was_played(GONE)
    assert not play.is_open(GONE)
    play.advance(GONE, now)
