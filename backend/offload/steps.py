"""Long lists, taken in steps: for statements of a bounded length, and so that other greenlets run."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")

ITEMS_PER_STEP = 100
# gevent answers a sleep of zero before it looks at sockets and timers, so it must be longer.
PAUSE_SECONDS = 0.0005


def in_steps(items: Iterable[Item], size: int = ITEMS_PER_STEP) -> Iterator[Item]:
    """Yield the items and let other greenlets run after each `size` of them."""
    for count, item in enumerate(items, 1):
        yield item
        if count % size == 0:
            pause()


def pause() -> None:
    """Let other greenlets run."""
    time.sleep(PAUSE_SECONDS)


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in lists of `size`; the last list may be shorter."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
