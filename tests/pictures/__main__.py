"""`make pictures`: takes pictures of the pages of the mini program, of what the big screen shows, and
of the hosts' console.

One server plays an afternoon with the sample centre (`tests/browser/afternoon.py`), so that the
pictures of two runs show the same. They are written to `docs/pictures` with few colours.
"""

import io
import json
from collections.abc import Callable
from pathlib import Path

import click
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.afternoon import Afternoon
from tests.browser.hall import Hall
from tests.browser.phone import SIZE, Handset
from tests.browser.screen import Screen
from tests.browser.studio import Studio, studio
from tests.browser.test_screen_media import upload
from tests.pictures.console import Desk

ROOT = Path(__file__).parents[2]
APP = ROOT / "miniprogram_stub" / "app"
FOLDER = ROOT / "docs" / "pictures"
PAGES: list[str] = json.loads((APP / "app.json").read_text(encoding="utf-8"))["pages"]
# What can be seen for a moment only is taken first, then what stays.
MOMENTS = ("shake", "drawing", "contest")
SCREEN = (1280, 720)
COLOURS = 256
# Pages are laid out for 375 px; phones have two or three points for each.
PHONE_RATIO = 2


class Camera:
    """Takes pictures of pages and screens of one afternoon."""

    def __init__(self, place: Studio, afternoon: Afternoon, folder: Path) -> None:
        self._place = place
        self._afternoon = afternoon
        self._folder = folder
        self.bytes = 0

    def page(self, path: str) -> None:
        """Take a page of the mini program."""
        phone = self._phone(path)
        expect(phone.find("[aria-label='正在加载']")).to_have_count(0)
        # Gold that flies into the purse has arrived.
        expect(phone.find("[class$='--gain']")).to_have_count(0)
        self._take(f"phone-{path.split('/')[1]}", phone.page)

    def view(self, name: str, hall: Hall, **more: object) -> None:
        """Take a view of the big screen that a host has chosen."""
        self._choose(hall, name, **more)
        self.screen(name, hall)
        self._choose(hall, "automatic")

    def _choose(self, hall: Hall, shows: str, **more: object) -> None:
        hall.host.ok("PUT", f"/events/{hall.id}/screen-choice", {"shows": shows, **more})

    def scenery(self) -> bytes:
        """Return a picture that an event may have."""
        page = self._place.browser.new_page(viewport={"width": SCREEN[0], "height": SCREEN[1]})
        page.goto(f"{self._place.installation.url}/screen/static/meadow.svg")
        taken = page.screenshot()
        page.context.close()
        return taken

    def screen(self, name: str, hall: Hall) -> None:
        """Take what the big screen of an event shows."""
        context = self._place.browser.new_context(
            locale="zh-CN",
            viewport={"width": SCREEN[0], "height": SCREEN[1]},
            reduced_motion="reduce",
        )
        screen = Screen(context.new_page(), self._place.installation)
        screen.open(hall)
        self._take(f"screen-{name}", screen.page)

    def address(self, name: str, path: str) -> None:
        """Take any other page of the server."""
        page = self._place.browser.new_page(
            locale="zh-CN", viewport={"width": SCREEN[0], "height": SCREEN[1]}
        )
        page.goto(f"{self._place.installation.url}{path}")
        self._take(name, page)

    def keep(self, name: str, taken: bytes, tallest: int | None = None) -> None:
        """Write a picture, not taller than this."""
        picture = Image.open(io.BytesIO(taken))
        if tallest is not None and picture.height > tallest:
            picture = picture.crop((0, 0, picture.width, tallest))
        file = self._folder / f"{name}.png"
        # The third method of Pillow: an octree, which keeps the colours of large plain areas.
        picture.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE).save(
            file, optimize=True
        )
        self.bytes += file.stat().st_size
        click.echo(f"{file.stat().st_size / 1024:7.1f} KB  {file.relative_to(ROOT)}")

    def _phone(self, path: str) -> Handset:
        context = self._place.browser.new_context(
            locale="zh-CN",
            viewport={"width": SIZE[0], "height": SIZE[1]},
            device_scale_factor=PHONE_RATIO,
            reduced_motion="reduce",
            has_touch=True,
        )
        page = context.new_page()
        self._afternoon.remember(page, path)
        phone = Handset(page)
        query = self._afternoon.query(path)
        phone.open(self._place.installation, self._afternoon.user(path), path, **query)
        return phone

    def _take(self, name: str, page: Page) -> None:
        page.wait_for_load_state("networkidle")
        self.keep(name, page.screenshot())
        page.context.close()


def take_views(camera: Camera, afternoon: Afternoon) -> None:
    """Take the views of the big screen in which nothing is played."""
    hall = afternoon.halls["polls"]
    box = f"/polls/{hall.activity('polls')}/suggestions"
    adopted, second = hall.host.ok("GET", box)["items"][:2]
    for phone in afternoon.phones[3:9]:
        phone.ok("PUT", f"{box}/{adopted['id']}/support")
    afternoon.phones[5].ok("PUT", f"{box}/{second['id']}/support")
    decision = {"status": "adopted", "answer": "下个月就去。"}
    hall.host.ok("PUT", f"{box}/{adopted['id']}", decision)
    upload(hall, "picture", "meadow.png", camera.scenery())
    for name in ("arrivals", "agenda", "suggestions", "slides"):
        camera.view(name, hall)
    camera.view("notice", hall, text="还有 5 分钟，请大家入座", minutes=5)
    hunt = afternoon.halls["hunt"]
    for name in ("welcome", "podium"):
        camera.view(name, hunt)


def take_all(place: Studio) -> None:
    """Take all pictures, and remove those of pages that are gone."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    click.echo("An afternoon is played …")
    afternoon = Afternoon(place.installation, place.host, place.phones)
    camera = Camera(place, afternoon, FOLDER)
    desk = Desk(place, afternoon, camera.keep)
    moments: dict[str, Callable[[], object]] = {
        "shake": afternoon.begin_race,
        "drawing": afternoon.draw,
        "contest": afternoon.ask,
    }
    for name in MOMENTS:
        moments[name]()
        camera.page(f"pages/{name}/{name}")
        camera.screen(name, afternoon.halls[name])
        desk.panel(name)
    desk.run_page()
    for path in PAGES:
        if path.split("/")[1] not in MOMENTS:
            camera.page(path)
    camera.screen("board", afternoon.halls["hunt"])
    for name in ("polls", "keywords", "raffle"):
        camera.screen(name, afternoon.halls[name])
    camera.address("landing", "/")
    # Before the desk freezes the hunt.
    take_views(camera, afternoon)
    desk.take_all()
    click.echo(f"{camera.bytes / 1024:7.1f} KB  in all")


def main() -> None:
    """Start a server and a browser, and take all pictures."""
    click.echo("A server with the sample centre is started …")
    with studio() as place:
        take_all(place)


if __name__ == "__main__":
    main()
