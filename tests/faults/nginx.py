"""Debian's nginx with the site of `deploy/`, in front of servers of the tests."""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from backend.cluster import nginx as site
from tests.support import free_port, wait_for


@contextmanager
def nginx(servers: Sequence[str]) -> Iterator[int]:
    """Run nginx in front of servers (`HOST:PORT`) during the block; yields its port.

    It speaks HTTP; otherwise it is configured by the file.
    """
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="linka-nginx-") as name:
        folder = Path(name)
        (folder / "nginx.conf").write_text(
            site.configuration(folder, port, servers), encoding="utf-8"
        )
        process = subprocess.Popen(site.command(folder), stderr=subprocess.DEVNULL)
        try:
            wait_for(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(10)
