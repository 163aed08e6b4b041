"""A server with the sample centre and a browser, for commands that look at the pages outside tests."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click
from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.browser.conftest import PEOPLE
from tests.installation import Installation
from tests.phones import Phone, invite_codes, staff_phone
from tests.support import HOST


@dataclass
class Studio:
    """A running server, a browser, and the people of the sample centre who have a phone there."""

    installation: Installation
    browser: Browser
    host: Phone
    phones: list[Phone]


@contextmanager
def studio() -> Iterator[Studio]:
    """Start everything, and end it after the block. Raises `ClickException` without Chromium."""
    if chromium.program() is None:
        raise click.ClickException("Chromium is not on PATH: see tests/install-system-packages")
    folder = Path(tempfile.mkdtemp(prefix="linka-studio-"))
    installation = Installation(folder / "var")
    try:
        for command in ("migrate", "sample"):
            done = installation.linka(command)
            if done.returncode != 0:
                raise click.ClickException(done.stdout + done.stderr)
        installation.up()
        numbers = islice((number for number in invite_codes() if number.startswith("2")), PEOPLE)
        phones = [staff_phone(installation, number) for number in numbers]
        with sync_playwright() as playwright:
            browser = chromium.launch(playwright)
            yield Studio(installation, browser, staff_phone(installation, HOST), phones)
            browser.close()
    finally:
        installation.remove()
        shutil.rmtree(folder, ignore_errors=True)
