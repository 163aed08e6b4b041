"""`linka-stub play`: options and messages; the work is in `evening` and `host`."""

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom
from typing import Any

import click
from rich.console import Console

from miniprogram_stub import addresses, report
from miniprogram_stub.addresses import BadUrl
from miniprogram_stub.anniversary import evening as anniversary
from miniprogram_stub.anniversary.phone import NoAnniversary
from miniprogram_stub.centre import Centre, NoCentre, RosterLine, load_centre
from miniprogram_stub.evening import Evening, Frozen, Recount, Servers
from miniprogram_stub.faults import FINE, STORM, FaultRates
from miniprogram_stub.host import Host, JoinableEvent
from miniprogram_stub.hunt import NoHunt
from miniprogram_stub.journal import Journal
from miniprogram_stub.live import evening as live
from miniprogram_stub.live.journal import LiveJournal
from miniprogram_stub.live.phone import NoGame
from miniprogram_stub.pace import FAST, human
from miniprogram_stub.program import Refused, ServerAway
from miniprogram_stub.wechat_server.bind import BadBind

DIFFERENT = 1
USUAL_DIGS = 12


class CannotPlay(click.ClickException):
    """One line on stderr and exit code 2."""

    exit_code = 2


class NobodyPlays(Exception):
    """Not one phone could take part; the text says why."""


@dataclass
class Session:
    """The options of the command line, and how they are played; see `play`."""

    kind: str
    journey: str | None
    phones: int
    faults: bool
    join_code: str | None
    url: str | None
    wechat: str | None
    seed: int | None
    template: str | None
    digs: int | None
    pace: str
    minutes: float
    keep_open: bool
    journal_file: Path | None
    folder: Path | None
    console: Console = field(default_factory=Console)

    def __post_init__(self) -> None:
        if self.journey and (self.join_code or self.template):
            raise CannotPlay("--journey 总是自己新建一场彩排，不能和 --event、--template 一起用。")
        self.servers = Servers(
            addresses.server_url(self.url, os.environ),
            addresses.wechat_url(self.wechat, os.environ),
        )
        self.centre: Centre = load_centre()
        self.chance = SystemRandom().randrange(10**6) if self.seed is None else self.seed

    @property
    def fault_rates(self) -> FaultRates:
        """The network between phones and server."""
        return STORM if self.faults else FINE

    def run(self) -> Recount:
        """Play and count again."""
        if self.journey:
            return self._anniversary()
        return self._live() if self.kind in live.KINDS else self._hunt()

    def _anniversary(self) -> Recount:
        journal = LiveJournal(self.journal_file)
        evening = anniversary.Anniversary(self.servers, journal, self.chance)
        return anniversary.play_anniversary(
            self.console, self.centre, evening, self.phones, self.fault_rates, self.folder
        )

    def _live(self) -> Recount:
        template = self.template or live.KINDS[self.kind].template
        with LiveJournal(self.journal_file) as journal:
            evening = live.LiveEvening(self.servers, journal, self.chance)
            evening.invite_live(
                self.kind, template, self._people(evening), self.centre.answers, self.fault_rates
            )
            return self._played(evening, template, evening.led_by)

    def _hunt(self) -> Recount:
        with Journal(self.journal_file) as journal:
            evening = Evening(self.servers, journal, self.chance)
            evening.invite(
                self._people(evening),
                self.centre.answers,
                self.fault_rates,
                human(self.minutes) if self.pace == "human" else FAST,
                self.digs,
            )
            return self._played(evening, self.template or self.kind)

    def _people(self, evening: Evening) -> list[RosterLine]:
        return list(self.centre.pick(self.phones, evening.random("people")))

    def _played(
        self,
        evening: Evening,
        template: str,
        led_by: Callable[[Host, JoinableEvent], AbstractContextManager[None]] | None = None,
    ) -> Recount:
        """Play an event that somebody else runs, or a rehearsal that the sample host runs.

        `led_by` is for games that a host has to lead while the phones play.
        """
        try:
            evening.knock()
            if self.join_code is not None:
                report.announce(self.console, evening, None, self.join_code)
                report.announce_waiting(self.console)
                self._play(evening, self.join_code)
                return self._counted(evening)
            host = Host(evening.program(self.centre.host.user), self.centre.host)
            with host.rehearsal(template, keep_open=self.keep_open) as event:
                report.announce(self.console, evening, event, event.join_code)
                with led_by(host, event) if led_by else nullcontext():
                    self._play(evening, event.join_code)
                found = self._counted(evening)
            if not self.keep_open:
                self.console.print(f"活动已关闭：{event.title}", markup=False)
            return found
        finally:
            evening.close()

    def _play(self, evening: Evening, join_code: str) -> None:
        """Play; an interrupt ends the evening early, and what was played is still counted."""
        with report.bar(self.console, evening, USUAL_DIGS) as bar:
            try:
                evening.play(join_code, bar.show)
            except KeyboardInterrupt:
                self.console.print("提前结束，核对已经玩过的部分……")

    def _counted(self, evening: Evening) -> Recount:
        if not evening.could_play():
            raise NobodyPlays(report.outcomes_in_words(evening))
        found = evening.recount()
        report.print_boards(self.console, evening)
        report.print_tallies(self.console, evening)
        report.print_verdict(self.console, evening, found)
        return found


@click.command()
@click.option(
    "--kind",
    type=click.Choice(["hunt", *live.KINDS]),
    default="hunt",
    show_default=True,
    help="What to play.",
)
@click.option(
    "--journey",
    type=click.Choice([anniversary.TEMPLATE]),
    help="Play several activities as one, from the first to the last, instead of a kind.",
)
@click.option(
    "--phones",
    type=click.IntRange(1, 1000),
    default=50,
    show_default=True,
    help="How many phones play.",
)
@click.option("--faults", is_flag=True, help="Put a bad network between phones and server.")
@click.option(
    "--event",
    "join_code",
    metavar="CODE",
    help="Join code of the event. Default: make a rehearsal event as the sample host.",
)
@click.option("--url", help="The server. Default: where LINKA_BIND points.")
@click.option("--wechat", help="The WeChat emulator. Default: LINKA_WECHAT_URL, else beside it.")
@click.option("--seed", type=int, help="Repeat the chance of an earlier run.")
@click.option("--template", help="Template of the rehearsal event. Default: that of the kind.")
@click.option("--digs", type=click.IntRange(1), help="Digs of each phone. Default: all it has.")
@click.option(
    "--pace",
    type=click.Choice(["fast", "human"]),
    default="fast",
    show_default=True,
    help="As fast as it goes, or so that people can watch.",
)
@click.option(
    "--minutes",
    type=click.FloatRange(0.1, 600),
    default=5.0,
    show_default=True,
    help="How long play takes at the human pace.",
)
@click.option("--keep-open", is_flag=True, help="Leave the rehearsal event open at the end.")
@click.option(
    "--journal",
    "journal_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Append every acknowledged answer to this file, a JSON line each.",
)
@click.option(
    "--exports",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where a journey leaves the lists and records that the host exports.",
)
def play(**options: Any) -> None:
    """模拟手机把活动玩到底，再逐笔核对。 Play an event with stub phones, then count again.

    A rehearsal made for it is closed in the end, whatever happens. With --event the phones wait for
    the host of that event; Ctrl-C ends the play, and what was played until then is counted.

    Exits with 1 when the server's ledger or board differ from what the phones were told, with 2
    when it could not be played.
    """
    try:
        session = Session(**options)
        found = session.run()
    except (BadUrl, BadBind, NoCentre, OSError) as error:
        raise CannotPlay(str(error)) from None
    except ServerAway as away:
        raise CannotPlay(
            addresses.away(session.servers.url, session.servers.wechat_url, away)
        ) from None
    except Refused as refusal:
        raise CannotPlay(f"服务器不同意：{refusal}") from None
    except NobodyPlays as why:
        raise CannotPlay(f"没有一部手机能玩：{why}") from None
    except (NoHunt, NoGame, NoAnniversary):
        raise CannotPlay("这个活动里没有这种玩法。") from None
    except Frozen:
        raise CannotPlay("榜单已封存，揭榜以后才能核对。") from None
    sys.exit(DIFFERENT if found.differences else 0)
