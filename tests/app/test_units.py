"""The unit tests of the mini program's modules run in Node.js; here they are part of all tests."""

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def test_modules_of_the_mini_program_pass_their_unit_tests() -> None:
    path = os.pathsep.join((os.environ["PATH"], str(Path(sys.executable).parent)))
    files = sorted(str(file) for file in FOLDER.glob("*.test.mjs"))
    done = subprocess.run(
        ["node", "--test", *files],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert files
    assert done.returncode == 0, done.stdout + done.stderr
