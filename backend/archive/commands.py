"""The operator's commands for archives: `linka archive export|replay|import`."""

import tempfile
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import click

from backend.archive import KIND, exporting, rows
from backend.archive.boards import differences, rows_of
from backend.archive.importing import Imported, Importer, ImportOptions
from backend.bundle import BundleReader
from backend.clock import Clock
from backend.config import Settings
from backend.db import Database, open_database
from backend.errors import OperatorError
from backend.events.arguments import EVENT
from backend.events.kinds import Kinds
from backend.events.models import Event
from backend.live import embedded
from backend.live.client import connect_redis
from backend.parts import scoring
from backend.progress import told
from backend.scoring.boards import Boards
from backend.scoring.leaderboard import Leaderboard

_SHOWN_DIFFERENCES = 20


class ArchiveShell(Protocol):
    """What these commands need from the click context object; each part is opened when first used."""

    @property
    def settings(self) -> Settings:
        """The settings in force."""

    @property
    def database(self) -> Database:
        """The open database."""

    @property
    def clock(self) -> Clock:
        """The clock."""

    @property
    def kinds(self) -> Kinds:
        """The kinds of activity."""

    @property
    def boards(self) -> Boards:
        """The boards, with Redis running."""


FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.group("archive", help="活动归档。 Archives of events.")
def archive() -> None:
    """The command group `linka archive`."""


@archive.command("export")
@click.argument("event_id", metavar="EVENT", type=EVENT)
@FILE
@click.option("--force", is_flag=True, help="覆盖已有的文件。")
@click.pass_obj
def export(shell: ArchiveShell, event_id: int, file: Path, force: bool) -> None:
    """把活动 EVENT 存成一个文件 FILE：配置、账本、排行榜和校验值。

    人按工号记。不含密钥、令牌、微信身份，也不含亲友、答题经过和写下的文字。
    """
    if file.exists() and not force:
        raise click.ClickException(f"{file} 已经存在；要覆盖请加 --force。")
    with told("存成文件", exporting.entry_count(event_id)) as progress:
        count = exporting.export(
            shell.database, shell.kinds, event_id, file, shell.clock.now(), progress
        )
    click.echo(f"已把活动 {event_id} 存到 {file}：账本 {count} 行")


@archive.command("import")
@FILE
@click.option("--allow-unknown", is_flag=True, help="名册里没有的人和班组也导入，只留名字。")
@click.pass_obj
def import_(shell: ArchiveShell, file: Path, allow_unknown: bool) -> None:
    """把归档 FILE 里的活动带进这里，人按工号对应名册；导入后是已归档状态。

    工号对不上、姓名不同、活动已经在这里，都用一句话说明，什么都不写入。
    """
    shell.database.check()
    with BundleReader(file, KIND) as bundle:
        importer = Importer(shell.database, shell.kinds, bundle, ImportOptions(allow_unknown))
        imported = _run(importer, bundle, shell.clock.now(), "导入")
    shell.boards.refresh(imported.event.id)
    click.echo(
        f"已导入活动 {imported.event.id}“{imported.event.title}”，加入码 {imported.event.join_code}"
    )
    if imported.corrections_left_out:
        click.echo(
            f"提醒：{imported.corrections_left_out} 处题目更正在这里没有对应的题目", err=True
        )


def _run(importer: Importer, bundle: BundleReader, now: int, doing: str) -> Imported:
    with told(doing, bundle.row_count(rows.LEDGER)) as progress:
        return importer.run(now, progress)


@archive.command("replay")
@FILE
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="在这个数据目录里重放并留下结果；默认用临时目录。",
)
@click.pass_obj
def replay(shell: ArchiveShell, file: Path, data_dir: Path | None) -> None:
    """只凭归档 FILE 里的账本重建排行榜，与归档里的榜核对；有差异时退出码为 1。"""
    with ExitStack() as closing_later, BundleReader(file, KIND) as bundle:
        folder = data_dir or Path(closing_later.enter_context(tempfile.TemporaryDirectory()))
        settings = _settings_of(shell.settings, folder.absolute())
        found, compared = _replayed(settings, shell, bundle)
    for sentence in found[:_SHOWN_DIFFERENCES]:
        click.echo(sentence)
    if found:
        raise click.ClickException(f"{len(found)} 处差异")
    click.echo(f"重放后 {compared} 个名次与归档一致")


def _settings_of(settings: Settings, folder: Path) -> Settings:
    """Return settings with a database and a Redis of their own in a folder."""
    if folder.resolve() == settings.data_dir.resolve():
        raise OperatorError("--data-dir 要用另一个目录，不能是正在用的数据目录")
    url = f"sqlite:///{folder / 'linka.sqlite3'}"
    return replace(
        settings, data_dir=folder, database_url=url, reports_database_url="", redis_url=""
    )


def _replayed(
    settings: Settings, shell: ArchiveShell, bundle: BundleReader
) -> tuple[list[str], int]:
    """Import the event, and compare the boards that Redis builds from its ledger with the
    archive's.

    Returns the differences and how many rows were compared.
    """
    with closing(open_database(settings)) as database, embedded.running(settings):
        database.migrate()
        client = connect_redis(settings)
        options = ImportOptions(allow_unknown=True, is_replay=True)
        importer = Importer(database, shell.kinds, bundle, options)
        imported = _run(importer, bundle, shell.clock.now(), "重放")
        scoring(settings, database, client)[1].rebuild(imported.event.id, shell.clock.now())
        made = rows_of(_boards(Leaderboard(client), imported.event), imported.numbering)
        client.close()
    kept: list[Any] = list(rows.read(bundle, rows.BOARDS))
    return differences(kept, made), len(kept)


def _boards(leaderboard: Leaderboard, event: Event) -> dict[str, dict[int, int]]:
    """Return all boards of an event as Redis has them."""
    return {
        name: {int(member): int(score) for member, score in members}
        for name, members in leaderboard.contents(event.id).items()
    }
