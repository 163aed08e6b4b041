"""Asks Sentinels where the primary is.

A primary that hung and goes on while a Sentinel replaces it takes writes, which are lost when it is
made a replica. That Sentinel names the old primary until it is done, and the others learn of the new
one before that. So all of them are asked.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, cast

from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as TimedOut
from redis.sentinel import MasterNotFoundError, Sentinel

_REPLACING = "failover_in_progress"


class Sentinels(Sentinel):
    """All Sentinels of an installation."""

    def discover_master(self, service_name: str) -> tuple[str, int]:
        """Return the address of the primary by the newest configuration that a Sentinel has.

        Raises `MasterNotFoundError` if there is none, or if it is just being replaced.
        """
        states = list(self._states(service_name))
        newest = max((state["config-epoch"] for state in states), default=0)
        replaced = {_address(state) for state in states if _REPLACING in state["flags"]}
        for state in states:
            if (
                state["config-epoch"] == newest
                and _address(state) not in replaced
                and self.check_master_state(state, service_name)
            ):
                return _address(state)
        raise MasterNotFoundError(f"no primary for {service_name!r}")

    def _states(self, service_name: str) -> Iterator[dict[str, Any]]:
        """Yield what each Sentinel that answers says about the primary."""
        return (found[service_name] for found in self._primaries() if service_name in found)

    def watched(self) -> set[str]:
        """Return the names of all primaries that the Sentinels that answer watch."""
        return {name for found in self._primaries() for name in found}

    def _primaries(self) -> Iterator[dict[str, dict[str, Any]]]:
        """Yield what each Sentinel that answers says about the primaries, by their names."""
        for sentinel in self.sentinels:
            with suppress(NoConnection, TimedOut):
                yield cast(dict[str, dict[str, Any]], sentinel.sentinel_masters())


def _address(state: dict[str, Any]) -> tuple[str, int]:
    return state["ip"], state["port"]
