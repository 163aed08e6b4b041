"""gunicorn's configuration: the master imports the code of all workers once.

A new worker then starts at once, and workers share the memory of the code: objects are frozen, so
the garbage collector does not write to their pages. Each worker reads the settings and builds the
app after the fork, because connections must not be shared.
"""

import gc

from gevent import monkey

# Must run before any import that creates a lock.
monkey.patch_all()

from backend import activities, app, dictionaries  # noqa: E402

for kind in activities.KINDS:
    kind.blueprints()

gc.collect()
gc.freeze()

# What is named here is no setting of gunicorn's.
__all__ = ["app", "dictionaries"]
