"""The `linka-stub` command; the commands are defined in their own packages."""

from importlib import import_module

import click

MODULES = {
    "wechat": "miniprogram_stub.wechat_server.command",
    "play": "miniprogram_stub.play",
    "keep-playing": "miniprogram_stub.keep_playing",
    "phone": "miniprogram_stub.by_hand",
}


class _Commands(click.Group):
    """Imports only the command that is called, so that the emulator and the players start without
    each other."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None where there is none of this name."""
        if cmd_name not in MODULES:
            return None
        command: click.Command = getattr(
            import_module(MODULES[cmd_name]), cmd_name.replace("-", "_")
        )
        return command


@click.group(cls=_Commands)
def main() -> None:
    """Stub clients and the WeChat emulator, to try Linka without WeChat."""


if __name__ == "__main__":
    main()
