"""The operator's command for word packs: import."""

from pathlib import Path

import click

from backend.activities.drawing.packs import import_words, read_words
from backend.errors import LinkaError
from backend.identity.commands import IdentityShell, refusal, show_errors, show_notes
from backend.sheets import BadRows


@click.group("words", help="你画我猜的词库。 Word packs.")
def words() -> None:
    """The group of the commands of word packs."""


@words.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pack", help="词库名，默认为文件名。 Name of the pack.")
@click.option("--title", help="词库标题，给人看的。 Title of the pack.")
@click.pass_obj
def import_(shell: IdentityShell, file: Path, pack: str | None, title: str | None) -> None:
    """从 FILE（.xlsx 或 CSV）导入词语；表头：词语、类别、难度（1–3）。

    文件就是整个词库：文件里没有的词以后不再出题；有一行出错就什么都不写。
    """
    shell.database.check()
    name = pack or file.stem
    try:
        diff = import_words(
            read_words(file.read_bytes(), lambda note: show_notes([note.zh])),
            name,
            database=shell.database,
            now=shell.clock.now(),
            title=title,
        )
    except BadRows as error:
        show_errors(error.errors, "词库没有任何改动。")
        raise SystemExit(1) from None
    except LinkaError as error:
        raise refusal(error) from None
    click.echo(
        f"词库“{name}”：新增 {diff.added} 词，更新 {diff.changed} 词，"
        f"停用 {diff.removed} 词，未变 {diff.unchanged} 词。"
    )
