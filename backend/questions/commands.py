"""The operator's commands for question banks: import, template, export."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from backend.clock import business_day
from backend.errors import LinkaError
from backend.identity.commands import IdentityShell, refusal, show_errors, show_notes, write_file
from backend.questions import service
from backend.questions.importing import BankDiff, BankName, compare, import_questions
from backend.questions.reading import QuestionFile, read_questions
from backend.sheets import RowError

ROWS_SHOWN = 20
CODES_SHOWN = 100
PROGRESS_FROM_ROWS = 500

_file_to_write = click.Path(dir_okay=False, path_type=Path)


@click.group("questions", help="题库。 Question banks.")
def questions() -> None:
    """The group of the commands of question banks."""


@questions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--bank", help="题库名，默认为文件名。 Name of the bank.")
@click.option("--title", help="题库标题，给人看的。 Title of the bank.")
@click.option("--dry-run", is_flag=True, help="只显示差异，不写入。 Show the diff only.")
@click.pass_obj
def import_(
    shell: IdentityShell, file: Path, bank: str | None, title: str | None, dry_run: bool
) -> None:
    """从 FILE（.xlsx 或 CSV）导入题目；表头见 `linka questions template`。

    编号相同而内容有变的题成为新版本；文件里没有的题保持不变；有一行出错就什么都不写。
    """
    shell.database.check()
    name = bank or file.stem
    try:
        parsed = read_questions(file.read_bytes(), _today(shell))
        show_notes([note.zh for note in parsed.notes])
        if parsed.errors:
            show_errors(parsed.errors, "题库没有任何改动。")
            raise SystemExit(1)
        diff = compare(parsed, name) if dry_run else _import(shell, parsed, name, title)
    except LinkaError as error:
        raise refusal(error) from None
    _show_warnings(diff.warnings)
    _show_changes(diff)
    _show_expired(diff.expired)
    click.echo(
        f"题库“{name}”：新增 {len(diff.added)} 题，新版本 {len(diff.changed)} 题，"
        f"未变 {diff.unchanged} 题。" + ("这是试运行，没有写入。" if dry_run else "")
    )


@questions.command("template")
@click.argument("file", type=_file_to_write, default=Path("题库模板.xlsx"))
@click.option("--force", is_flag=True, help="覆盖已有的文件。 Overwrite.")
def template(file: Path, force: bool) -> None:
    """写一个带示例的 Excel 模板到 FILE。"""
    write_file(file, service.template(), force)


@questions.command("export")
@click.argument("bank")
@click.argument("file", type=_file_to_write)
@click.option("--force", is_flag=True, help="覆盖已有的文件。 Overwrite.")
@click.pass_obj
def export(shell: IdentityShell, bank: str, file: Path, force: bool) -> None:
    """把题库 BANK 导出为 Excel 文件 FILE；改好后可以原样再导入。"""
    shell.database.check()
    try:
        data = service.export(bank)
    except LinkaError as error:
        raise refusal(error) from None
    write_file(file, data, force)


def _today(shell: IdentityShell) -> str:
    settings = shell.settings
    return business_day(shell.clock.now(), settings.timezone, settings.day_boundary_hour)


def _import(shell: IdentityShell, parsed: QuestionFile, name: str, title: str | None) -> BankDiff:
    columns = (TextColumn("写入题目"), BarColumn(), MofNCompleteColumn())
    small = len(parsed.drafts) < PROGRESS_FROM_ROWS
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=small) as bar:
        task = bar.add_task("", total=len(parsed.drafts))
        diff = import_questions(
            parsed,
            BankName(name, title),
            database=shell.database,
            now=shell.clock.now(),
            on_written=lambda rows: bar.advance(task, rows),
        )
        bar.update(task, completed=len(parsed.drafts))
    return diff


def _show_warnings(warnings: tuple[RowError, ...]) -> None:
    for warning in warnings[:ROWS_SHOWN]:
        click.echo(f"提醒：{warning.in_table.zh}", err=True)
    if len(warnings) > ROWS_SHOWN:
        click.echo(f"提醒：……另有 {len(warnings) - ROWS_SHOWN} 条", err=True)


def _show_changes(diff: BankDiff) -> None:
    for revision in diff.changed[:ROWS_SHOWN]:
        columns = "、".join(revision.columns)
        click.echo(f"{revision.draft.code} → 第 {revision.version} 版（{columns}）")
    if len(diff.changed) > ROWS_SHOWN:
        click.echo(f"……另有 {len(diff.changed) - ROWS_SHOWN} 题有新版本")


def _show_expired(codes: tuple[str, ...]) -> None:
    if codes:
        more = "……" if len(codes) > CODES_SHOWN else ""
        listed = "、".join(codes[:CODES_SHOWN]) + more
        click.echo(f"题库里有 {len(codes)} 题已过有效期，不会出题：{listed}", err=True)
