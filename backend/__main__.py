"""The entry point of the `linka` command; on a platform that is not supported it says so."""

import sys

if sys.platform == "win32":
    # Before the imports: they need fcntl and resource, which Windows lacks.
    sys.stderr.write("linka: Linka does not run on Windows itself: use WSL (Linux on Windows)\n")
    sys.exit(2)

from backend.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
