"""The `linka-stub` command: each command's body lives in the package that it runs."""

import click

from miniprogram_stub.by_hand import phone
from miniprogram_stub.play import play
from miniprogram_stub.wechat_server.command import wechat


@click.group()
def main() -> None:
    """Stub clients and the WeChat emulator, to try Linka without WeChat."""


main.add_command(wechat)
main.add_command(play)
main.add_command(phone)

if __name__ == "__main__":
    main()
