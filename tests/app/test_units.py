"""The unit tests of the mini program's modules run in Node.js; here they are part of all tests."""

from pathlib import Path

from tests.app.node import node

FOLDER = Path(__file__).parent


def test_modules_of_the_mini_program_pass_their_unit_tests() -> None:
    files = sorted(str(file) for file in FOLDER.glob("*.test.mjs"))
    done = node("--test", *files)
    assert files
    assert done.returncode == 0, done.stdout + done.stderr
