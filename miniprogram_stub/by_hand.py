"""`linka-stub phone`: options and messages; the menu is in `handheld`."""

import os
import sys
from pathlib import Path

import click
from rich.console import Console

from miniprogram_stub import addresses
from miniprogram_stub.addresses import BadUrl
from miniprogram_stub.handheld import Handheld, PhonePutAway, Read
from miniprogram_stub.phone import Phone
from miniprogram_stub.program import MiniProgram, ServerAway
from miniprogram_stub.storage import BadStorage, Storage
from miniprogram_stub.transport import Network
from miniprogram_stub.wechat_server.bind import BadBind

# Short timeouts, because a person is waiting.
PATIENCE_SECONDS = 8.0


class CannotCall(click.ClickException):
    """One line on stderr and exit code 2."""

    exit_code = 2


@click.command()
@click.option(
    "--user",
    default="by-hand",
    show_default=True,
    help="Whose phone: the emulator knows the same name as the same WeChat user.",
)
@click.option("--url", help="The server. Default: where LINKA_BIND points.")
@click.option("--wechat", help="The WeChat emulator. Default: LINKA_WECHAT_URL, else beside it.")
@click.option(
    "--storage",
    "storage_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the phone's storage in this file, to go on with it later.",
)
def phone(user: str, url: str | None, wechat: str | None, storage_file: Path | None) -> None:
    """在终端里用一部手机。 Use one phone by hand; commands may come from a pipe, a line each."""
    console = Console()
    try:
        server = addresses.server_url(url, os.environ)
        emulator = addresses.wechat_url(wechat, os.environ)
        held = Phone(user, emulator, Network(), Storage(storage_file))
        program = MiniProgram(held, server, patience_seconds=PATIENCE_SECONDS)
        try:
            Handheld(program, console, _reader(console)).use()
        finally:
            held.close()
    except (BadUrl, BadBind, BadStorage) as error:
        raise CannotCall(str(error)) from None
    except ServerAway as away:
        raise CannotCall(addresses.away(server, emulator, away)) from None


def _reader(console: Console) -> Read:
    """Ask for lines; what comes from a pipe is shown like typed text."""
    typed = sys.stdin.isatty()

    def read(prompt: str) -> str:
        try:
            line = console.input(prompt, markup=False)
        except (EOFError, KeyboardInterrupt):
            raise PhonePutAway from None
        if not typed:
            console.print(line, markup=False)
        return line

    return read
