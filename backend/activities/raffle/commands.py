"""The operator's command for raffles: verify. It needs neither database nor settings."""

import json
from pathlib import Path

import click

from backend.activities.raffle.verifying import NoShow, NotVerified, verify

NOBODY = "姓名不详"


@click.group("raffle", help="抽奖。 Raffles.")
def raffle() -> None:
    """The group of the commands of raffles."""


@raffle.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_(file: Path) -> None:
    """核对抽奖记录 FILE：按公布的种子重抽一遍，列出未到场的人。 Draw again, and compare."""
    try:
        found = verify(json.loads(file.read_bytes()))
    except NotVerified as reason:
        raise click.ClickException(f"核对不通过：{reason}") from None
    except (ValueError, RecursionError):
        raise click.ClickException("核对不通过：文件不是 JSON") from None
    absent = f"，{found.absent} 人未到场已补抽" if found.absent else ""
    passed = f"，{found.passed} 人被跳过" if found.passed else ""
    click.echo(
        f"核对通过：第 {found.terms.draw} 次抽奖“{found.terms.prize}”，"
        f"{found.people} 人中抽出 {found.won} 人{absent}{passed}；承诺 {found.commitment}"
    )
    for one in found.no_shows:
        click.echo(_told(one))
    for warning in found.warnings:
        click.echo(f"提醒：{warning}")


def _told(one: NoShow) -> str:
    who = f"未到场：第 {one.turn} 位（{one.number} 号）"
    if one.called_at is None:
        return who
    return (
        f"{who}，{one.called_at} 由{one.called_by or NOBODY}呼叫，"
        f"{one.absent_at} 由{one.absent_by or NOBODY}记为未到场"
    )
