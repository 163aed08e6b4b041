"""`linka cluster` and `linka chaos`."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from backend.cluster import chaos as chaotic
from backend.cluster import parts, probes
from backend.cluster.chaos import HOWS, KINDS, Chaos, ChaosHit, HitCost
from backend.cluster.cluster import MOST_NODES, MOST_WORKERS, PORTS, LocalCluster
from backend.config import Settings
from backend.errors import OperatorError

DEFAULT_PORT = 8100
# The width of a table that is not printed to a terminal.
PIPE_CHARACTERS = 120
NAMES = {
    "node": "服务节点",
    "worker": "后台进程",
    "valkey": "Redis 主节点",
    "sentinel": "Sentinel",
    "pgbouncer": "PgBouncer",
    "postgresql": "PostgreSQL 主库",
    "replica": "PostgreSQL 副本",
    "nginx": "nginx",
}
HOW_NAMES = {chaotic.KILL: "杀掉", chaotic.STOP: "暂停", chaotic.RESTART: "逐个重启"}

_folder = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="数据与日志。 Default: cluster in the data folder.",
)


@click.command()
@_folder
@click.option(
    "--port",
    default=DEFAULT_PORT,
    show_default=True,
    type=click.IntRange(1024, 65535 - PORTS),
    help=f"nginx 的端口，其后 {PORTS - 1} 个归其余部件。",
)
@click.option("--nodes", default=3, show_default=True, type=click.IntRange(1, MOST_NODES))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, MOST_WORKERS))
@click.pass_obj
def cluster(shell: Any, folder: Path | None, port: int, nodes: int, workers: int) -> None:
    """在本机启动完整集群（仅供开发）。 Start a whole cluster on this machine, for development."""
    _require_development(shell.settings)
    LocalCluster(_where(shell.settings, folder), port, nodes, workers).run()


@click.command()
@_folder
@click.option("--minutes", default=2.0, show_default=True, type=click.FloatRange(0.1, 600))
@click.option("--phones", default=60, show_default=True, type=click.IntRange(1, 1000))
@click.option(
    "--every", default=4.0, show_default=True, type=click.FloatRange(0.5), help="约多少秒一次。"
)
@click.option("--part", "kinds", multiple=True, type=click.Choice(KINDS), help="只动这些部件。")
@click.option("--how", "hows", multiple=True, type=click.Choice(HOWS), help="只用这些方式。")
@click.option("--kind", "games", multiple=True, help="只玩这些；默认模拟手机会玩的全部。")
@click.option("--seed", type=int, help="重复上一次的随机顺序。")
@click.pass_obj
def chaos(
    shell: Any,
    folder: Path | None,
    minutes: float,
    phones: int,
    every: float,
    seed: int | None,
    **only: tuple[str, ...],
) -> None:
    """模拟手机玩的时候逐个杀掉、暂停或重启部件（仅供开发）。 Kill, stop and restart parts during play.

    Exits with 1 when something acknowledged was lost or doubled.
    """
    _require_development(shell.settings)
    where = _where(shell.settings, folder)
    running = parts.read(where)
    seed = SystemRandom().randrange(10**6) if seed is None else seed
    click.echo(f"随机种子 {seed}")
    journals = where / f"chaos-{time.time_ns()}"
    wechat_url = running.environ["LINKA_WECHAT_URL"]
    logins, ready = probes.logins(running.url, wechat_url), probes.ready(running.url)
    made = Chaos(where, Random(seed), only["kinds"] or KINDS, only["hows"] or HOWS)  # nosec B311 # no secret depends on it
    players = subprocess.Popen(  # nosec B603 # our own command
        [
            *(sys.executable, "-m", "miniprogram_stub.cli", "keep-playing", "--seed", str(seed)),
            *("--url", running.url, "--wechat", wechat_url, "--folder", str(journals)),
            *("--phones", str(phones), "--minutes", str(minutes)),
            *(word for game in only["games"] for word in ("--kind", game)),
        ]
    )
    try:
        for probe in (logins, ready):
            probe.start()
        while players.poll() is None and not _is_begun(journals):
            time.sleep(chaotic.LOOK_SECONDS)
        ends = time.monotonic() + minutes * 60
        made.go_on(
            (logins, ready),
            every,
            lambda: players.poll() is None and time.monotonic() < ends,
            _tell,
        )
        code = players.wait()
    finally:
        players.terminate()
        for probe in (logins, ready):
            probe.stop()
    told = chaotic.read_journals(_lines(journals))
    rows = chaotic.table(made.hits, logins, ready, told, chaotic.ledger(running.database_url, told))
    chaotic.write(where / "chaos.json", rows)
    show(rows)
    click.echo(
        f"已确认 {len(told.acknowledged)} 笔，另有 {told.uncounted} 笔不计分或没有手机看到得分；日志 {journals}"
    )
    if code or any(row.lost or row.doubled for row in rows):
        sys.exit(code or 1)


def _is_begun(journals: Path) -> bool:
    """Return whether something was acknowledged to a stub phone."""
    return any(file.stat().st_size for file in journals.glob("*.jsonl"))


def _lines(journals: Path) -> Iterator[str]:
    for file in sorted(journals.glob("*.jsonl")):
        yield from file.read_text(encoding="utf-8").splitlines()


def _where(settings: Settings, folder: Path | None) -> Path:
    return (folder or settings.data_dir / "cluster").resolve()


def _require_development(settings: Settings) -> None:
    if settings.in_production:
        raise OperatorError("a cluster on one machine is for development, not for production")


def _tell(hit: ChaosHit) -> None:
    click.echo(f"{time.strftime('%H:%M:%S')} {HOW_NAMES[hit.how]} {hit.name}")


def show(rows: list[HitCost]) -> None:
    """Print the rows as a table, whose heads are whole in a file or a pipe."""
    console = Console()
    if not console.is_terminal:
        # Of a pipe rich assumes 80.
        console.width = PIPE_CHARACTERS
    console.print(_shown(rows))


def _shown(rows: list[HitCost]) -> Table:
    columns = ("部件", "怎样", "次数", "登录", "就绪", "长连接")
    counted = ("5xx", "无应答", "丢失", "已说明", "重复")
    title = "每个部件的代价（登录、就绪、长连接：最长中断几秒）"
    shown = Table(*columns, *counted, title=title)
    for row in rows:
        gaps = (row.longest_without_login, row.longest_unready, row.longest_without_socket)
        counts = (row.errors, row.unanswered, row.lost, row.lost_and_told, row.doubled)
        shown.add_row(
            *(NAMES[row.kind], HOW_NAMES[row.how], str(row.times)),
            *(f"{gap:.1f}" for gap in gaps),
            *map(str, counts),
        )
    return shown
