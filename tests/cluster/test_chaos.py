"""What `linka chaos` counts, and where it refuses to run."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.cluster import chaos, nginx
from backend.cluster.chaos import KILL, STOP, ChaosHit
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
    ]
    told = chaos.acknowledged(map(json.dumps, lines))
    assert [one.source for one in told] == ["dig:1", "dig:2", "dig:4"]
    entries = {"dig:1": [10], "dig:4": [5, 5]}
    node, proxy = chaos.table(hits, probe, probe, told, entries)
    assert (node.times, node.longest_without_login, node.errors) == (1, 6, 1)
    assert (node.lost, node.doubled) == (1, 0)
    assert (proxy.longest_without_login, proxy.errors, proxy.lost, proxy.doubled) == (8, 0, 0, 1)


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
