"""Tricks of somebody with a modified phone against a running installation.

Each gets the answer of the table, and nobody holds more or less than before.
"""

from collections.abc import Callable, Iterator

import pytest

from tests.cheating.calls import CALLS, Call
from tests.cheating.evening import Evening, set_evening
from tests.cheating.scenes import SCENES
from tests.installation import Installation


@pytest.fixture(scope="module")
def stage(install: Callable[..., Installation]) -> Iterator[Evening]:
    """Return an evening on an installation of its own."""
    installation = install()
    installation.up()
    made = set_evening(installation)
    yield made
    made.close()


@pytest.fixture
def evening(stage: Evening) -> Iterator[Evening]:
    """Return the evening as it is now, and close its sockets afterwards."""
    stage.from_here()
    yield stage
    stage.close()


def test_fifty_tricks_and_more_are_tried() -> None:
    names = [call.name for call in CALLS] + list(SCENES)
    assert len(set(names)) == len(names) >= 50


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_request_gains_nothing(evening: Evening, call: Call) -> None:
    assert evening.says(call) == call.told
    assert evening.is_as_before()


@pytest.mark.parametrize("name", SCENES)
def test_trick_gains_nothing(evening: Evening, name: str) -> None:
    play, told = SCENES[name]
    assert play(evening) == told
    assert evening.is_as_before()
