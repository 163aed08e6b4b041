"""The operator's commands `linka backup` and `linka restore`."""

import re
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import click
from redis import Redis

from backend.backup import last, writing
from backend.backup.restoring import BackupFile
from backend.clock import Clock, local_time
from backend.config import Settings
from backend.db import Database
from backend.errors import OperatorError
from backend.events.models import Event
from backend.identity.commands import confirm
from backend.identity.models import Staff
from backend.live import embedded
from backend.progress import told
from backend.scoring.boards import Boards

_UNITS = {"m": 60, "h": 3600, "d": 86400}
# How long to wait after a failure, so that a full disk or a server that is away does not cost a
# whole period.
RETRY_SECONDS = 60
_KEYS_AT_ONCE = 500
# The prefixes of all our keys in Redis, except those of the rate limits.
_OURS = "linka:"


class BackupShell(Protocol):
    """What these commands need from the click context object; each part is opened when first used."""

    @property
    def settings(self) -> Settings:
        """The settings in force."""

    @property
    def database(self) -> Database:
        """The open database."""

    @property
    def any_database(self) -> Database:
        """The open database, with or without missing migrations."""

    @property
    def clock(self) -> Clock:
        """The clock."""

    @property
    def redis(self) -> Redis:
        """A client of Redis, which runs."""

    @property
    def boards(self) -> Boards:
        """The boards, with Redis running."""


class Period(click.ParamType):
    """Converts `30m`, `1h` or `2d` to seconds."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the seconds."""
        found = re.fullmatch("([1-9][0-9]{0,4})([mhd])", str(value))
        if found is None:
            self.fail(f"{value!r} is no period such as 30m, 1h or 2d.", param, ctx)
        return int(found[1]) * _UNITS[found[2]]


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--every", type=Period(), help="每隔这么久备份一次，如 30m、1h、1d；文件名加上时间。")
@click.option("--keep", type=click.IntRange(1, 10_000), help="配合 --every：只留最新的几份。")
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
@click.pass_obj
def backup(
    shell: BackupShell, file: Path, every: int | None, keep: int | None, force: bool
) -> None:
    """把整个数据库备份成一个文件 FILE，不用停机；图片和音乐也在里面。

    文件带校验值，里面有个人信息，只有当前用户能读。加 --every 就一直运行，直到 Ctrl-C。
    """
    if keep is not None and every is None:
        raise click.UsageError("--keep needs --every.")
    shell.database.check()
    if every is None:
        if file.exists() and not force:
            raise click.ClickException(f"{file} 已经存在；要覆盖请加 --force。")
        _copy(shell, file)
        return
    while True:
        time.sleep(back_up_in_turn(shell, file, every, keep))


def back_up_in_turn(shell: BackupShell, file: Path, every: int, keep: int | None) -> float:
    """Make one backup of a schedule and return the seconds until the next."""
    now = shell.clock.now()
    stamp = f"{local_time(now, shell.settings.timezone):%Y%m%d-%H%M%S}"
    try:
        _copy(shell, file.with_name(f"{file.stem}-{stamp}{file.suffix}"))
    except OperatorError as error:
        click.echo(f"linka: {error}", err=True)
        return min(RETRY_SECONDS, every)
    finally:
        shell.database.release()
    if keep is not None:
        for old in kept(file)[:-keep]:
            old.unlink(missing_ok=True)
    return max(0.0, every - (shell.clock.now() - now) / 1000)


def kept(file: Path) -> list[Path]:
    """Return the backups that a schedule has made under the name of `file`, the oldest first."""
    named = re.compile(rf"{re.escape(file.stem)}-\d{{8}}-\d{{6}}{re.escape(file.suffix)}")
    return sorted(path for path in file.parent.iterdir() if named.fullmatch(path.name))


def _copy(shell: BackupShell, file: Path) -> None:
    url = shell.settings.database_url
    with told("备份", writing.row_count(url)) as progress:
        now = shell.clock.now()
        count = writing.write(url, file, now, progress)
    last.note(shell.settings.data_dir, now)
    click.echo(f"已备份 {count} 行到 {file}（{file.stat().st_size / 1e6:.1f} MB）")


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="不询问，直接替换现有数据。")
@click.pass_obj
def restore(shell: BackupShell, file: Path, yes: bool) -> None:
    """用备份 FILE 替换数据库里的全部数据，并重建排行榜。

    先停下所有 serve 和 worker。SQLite 的备份可以恢复到 PostgreSQL，反过来也行。
    """
    settings = shell.settings
    if not settings.redis_url and embedded.answers(embedded.socket_path(settings.data_dir)):
        raise OperatorError("林卡还在这个数据目录上运行：先停下它，再恢复")
    with closing(BackupFile(file)) as copy:
        made = f"{local_time(copy.made_at, settings.timezone):%Y-%m-%d %H:%M:%S}"
        shell.any_database.migrate()
        if Event.select().exists() or Staff.select().exists():
            confirm(f"用 {made} 的备份替换现有的全部数据？所有进程都要先停下。", yes)
        _forget(shell.redis)
        with told("恢复", copy.row_count) as progress:
            copy.restore(shell.database, progress)
        count = copy.row_count
    _forget(shell.redis)
    events = list(Event.select(Event.id).order_by(Event.id))
    with told("重建排行榜", len(events)) as progress:
        for event in events:
            shell.boards.rebuild(event.id, shell.clock.now())
            progress(1)
    click.echo(f"已恢复 {made} 的备份：{count} 行，{len(events)} 个活动的排行榜已重建")


def _forget(redis: Redis) -> None:
    """Delete from Redis what belongs to the earlier data: boards, feeds, counts, tickets."""
    for key in redis.scan_iter(f"{_OURS}*", count=_KEYS_AT_ONCE):
        redis.unlink(key)
