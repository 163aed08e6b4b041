"""Examines an installation from outside: starts nothing and writes nothing."""

import resource
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import peewee
from redis import Redis, RedisError

from backend import processes, redis_address
from backend.backup import last
from backend.clock import Clock
from backend.config import DEVELOPMENT_SECRET_KEY, Settings
from backend.db import Database
from backend.doctor import findings
from backend.doctor.findings import ERROR, OK, WARNING, Diagnosis
from backend.errors import OperatorError
from backend.identity.models import AuditLine
from backend.live import checks, embedded
from backend.live.client import LazyCluster, connect_redis
from backend.live.nodes import Node, Nodes, own_version
from backend.redis_address import RedisAddress
from backend.replica import CONNECTIONS, ReplicaUnfit
from backend.scoring.models import ScoreEntry

WECHAT_SECONDS = 3

_REDIS = {
    "away": ("Redis 不应答", "启动 Redis，或改正 LINKA_REDIS_URL；答案照收，名次暂缺"),
    "read_only": ("这个 Redis 是只读副本", "把 LINKA_REDIS_URL 指向主节点，或用 redis+sentinel://"),
    "refused": ("Redis 拒绝了用户名或密码，或权限不够", "改正 LINKA_REDIS_URL 里的用户名和密码"),
    "cluster": ("这是集群的一个节点", "LINKA_REDIS_URL 用 redis+cluster://"),
    "sentinel": ("这是 Sentinel", "LINKA_REDIS_URL 用 redis+sentinel://主机:端口,…/名称"),
    "full": ("Redis 的内存满了", "调大 maxmemory"),
    "no_replicas": (
        "跟随 Redis 主节点的副本不够（min-replicas-to-write），它拒绝写入",
        "启动副本；答案照收，名次暂缺。副本一时回不来，就在主节点上执行"
        " CONFIG SET min-replicas-to-write 0",
    ),
}


class DoctorShell(Protocol):
    """What an examination needs from the click context object."""

    @property
    def settings(self) -> Settings:
        """The settings in force."""

    @property
    def any_database(self) -> Database:
        """The open database, with or without missing migrations; raises `OperatorError`."""

    @property
    def clock(self) -> Clock:
        """The clock."""


def examine(shell: DoctorShell) -> Iterator[Diagnosis]:
    """Yield a diagnosis for each thing that is examined."""
    settings, now = shell.settings, shell.clock.now()
    yield from _settings(settings, now)
    yield from _machine(settings)
    nodes: list[Node] = []
    if settings.redis_url or embedded.answers(embedded.socket_path(settings.data_dir)):
        client = connect_redis(settings)
        yield from _redis(client, settings.redis_url, now)
        nodes = _nodes(client, settings, now)
        client.close()
    else:
        yield Diagnosis(
            "Redis", WARNING, "自带的 Redis 没有运行", "启动林卡：systemctl start linka@up"
        )
    yield findings.versions(nodes, own_version())
    yield from _database(shell, max(1, len(nodes)), now)
    yield findings.backup(last.made_at(settings.data_dir), now)
    yield _wechat(settings.wechat_url)


def _settings(settings: Settings, now: int) -> Iterator[Diagnosis]:
    if settings.secret_key == DEVELOPMENT_SECRET_KEY:
        yield Diagnosis("密钥", OK, "用的是开发密钥，只供在本机试用")
    else:
        yield Diagnosis("密钥", OK, "LINKA_SECRET_KEY 已设置")
    if settings.secret_key_old == DEVELOPMENT_SECRET_KEY:
        text = "旧密钥是公开的开发密钥：它签发的登录和大屏通行证一律无效，它加密的内容仍可读取"
        yield Diagnosis("旧密钥", OK, text)
    elif settings.secret_key_old:
        yield findings.old_key(settings.secret.old_until, now)


def _machine(settings: Settings) -> Iterator[Diagnosis]:
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    yield findings.space(str(folder), usage.free, usage.total)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if processes.file_warning(most):
        advice = f"systemd 用 LimitNOFILE=65536；手动启动时先 ulimit -n {processes.FILES_NEEDED}"
        yield Diagnosis("文件数", WARNING, f"一个进程最多只能打开 {most} 个文件", advice)
    else:
        yield Diagnosis("文件数", OK, "一个进程能打开足够多的文件")
    if settings.database_url.startswith("sqlite:"):
        file = Path(settings.database_url.removeprefix("sqlite:///") + "-wal")
        yield findings.wal(file.stat().st_size if file.exists() else 0)


def _redis(client: Redis, address: str, now: int) -> Iterator[Diagnosis]:
    state = checks.state(client)
    if state != "ok":
        text, advice = _REDIS[state]
        if state == "away" and address:
            mistake = checks.mistake(client, redis_address.parse(address))
            text += f"：{mistake.zh}" if mistake else ""
        yield Diagnosis("Redis", ERROR, text, advice)
        return
    yield Diagnosis("Redis", OK, "Redis 在应答，可以写入")
    try:
        for server in checks.described(client):
            yield from _redis_server(server)
            if address:
                yield from _replicas(redis_address.parse(address), server)
        if not isinstance(client, LazyCluster):
            seconds, micros = client.time()
            yield findings.clock(" Redis", seconds * 1000 + micros // 1000 - now)
    except RedisError as error:
        yield Diagnosis(
            "Redis", WARNING, f"Redis 不肯说明自己的情况：{error}", "允许 INFO 和 TIME 命令"
        )


def _redis_server(server: dict[str, Any]) -> Iterator[Diagnosis]:
    policy = server.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        advice = "执行 CONFIG SET maxmemory-policy noeviction，并写进配置文件"
        yield Diagnosis(
            "Redis 淘汰策略", ERROR, f"maxmemory-policy 是 {policy}，会丢掉要用的数据", advice
        )
    limit, used = int(server.get("maxmemory", 0)), int(server.get("used_memory", 0))
    if limit and used > 0.8 * limit:
        yield Diagnosis(
            "Redis 内存", WARNING, f"Redis 用了上限的 {100 * used // limit}%", "调大 maxmemory"
        )
    if not int(server.get("aof_enabled", 0)):
        yield Diagnosis(
            "Redis 持久化",
            WARNING,
            "Redis 没有开启 AOF：它重启会丢掉正在进行的摇一摇和画；得分不会丢",
            "设置 appendonly yes",
        )
    elif server.get("aof_last_write_status", "ok") != "ok":
        yield Diagnosis("Redis 持久化", ERROR, "Redis 写不进磁盘", "清理 Redis 所在的磁盘")
    else:
        yield Diagnosis("Redis 持久化", OK, "Redis 会保存到磁盘（AOF）")


def _replicas(address: RedisAddress, server: dict[str, Any]) -> Iterator[Diagnosis]:
    """Judge the replicas of a primary, unless it is a single server."""
    followers = int(server.get("connected_slaves", 0))
    if address.service or address.is_cluster or followers:
        yield findings.replicas(
            followers,
            is_cluster=address.is_cluster,
            refuses_alone="min_slaves_good_slaves" in server,
        )


def _nodes(client: Redis, settings: Settings, now: int) -> list[Node]:
    try:
        return Nodes(client, settings.bind).running(now)
    except RedisError:
        return []


def _database(shell: DoctorShell, nodes: int, now: int) -> Iterator[Diagnosis]:
    settings = shell.settings
    try:
        database = shell.any_database
        pending = database.migrations().pending
    except OperatorError as error:
        yield Diagnosis(
            "数据库",
            ERROR,
            f"数据库不能用：{error.zh}",
            "启动数据库，或改正 LINKA_DATABASE_URL；版本太旧就升级林卡",
        )
        return
    if pending:
        yield Diagnosis("数据库", ERROR, f"数据库缺少 {len(pending)} 个迁移", "运行 linka migrate")
        return
    yield Diagnosis("数据库", OK, "数据库在应答，迁移齐全")
    try:
        if not database.is_sqlite:
            yield from _postgres(database, settings, nodes, now)
        yield findings.future(ScoreEntry.select(peewee.fn.MAX(ScoreEntry.created_at)).scalar(), now)
        oldest = AuditLine.select(peewee.fn.MIN(AuditLine.at)).scalar()
        yield findings.erasure(oldest, settings.keep_audit_days, now)
    except peewee.DatabaseError as error:
        yield Diagnosis("数据库", ERROR, f"数据库中途出错：{error}", "看数据库自己的日志")


def _postgres(database: Database, settings: Settings, nodes: int, now: int) -> Iterator[Diagnosis]:
    [(theirs, most)] = database.read(
        "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint,"
        " current_setting('max_connections')::int"
        " - current_setting('superuser_reserved_connections')::int"
    )
    yield findings.clock("数据库", theirs - now)
    if database.is_behind_pooler:
        yield Diagnosis("数据库连接数", OK, "数据库在 PgBouncer 后面，连接数由它限制")
    else:
        yield findings.connections(nodes, settings.workers, settings.database_connections, most)
    yield from _reports_replica(database, settings, nodes)


def _reports_replica(database: Database, settings: Settings, nodes: int) -> Iterator[Diagnosis]:
    try:
        state = database.replica_state()
    except ReplicaUnfit as error:
        yield Diagnosis(
            "报道副本",
            WARNING,
            f"不能用，报道和导出改读主库：{error.zh}",
            "启动副本，或把 LINKA_REPORTS_DATABASE_URL 指向跟随现在主库的只读副本",
        )
        return
    if state is None:
        return
    yield findings.reports_replica(state.behind_bytes, state.behind_seconds)
    if not state.is_behind_pooler:
        yield findings.replica_connections(
            nodes, settings.workers, CONNECTIONS, state.most_connections
        )


def _wechat(url: str) -> Diagnosis:
    try:
        urllib.request.urlopen(url, timeout=WECHAT_SECONDS).close()  # nosec B310 # http(s), checked by the settings
    except urllib.error.HTTPError as error:
        error.close()
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        return Diagnosis(
            "微信",
            ERROR,
            f"连不上微信接口 {url}：{reason}",
            "检查网络、DNS 和防火墙；没登录过的人暂时进不来",
        )
    return Diagnosis("微信", OK, f"微信接口 {url} 在应答")
