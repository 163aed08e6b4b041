"""The operator's commands for posts."""

from collections import Counter
from pathlib import Path

import click

from backend.errors import LinkaError
from backend.identity.commands import IdentityShell, refusal
from backend.posts.importing import ADDED, CHANGED, UNCHANGED, import_post, read_post

_BAD = "bad"


@click.group("posts", help="栏目文章。 Posts.")
def posts() -> None:
    """The command group `linka posts`."""


@posts.command("import")
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.pass_obj
def import_(shell: IdentityShell, files: tuple[Path, ...]) -> None:
    """从 FILE（带文件头的 Markdown）导入文章；同一编号的文章改成文件里的样子，有误的文件跳过。"""
    shell.database.check()
    done: Counter[str] = Counter()
    for file in files:
        try:
            outcome = import_post(shell.database, read_post(file), shell.clock.now())
        except LinkaError as error:
            outcome = _BAD
            click.echo(f"{file.name}：{refusal(error).message}", err=True)
        done[outcome] += 1
    click.echo(f"新增 {done[ADDED]} 篇，有改动 {done[CHANGED]} 篇，未变 {done[UNCHANGED]} 篇。")
    if done[_BAD]:
        raise click.ClickException(f"{done[_BAD]} 个文件有误，没有导入。")
