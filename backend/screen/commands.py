"""The operator's command for screens: `linka events pair`."""

from typing import Protocol

import click
from redis import Redis

from backend.clock import Clock
from backend.db import Database
from backend.errors import LinkaError
from backend.events import service
from backend.events.arguments import EVENT
from backend.identity import audit
from backend.live.pairing import Pairings
from backend.live.revocations import Revocations


class ScreenShell(Protocol):
    """What this command needs of the click context object; each is opened when first used."""

    @property
    def database(self) -> Database:
        """The open database."""

    @property
    def redis(self) -> Redis:
        """A client of Redis, which runs."""

    @property
    def revocations(self) -> Revocations:
        """Tells servers to check open sockets and streams again."""

    @property
    def clock(self) -> Clock:
        """The clock."""

    @property
    def address(self) -> str:
        """Where the server is reached."""


@click.command("screen-key")
@click.argument("event_id", metavar="EVENT", type=EVENT)
@click.pass_obj
def screen_key(shell: ScreenShell, event_id: int) -> None:
    """更换大屏钥匙：旧地址和已打开的大屏立即失效。 Replace the screen key."""
    shell.database.check()
    try:
        event = service.renew_screen_key(shell.database, event_id, shell.clock.now(), None)
        shell.revocations.tell(event_id=event_id)
    except LinkaError as error:
        raise click.ClickException(f"{error.message('zh')}（{error.slug}）") from None
    click.echo(f"新的大屏地址：{shell.address}/screen/{event.id}?key={event.screen_key}")


@click.command("pair")
@click.argument("event_id", metavar="EVENT", type=EVENT)
@click.argument("code", metavar="CODE")
@click.pass_obj
def pair(shell: ScreenShell, event_id: int, code: str) -> None:
    """核准一块大屏：CODE 是屏幕上显示的六位数字。"""
    shell.database.check()
    try:
        event = service.get(event_id)
        Pairings(shell.redis).approve(f"event:{event.id}", code, event.screen_key[:8])
        with shell.database.write():
            audit.record(None, "screen_approved", f"event:{event_id}", shell.clock.now())
    except LinkaError as error:
        raise click.ClickException(f"{error.message('zh')}（{error.slug}）") from None
    click.echo("大屏已核准")
