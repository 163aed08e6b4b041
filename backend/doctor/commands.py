"""The operator's command `linka doctor`."""

import dataclasses
import json

import click

from backend.doctor.examining import DoctorShell, examine
from backend.doctor.findings import ERROR, OK, WARNING, worst

_WORDS = {OK: "正常", WARNING: "注意", ERROR: "错误"}
_COLOURS = {OK: "green", WARNING: "yellow", ERROR: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="给程序读的 JSON。")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """体检：哪里不对、怎么办。退出码 0 正常，1 要注意，2 有错误。"""
    shell: DoctorShell = context.obj
    found = list(examine(shell))
    if as_json:
        rows = [dataclasses.asdict(one) for one in found]
        click.echo(json.dumps({"exit_code": worst(found), "findings": rows}, ensure_ascii=False))
    else:
        for one in found:
            click.echo(
                f"{click.style(_WORDS[one.level], fg=_COLOURS[one.level])}  {one.name}：{one.text}"
            )
            if one.advice:
                click.echo(f"      怎么办：{one.advice}")
    context.exit(worst(found))
