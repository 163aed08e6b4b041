"""The fork server: imports the code once, and forks the processes that run it.

`linka up` and `linka serve` start it (`python -m backend.forkserver`). It keeps gunicorn and, with
`--worker`, `linka worker` running. These are copies of this process: they start at once, and share the
memory of the code. Each of them connects by itself. It imports while `linka prepare` runs, and forks
once its stdin is closed.
"""

# First, because it patches the standard library for gevent.
from backend import preloaded

# isort: split
import gc
import sys
from dataclasses import replace

import click

from backend import background, readiness, serving
from backend.config import load_settings
from backend.errors import OperatorError
from backend.processes import (
    Supervisor,
    address_of,
    run_until_stopped,
    web_server,
    worker,
)

# Imported here for the processes that are forked.
__all__ = ["background", "preloaded", "serving"]


@click.command()
@click.option("--worker", "with_worker", is_flag=True, help="Run `linka worker`, too.")
def main(with_worker: bool) -> None:
    """Fork, and watch until SIGTERM."""
    settings = load_settings()
    address = address_of(settings)

    def start(supervisor: Supervisor) -> None:
        if with_worker:
            supervisor.start(replace(worker(), forked=True))
        server = replace(web_server(settings), forked=True)
        supervisor.start(server)
        readiness.wait_until_it_answers(server, address)
        supervisor.call_until_true(readiness.Readiness(address).tell)

    gc.freeze()
    sys.stdin.read()
    try:
        run_until_stopped(Supervisor(None), start)
    except OperatorError as error:
        click.echo(f"linka: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
