"""PostgreSQL of a cluster: a primary, a replica that follows it, and PgBouncer in front."""

import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg

from backend.cluster import programs
from backend.errors import OperatorError
from backend.processes import Child

USER = "linka"
DATABASE = "linka"
CONNECTIONS = 100
POOL_SIZE = 20


def url(port: int, database: str = DATABASE) -> str:
    """Return the address of a database on a port of this machine."""
    return f"postgresql://{USER}@127.0.0.1:{port}/{database}"


class DataFolder:
    """The folder with the servers' data.

    As root, the servers run as another user, who cannot enter a private folder; the data are then
    in a temporary folder.
    """

    def __init__(self, folder: Path) -> None:
        self._servant = programs.server_user()
        self.folder = folder / "postgresql"
        if self._servant:
            self.folder = Path(tempfile.mkdtemp(prefix="linka-cluster-"))
            shutil.chown(self.folder, self._servant)
        else:
            self.folder.mkdir()

    def remove(self) -> None:
        """Remove the data."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def child(self, name: str, command: list[str], stop_signal: int, log: Path) -> Child:
        """Return the process of a server with its data here."""
        return Child(name, command, user=self._servant, stop_signal=stop_signal, log=log)

    def run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL to its end.

        Raises `OperatorError` with the program's message.
        """
        done = subprocess.run(  # nosec B603 # our own command
            [programs.postgres(program), *arguments],
            cwd=self.folder,
            user=self._servant,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise OperatorError(f"{program}: {done.stderr.strip()}")


def primary(home: DataFolder, port: int, log: Path) -> Child:
    """Create the data of the primary and return its process."""
    home.run(
        *("initdb", "--pgdata", "postgresql", "--username", USER, "--auth", "trust"),
        *("--encoding", "UTF8", "--no-locale", "--no-sync"),
    )
    return _server(home, "postgresql", port, log)


def replica(home: DataFolder, port: int, primary_port: int, log: Path) -> Child:
    """Copy the running primary and return the process of the replica, which follows it."""
    home.run(
        *("pg_basebackup", "--pgdata", "replica", "--write-recovery-conf"),
        *("--host", "127.0.0.1", "--port", str(primary_port), "--username", USER),
        *("--wal-method", "stream", "--checkpoint", "fast", "--no-sync"),
    )
    return _server(home, "replica", port, log)


def _server(home: DataFolder, name: str, port: int, log: Path) -> Child:
    settings = {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": str(CONNECTIONS),
        # These data need not survive a power failure; killing a process loses nothing in either
        # case.
        "fsync": "off",
    }
    command = [programs.postgres("postgres"), "-D", str(home.folder / name)]
    for setting, value in settings.items():
        command += ["-c", f"{setting}={value}"]
    # Does not wait for clients, because they may be stopped themselves.
    return home.child(name, command, signal.SIGINT, log)


def make_database(port: int) -> None:
    """Create the database on a new primary."""
    with psycopg.connect(url(port, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")


def answers(port: int, database: str = DATABASE) -> bool:
    """Say whether a server answers."""
    return _says(port, database, "SELECT true")


def follows(port: int) -> bool:
    """Say whether a replica receives what its primary writes."""
    return _says(port, DATABASE, "SELECT count(*) > 0 FROM pg_stat_wal_receiver")


def _says(port: int, database: str, question: str) -> bool:
    try:
        with psycopg.connect(url(port, database), connect_timeout=2, autocommit=True) as opened:
            [(said,)] = opened.execute(question.encode()).fetchall()
            return bool(said)
    except psycopg.Error:
        return False


def pgbouncer(home: DataFolder, port: int, primary_port: int, log: Path) -> Child:
    """Return PgBouncer in transaction mode in front of the primary."""
    file = home.folder / "pgbouncer.ini"
    file.write_text(bouncer_configuration(port, primary_port, DATABASE, {"user": USER}))
    file.chmod(0o644)
    return home.child("pgbouncer", bouncer_command(file), signal.SIGTERM, log)


def bouncer_command(file: Path) -> list[str]:
    """Return the command that runs PgBouncer."""
    return [programs.server("pgbouncer"), "-q", str(file)]


def bouncer_configuration(
    port: int, primary_port: int, database: str, login: dict[str, str]
) -> str:
    """Return the configuration of PgBouncer; `login` is the credentials for PostgreSQL."""
    target = " ".join(f"{name}={value}" for name, value in login.items())
    return f"""
[databases]
{database} = host=127.0.0.1 port={primary_port} {target}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {POOL_SIZE}
max_client_conn = 500
# Its own limits are long: a primary that is back would be asked after 15 s, and waited for 2 minutes.
server_login_retry = 1
server_connect_timeout = 3
query_wait_timeout = 5
"""
