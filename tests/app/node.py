"""Runs Node.js: the one on PATH, else that of the virtual environment."""

import os
import subprocess
import sys
from pathlib import Path


def node(*arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """Run Node.js with these arguments and `said` as its input; the caller checks the exit code."""
    path = os.pathsep.join((os.environ["PATH"], str(Path(sys.executable).parent)))
    return subprocess.run(
        ["node", *arguments],
        env={**os.environ, "PATH": path},
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )
