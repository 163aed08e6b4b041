"""`linka-stub play`: options and messages; the work is in `evening` and `stage`."""

import os
import sys
from pathlib import Path
from random import SystemRandom

import click
from rich.console import Console

from miniprogram_stub import addresses, report
from miniprogram_stub.addresses import BadUrl
from miniprogram_stub.anniversary import evening as anniversary
from miniprogram_stub.anniversary.phone import NoAnniversary
from miniprogram_stub.centre import Centre, NoCentre, load_centre
from miniprogram_stub.evening import Evening, Frozen, Recount, Servers
from miniprogram_stub.faults import FINE, STORM, Weather
from miniprogram_stub.hunt import NoHunt
from miniprogram_stub.journal import Journal
from miniprogram_stub.live import evening as live
from miniprogram_stub.live.journal import LiveJournal
from miniprogram_stub.live.phone import NoGame
from miniprogram_stub.pace import FAST, human
from miniprogram_stub.program import Refused, ServerAway
from miniprogram_stub.stage import Host
from miniprogram_stub.wechat_server.bind import BadBind

DIFFERENT = 1
USUAL_DIGS = 12


class CannotPlay(click.ClickException):
    """One line on stderr and exit code 2."""

    exit_code = 2


class NobodyPlays(Exception):
    """Not one phone could take part; the text says why."""


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
def play(
    kind: str,
    journey: str | None,
    phones: int,
    faults: bool,
    join_code: str | None,
    url: str | None,
    wechat: str | None,
    seed: int | None,
    template: str | None,
    digs: int | None,
    pace: str,
    minutes: float,
    keep_open: bool,
    journal_file: Path | None,
    folder: Path | None,
) -> None:
    """模拟手机把活动玩到底，再逐笔核对。 Play an event with stub phones, then count again.

    Exits with 1 when the server's ledger or board differ from what the phones were told, with 2
    when it could not be played.
    """
    console = Console()
    chance = SystemRandom().randrange(10**6) if seed is None else seed
    try:
        centre = load_centre()
        servers = Servers(
            addresses.server_url(url, os.environ), addresses.wechat_url(wechat, os.environ)
        )
        weather = STORM if faults else FINE
        if journey:
            if join_code or template:
                raise CannotPlay(
                    "--journey 总是自己新建一场彩排，不能和 --event、--template 一起用。"
                )
            found = anniversary.play_anniversary(
                console, centre, servers, chance, phones, weather, journal_file, folder
            )
            sys.exit(DIFFERENT if found.differences else 0)
        if kind in live.KINDS:
            found = _play_live(
                console,
                centre,
                servers,
                chance,
                kind,
                phones,
                weather,
                join_code,
                template,
                journal_file,
            )
            sys.exit(DIFFERENT if found.differences else 0)
        with Journal(journal_file) as journal:
            evening = Evening(servers, journal, chance)
            evening.invite(
                centre.pick(phones, evening.random("people")),
                centre.answers,
                weather,
                human(minutes) if pace == "human" else FAST,
                digs,
            )
            try:
                found = _run(console, evening, centre, join_code, template or kind, keep_open)
            finally:
                evening.close()
    except (BadUrl, BadBind, NoCentre, OSError) as error:
        raise CannotPlay(str(error)) from None
    except ServerAway as away:
        raise CannotPlay(f"服务器没有答复（{servers.url}）：{away}") from None
    except Refused as refusal:
        raise CannotPlay(f"服务器不同意：{refusal}") from None
    except NobodyPlays as why:
        raise CannotPlay(f"没有一部手机能玩：{why}") from None
    except (NoHunt, NoGame, NoAnniversary):
        raise CannotPlay("这个活动里没有这种玩法。") from None
    except Frozen:
        raise CannotPlay("榜单已封存，揭榜以后才能核对。") from None
    sys.exit(DIFFERENT if found.differences else 0)


def _play_live(
    console: Console,
    centre: Centre,
    servers: Servers,
    seed: int,
    kind: str,
    phones: int,
    weather: Weather,
    join_code: str | None,
    template: str | None,
    journal_file: Path | None,
) -> Recount:
    """Play a live game: an event that somebody runs, or a rehearsal that the sample host runs."""
    template = template or live.KINDS[kind].template
    journal = LiveJournal(journal_file)
    evening = live.LiveEvening(servers, journal, seed)
    try:
        evening.invite_live(
            kind,
            template,
            centre.pick(phones, evening.random("people")),
            centre.answers,
            weather,
        )
        evening.knock()
        host = Host(evening.program(centre.host.user), centre.host)
        stage = host.rehearse(template) if join_code is None else None
        code = stage.join_code if stage else join_code or ""
        report.announce(console, evening, stage, code)
        with report.LiveBar(console, evening) as bar:
            if stage:
                evening.run(host, stage, bar.show)
            else:
                evening.play(code, bar.show)
        if not evening.could_play():
            raise NobodyPlays(report.outcomes_in_words(evening))
        found = evening.recount()
        report.print_boards(console, evening)
        report.print_tallies(console, evening)
        report.print_verdict(console, evening, found)
        return found
    finally:
        evening.close()
        journal.close()


def _run(
    console: Console,
    evening: Evening,
    centre: Centre,
    join_code: str | None,
    template: str,
    keep_open: bool,
) -> Recount:
    evening.knock()
    host = Host(evening.program(centre.host.user), centre.host)
    stage = None
    if join_code is None:
        stage = host.rehearse(template)
        join_code = stage.join_code
    report.announce(console, evening, stage, join_code)
    _play_with_bar(console, evening, join_code)
    if not evening.could_play():
        raise NobodyPlays(report.outcomes_in_words(evening))
    found = evening.recount()
    report.print_boards(console, evening)
    report.print_tallies(console, evening)
    if stage and not keep_open:
        host.close(stage)
        console.print(f"活动已关闭：{stage.title}")
    report.print_verdict(console, evening, found)
    return found


def _play_with_bar(console: Console, evening: Evening, join_code: str) -> None:
    """Play; an interrupt ends the evening early, and what was played is still counted."""
    with report.Bar(console, evening, USUAL_DIGS) as bar:
        try:
            evening.play(join_code, bar.show)
        except KeyboardInterrupt:
            console.print("提前结束，核对已经玩过的部分……")
