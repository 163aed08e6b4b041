"""gunicorn's configuration: the master imports the code of all workers once.

A new worker then starts at once, and workers share the memory of the code: objects are frozen, so
the garbage collector does not write to their pages. Each worker reads the settings and builds the
app after the fork, because connections must not be shared.
"""

import gc

from gevent import monkey

# Must run before any import that creates a lock.
monkey.patch_all()

from gunicorn.arbiter import Arbiter  # noqa: E402
from gunicorn.workers.base import Worker  # noqa: E402

from backend import activities, app, dictionaries, metrics  # noqa: E402

for kind in activities.KINDS:
    kind.blueprints()


def child_exit(_server: Arbiter, worker: Worker) -> None:
    """Remove the metrics of a worker that ended; gunicorn calls it in the master."""
    metrics.forget(worker.pid)


gc.collect()
gc.freeze()

# What is named here is no setting of gunicorn's.
__all__ = ["app", "dictionaries"]
