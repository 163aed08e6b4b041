"""The operator's command for moderation: the local list of words."""

from pathlib import Path

import click

from backend.errors import LinkaError
from backend.identity.commands import IdentityShell, refusal, show_errors, show_notes
from backend.moderation.words import read_list, replace_list
from backend.sheets import BadRows


@click.group("moderation", help="内容审核。 Moderation.")
def moderation() -> None:
    """The group of the commands of moderation."""


@moderation.command("words")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def words(shell: IdentityShell, file: Path) -> None:
    """用 FILE（.xlsx 或 CSV，表头：词语）替换本地屏蔽词库。

    文件就是整个词库；有一行出错就什么都不改。各进程十秒内生效。
    """
    shell.database.check()
    try:
        listed = read_list(file.read_bytes(), lambda note: show_notes([note.zh]))
        new = replace_list(listed, database=shell.database, now=shell.clock.now())
    except BadRows as error:
        show_errors(error.errors, "屏蔽词库没有任何改动。")
        raise SystemExit(1) from None
    except LinkaError as error:
        raise refusal(error) from None
    click.echo(f"屏蔽词库：共 {len(listed)} 词，其中新增 {new} 词。")
