"""The progress of long work, shown to an operator."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Progress = Callable[[int], None]


@contextmanager
def told(label: str, length: int) -> Iterator[Progress]:
    """Show a progress bar on a terminal; yields the function to call with the number of steps done."""
    with click.progressbar(length=length, label=label, file=sys.stderr) as shown:
        yield shown.update
