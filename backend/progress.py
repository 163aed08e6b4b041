"""The progress of long work, as an operator sees it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Progress = Callable[[int], None]


@contextmanager
def told(label: str, length: int) -> Iterator[Progress]:
    """Show a bar on a terminal; yields what is told how many steps were done."""
    with click.progressbar(length=length, label=label, file=sys.stderr) as shown:
        yield shown.update
