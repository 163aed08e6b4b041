"""What hosts uploaded for the big screen: the background behind the board, pictures, music."""

from collections.abc import Callable

import pytest
import urllib3
from playwright.sync_api import expect

from tests.browser.hall import Hall
from tests.browser.screen import LARGE, OLD_PROJECTOR, PHONE, Screen
from tests.phones import Phone
from tests.support import picture_bytes

# A frame of an MP3 with silence, 26 ms long.
# As long as a title may be.
LONGEST_TITLE = "十一月林卡日：带上家人和孩子，周五下午三点在南门篮球场集合，一起搭帐篷、喝甜茶、跳锅庄，晚上六点班车送回市区各个站点"
SILENCE = (bytes.fromhex("fffb9064") + bytes(413)) * 400


def upload(hall: Hall, kind: str, name: str, data: bytes) -> str:
    """Upload a file as the host of a hall; returns its address."""
    answer = urllib3.request(
        "POST",
        f"{hall.installation.url}/api/v1/events/{hall.id}/media?kind={kind}",
        fields={"file": (name, data)},
        headers={"Authorization": f"Bearer {hall.host.token}"},
    )
    assert answer.status == 201, answer.data
    path: str = answer.json()["path"]
    return path


def pin(host: Phone) -> str:
    """Publish a pinned post with a cover for everybody; returns its path."""
    column = next(
        one for one in host.ok("GET", "/posts/columns")["items"] if one["title"] == "团建活动"
    )
    body = {"column_id": column["id"], "title": LONGEST_TITLE, "body": "字" * 300, "pinned": True}
    post = host.ok("POST", "/posts", {**body, "audience": ["everyone"]})
    path = f"/posts/{post['id']}"
    cover = host.upload(f"{path}/pictures", picture_bytes(size=(640, 360), colour="#5fd6bf"))
    host.ok("PUT", f"{path}/source", {"version": 1, "cover_id": cover["id"]})
    for action in ("submit", "publish"):
        host.ok("POST", f"{path}/transitions", {"action": action})
    return path


@pytest.mark.parametrize("size", [LARGE, OLD_PROJECTOR])
def test_background_is_behind_the_board_and_leaves_with_its_file(
    new_screen: Callable[..., Screen], hall: Hall, phones: list[Phone], size: tuple[int, int]
) -> None:
    hall.play(phones[0])
    screen = new_screen(size)
    screen.open(hall)
    expect(screen.part("backdrop")).to_be_hidden()
    # White is the worst background for light letters.
    path = upload(hall, "background", "white.png", picture_bytes(size=(1280, 720), colour="white"))
    image = screen.part("backdrop").locator("img")
    expect(image).to_have_attribute("src", path)
    expect(image).to_be_visible()
    assert screen.misfits() == []
    hall.host.ok("DELETE", path.removeprefix("/api/v1"))
    expect(screen.part("backdrop")).to_be_hidden()


def test_pictures_are_shown_until_the_first_player_joins_and_posts_when_a_host_asks(
    screen: Screen, hall: Hall, phones: list[Phone]
) -> None:
    path = upload(hall, "picture", "poster.png", picture_bytes(size=(640, 360)))
    screen.open(hall)
    expect(screen.part("slides").locator("img")).to_be_visible()
    assert screen.misfits() == []
    hall.play(phones[0])
    expect(screen.part("slides")).to_be_hidden()
    hall.host.ok("DELETE", path.removeprefix("/api/v1"))
    post = pin(hall.host)
    try:
        hall.host.ok("PUT", f"/events/{hall.id}/screen-choice", {"shows": "slides"})
        slide = screen.part("post-slide")
        expect(slide).to_contain_text(LONGEST_TITLE)
        cover = slide.locator("img")
        expect(cover).to_have_js_property("complete", True)
        assert cover.evaluate("image => image.naturalWidth") > 0
        for width, height in (LARGE, OLD_PROJECTOR, (1280, 720), (3840, 2160), PHONE):
            screen.page.set_viewport_size({"width": width, "height": height})
            assert screen.misfits() == screen.spilt() == []
    finally:
        hall.host.ok("POST", f"{post}/transitions", {"action": "withdraw"})
    # Where no slide is left, the screen shows what is on.
    expect(screen.part("player-board")).to_be_visible(timeout=30_000)


def test_music_is_played_and_stopped_with_a_button(screen: Screen, hall: Hall) -> None:
    upload(hall, "music", "silence.mp3", SILENCE)
    screen.open(hall)
    button = screen.part("music")
    expect(button).to_contain_text("播放音乐")
    button.click()
    expect(button).to_contain_text("停止音乐")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_contain_text("播放音乐")
