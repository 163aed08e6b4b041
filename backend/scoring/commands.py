"""The operator's commands for boards: `linka boards rebuild|verify`."""

import time
from typing import Protocol

import click

from backend.clock import Clock
from backend.db import Database
from backend.events.arguments import EVENT
from backend.events.models import Event
from backend.scoring.boards import Boards

# While people play, the ledger is ahead of the board for moments, so only what differs in several
# comparisons is reported.
LOOKS = 3
BETWEEN_LOOKS_SECONDS = 1.0


class ScoringShell(Protocol):
    """What these commands need of the click context object; each is opened when first used."""

    @property
    def database(self) -> Database:
        """The open database."""

    @property
    def clock(self) -> Clock:
        """The clock."""

    @property
    def boards(self) -> Boards:
        """The boards, with Redis running."""


@click.group("boards", help="排行榜。 Live boards.")
def boards() -> None:
    """The group of the commands of boards."""


def _events(shell: ScoringShell, event_id: int | None) -> list[Event]:
    shell.database.check()
    return list(Event.select().where((Event.id == event_id) if event_id else True))


@boards.command("rebuild")
@click.argument("event_id", metavar="[EVENT]", required=False, type=EVENT)
@click.pass_obj
def rebuild(shell: ScoringShell, event_id: int | None) -> None:
    """从账本重建排行榜：全部活动，或一个 EVENT。"""
    events = _events(shell, event_id)
    handled = shell.boards
    with click.progressbar(events, label="重建排行榜") as progress:
        for event in progress:
            handled.rebuild(event.id, shell.clock.now())
    click.echo(f"已重建 {len(events)} 个活动的排行榜")


@boards.command("verify")
@click.argument("event_id", metavar="[EVENT]", required=False, type=EVENT)
@click.pass_obj
def verify(shell: ScoringShell, event_id: int | None) -> None:
    """核对账本、积分和排行榜：全部活动，或一个 EVENT；有差异时退出码为 1。"""
    events = _events(shell, event_id)
    handled = shell.boards
    differences, compared = _persisting(handled, events)
    for difference in differences:
        click.echo(difference)
    if differences:
        raise click.ClickException(f"{len(differences)} 处差异")
    click.echo(f"核对了 {len(events)} 个活动的 {compared} 项，账本与排行榜一致")


def _persisting(handled: Boards, events: list[Event]) -> tuple[list[str], int]:
    """Return the differences that all comparisons found, and how much was compared."""
    staying: set[str] | None = None
    compared = 0
    for look in range(LOOKS):
        if look:
            time.sleep(BETWEEN_LOOKS_SECONDS)
        findings = [handled.verify(event.id) for event in events]
        compared = sum(finding.compared for finding in findings)
        seen = {text for finding in findings for text in finding.differences}
        staying = seen if staying is None else staying & seen
        if not staying:
            break
    return sorted(staying or ()), compared
