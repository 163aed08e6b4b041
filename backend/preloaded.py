"""gunicorn's configuration: its master imports once what every worker needs.

A worker is then there at once, also in place of one that died, and shares the memory of all that
code: what is frozen is not looked at by the garbage collector, which would copy it. The settings
are read and the app is built in each worker, after the fork, for connections are not to be shared.
"""

import gc

from gevent import monkey

# Before anything is imported that holds a lock.
monkey.patch_all()

from backend import activities, app, dictionaries  # noqa: E402

for kind in activities.KINDS:
    kind.blueprints()

gc.collect()
gc.freeze()

# What is named here is no setting of gunicorn's.
__all__ = ["app", "dictionaries"]
