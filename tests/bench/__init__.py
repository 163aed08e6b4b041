"""The bench: the hot paths against a bare Flask route, see `__main__`."""

import warnings

# The embedded PostgreSQL looks for the folder when it is imported.
warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
