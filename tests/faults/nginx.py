"""Debian's nginx with the site of `deploy/`, in front of servers of the tests."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.installation import ROOT
from tests.support import free_port, wait_for

BINARY = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
_SITE = ROOT / "deploy" / "nginx.conf"


@contextmanager
def nginx(servers: Sequence[str]) -> Iterator[int]:
    """Run nginx in front of servers (`HOST:PORT`) during the block; yields its port.

    It speaks HTTP; everything else is as the file says.
    """
    assert BINARY, "install the package nginx-light: `make test` does so as root on Debian"
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="linka-nginx-") as folder:
        paths = "".join(
            f"{name}_temp_path {folder}/{name};"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        file = Path(folder) / "nginx.conf"
        file.write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/error.log;"
            + ("user root;" if os.geteuid() == 0 else "")
            + f" worker_processes 1; events {{ worker_connections 512; }}"
            f" http {{ {paths} {_site(folder, port, servers)} }}",
            encoding="utf-8",
        )
        process = subprocess.Popen(
            [BINARY, "-c", str(file), "-p", folder], stderr=subprocess.DEVNULL
        )
        try:
            wait_for(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def _site(folder: str, port: int, servers: Sequence[str]) -> str:
    """Return the site with addresses and files of this machine."""
    site = _SITE.read_text(encoding="utf-8")
    [line] = re.findall(r"(?m)^ *server 127\.0\.0\.1:8000.*;$", site)
    lines = "\n".join(line.replace("127.0.0.1:8000", server) for server in servers)
    site = site.replace(line, lines)
    site = site.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    site = site.replace("listen 80;", f"listen unix:{folder}/http;").replace(
        "/var/log/nginx", folder
    )
    return re.sub(r"(?m)^ *(listen \[::\]|ssl_).*$", "", site)
