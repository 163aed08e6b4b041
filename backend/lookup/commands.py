"""The operator's commands for look-ups."""

from pathlib import Path

import click

from backend.errors import LinkaError
from backend.identity.commands import IdentityShell, refusal, show_errors, show_notes, write_file
from backend.lookup import importing
from backend.lookup.kinds import KINDS
from backend.sheets import BadRows, read_sheet
from backend.sheets.writing import write_template

_kind = click.argument("kind", type=click.Choice(list(KINDS)))


@click.group("lookup", help="便捷查询。 Look-ups.")
def lookup() -> None:
    """The command group `linka lookup`."""


@lookup.command("import")
@_kind
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_(shell: IdentityShell, kind: str, file: Path) -> None:
    """从 FILE（.xlsx 或 CSV）导入班车、班表、饭堂菜单或卡片；有一行出错就什么都不写。"""
    shell.database.check()
    rows = KINDS[kind]
    try:
        sheet = read_sheet(file.read_bytes(), *rows.columns)
        show_notes([note.zh for note in sheet.notes])
        diff = importing.import_rows(rows, sheet, database=shell.database, now=shell.clock.now())
    except BadRows as error:
        show_errors(error.errors, f"{rows.title}没有任何改动。")
        raise SystemExit(1) from None
    except LinkaError as error:
        raise refusal(error) from None
    click.echo(
        f"{rows.title}：新增 {len(diff.added)} 行，有改动 {len(diff.changed)} 行，"
        f"删掉 {len(diff.gone_ids)} 行，未变 {diff.unchanged} 行。"
    )


@lookup.command("template")
@_kind
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="覆盖已有的文件。 Overwrite.")
def template(kind: str, file: Path, force: bool) -> None:
    """写一个带示例的 Excel 模板到 FILE。"""
    rows = KINDS[kind]
    write_file(file, write_template(rows.template, rows.notes), force)
