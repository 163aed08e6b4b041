"""The operator's command for screens: `linka events pair`."""

from typing import Protocol

import click
from redis import Redis

from backend.db import Database
from backend.errors import LinkaError
from backend.events import service
from backend.screen.pairing import Pairings
from backend.web.schema import MAX_ID


class Shell(Protocol):
    """What this command needs of the click context object; each is opened when first used."""

    @property
    def database(self) -> Database:
        """The open database."""

    @property
    def redis(self) -> Redis:
        """A client of Redis, which runs."""


@click.command("pair")
@click.argument("event_id", metavar="EVENT", type=click.IntRange(1, MAX_ID))
@click.argument("code", metavar="CODE")
@click.pass_obj
def pair(shell: Shell, event_id: int, code: str) -> None:
    """核准一块大屏：CODE 是屏幕上显示的六位数字。"""
    shell.database.check()
    try:
        service.get(event_id)
        Pairings(shell.redis).approve(event_id, code)
    except LinkaError as error:
        raise click.ClickException(f"{error.message('zh')}（{error.slug}）") from None
    click.echo("大屏已核准")
