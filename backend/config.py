"""Settings: read once from the environment (`LINKA_…`), typed, checked before anything starts."""

import dataclasses
import datetime
import difflib
import ipaddress
import os
import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import click

from backend.keys import OLD_ACCEPTED_SECONDS, Secret

DEVELOPMENT_SECRET_KEY = "linka-development-only-secret-key-0001"  # nosec B105 # no password
SAMPLE_APPID = "wxlinkasample0001"
SAMPLE_SECRET = "linka-sample-secret"  # nosec B105 # no password
WECHAT_API = "https://api.weixin.qq.com"
EMULATOR_PORT_OFFSET = 1000
# How many requests and streams, and how many phones' sockets, one server process has at once.
WORKER_CONNECTIONS = 4000
WORKER_SOCKETS = 4000
_QUIET_SPAN = r"[^=,]{1,20}=([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d"
_QUIET_HOURS = re.compile(f"{_QUIET_SPAN}(,{_QUIET_SPAN})*")
# The settings LINKA_KEEP_…_DAYS.
_KEPT = ("attempts", "refused", "drafts", "session_keys", "boards", "audit", "readings", "lookups")


class BadSetting(Exception):
    """A setting has an invalid value; the text names the setting and the values that are allowed."""


def _setting(text: str, *, secret: bool = False) -> Any:
    return dataclasses.field(metadata={"help": text, "secret": secret})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings. The variable of a field is `LINKA_` and its name in capitals."""

    env: str = _setting("`development` or `production`")
    bind: str = _setting("HOST:PORT that the server listens on")
    data_dir: Path = _setting("folder of the embedded database and Redis")
    database_url: str = _setting("sqlite:///PATH or postgresql://…", secret=True)
    database_connections: int = _setting("connections of a process to PostgreSQL, 1 to 200")
    reports_database_url: str = _setting(
        "postgresql://… of a read-only replica for reports; empty for none", secret=True
    )
    redis_url: str = _setting("redis://…; empty means the private server", secret=True)
    wechat_url: str = _setting("address of WeChat's server API, or of the emulator", secret=True)
    wechat_appid: str = _setting("AppID of the mini program")
    wechat_secret: str = _setting("AppSecret of the mini program", secret=True)
    wechat_text_check: bool = _setting("let WeChat check what people write")
    secret_key: str = _setting("keys are derived from it; 32 characters", secret=True)
    secret_key_old: str = _setting("the secret key before, after a change", secret=True)
    secret_key_changed_at: str = _setting("moment of the change, such as 2026-11-28T10:00+08:00")
    workers: int = _setting("server processes, 1 to 64")
    drain_seconds: int = _setting(
        "seconds for which a server that is to stop goes on serving, 0 to 60"
    )
    wechat_message_token: str = _setting(
        "the token of the official account's server configuration", secret=True
    )
    metrics_token: str = _setting("who shows it may read /metrics from elsewhere", secret=True)
    body_seconds: int = _setting("seconds within which a request's body must come, 1 to 300")
    keep_attempts_days: int = _setting(
        "days after which attempts to bind and console log-ins are erased, 1 to 3650"
    )
    keep_refused_days: int = _setting("days after which refused pictures are erased, 1 to 3650")
    keep_drafts_days: int = _setting(
        "days after the last change, then submissions that were not sent are erased, 1 to 3650"
    )
    keep_session_keys_days: int = _setting("days without a login, then session keys are erased")
    keep_boards_days: int = _setting(
        "days after the end of an event, then its boards leave Redis until they are read"
    )
    keep_audit_days: int = _setting("days after which lines of the audit are erased, 1 to 3650")
    keep_readings_days: int = _setting(
        "days after which it is forgotten who read a post, 1 to 3650"
    )
    keep_lookups_days: int = _setting(
        "days after which questions of look-ups and shifts are erased, 1 to 3650"
    )
    quiet_hours: str = _setting("when shifts are reminded of nothing, such as 夜班=08:00-16:00")
    remind_again_minutes: int = _setting(
        "minutes within which nobody is reminded of a post again, 1 to 10080"
    )
    proxies: int = _setting("proxies in front whose X-Forwarded-For is believed, 0 to 5")
    minimum_client: str = _setting("oldest version of the mini program, such as 1.2.0")
    debug: bool = _setting("log more; never in production")
    timezone: str = _setting("time zone of the centre")
    day_boundary_hour: int = _setting("hour at which a business day begins, 0 to 12")
    log_level: str = _setting("debug, info, warning or error")

    @property
    def host(self) -> str:
        """The host part of `bind`."""
        return self.bind.rpartition(":")[0]

    @property
    def port(self) -> int:
        """The port part of `bind`."""
        return int(self.bind.rpartition(":")[2])

    @property
    def listens_everywhere(self) -> bool:
        """Whether the server listens on all IPv4 addresses of its machine."""
        return self.host == "0.0.0.0"  # nosec B104 # compared, not bound

    @property
    def in_production(self) -> bool:
        """Whether real people are served."""
        return self.env == "production"

    @property
    def secret(self) -> Secret:
        """What keys are derived from."""
        if not self.secret_key_old:
            return Secret(self.secret_key)
        # Anybody can sign with the published key. What it encrypted can still be read.
        if self.secret_key_old == DEVELOPMENT_SECRET_KEY:
            return Secret(self.secret_key, self.secret_key_old)
        until = _moment(self.secret_key_changed_at) + OLD_ACCEPTED_SECONDS * 1000
        return Secret(self.secret_key, self.secret_key_old, until)

    @property
    def emulates_wechat(self) -> bool:
        """Whether WeChat's address is on this machine, which only an emulator's can be."""
        return is_loopback(urlsplit(self.wechat_url).hostname or "")

    def described(self) -> list[tuple[str, str, str]]:
        """Return (variable, value with secrets masked, help) of every setting."""
        rows = []
        for field in dataclasses.fields(self):
            value = str(getattr(self, field.name))
            if field.metadata["secret"]:
                value = masked(value)
            rows.append((f"LINKA_{field.name.upper()}", value, field.metadata["help"]))
        return rows


def masked(value: str) -> str:
    """Mask a secret: the credentials in an address, or the whole of any other value but its length."""
    if "://" in value:
        parts = urlsplit(value)
        login = parts.netloc.rpartition("@")[0]
        if parts.password:
            value = value.replace(f"//{login}@", f"//{parts.username}:***@", 1)
        elif login and not parts.scheme.startswith("postgres"):
            value = value.replace(f"//{login}@", "//***@", 1)
        return re.sub(r"([?&]\w*password=)[^&]*", r"\1***", value)
    return f"*** ({len(value)} characters)" if value else ""


def is_loopback(host: str) -> bool:
    """Say whether a host name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def own_folder(folder: Path) -> None:
    """Make a folder readable by the user of this process only; the mode of an existing folder is
    changed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    if found.st_uid == os.geteuid() and found.st_mode & 0o077:
        folder.chmod(0o700)


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check all settings; raises `BadSetting` with one clear sentence."""
    variables = os.environ if environ is None else environ
    _check_encoding(variables)
    settings = _read(_Variables(variables))
    _check(settings)
    return settings


def settings_in_force() -> Settings:
    """Return the settings of the environment; raises `BadSetting`.

    Prints a sentence for each variable that is not a setting, and removes the variable from the
    environment, so that child processes do not print it again.
    """
    settings = load_settings()
    for name, sentence in unknown_settings(os.environ).items():
        click.echo(f"linka: {sentence}", err=True)
        del os.environ[name]
    return settings


def unknown_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return a sentence for each `LINKA_…` variable that is not a setting, with the most similar
    setting."""
    known = [field.name.upper() for field in dataclasses.fields(Settings)]
    found = {}
    for name in sorted(environ):
        suffix = name.removeprefix("LINKA_")
        if suffix != name and suffix not in known:
            near = difflib.get_close_matches(suffix, known, 1)
            hint = f"; did you mean LINKA_{near[0]}?" if near else ""
            found[name] = f"{name} is no setting and is ignored{hint}"
    return found


class _Variables:
    """The variables whose names begin with `LINKA_`, read as click reads options."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str) -> str:
        """Return a variable as it is."""
        return self._environ.get(f"LINKA_{name}", default)

    def number(self, name: str, default: int) -> int:
        """Return a whole number."""
        return int(self._converted(name, default, click.INT, "a whole number"))

    def truth(self, name: str, default: bool) -> bool:
        """Return whether a variable says yes."""
        return bool(self._converted(name, default, click.BOOL, "true or false"))

    def _converted(self, name: str, default: object, kind: click.ParamType, wanted: str) -> Any:
        variable = f"LINKA_{name}"
        try:
            return kind.convert(self._environ.get(variable, default), None, None)
        except click.BadParameter:
            raise BadSetting(f"{variable} must be {wanted}") from None


def _check_encoding(environ: Mapping[str, str]) -> None:
    for field in dataclasses.fields(Settings):
        name = f"LINKA_{field.name.upper()}"
        try:
            environ.get(name, "").encode()
        except UnicodeEncodeError:
            raise BadSetting(f"{name} must be UTF-8") from None


def _read(env: _Variables) -> Settings:
    bind = env.text("BIND", "127.0.0.1:8000")
    host, port = _host_and_port(bind)
    mode = env.text("ENV", "development")
    production = mode == "production"
    data_dir = Path(env.text("DATA_DIR", "var")).absolute()
    emulator = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{emulator_port(port)}"  # nosec B104 # compared, not bound
    return Settings(
        env=mode,
        bind=bind,
        data_dir=data_dir,
        database_url=env.text("DATABASE_URL", "") or f"sqlite:///{data_dir / 'linka.sqlite3'}",
        database_connections=env.number("DATABASE_CONNECTIONS", 20),
        reports_database_url=env.text("REPORTS_DATABASE_URL", ""),
        redis_url=env.text("REDIS_URL", ""),
        wechat_url=(env.text("WECHAT_URL", "") or (WECHAT_API if production else emulator)).rstrip(
            "/"
        ),
        wechat_appid=env.text("WECHAT_APPID", SAMPLE_APPID),
        wechat_secret=env.text("WECHAT_SECRET", SAMPLE_SECRET),
        wechat_text_check=env.truth("WECHAT_TEXT_CHECK", False),
        secret_key=env.text("SECRET_KEY", DEVELOPMENT_SECRET_KEY),
        secret_key_old=env.text("SECRET_KEY_OLD", ""),
        secret_key_changed_at=env.text("SECRET_KEY_CHANGED_AT", ""),
        workers=env.number("WORKERS", 2),
        drain_seconds=env.number("DRAIN_SECONDS", 2),
        wechat_message_token=env.text("WECHAT_MESSAGE_TOKEN", ""),
        metrics_token=env.text("METRICS_TOKEN", ""),
        body_seconds=env.number("BODY_SECONDS", 30),
        keep_attempts_days=env.number("KEEP_ATTEMPTS_DAYS", 30),
        keep_refused_days=env.number("KEEP_REFUSED_DAYS", 30),
        keep_drafts_days=env.number("KEEP_DRAFTS_DAYS", 180),
        keep_session_keys_days=env.number("KEEP_SESSION_KEYS_DAYS", 30),
        keep_boards_days=env.number("KEEP_BOARDS_DAYS", 30),
        keep_audit_days=env.number("KEEP_AUDIT_DAYS", 730),
        keep_readings_days=env.number("KEEP_READINGS_DAYS", 730),
        keep_lookups_days=env.number("KEEP_LOOKUPS_DAYS", 365),
        quiet_hours=env.text("QUIET_HOURS", "夜班=08:00-16:00"),
        remind_again_minutes=env.number("REMIND_AGAIN_MINUTES", 240),
        proxies=env.number("PROXIES", 0),
        minimum_client=env.text("MINIMUM_CLIENT", ""),
        debug=env.truth("DEBUG", False),
        timezone=env.text("TIMEZONE", "Asia/Shanghai"),
        day_boundary_hour=env.number("DAY_BOUNDARY_HOUR", 4),
        log_level=env.text("LOG_LEVEL", "info").lower(),
    )


def emulator_port(port: int) -> int:
    """Return the port of the WeChat emulator that belongs to a server's port."""
    other = port + EMULATOR_PORT_OFFSET
    return other if other < 65536 else port - EMULATOR_PORT_OFFSET


def _host_and_port(bind: str) -> tuple[str, int]:
    host, colon, port = bind.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise BadSetting(f"LINKA_BIND must be HOST:PORT with a port of 1 to 65535, not {bind!r}")
    return host, int(port)


def _check(settings: Settings) -> None:
    _require(settings.env in ("development", "production"), "LINKA_ENV", "development, production")
    _require(
        re.fullmatch(r"([A-Za-z0-9]{3,32})?", settings.wechat_message_token) is not None,
        "LINKA_WECHAT_MESSAGE_TOKEN",
        "3 to 32 letters and digits, or empty",
    )
    _require(1 <= settings.workers <= 64, "LINKA_WORKERS", "a number from 1 to 64")
    _require(0 <= settings.drain_seconds <= 60, "LINKA_DRAIN_SECONDS", "a number from 0 to 60")
    _require(
        not settings.metrics_token
        or re.fullmatch(r"[!-~]{16,128}", settings.metrics_token) is not None,
        "LINKA_METRICS_TOKEN",
        "16 to 128 printable ASCII characters without spaces, or empty",
    )
    _require(1 <= settings.body_seconds <= 300, "LINKA_BODY_SECONDS", "a number from 1 to 300")
    _require(
        1 <= settings.database_connections <= 200,
        "LINKA_DATABASE_CONNECTIONS",
        "a number from 1 to 200",
    )
    _require(0 <= settings.proxies <= 5, "LINKA_PROXIES", "a number from 0 to 5")
    _require(0 <= settings.day_boundary_hour <= 12, "LINKA_DAY_BOUNDARY_HOUR", "0 to 12")
    for name in _KEPT:
        days = getattr(settings, f"keep_{name}_days")
        _require(1 <= days <= 3650, f"LINKA_KEEP_{name.upper()}_DAYS", "a number from 1 to 3650")
    _require(
        re.fullmatch(r"([0-9]{1,4}(\.[0-9]{1,4}){0,2})?", settings.minimum_client) is not None,
        "LINKA_MINIMUM_CLIENT",
        "a version such as 1.2.0",
    )
    _require(
        not settings.quiet_hours or _QUIET_HOURS.fullmatch(settings.quiet_hours) is not None,
        "LINKA_QUIET_HOURS",
        "SHIFT=HH:MM-HH:MM, several parted by commas, or empty",
    )
    _require(
        1 <= settings.remind_again_minutes <= 10_080,
        "LINKA_REMIND_AGAIN_MINUTES",
        "a number from 1 to 10080",
    )
    levels = ("debug", "info", "warning", "error")
    _require(settings.log_level in levels, "LINKA_LOG_LEVEL", "debug, info, warning or error")
    _check_secrets(settings)
    _check_addresses(settings)
    _check_data_dir(settings)
    try:
        zoneinfo.ZoneInfo(settings.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSetting("LINKA_TIMEZONE must be a time zone such as Asia/Shanghai") from None
    if settings.in_production:
        _check_production(settings)


def _check_secrets(settings: Settings) -> None:
    _require(
        _is_secret(settings.secret_key),
        "LINKA_SECRET_KEY",
        "at least 32 characters, eight different ones, and no repeated pattern",
    )
    _require(
        is_loopback(settings.host.strip("[]")) or settings.secret_key != DEVELOPMENT_SECRET_KEY,
        "LINKA_SECRET_KEY",
        "one of your own when others reach LINKA_BIND: the development key is published",
    )
    old = settings.secret_key_old
    _require(
        not old or (_is_secret(old) and old != settings.secret_key),
        "LINKA_SECRET_KEY_OLD",
        "the whole key before, another one than LINKA_SECRET_KEY, or empty",
    )
    changed = settings.secret_key_changed_at
    _require(
        bool(settings.secret_key_old) == bool(changed) and (not changed or _moment(changed) > 0),
        "LINKA_SECRET_KEY_CHANGED_AT",
        "a moment such as 2026-11-28T10:00+08:00, set together with LINKA_SECRET_KEY_OLD",
    )


def _is_secret(text: str) -> bool:
    """Say whether a text can be a secret: long, of several characters, not mostly one of them, and
    not one part repeated, wherever the last repetition ends."""
    half = len(text) // 2
    is_repeated = any(text.startswith(text[period:]) for period in range(1, half + 1))
    is_mostly_one = any(text.count(character) > half for character in set(text))
    return len(text) >= 32 and len(set(text)) >= 8 and not is_repeated and not is_mostly_one


def _moment(text: str) -> int:
    """Return the milliseconds of an ISO 8601 moment with its offset, -1 for anything else."""
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return -1
    return int(moment.timestamp() * 1000) if moment.tzinfo else -1


def _check_addresses(settings: Settings) -> None:
    _require(
        _is_database(settings.database_url),
        "LINKA_DATABASE_URL",
        "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME, with parameters of libpq alone",
    )
    replica = settings.reports_database_url
    _require(
        not replica or (_is_postgres(replica) and _is_postgres(settings.database_url)),
        "LINKA_REPORTS_DATABASE_URL",
        "postgresql://USER:PASSWORD@REPLICA/NAME beside LINKA_DATABASE_URL of PostgreSQL, or empty",
    )
    _require(
        not settings.redis_url or _is_redis(settings.redis_url),
        "LINKA_REDIS_URL",
        "redis://HOST:PORT/NUMBER, rediss://…, unix:///PATH, redis+sentinel://HOST:PORT,…/NAME "
        "or redis+cluster://HOST:PORT,…, with options of redis-py alone",
    )
    wechat = _parts(settings.wechat_url)
    _require(
        wechat is not None and wechat.scheme in ("http", "https") and bool(wechat.hostname),
        "LINKA_WECHAT_URL",
        "an http(s) address",
    )


def _is_database(address: str) -> bool:
    """Return whether an address names a database; one of PostgreSQL may name several hosts."""
    if address.startswith("sqlite:///"):
        return _parts(address) is not None
    return _is_postgres(address)


def _is_postgres(address: str) -> bool:
    """Return whether an address names a database of PostgreSQL.

    Its client is imported for that alone: `linka up` stays 18 MB smaller without the two clients.
    """
    from psycopg import ProgrammingError  # noqa: PLC0415
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    scheme, _, rest = address.partition("://")
    login, _, hosts = rest.partition("/")[0].rpartition("@")
    if scheme not in ("postgresql", "postgres"):
        return False
    try:
        conninfo_to_dict(address)
    except ProgrammingError:
        return False
    return all(_parts(f"{scheme}://{login}@{host}") is not None for host in hosts.split(","))


def _is_redis(address: str) -> bool:
    """Return whether an address names a Redis; its client is imported for that alone, as above."""
    from backend import redis_address  # noqa: PLC0415

    try:
        redis_address.parse(address)
    except ValueError:
        return False
    return address.startswith(("redis", "unix"))


def _parts(address: str) -> SplitResult | None:
    """Split an address; None when its host or port cannot be one."""
    try:
        parts = urlsplit(address)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None


def _check_data_dir(settings: Settings) -> None:
    """The embedded SQLite and Redis need a writable folder; external servers do not."""
    folder = settings.data_dir
    while not os.path.exists(folder):
        folder = folder.parent
    _require(
        (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK))
        or bool(settings.redis_url and not settings.database_url.startswith("sqlite:")),
        "LINKA_DATA_DIR",
        f"a folder that can be written, which {folder} is not",
    )


def _check_production(settings: Settings) -> None:
    refusals = {
        "LINKA_SECRET_KEY is the development default": settings.secret_key
        == DEVELOPMENT_SECRET_KEY,
        "LINKA_WECHAT_APPID is empty": not settings.wechat_appid,
        "LINKA_WECHAT_SECRET is empty": not settings.wechat_secret,
        "LINKA_WECHAT_APPID is the sample's": settings.wechat_appid == SAMPLE_APPID,
        "LINKA_WECHAT_SECRET is the sample's": settings.wechat_secret == SAMPLE_SECRET,
        "LINKA_WECHAT_URL is an emulator's": settings.emulates_wechat
        or not settings.wechat_url.startswith("https://"),
        "LINKA_DEBUG is on": settings.debug,
    }
    for refusal, holds in refusals.items():
        if holds:
            raise BadSetting(f"refusing to start in production: {refusal}")


def _require(holds: bool, name: str, takes: str) -> None:
    if not holds:
        raise BadSetting(f"{name} must be {takes}")
