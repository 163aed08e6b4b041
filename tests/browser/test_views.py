"""What the kinds show fits a screen of every size: crowds, ties, hard names and empty lists."""

from collections.abc import Callable

import pytest

from tests.browser.hall import Hall
from tests.browser.screen import PHONE, Screen
from tests.browser.view_cases import CASES
from tests.browser.views import Stage

SIZES = ((1280, 720), (1920, 1080), (3840, 2160), PHONE)
each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@each_size
def test_views_fit(hall: Hall, new_screen: Callable[..., Screen], size: tuple[int, int]) -> None:
    stage = Stage(new_screen(size, reduced_motion="reduce"), hall)
    found = {}
    # A page of 3840 × 2160 equals one of 1920 × 1080 at twice the size, and its layout is slow.
    every = 4 if size == SIZES[2] else 1
    for name, (facts, messages) in list(CASES.items())[::every]:
        stage.show(None)
        stage.show(facts)
        for message in messages:
            stage.hear(*message)
        if faults := stage.faults():
            found[name] = faults
    assert found == {}
