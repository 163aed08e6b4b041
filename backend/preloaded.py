"""What processes import once before they fork: the code of all workers, and the app.

The fork server (`backend.forkserver`) imports this module. It is gunicorn's configuration as well, so
that a gunicorn without a fork server imports it in the master. A new worker then starts at once, and
processes share the memory of the code: objects are frozen, so the garbage collector does not write
to their pages. Each worker connects after the fork (`backend.wsgi`), because connections must not be
shared.
"""

import gc
import sys

from gevent import events, monkey

# Imports create hundreds of thousands of objects that stay; looking through them again and again
# for garbage takes a fifth of the start.
gc.disable()

# In each of 25 steps gevent would look for its plugins in the metadata of all installed packages, and
# in each worker again, because gunicorn patches once more.
events.notify_and_call_entry_points = events.notify
# Must run before any import that creates a lock.
monkey.patch_all()

# structlog imports rich, if it finds it, for tracebacks of another form than ours.
sys.modules["rich"] = None  # type: ignore[assignment]
import structlog  # noqa: E402

del sys.modules["rich"]

from gunicorn.arbiter import Arbiter  # noqa: E402
from gunicorn.workers.base import Worker  # noqa: E402

# First, because the memory that they need only while they load is then used by the rest.
from backend import dictionaries  # noqa: E402

# isort: split
from backend import metric_files, postgres_waits, sqlite_waits, vitals  # noqa: E402
from backend.app import routed  # noqa: E402
from backend.config import load_settings  # noqa: E402
from backend.identity.logins import SESSION_KEYS  # noqa: E402
from backend.live.draining import refuse_connections  # noqa: E402

postgres_waits.install()
sqlite_waits.install()
_settings = load_settings()
app = routed(_settings)
# Reads the tables of OpenSSL, 4 MB.
_settings.secret.keys(SESSION_KEYS)


def when_ready(server: Arbiter) -> None:
    """Refuse connections until a worker can answer; gunicorn calls it in the master when it listens."""
    for listener in server.LISTENERS:
        refuse_connections(listener.sock)


def child_exit(_server: Arbiter, worker: Worker) -> None:
    """Remove the metrics of a worker that ended; gunicorn calls it in the master."""
    metric_files.forget(worker.pid)


gc.freeze()
gc.enable()

# Names that begin with an underscore are no settings of gunicorn's.
__all__ = ["app", "dictionaries", "structlog", "vitals"]
