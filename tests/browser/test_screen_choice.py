"""The big screen follows a host's choice."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.contest_hall import ContestHall
from tests.browser.hall import Hall
from tests.browser.screen import Screen
from tests.phones import Phone


def test_board_welcome_and_activity_take_the_screen_as_a_host_chooses(
    new_hall: Callable[..., Hall],
    phones: list[Phone],
    screen: Screen,
    new_screen: Callable[..., Screen],
) -> None:
    hall = new_hall(template="contest")
    contest = ContestHall(hall)
    contest.settle(questions=2)
    hall.join(*phones[:2])
    screen.open(hall)
    contest.act("begin")
    scene, stage = screen.part("scene"), screen.part("stage")
    expect(scene).to_be_visible()

    def choose(shows: str, **more: int) -> None:
        hall.host.ok("PUT", f"/events/{hall.id}/screen-choice", {"shows": shows, **more})

    choose("board")
    expect(scene).to_be_hidden()
    expect(stage).to_be_visible()
    expect(screen.part("empty-state")).to_be_hidden()
    choose("welcome")
    expect(screen.part("empty-state")).to_be_visible()
    expect(screen.part("join-code")).to_be_visible()
    assert screen.misfits() == []
    # A computer that crashed opens the view again, and a spare one takes over by its six digits.
    screen.page.reload()
    screen.is_live()
    expect(screen.part("join-code")).to_be_visible()
    spare = new_screen()
    spare.visit(f"/screen/{hall.id}")
    code = spare.pairing_code()
    hall.host.ok("POST", f"/events/{hall.id}/screens", {"pairing_code": code})
    spare.is_live()
    expect(spare.part("empty-state")).to_be_visible()
    choose("activity", activity_id=hall.activity_id)
    expect(scene).to_be_visible()
    expect(spare.part("scene")).to_be_visible()
    choose("board")
    choose("automatic")
    expect(scene).to_be_visible()
