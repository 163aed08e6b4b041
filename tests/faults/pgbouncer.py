"""PgBouncer in transaction mode, in front of a PostgreSQL server of the tests."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.cluster import postgresql, programs
from tests.support import free_port, wait_for


@contextmanager
def pgbouncer(postgres_port: int, database: str, login: dict[str, str]) -> Iterator[int]:
    """Run PgBouncer during the block; yields its port.

    `login` are its credentials for PostgreSQL: `{"user": …}`, and `password` if there is one.
    """
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="linka-pgbouncer-") as folder:
        # It refuses to run as root, so another user has to read this.
        Path(folder).chmod(0o755)
        file = Path(folder) / "pgbouncer.ini"
        file.write_text(postgresql.bouncer_configuration(port, postgres_port, database, login))
        file.chmod(0o644)
        process = subprocess.Popen(
            postgresql.bouncer_command(file), user=programs.server_user(), stderr=subprocess.DEVNULL
        )
        try:
            wait_for(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(10)
