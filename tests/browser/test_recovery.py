"""When servers fail, the screen says that its data is old, and recovers."""

import os
import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.hall import Hall
from tests.browser.screen import Screen
from tests.installation import Installation, Process, until
from tests.phones import Phone

Phones = list[Phone]


@pytest.fixture
def watched(hall: Hall, screen: Screen, phones: Phones) -> Screen:
    """Return a screen that shows two players live."""
    hall.play(*phones[:2])
    screen.open(hall)
    screen.shows(hall.rows())
    return screen


@contextmanager
def without_power(installation: Installation) -> Iterator[None]:
    """Kill all processes at once, and start the server again after the block."""
    installation.kill(installation.processes())
    assert installation.started is not None
    installation.started.wait(10)
    until(lambda: not installation.survivors(), 10, "everything has ended")
    try:
        yield
    finally:
        installation.up()


@contextmanager
def silent(processes: Sequence[Process]) -> Iterator[None]:
    """Stop processes during the block: connections stay open, and nothing answers."""
    for process in processes:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process.pid, signal.SIGCONT)


def serving(installation: Installation) -> list[Process]:
    """Return the processes that have connections to phones and screens."""
    return [found for found in installation.processes() if "gunicorn: worker" in found.command]


def test_killed_server_is_shown_and_recovered_from(
    hall: Hall, watched: Screen, phones: Phones
) -> None:
    with without_power(hall.installation):
        expect(watched.page.locator("body")).to_have_attribute("data-stream", "stale")
        expect(watched.part("stale-badge")).to_have_text(
            re.compile(r"^数据已滞后 ([2-9]|\d\d+) 秒$")
        )
    hall.score(phones[1])
    watched.is_live()
    watched.shows(hall.rows())
    hall.score(phones[0])
    watched.shows(hall.rows())


def test_silent_server_is_shown_and_recovered_from(hall: Hall, watched: Screen) -> None:
    with silent(serving(hall.installation)):
        expect(watched.part("stale-badge")).to_be_visible(timeout=12_000)
    watched.is_live()


def test_killed_redis_is_recovered_from(hall: Hall, watched: Screen, phones: Phones) -> None:
    hall.installation.kill([hall.installation.process("redis.sock")])
    hall.score(phones[1])
    hall.installation.wait_until_ready()
    watched.shows(hall.rows())
    watched.is_live()


def test_redis_that_lost_its_data_is_recovered_from(
    hall: Hall, watched: Screen, phones: Phones
) -> None:
    hall.installation.redis().flushall()
    hall.score(phones[1])
    watched.shows(hall.rows())


def test_cut_line_is_shown_and_what_was_missed_is_fetched(
    hall: Hall, watched: Screen, phones: Phones
) -> None:
    before = watched.standing()
    watched.page.context.set_offline(True)
    hall.installation.kill(serving(hall.installation))
    expect(watched.part("stale-badge")).to_be_visible()
    hall.score(phones[1])
    assert watched.standing() == before
    watched.page.context.set_offline(False)
    watched.is_live()
    watched.shows(hall.rows())


def test_pairing_page_survives_a_cut_line(hall: Hall, screen: Screen) -> None:
    screen.visit(f"/screen/{hall.id}")
    code = screen.pairing_code()
    screen.page.context.set_offline(True)
    expect(screen.part("pairing-status")).to_have_text("服务器暂时连不上，正在自动重试…")
    hall.host.ok("POST", f"/events/{hall.id}/screens", {"pairing_code": code})
    screen.page.context.set_offline(False)
    screen.is_live()
