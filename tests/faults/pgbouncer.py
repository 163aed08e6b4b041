"""PgBouncer in transaction mode, in front of a PostgreSQL server of the tests."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import free_port, wait_for

BINARY = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin")


@contextmanager
def pgbouncer(postgres_port: int, database: str, login: dict[str, str]) -> Iterator[int]:
    """Run PgBouncer during the block; yields the port on which it listens.

    `login` is how it logs in to PostgreSQL: `{"user": …}`, and `password` if there is one.
    """
    assert BINARY, "install the package pgbouncer: `make test` does so as root on Debian"
    port = free_port()
    target = " ".join(f"{name}={value}" for name, value in login.items())
    with tempfile.TemporaryDirectory(prefix="linka-pgbouncer-") as folder:
        # It refuses to run as root, so that nobody has to read this.
        Path(folder).chmod(0o755)
        file = Path(folder) / "pgbouncer.ini"
        file.write_text(f"""
            [databases]
            {database} = host=127.0.0.1 port={postgres_port} {target}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 5
        """)
        file.chmod(0o644)
        as_whom = ["-u", "nobody"] if os.geteuid() == 0 else []
        process = subprocess.Popen([BINARY, "-q", *as_whom, str(file)], stderr=subprocess.DEVNULL)
        try:
            wait_for(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(10)
