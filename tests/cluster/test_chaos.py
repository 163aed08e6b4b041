"""What `linka chaos` counts, and where it refuses to run."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.cluster import chaos, commands, nginx
from backend.cluster.chaos import KILL, KINDS, RESTART, STOP, ChaosHit, HitCost
from backend.cluster.probes import Probe, ProbeAnswer, longest_gap


@pytest.mark.parametrize(
    ("moments", "gap"),
    [([], 10), ([5], 5), ([1, 2, 9], 7), ([9, 2, 1], 7), ([-3, 30, 8], 8)],
)
def test_the_longest_gap_lies_within_the_time_that_is_looked_at(
    moments: list[float], gap: float
) -> None:
    assert longest_gap(moments, 0, 10) == gap


def test_a_row_counts_what_was_acknowledged_after_its_hits() -> None:
    hits = [ChaosHit("node", "node-1", KILL, 0, 10), ChaosHit("nginx", "nginx", STOP, 10, 20)]
    probe = Probe(lambda: 200)
    probe.samples += [
        ProbeAnswer(1, 200),
        ProbeAnswer(4, 503),
        ProbeAnswer(5, 0),
        ProbeAnswer(7, 200),
        ProbeAnswer(12, 200),
    ]
    lines = [
        {"at": 1, "dig_id": 1, "points": 10, "counted": True},
        {"at": 2, "dig_id": 2, "points": 10, "counted": True},
        {"at": 2, "dig_id": 2, "points": 10, "counted": True},
        {"at": 3, "dig_id": 3, "refused": "deadline_passed"},
        {"at": 11, "dig_id": 4, "points": 5, "counted": True},
        {"at": 12, "dig_id": 5, "points": 5, "counted": False},
        {"at": 3, "source": "game:1", "told": {"choice": ["A"]}},
        {"at": 4, "source": "race:1", "count": 4, "accepted": 4},
        {"at": 13, "source": "race:1", "count": 9, "accepted": 9},
        {"at": 14, "source": "race:2", "count": 2, "accepted": 0},
        {"at": 15, "source": "game:2", "told": {"choice": ["B"]}},
        {"at": 5, "phone": "one", "socket_back_seconds": 1.5},
        {"at": 6, "phone": "two", "socket_back_seconds": 0.5},
        {"at": 16, "subject": "race:7:counts_lost", "fact": True},
        {"at": 30, "source": "game:1", "points": 40},
        {"at": 30, "source": "race:1", "points": 25},
    ]
    told = chaos.read_journals(map(json.dumps, lines))
    sources = [one.source for one in told.acknowledged]
    assert sources == ["dig:1", "dig:2", "dig:4", "game:1", "race:1"]
    assert told.uncounted == 1
    entries = {"dig:1": [10], "dig:4": [5, 5], "game:1": [40], "race:1": [20]}
    node, proxy = chaos.table(hits, probe, probe, told, entries)
    assert (node.times, node.longest_without_login, node.errors, node.unanswered) == (1, 6, 1, 1)
    assert (node.lost, node.lost_and_told, node.doubled) == (2, 0, 0)
    assert (proxy.longest_without_login, proxy.errors, proxy.lost, proxy.doubled) == (8, 0, 0, 1)
    assert (node.longest_without_socket, proxy.longest_without_socket) == (1.5, 0)
    assert proxy.lost_and_told == 1


def test_the_table_in_a_pipe_has_whole_heads(capsys: pytest.CaptureFixture[str]) -> None:
    names = [field.name for field in dataclasses.fields(HitCost)]
    figures: dict[str, Any] = dict.fromkeys(names, 100_000) | {"how": RESTART}
    commands.show([HitCost(**figures | {"kind": kind}) for kind in KINDS])
    heads = re.findall(r"\w+", capsys.readouterr().out.splitlines()[2])
    assert " ".join(heads) == "部件 怎样 次数 登录 就绪 长连接 5xx 无应答 丢失 已说明 重复"


def test_nginx_of_a_cluster_has_the_site_that_is_deployed() -> None:
    found = nginx.configuration(Path("/folder"), 8100, ["127.0.0.1:8101", "127.0.0.1:8102"])
    assert "listen 127.0.0.1:8100;" in found
    assert found.count("server 127.0.0.1:810") == 2
    assert "location @away" in found
    assert not any(word in found for word in ("ssl_", "/var/log", "listen 80", "443"))


@pytest.mark.parametrize("command", ["cluster", "chaos"])
def test_refused_in_production(command: str, tmp_path: Path) -> None:
    environ = {
        "LINKA_ENV": "production",
        "LINKA_DATA_DIR": str(tmp_path),
        "LINKA_SECRET_KEY": "9f2c7b1e4d8a6035c1e7f4b2a9d80653",
        "LINKA_WECHAT_APPID": "wx0123456789abcdef",
        "LINKA_WECHAT_SECRET": "0123456789abcdef0123456789abcdef",
    }
    done = CliRunner().invoke(main, [command], env=environ)
    assert done.exit_code == 2
    assert "development" in done.output
    assert not list(tmp_path.iterdir())
