"""The command of the kind `quickfire`."""

import click


@click.command("quickfire")
def quickfire() -> None:
    """Say that the kind has a command."""
    click.echo("抢答")
