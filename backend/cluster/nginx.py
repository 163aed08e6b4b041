"""Configures nginx for a cluster: the site of `deploy/nginx.conf` with addresses of this machine
and without TLS.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path

import backend
from backend.cluster import programs
from backend.errors import OperatorError

SITE = Path(backend.__file__).parent.parent / "deploy" / "nginx.conf"

_MAIN = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
{site}
}}
"""
# What a development machine lacks: certificates, the usual ports, the system's log folder.
_REPLACED = (
    (r"(?ms)^server \{\n    listen 80;.+?^\}\n", ""),
    (r"(?m)^    listen \[::\]:443 .+\n", ""),
    (r"(?m)^    listen 443 .+;$", "    listen 127.0.0.1:{port};"),
    (r"(?m)^    ssl_.+\n", ""),
    (r"(?m)^    server 127\.0\.0\.1:8000(?P<options>.*);$", "{nodes}"),
    (r"/var/log/nginx/linka\.", "{folder}/"),
)


def configuration(folder: Path, port: int, nodes: Sequence[str]) -> str:
    """Return the configuration of nginx in front of these nodes (`HOST:PORT`)."""
    site = SITE.read_text(encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    lines = "\n".join(f"    server {node}\\g<options>;" for node in nodes)
    for pattern, text in _REPLACED:
        text = text.format(folder=folder, port=port, nodes=lines)
        site, count = re.subn(pattern, text, site)
        if not count:
            raise OperatorError(f"{SITE}: nothing fits {pattern}")
    return _MAIN.format(user=user, folder=folder, site=site)


def command(folder: Path) -> list[str]:
    """Return the command that runs nginx with the configuration in a folder."""
    return [programs.server("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
