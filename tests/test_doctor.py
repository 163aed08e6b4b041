"""`linka doctor`: each problem is named with a remedy, and the exit code says how serious it is."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner, Result

from backend.backup import last
from backend.cli import main as linka
from backend.clock import DAY_MS
from backend.doctor import findings
from backend.doctor.findings import ERROR, GB, MB, OK, WARNING, Diagnosis, worst
from backend.live.nodes import Node
from tests.conftest import Postgres
from tests.faults.servers import serving
from tests.installation import Installation, until

NOW = 1_795_312_800_000


@pytest.mark.parametrize(
    ("found", "level"),
    [
        (findings.space("/var", 50 * GB, 100 * GB), OK),
        (findings.space("/var", GB, 100 * GB), WARNING),
        (findings.space("/var", 100 * MB, 100 * GB), ERROR),
        (findings.old_key(NOW + DAY_MS, NOW), OK),
        (findings.old_key(NOW - DAY_MS // 2, NOW), OK),
        (findings.old_key(NOW - 2 * DAY_MS, NOW), WARNING),
        (findings.old_key(NOW + 300 * DAY_MS, NOW), WARNING),
        (findings.wal(8 * MB), OK),
        (findings.wal(100 * MB), WARNING),
        (findings.wal(GB), ERROR),
        (findings.connections(1, 2, 20, 97), OK),
        (findings.connections(3, 2, 20, 97), WARNING),
        (findings.replicas(2, is_cluster=False, refuses_alone=True), OK),
        (findings.replicas(1, is_cluster=True, refuses_alone=False), OK),
        (findings.replicas(2, is_cluster=False, refuses_alone=False), WARNING),
        (findings.replicas(1, is_cluster=False, refuses_alone=False), WARNING),
        (findings.replicas(1, is_cluster=False, refuses_alone=True), WARNING),
        (findings.replicas(0, is_cluster=False, refuses_alone=False), WARNING),
        (findings.replicas(0, is_cluster=True, refuses_alone=False), WARNING),
        (findings.reports_replica(0, 0.0), OK),
        (findings.reports_replica(5 * MB, 90.0), WARNING),
        (findings.replica_connections(3, 2, 4, 97), OK),
        (findings.replica_connections(6, 8, 4, 97), WARNING),
        (findings.clock("数据库", 500), OK),
        (findings.clock("数据库", 3_600_000), WARNING),
        (findings.clock("数据库", -3_600_000), WARNING),
        (findings.future(None, NOW), OK),
        (findings.future(NOW - 5, NOW), OK),
        (findings.future(NOW + 3_600_000, NOW), ERROR),
        (findings.backup(NOW - 3_600_000, NOW), OK),
        (findings.backup(NOW - 2 * DAY_MS, NOW), WARNING),
        (findings.backup(None, NOW), WARNING),
        (findings.erasure(None, 730, NOW), OK),
        (findings.erasure(NOW - 730 * DAY_MS, 730, NOW), OK),
        (findings.erasure(NOW - 740 * DAY_MS, 730, NOW), WARNING),
        (findings.versions([Node("a", "1", NOW), Node("b", "1", NOW)], "1"), OK),
        (findings.versions([Node("a", "1", NOW), Node("b", "2", NOW)], "2"), WARNING),
        (findings.versions([], "1"), WARNING),
    ],
)
def test_figures_are_judged(found: Diagnosis, level: str) -> None:
    assert found.level == level
    assert bool(found.advice) == (level != OK)


def test_connections_that_fit_are_named() -> None:
    advice = findings.connections(3, 2, 20, 97).advice
    assert "LINKA_DATABASE_CONNECTIONS 设为 10 " in advice


def test_worst_finding_decides() -> None:
    assert worst([]) == 0
    assert worst([Diagnosis("a", OK, "")]) == 0
    assert worst([Diagnosis("a", WARNING, ""), Diagnosis("b", OK, "")]) == 1
    assert worst([Diagnosis("a", ERROR, ""), Diagnosis("b", WARNING, "")]) == 2


@pytest.fixture(autouse=True)
def unset() -> Iterator[None]:
    """Let the commands of this process leave no configuration of the log behind."""
    yield
    structlog.reset_defaults()


def _linka(installation: Installation, *words: str, **settings: str) -> Result:
    """Run a command in this process, which takes less time than to start one."""
    return CliRunner().invoke(linka, words, env={**installation.environ, **settings})


def _examined(installation: Installation, **settings: str) -> tuple[int, dict[str, Any]]:
    """Return the exit code, and {name: (level, advice)} of what was found."""
    ran = _linka(installation, "doctor", "--json", **settings)
    found = json.loads(ran.stdout)
    assert found["exit_code"] == ran.exit_code, ran.output
    return ran.exit_code, {one["name"]: one for one in found["findings"]}


def test_running_installation_needs_nothing_but_a_backup(
    install: Callable[..., Installation], tmp_path: Path
) -> None:
    installation = install(LINKA_WORKERS="1")
    installation.up()
    until(lambda: "服务器在运行" in _examined(installation)[1]["节点"]["text"], 30, "a server")
    code, found = _examined(installation)
    attention = {name for name, one in found.items() if one["level"] != OK} - {"文件数", "磁盘"}
    assert (code, attention) == (1, {"备份"})
    assert _linka(installation, "backup", str(tmp_path / "copy.zip")).exit_code == 0
    assert last.made_at(installation.folder)
    text = _linka(installation, "doctor").stdout
    assert "正常  备份：最近一次备份在 0 小时前" in text


def test_what_is_broken_is_named_with_what_to_do(
    install: Callable[..., Installation], postgres_templates: Postgres, tmp_path: Path
) -> None:
    postgres_templates.execute("CREATE DATABASE doctor")
    evicting = ("--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru")
    with serving(tmp_path, *evicting) as redis:
        made = install(
            LINKA_REDIS_URL=redis.url,
            LINKA_DATABASE_URL=postgres_templates.address("doctor"),
            LINKA_WECHAT_URL="http://127.0.0.1:1",
        )
        code, found = _examined(made)
        assert code == 2
        assert "noeviction" in found["Redis 淘汰策略"]["advice"]
        assert found["Redis 持久化"]["level"] == WARNING
        assert "linka migrate" in found["数据库"]["advice"]
        assert found["微信"]["level"] == ERROR
        assert _linka(made, "migrate").exit_code == 0
        _, found = _examined(made, LINKA_DATABASE_CONNECTIONS="200")
        assert found["数据库"]["level"] == found["时钟"]["level"] == OK
        assert "LINKA_DATABASE_CONNECTIONS" in found["数据库连接数"]["advice"]
    _, found = _examined(made, LINKA_DATABASE_URL="postgresql://linka@127.0.0.1:1/linka")
    assert found["Redis"]["level"] == found["数据库"]["level"] == ERROR
    assert found["数据库"]["text"].startswith("数据库不能用：它报告“connection failed")
    postgres_templates.execute("DROP DATABASE doctor WITH (FORCE)")
