"""The operator's command for the console: `linka console link`."""

from typing import Protocol

import click

from backend.clock import Clock
from backend.db import Database
from backend.identity import sessions
from backend.identity.keys import normal_number


class ConsoleShell(Protocol):
    """What this command needs from the click context object."""

    @property
    def database(self) -> Database:
        """The open database."""

    @property
    def clock(self) -> Clock:
        """The clock."""

    @property
    def address(self) -> str:
        """Where the server is reached."""


@click.group()
def console() -> None:
    """控制台。 The console of hosts, trainers and team leaders."""


@console.command()
@click.argument("staff_number", metavar="工号")
@click.pass_obj
def link(shell: ConsoleShell, staff_number: str) -> None:
    """打印一次性的登录链接，十分钟内有效。 Print a link that logs a person in once."""
    shell.database.check()
    secret = sessions.link(shell.database, normal_number(staff_number), shell.clock.now())
    click.echo(f"{shell.address}/host/link/{secret}")
    click.echo("这个链接只能用一次，十分钟内有效。请只交给本人。", err=True)
