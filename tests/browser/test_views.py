"""What the kinds show fits a screen of every size: crowds, ties, hard names and empty lists."""

from collections.abc import Callable

import pytest

from tests.browser.hall import Hall
from tests.browser.screen import OLD_PROJECTOR, PHONE, Screen
from tests.browser.view_cases import CASES, person
from tests.browser.views import Stage

SIZES = ((1280, 720), (1920, 1080), (3840, 2160), OLD_PROJECTOR, PHONE)
WORDS = "谢谢夜班二组的小伙伴，昨晚停电高峰扛住了！扎西德勒🎉"
WALL_TEXT = {"id": 1, "kind": "text", **person(1)}
each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@each_size
def test_views_fit(hall: Hall, new_screen: Callable[..., Screen], size: tuple[int, int]) -> None:
    stage = Stage(new_screen(size, reduced_motion="reduce"), hall)
    found = {}
    # A page of 3840 × 2160 equals one of 1920 × 1080 at twice the size, and its layout is slow.
    every = 4 if size == SIZES[2] else 1
    # The pages of a vote have a layout of their own on a screen of 4 : 3.
    only = "polls" if size == OLD_PROJECTOR else ""
    for name, (facts, messages) in list(CASES.items())[::every]:
        if not name.startswith(only):
            continue
        stage.show(None)
        stage.show(facts)
        for message in messages:
            stage.hear(*message)
        holes = [] if size == PHONE else stage.holes()
        if faults := stage.faults() + holes:
            found[name] = faults
    stage.show(None, wall={"pinned": [], "full_screen": {**WALL_TEXT, "text": WORDS}})
    found["a text of the wall"] = stage.faults()
    stage.show(None, wall={"pinned": [], "full_screen": {**WALL_TEXT, "text": WORDS * 8}})
    found["a long text of the wall"] = stage.faults()
    assert {name: faults for name, faults in found.items() if faults} == {}
