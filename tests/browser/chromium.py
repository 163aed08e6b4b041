"""Debian's Chromium: the program that draws the pages of the tests, and how it is started."""

import shutil

from playwright.sync_api import Browser, Playwright, expect

# The headless shell has no windows, so that a page takes half the processor time.
PROGRAMS = ("chromium-headless-shell", "chromium")
# Playwright's own list, which this one replaces, as far as it matters here; and two popups of the
# address bar, which Chromium would load anew for each page.
_WITHOUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
)
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--renderer-process-limit=1",
    f"--disable-features={','.join(_WITHOUT)}",
)

# What is expected is nearly always there at once; a machine on which all tests run may take long.
expect.set_options(timeout=30_000)


def program() -> str | None:
    """Return the path of the program, or None if none is installed."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser:
    """Start a browser; `program` must have found one."""
    return playwright.chromium.launch(executable_path=program(), args=list(_ARGUMENTS))
