"""The commands that set an installation up: its settings, its database and the sample centre.

`linka prepare` runs before each start, so what reads the sample is imported only where it is needed.
"""

import click

from backend.identity.models import Staff
from backend.live.client import connect_redis
from backend.replica import ReplicaUnfit
from backend.shell import Shell, require_usable


@click.command()
@click.pass_obj
def settings(shell: Shell) -> None:
    """显示生效的设置，密钥已遮盖。 Show the settings in force, secrets masked."""
    for name, value, text in shell.settings.described():
        click.echo(f"# {text}\n{name}={value}")


@click.command()
@click.pass_obj
def migrate(shell: Shell) -> None:
    """建立或升级数据库。 Create or upgrade the database."""
    applied = shell.any_database.migrate()
    for name in applied:
        click.echo(f"已应用 {name}")
    if not applied:
        click.echo("数据库已是最新")


@click.command()
@click.pass_obj
def sample(shell: Shell) -> None:
    """载入示例中心：名册、题库和角色。 Load the sample centre."""
    from backend.sample import load_sample  # noqa: PLC0415

    loaded = load_sample(shell.settings, shell.database, shell.clock)
    click.echo(
        f"示例中心：{loaded.people} 人、{loaded.questions} 题、{loaded.posts} 篇文章、{loaded.lookups} 行查询资料、{loaded.of_kinds} 项环节资料、"
        f"{loaded.blocked_words} 个屏蔽词、"
        f"{loaded.roles} 个角色有更新"
    )


@click.command(hidden=True)
@click.option(
    "--upgrade", is_flag=True, help="升级数据库，开发时载入示例中心。 Also upgrade the database."
)
@click.pass_obj
def prepare(shell: Shell, upgrade: bool) -> None:
    """等数据库就绪，检查设置。 Wait for the database and check the settings, for `up` and `serve`.

    In a process of its own, so that the one that watches the others stays small.
    """
    require_usable(shell.settings, connect_redis(shell.settings))
    shell.wait_for_database()
    if not upgrade:
        shell.database.check()
        _tell_of_replica(shell)
        return
    shell.any_database.migrate()
    _tell_of_replica(shell)
    if not shell.settings.in_production and not Staff.select().exists():
        from backend.sample import load_sample  # noqa: PLC0415

        load_sample(shell.settings, shell.database, shell.clock)


def _tell_of_replica(shell: Shell) -> None:
    """Print in one line why the replica for reports cannot be read."""
    try:
        state = shell.any_database.replica_state()
    except ReplicaUnfit as error:
        click.echo(
            f"linka: LINKA_REPORTS_DATABASE_URL: {error}; reports read the primary", err=True
        )
        return
    if state and state.behind_bytes:
        click.echo(
            "linka: LINKA_REPORTS_DATABASE_URL: it is behind; reports read the primary", err=True
        )
