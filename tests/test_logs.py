"""Lines of the log: a traceback of the same place comes once a minute."""

import pytest

from backend.logs import TRACEBACK_SECONDS, RareTracebacks


class Elapsed:
    """Seconds, set by hand."""

    seconds = 5.0

    def __call__(self) -> float:
        """Return them."""
        return self.seconds


def broken(message: str) -> ValueError:
    """Return an exception that was raised here."""
    try:
        raise ValueError(message)
    except ValueError as error:
        return error


def broken_elsewhere() -> ValueError:
    """Return one that was raised here."""
    try:
        raise ValueError
    except ValueError as error:
        return error


@pytest.fixture
def elapsed() -> Elapsed:
    """Return the time of the log."""
    return Elapsed()


@pytest.fixture
def rare(elapsed: Elapsed) -> RareTracebacks:
    """Return the processor, which has seen no line."""
    return RareTracebacks(elapsed)


def test_traceback_of_a_place_is_logged_once_a_minute(
    rare: RareTracebacks, elapsed: Elapsed
) -> None:
    first, again, later = broken("a"), broken("b"), broken("c")
    assert rare(None, "error", {"exc_info": first}) == {"exc_info": first}
    elapsed.seconds += TRACEBACK_SECONDS - 0.1
    for _ in range(2):
        line = rare(None, "error", {"path": "/x", "exc_info": again})
        assert line == {"path": "/x", "error": "ValueError('b')"}
    elapsed.seconds += 0.1
    line = rare(None, "error", {"exc_info": later})
    assert line == {"exc_info": later, "tracebacks_left_out": 2}


def test_other_places_and_lines_are_logged_in_full(rare: RareTracebacks) -> None:
    other = broken_elsewhere()
    rare(None, "error", {"exc_info": broken("a")})
    assert rare(None, "error", {"exc_info": other}) == {"exc_info": other}
    assert rare(None, "info", {"event": "refused"}) == {"event": "refused"}
