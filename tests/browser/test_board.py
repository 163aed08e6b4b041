"""The board is live: the screen shows what phones do, as the API reports it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import HARD, MARKUP
from tests.browser.hall import Hall
from tests.browser.screen import Screen
from tests.phones import Phone

Phones = list[Phone]


def test_before_anybody_joins_the_code_invites(hall: Hall, screen: Screen) -> None:
    screen.open(hall)
    expect(screen.part("empty-state")).to_be_visible()
    expect(screen.part("join-code")).to_have_text(hall.code)
    expect(screen.part("player-board")).to_be_hidden()


def test_before_the_opening_people_are_welcomed_and_the_time_to_it_runs(
    new_hall: Callable[..., Hall], screen: Screen, phones: Phones
) -> None:
    opening = datetime.now(UTC) + timedelta(minutes=30)
    hall = new_hall("schedule", opens_at=opening.isoformat(timespec="milliseconds"))
    hall.join(phones[0])
    screen.open(hall)
    screen.counts(1)
    expect(screen.part("empty-state")).to_contain_text("现在就可以扫码入场")
    expect(screen.part("countdown-figure")).to_have_text(
        re.compile(r"^\s*距开始\s*(29:\d\d|30:00)\s*$")
    )
    hall.host_does("open")
    expect(screen.part("empty-state")).to_be_hidden()
    expect(screen.part("player-board")).to_be_visible()


def test_first_player_brings_the_board(hall: Hall, screen: Screen, phones: Phones) -> None:
    screen.open(hall)
    hall.join(phones[0])
    screen.counts(1)
    expect(screen.part("empty-state")).to_be_hidden()
    expect(screen.page.locator("body")).to_have_attribute("data-view", "board")


def test_nobody_has_a_place_or_a_medal_without_points(
    hall: Hall, screen: Screen, phones: Phones
) -> None:
    hall.join(phones[0])
    screen.open(hall)
    row = screen.part("player-board").locator(".row")
    expect(row.locator(".row__points")).to_have_text("0")
    expect(row).not_to_have_attribute("data-rank", "1")
    expect(row.locator(".row__rank")).to_have_text("–")
    hall.score(phones[0])
    expect(row).to_have_attribute("data-rank", "1")
    expect(row.locator(".row__rank")).to_have_text("1")


def test_rows_move_when_a_phone_scores(hall: Hall, screen: Screen, phones: Phones) -> None:
    leader, chaser = phones[:2]
    hall.join(leader, chaser)
    hall.score(leader)
    screen.open(hall)
    screen.shows(before := hall.rows())
    hall.overtake(chaser)
    screen.shows(after := hall.rows())
    assert [row["id"] for row in after] == [row["id"] for row in reversed(before)]


def test_gain_is_announced(hall: Hall, screen: Screen, phones: Phones) -> None:
    hall.join(phones[0])
    screen.open(hall)
    expect(screen.part("gains").locator("li")).to_have_count(0)
    hall.score(phones[0])
    (row,) = hall.rows()
    chip = screen.part("gains").locator("li")
    expect(chip).to_have_text(f"+{row['points']}{row['name']}{row['team']}")


def test_teams_move_when_a_phone_scores(hall: Hall, screen: Screen, phones: Phones) -> None:
    screen.open(hall)
    hall.play(*phones[:3])
    teams = hall.rows("teams")
    names = screen.part("team-board").locator(".row__name")
    expect(names).to_have_text([team["name"] for team in teams])
    for team in teams:
        points = screen.part(f"team-points-{team['id']}")
        expect(points).to_have_attribute("data-points", str(team["points"]).removesuffix(".0"))
    expect(screen.part("formula")).to_contain_text("班组得分 =")


def test_two_screens_show_the_same(
    hall: Hall, new_screen: Callable[..., Screen], phones: Phones
) -> None:
    screens = [new_screen(), new_screen()]
    for screen in screens:
        screen.open(hall)
    hall.play(*phones[:2])
    for screen in screens:
        screen.shows(hall.rows())


def test_markup_in_names_is_shown_as_text(
    new_hall: Callable[..., Hall], screen: Screen, hard_phones: Phones
) -> None:
    hall = new_hall(title=f"淘金 {MARKUP}")
    screen.open(hall)
    hall.play(hard_phones[0])
    (row,) = hall.rows()
    assert row["name"] == MARKUP
    screen.shows([row])
    expect(screen.part("title")).to_have_text(hall.title)
    expect(screen.part("gains")).to_contain_text(MARKUP)
    expect(screen.part("team-board").locator(".row__name")).to_have_text(HARD["990001"][1])
    expect(screen.page.locator("main img:not(#slide), footer img, h1 img, main b")).to_have_count(0)


def test_whole_evening_without_a_complaint(hall: Hall, screen: Screen, phones: Phones) -> None:
    screen.visit(f"/screen/{hall.id}")
    code = screen.pairing_code()
    hall.host.ok("POST", f"/events/{hall.id}/screens", {"pairing_code": code})
    screen.is_live()
    hall.play(*phones[:3])
    screen.shows(hall.rows())
    for action, badge in (("pause", "paused"), ("freeze", "freeze"), ("close", "ended")):
        hall.host_does(action)
        expect(screen.part(f"{badge}-badge")).to_be_visible()
    hall.host_does("reveal")
    expect(screen.part("reveal-badge")).to_be_visible()
    hall.host_does("reveal", step=11)
    screen.shows(hall.rows())
    assert screen.complaints == []
