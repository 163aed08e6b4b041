"""Nothing moves or is cut on a large screen, an old projector and a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.hall import Hall
from tests.browser.screen import REVEAL_TOP, SIZES, Screen
from tests.phones import Phone

LONG_TITLE = "二零二六年冬季高原客户服务中心“美多”大淘金暨班组技能竞赛总决赛之夜特别场次第三幕"

each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.fixture
def still(new_screen: Callable[..., Screen], size: tuple[int, int]) -> Screen:
    """Return a screen of this size without motion: what is measured is at rest."""
    return new_screen(size, reduced_motion="reduce")


@each_size
def test_refusal_and_pairing_fit(hall: Hall, still: Screen) -> None:
    still.visit("/screen/999999")
    assert still.misfits() == []
    still.visit(f"/screen/{hall.id}")
    still.is_pairing()
    assert still.misfits() == []


@each_size
def test_long_names_fit(
    new_hall: Callable[..., Hall],
    still: Screen,
    size: tuple[int, int],
    hard_phones: list[Phone],
    phones: list[Phone],
) -> None:
    hall = new_hall(title=LONG_TITLE, join_code=f"MWMWMWMW{size[0]:04}", rehearsal=True)
    still.open(hall)
    assert still.misfits() == []
    hall.play(*hard_phones, *phones[:7])
    expect(still.part("player-board").locator(".row")).to_have_count(10)
    still.shows(hall.rows())
    assert still.misfits() == []
    hall.host_does("freeze")
    expect(still.part("freeze-badge")).to_be_visible()
    assert still.misfits() == []
    hall.host_does("reveal", step=8)
    still.keeps_closed(3)
    assert still.misfits() == []


@each_size
def test_long_names_fit_in_the_spotlight(
    hall: Hall, still: Screen, hard_phones: list[Phone]
) -> None:
    hall.play(*hard_phones[1:4])
    hall.host_does("freeze")
    still.open(hall)
    for closed in range(3, -1, -1):
        hall.host_does("reveal", step=REVEAL_TOP + 1 - closed)
        still.keeps_closed(closed)
        assert still.misfits() == []
    expect(still.page.locator(".spotlight__name")).to_have_text(hall.rows()[0]["name"])
