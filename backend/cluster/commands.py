"""`linka cluster` and `linka chaos`."""

import subprocess
import sys
import time
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
HOW_NAMES = {chaotic.KILL: "杀掉", chaotic.STOP: "暂停"}

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
@click.option("--how", "hows", multiple=True, type=click.Choice(HOWS), help="只杀掉，或只暂停。")
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
    """模拟手机玩的时候逐个杀掉或暂停部件（仅供开发）。 Kill and stop parts of the cluster during play.

    Exits with 1 when an acknowledged answer was lost or doubled.
    """
    _require_development(shell.settings)
    where = _where(shell.settings, folder)
    running = parts.read(where)
    seed = SystemRandom().randrange(10**6) if seed is None else seed
    click.echo(f"随机种子 {seed}")
    journal = where / f"chaos-{time.time_ns()}.jsonl"
    wechat_url = running.environ["LINKA_WECHAT_URL"]
    logins, ready = probes.logins(running.url, wechat_url), probes.ready(running.url)
    made = Chaos(where, Random(seed), only["kinds"] or KINDS, only["hows"] or HOWS)  # nosec B311 # no secret depends on it
    players = subprocess.Popen(  # nosec B603 # our own command
        [
            *(sys.executable, "-m", "miniprogram_stub.cli", "play", "--seed", str(seed)),
            *("--url", running.url, "--wechat", wechat_url, "--journal", str(journal)),
            *("--phones", str(phones), "--pace", "human", "--minutes", str(minutes)),
        ]
    )
    try:
        for probe in (logins, ready):
            probe.start()
        while players.poll() is None and not _is_begun(journal):
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
    told = chaotic.acknowledged(journal.read_text(encoding="utf-8").splitlines())
    rows = chaotic.table(made.hits, logins, ready, told, chaotic.ledger(running.database_url))
    chaotic.write(where / "chaos.json", rows)
    Console().print(_shown(rows))
    click.echo(f"已确认 {len(told)} 个答案，日志 {journal}")
    if code or any(row.lost or row.doubled for row in rows):
        sys.exit(code or 1)


def _is_begun(journal: Path) -> bool:
    """Return whether an answer was acknowledged to a stub phone."""
    return journal.exists() and journal.stat().st_size > 0


def _where(settings: Settings, folder: Path | None) -> Path:
    return (folder or settings.data_dir / "cluster").resolve()


def _require_development(settings: Settings) -> None:
    if settings.in_production:
        raise OperatorError("a cluster on one machine is for development, not for production")


def _tell(hit: ChaosHit) -> None:
    click.echo(f"{time.strftime('%H:%M:%S')} {HOW_NAMES[hit.how]} {hit.name}")


def _shown(rows: list[HitCost]) -> Table:
    columns = ("部件", "怎样", "次数", "最长不能登录", "最长未就绪", "5xx", "丢失", "重复")
    shown = Table(*columns, title="每个部件的代价")
    for row in rows:
        shown.add_row(
            NAMES[row.kind],
            HOW_NAMES[row.how],
            str(row.times),
            f"{row.longest_without_login:.1f} 秒",
            f"{row.longest_unready:.1f} 秒",
            str(row.errors),
            str(row.lost),
            str(row.doubled),
        )
    return shown
