"""`make covers`: draws the covers of the sample posts as JPEG, from the SVG files beside them."""

import io
from pathlib import Path

import click
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import launch

FOLDER = Path(__file__).parents[2] / "fixtures" / "posts" / "covers"
WIDTH, HEIGHT = 960, 540
MOST_BYTES = 40_000
QUALITIES = (85, 80, 75, 70, 65)


def _jpeg(page: Page, drawing: Path) -> bytes:
    """Return a drawing in the best quality that is small enough."""
    page.set_content(
        f"<style>body {{ margin: 0 }} svg {{ display: block; width: {WIDTH}px }}</style>"
        + drawing.read_text(encoding="utf-8")
    )
    drawn = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for quality in QUALITIES:
        made = io.BytesIO()
        drawn.save(made, "JPEG", quality=quality, optimize=True, progressive=True)
        if made.tell() <= MOST_BYTES:
            return made.getvalue()
    raise click.ClickException(f"{drawing.name} has too much detail for {MOST_BYTES} bytes")


def main() -> None:
    """Draw all covers."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for drawing in sorted(FOLDER.glob("*.svg")):
            drawing.with_suffix(".jpg").write_bytes(_jpeg(page, drawing))
        browser.close()


if __name__ == "__main__":
    main()
