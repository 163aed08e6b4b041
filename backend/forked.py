"""A child process that is a copy of this one, so that it starts with all code imported."""

import os
import runpy
import signal
import subprocess
import sys
import time
import traceback
from typing import NoReturn

from setproctitle import setproctitle

from backend.live.embedded import ends_with

LOOK_SECONDS = 0.02


class ForkedProcess:
    """Runs `python -m MODULE ARGUMENTS` in a copy of this process, with the methods of `Popen`.

    Modules that are imported here need not be imported there, and take no memory a second time.
    This process must have neither connections nor threads, because a copy cannot use them.
    """

    def __init__(self, command: list[str], environ: dict[str, str]) -> None:
        self.returncode: int | None = None
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            _run(command, environ, parent)

    def poll(self) -> int | None:
        """Return the exit code, or minus the signal that ended it; None while it runs."""
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return the exit code; raises `subprocess.TimeoutExpired`."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if timeout is not None and deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(LOOK_SECONDS)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def _run(command: list[str], environ: dict[str, str], parent: int) -> NoReturn:
    """Run a command in the new process until it ends; the kernel ends it when its parent dies."""
    code = None
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        os.setsid()
        ends_with(parent)()
        os.environ.update(environ)
        setproctitle(" ".join(command))
        module, *arguments = command[command.index("-m") + 1 :]
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        if code is None:
            traceback.print_exc()
        # Not by returning: the frames above are those of the parent.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(1 if code is None else code)
