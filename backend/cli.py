"""The `linka` command. Each group of commands is in the package that it works on, and is imported
when it is called: `linka up` needs none of them."""

from importlib import import_module
from typing import Any

import click

from backend.config import BadSetting
from backend.errors import LinkaError, OperatorError, Unavailable

# Where commands are, by the name of their function.
_MODULES = {
    "backend.starting": ("up", "serve"),
    "backend.background": ("worker",),
    "backend.preparing": ("settings", "migrate", "sample", "prepare"),
    "backend.identity.commands": ("roster", "grant", "keys"),
    "backend.console.commands": ("console",),
    "backend.questions.commands": ("questions",),
    "backend.moderation.commands": ("moderation",),
    "backend.posts.commands": ("posts",),
    "backend.lookup.commands": ("lookup",),
    "backend.events.commands": ("events",),
    "backend.scoring.commands": ("boards",),
    "backend.archive.commands": ("archive",),
    "backend.backup.commands": ("backup", "restore"),
    "backend.doctor.commands": ("doctor",),
    "backend.cluster.commands": ("cluster", "chaos"),
}
_WITHOUT_SHELL = ("up", "serve")


class Commands(click.Group):
    """Prints refusals as one line on stderr, with exit code 1, and mistakes of the operator and
    unreachable servers with exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            message = " ".join(error.format_message().split())
            where = (error.ctx or ctx).command_path
            click.echo(f"linka: {message} (see {where} --help)", err=True)
            ctx.exit(2)
        except click.ClickException as error:
            click.echo(f"linka: {error.format_message()}", err=True)
            ctx.exit(error.exit_code)
        except (BadSetting, OperatorError) as error:
            click.echo(f"linka: {error}", err=True)
            ctx.exit(2)
        except _redis_error() as error:
            click.echo(f"linka: 连不上 Redis：{' '.join(str(error).split())}", err=True)
            ctx.exit(2)
        except _database_error() as error:
            database = import_module("backend.db")
            if not database.is_away(error):
                raise
            click.echo(f"linka: cannot use the database: {database.reason(error)}", err=True)
            ctx.exit(2)
        except LinkaError as error:
            click.echo(f"linka: {error.message('zh')} ({error.slug})", err=True)
            ctx.exit(2 if error.status == Unavailable.status else 1)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        names = {name for found in _MODULES.values() for name in found}
        return sorted(names | _of_kinds().keys())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command and return it; None where there is none of this name."""
        if cmd_name not in _WITHOUT_SHELL and ctx.obj is None:
            shell = ctx.obj = import_module("backend.shell").Shell()
            ctx.call_on_close(shell.close)
        for module, names in _MODULES.items():
            if cmd_name in names:
                command: click.Command = getattr(import_module(module), cmd_name)
                return _with_screens(command)
        return _of_kinds().get(cmd_name)


def _redis_error() -> type[Exception]:
    """Return the class of Redis' errors, which is imported only when something has failed."""
    found: type[Exception] = import_module("redis").RedisError
    return found


def _database_error() -> type[Exception]:
    """Return the class of the database's errors, as above."""
    found: type[Exception] = import_module("peewee").PeeweeException
    return found


def _with_screens(command: click.Command) -> click.Command:
    """Add the commands about screens to `linka events`, which cannot import them."""
    if isinstance(command, click.Group) and command.name == "events":
        screens = import_module("backend.screen.commands")
        command.add_command(screens.pair)
        command.add_command(screens.screen_key)
    return command


def _of_kinds() -> dict[str, click.Command]:
    """Return the commands of the kinds of activity by name."""
    found: list[click.Command] = import_module("backend.activities").KINDS.commands()
    return {command.name or "": command for command in found}


@click.group(cls=Commands, help="林卡：活动与积分引擎。 Linka: event and gamification engine.")
def main() -> None:
    """The group of all commands."""


if __name__ == "__main__":
    main()
