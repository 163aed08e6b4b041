"""The diagnoses of an examination, and the rules by which figures become diagnoses: pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from backend.clock import DAY_MS
from backend.live.nodes import Node

OK: Final = "ok"
WARNING: Final = "warning"
ERROR: Final = "error"
_LEVELS: Final = (OK, WARNING, ERROR)

MB: Final = 1 << 20
GB: Final = 1 << 30
LITTLE_SPACE: Final = 2 * GB
NO_SPACE: Final = GB // 5
LARGE_WAL: Final = 64 * MB
HUGE_WAL: Final = 512 * MB
CLOCK_MS: Final = 2000
HOUR_MS: Final = 3600_000


@dataclass(frozen=True)
class Diagnosis:
    """The state of one thing that was examined.

    `level` is `ok`, `warning` or `error`; `advice` is empty when there is nothing to do.
    """

    name: str
    level: str
    text: str
    advice: str = ""


def worst(findings: Iterable[Diagnosis]) -> int:
    """Return the exit code: 0 for no problem, 1 for a warning, 2 for an error."""
    return max((_LEVELS.index(found.level) for found in findings), default=0)


def old_key(until: int, now: int) -> Diagnosis:
    """Judge until when the key before is accepted, which is a day from its change."""
    if until > now + 2 * DAY_MS:
        return Diagnosis(
            "旧密钥",
            WARNING,
            "LINKA_SECRET_KEY_CHANGED_AT 在一天以后：到那时再过一天，旧密钥都有效",
            "把它改成更换密钥的时刻并重启",
        )
    if now > until + DAY_MS:
        return Diagnosis(
            "旧密钥",
            WARNING,
            "更换密钥已过两天，旧密钥还留在设置里",
            "运行 linka keys renew，再删掉 LINKA_SECRET_KEY_OLD 和 LINKA_SECRET_KEY_CHANGED_AT 并重启",
        )
    return Diagnosis("旧密钥", OK, "旧密钥还在更换期内")


def space(folder: str, free: int, total: int) -> Diagnosis:
    """Judge the free space on a disk."""
    text = f"{folder} 还剩 {free / GB:.1f} GB（{100 * free // total}%）"
    if free >= LITTLE_SPACE:
        return Diagnosis("磁盘", OK, text)
    advice = "清理磁盘或换大盘；满了以后提交会被拒绝（503），手机会自己重试，已确认的不会丢"
    return Diagnosis("磁盘", ERROR if free < NO_SPACE else WARNING, text, advice)


def wal(size: int) -> Diagnosis:
    """Judge the size of SQLite's write-ahead log."""
    text = f"SQLite 预写日志 {size / MB:.0f} MB"
    if size < LARGE_WAL:
        return Diagnosis("预写日志", OK, text)
    advice = "有程序一直开着数据库文件在读：关掉它（如数据库浏览器），日志会自己缩小"
    return Diagnosis("预写日志", ERROR if size >= HUGE_WAL else WARNING, text, advice)


def connections(nodes: int, workers: int, each: int, most: int) -> Diagnosis:
    """Judge whether PostgreSQL has enough connections for all processes of all nodes."""
    wanted = nodes * (workers + 1) * each
    text = f"{nodes} 个节点最多用 {wanted} 个数据库连接，PostgreSQL 允许 {most} 个"
    if wanted <= most:
        return Diagnosis("数据库连接数", OK, text)
    fits = max(1, most // (nodes * (workers + 1)))
    advice = (
        f"把 LINKA_DATABASE_CONNECTIONS 设为 {fits} 或更小，或调大 max_connections，或用 PgBouncer"
    )
    return Diagnosis("数据库连接数", WARNING, text, advice)


def replicas(followers: int, *, is_cluster: bool, refuses_alone: bool) -> Diagnosis:
    """Judge whether a replica can take the place of a primary of Redis without a loss.

    `refuses_alone`: the primary has `min-replicas-to-write`. A cluster replaces a primary that hung
    before that takes writes again.
    """
    name, text = "Redis 副本", f"Redis 主节点有 {followers} 个副本"
    if not followers:
        return Diagnosis(
            name, WARNING, f"{text}：它坏了没有谁接替", "启动副本，让它跟随主节点（replicaof）"
        )
    if is_cluster or (followers > 1 and refuses_alone):
        return Diagnosis(name, OK, text)
    if followers > 1:
        return Diagnosis(
            name,
            WARNING,
            f"{text}，但没有 min-replicas-to-write：卡住的主节点恢复时会收下随后丢失的摇一摇次数",
            "每个 Redis 都用 deploy/valkey.conf 里的 min-replicas-to-write 和 min-replicas-max-lag",
        )
    trouble = (
        "它一停，Redis 就拒绝写入"
        if refuses_alone
        else "卡住的主节点恢复时会收下随后丢失的摇一摇次数"
    )
    return Diagnosis(name, WARNING, f"{text}：{trouble}", "启动两个副本，设置照 deploy/valkey.conf")


def reports_replica(behind_bytes: int, behind_seconds: float) -> Diagnosis:
    """Judge a replica for reports by what it lacks after it was given the time to catch up."""
    if not behind_bytes:
        return Diagnosis("报道副本", OK, "只读，已跟上主库：报道和导出读它")
    return Diagnosis(
        "报道副本",
        WARNING,
        f"落后主库 {behind_bytes / MB:.1f} MB，最新一笔是 {behind_seconds:.0f} 秒前的：报道和导出改读主库",
        "看副本的日志、磁盘和到主库的网络；重放被暂停的，执行 SELECT pg_wal_replay_resume()",
    )


def replica_connections(nodes: int, workers: int, each: int, most: int) -> Diagnosis:
    """Judge whether the replica for reports has enough connections for all server processes."""
    name, wanted = "报道副本连接数", nodes * workers * each
    text = f"{nodes} 个节点最多用 {wanted} 个连接，报道副本允许 {most} 个"
    if wanted <= most:
        return Diagnosis(name, OK, text)
    return Diagnosis(name, WARNING, text, "调大副本的 max_connections，或在它前面用 PgBouncer")


def clock(other: str, ahead_ms: int) -> Diagnosis:
    """Judge by how much another clock is ahead of this machine's."""
    if abs(ahead_ms) < CLOCK_MS:
        return Diagnosis("时钟", OK, f"本机与{other}的时钟一致")
    word = "慢" if ahead_ms > 0 else "快"
    text = f"本机的时钟比{other}{word} {abs(ahead_ms) / 1000:.0f} 秒"
    return Diagnosis("时钟", WARNING, text, "在每台机器上用 chrony 校时；比赛中不要手动改时间")


def future(newest: int | None, now: int) -> Diagnosis:
    """Judge whether the database contains a moment in the future."""
    if newest is None or newest - now < CLOCK_MS:
        return Diagnosis("时间倒退", OK, "数据库里没有来自未来的时间")
    text = f"数据库里最新的得分比现在还晚 {(newest - now) / 1000:.0f} 秒：本机的时钟被调回过"
    return Diagnosis(
        "时间倒退", ERROR, text, "先校准时钟（chrony），再重启林卡；正在进行的环节会等到时间追上"
    )


def backup(made_at: int | None, now: int) -> Diagnosis:
    """Judge the age of the newest backup."""
    if made_at is None:
        return Diagnosis(
            "备份",
            WARNING,
            "这个数据目录还没有备份过",
            "运行 linka backup 文件，或启用 linka-backup 服务（docs/operating.md）",
        )
    hours = (now - made_at) // HOUR_MS
    text = f"最近一次备份在 {hours} 小时前"
    if hours < 26:
        return Diagnosis("备份", OK, text)
    return Diagnosis("备份", WARNING, text, "看看定时备份为什么没做：journalctl -u linka-backup")


def erasure(oldest: int | None, days: int, now: int) -> Diagnosis:
    """Judge whether rows that should have been erased by now are gone."""
    late = 0 if oldest is None else (now - oldest) // DAY_MS - days
    if late < 2:
        return Diagnosis("清理", OK, "到期的数据都已清理")
    return Diagnosis(
        "清理",
        WARNING,
        f"有数据过期 {late} 天还没清理",
        "linka worker 没有在运行：启动它，它每小时清理一次",
    )


def versions(nodes: Sequence[Node], own: str) -> Diagnosis:
    """Judge whether all servers have the same version."""
    if not nodes:
        return Diagnosis(
            "节点",
            WARNING,
            "最近一分钟没有服务器在运行",
            "启动：systemctl start linka@up（或 linka@serve）",
        )
    listed = "，".join(f"{node.name}（{node.version}）" for node in nodes)
    if {node.version for node in nodes} == {own}:
        return Diagnosis("节点", OK, f"{len(nodes)} 个服务器在运行：{listed}")
    return Diagnosis(
        "节点", WARNING, f"版本不一致，本机是 {own}：{listed}", "把旧版本的节点逐个升级、重启"
    )
