"""Pause, freeze, reveal and the end, as the hall sees them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.hall import Hall
from tests.browser.screen import REVEAL_TOP, Screen
from tests.phones import Phone

Phones = list[Phone]


def in_an_hour() -> str:
    """Return a moment to plan an end at."""
    return (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def test_pause_shows_and_goes(hall: Hall, screen: Screen, phones: Phones) -> None:
    hall.join(phones[0])
    screen.open(hall)
    hall.host_does("pause")
    screen.wears("paused-badge", "暂停中")
    expect(screen.part("state-badge")).to_be_hidden()
    hall.host_does("resume")
    expect(screen.part("paused-badge")).to_be_hidden()
    screen.wears("state-badge", "进行中")


def test_countdown_runs(new_hall: Callable[..., Hall], screen: Screen, phones: Phones) -> None:
    hall = new_hall(closes_at=in_an_hour())
    hall.join(phones[0])
    screen.page.clock.install()
    screen.open(hall)
    shown = screen.part("countdown").inner_text()
    screen.page.clock.run_for(5_000)
    assert screen.part("countdown").inner_text() != shown


def test_countdown_stands_still_in_a_pause(
    new_hall: Callable[..., Hall], screen: Screen, phones: Phones
) -> None:
    hall = new_hall(closes_at=in_an_hour())
    hall.join(phones[0])
    screen.page.clock.install()
    screen.open(hall)
    hall.host_does("pause")
    expect(screen.page.get_by_text("计时已停", exact=True)).to_be_visible()
    shown = screen.part("countdown").inner_text()
    screen.page.clock.run_for(5_000)
    assert screen.part("countdown").inner_text() == shown


def test_frozen_board_does_not_move(hall: Hall, screen: Screen, phones: Phones) -> None:
    hall.play(*phones[:2])
    screen.open(hall)
    screen.shows(frozen := hall.rows())
    hall.host_does("freeze")
    screen.wears("freeze-badge", "封榜")
    before = screen.standing()
    hall.score(phones[0], phones[1], phones[1])
    hall.join(phones[2])
    screen.counts(3)  # sent after the scores: so the page has heard of them, or never will
    assert screen.standing() == before
    assert hall.rows() != frozen


def test_gains_are_not_told_during_a_freeze(hall: Hall, screen: Screen, phones: Phones) -> None:
    hall.play(phones[0])
    screen.open(hall)
    hall.score(phones[0])
    expect(screen.part("gains").locator("li")).to_have_count(1)
    hall.host_does("freeze")
    expect(screen.part("freeze-badge")).to_be_visible()
    hall.score(phones[0])
    hall.join(phones[1])
    screen.counts(2)
    expect(screen.part("gains")).to_be_hidden()
    expect(screen.part("gains").locator("li")).to_have_count(0)


def test_screen_opened_during_a_freeze_shows_the_frozen_board(
    hall: Hall, screen: Screen, phones: Phones
) -> None:
    hall.play(*phones[:2])
    frozen = hall.rows()
    hall.host_does("freeze")
    hall.score(phones[1])
    screen.open(hall)
    expect(screen.part("freeze-badge")).to_be_visible()
    screen.shows(frozen)


def test_reveal_goes_step_by_step_from_the_bottom_up(
    hall: Hall, screen: Screen, phones: Phones
) -> None:
    hall.play(*phones)
    hall.host_does("freeze")
    hall.score(phones[0])
    hall.host_does("close")
    final = [row["name"] for row in hall.rows()][:REVEAL_TOP]
    screen.open(hall)
    cards = screen.part("player-board").locator(".row__veil, .row__name")
    for step in range(1, REVEAL_TOP + 1):
        hall.host_does("reveal")
        closed = REVEAL_TOP + 1 - step
        screen.wears("reveal-badge", f"揭榜 {step} / {REVEAL_TOP + 1}")
        screen.keeps_closed(closed)
        expect(cards).to_have_text(["待揭晓"] * closed + final[closed:])


def test_last_step_lifts_the_freeze(hall: Hall, screen: Screen, phones: Phones) -> None:
    hall.play(*phones[:3])
    hall.host_does("freeze")
    hall.overtake(phones[2])
    screen.open(hall)
    hall.host_does("reveal", step=REVEAL_TOP)
    screen.keeps_closed(1)
    assert hall.rows()[0]["name"] not in screen.page.locator("body").inner_text()
    hall.host_does("reveal")
    screen.shows(hall.rows())
    expect(screen.part("reveal-badge")).to_be_hidden()
    expect(screen.part("freeze-badge")).to_be_hidden()
    hall.score(phones[0])
    screen.shows(hall.rows())


def test_end_shows(hall: Hall, screen: Screen, phones: Phones) -> None:
    hall.play(phones[0])
    screen.open(hall)
    expect(screen.part("ended-badge")).to_be_hidden()
    hall.host_does("close")
    screen.wears("ended-badge", "已结束")
    expect(screen.page.get_by_role("heading", name="最终排名")).to_be_visible()
    expect(screen.part("join-code")).to_be_hidden()


def test_event_that_nobody_played_ends_without_a_board(hall: Hall, screen: Screen) -> None:
    screen.open(hall)
    expect(screen.part("no-points")).to_be_hidden()
    hall.host_does("close")
    screen.wears("no-points", "本场没有得分记录")
    expect(screen.part("empty-state")).to_be_hidden()


def test_rehearsal_is_marked(
    new_hall: Callable[..., Hall], hall: Hall, new_screen: Callable[..., Screen]
) -> None:
    rehearsal, earnest = new_screen(), new_screen()
    rehearsal.open(new_hall(rehearsal=True))
    earnest.open(hall)
    rehearsal.wears("rehearsal-badge", "彩排")
    expect(earnest.part("rehearsal-badge")).to_be_hidden()


def test_screen_speaks_of_no_hunt_where_there_is_none(
    new_hall: Callable[..., Hall], screen: Screen, phones: Phones
) -> None:
    hall = new_hall(template="anniversary")
    hall.join(phones[0])
    screen.open(hall)
    texts = [screen.page.locator("body").inner_text()]
    hall.host_does("close")
    screen.wears("ended-badge", "已结束")
    texts.append(screen.page.locator("body").inner_text())
    assert "感谢每一位参与者" in texts[1]
    assert not any(word in text for text in texts for word in ("金子", "淘金"))
