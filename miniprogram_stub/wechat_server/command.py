"""`linka-stub wechat`: options and messages; the work is in `serve`."""

import os

import click

from miniprogram_stub.wechat_server import bind as addresses
from miniprogram_stub.wechat_server import serve
from miniprogram_stub.wechat_server.bind import Address, BadBind

SAMPLE_APPID = "wxlinkasample0001"
SAMPLE_SECRET = "linka-sample-secret"


class CannotServe(click.ClickException):
    """One line on stderr and exit code 2."""

    exit_code = 2


@click.command()
@click.option(
    "--bind",
    metavar="HOST:PORT",
    help="Where to listen. Default: LINKA_WECHAT_URL when it is on this machine, "
    "else the port of LINKA_BIND plus 1000.",
)
@click.option(
    "--appid",
    envvar="LINKA_WECHAT_APPID",
    default=SAMPLE_APPID,
    show_default=True,
    help="AppID of the mini program (LINKA_WECHAT_APPID).",
)
@click.option(
    "--secret",
    envvar="LINKA_WECHAT_SECRET",
    default=SAMPLE_SECRET,
    show_default=True,
    help="Its AppSecret (LINKA_WECHAT_SECRET).",
)
def wechat(bind: str | None, appid: str, secret: str) -> None:
    """Emulate WeChat's server, for Linka to log stub phones in."""
    try:
        serve.run(_address(bind), appid, secret, ready=_announce)
    except (BadBind, serve.CannotListen) as error:
        raise CannotServe(str(error)) from None


def _address(bind: str | None) -> Address:
    if bind is None:
        return addresses.default_address(os.environ)
    return addresses.parse(bind)


def _announce(address: Address) -> None:
    click.echo(f"WeChat emulator on http://{address}")
