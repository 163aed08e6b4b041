"""A written evening for the tests of the report."""

from typing import Any

import pytest
from flask import Flask

from backend.db import Database
from tests.report import evening
from tests.support import Centre, FakeClock

PEOPLE, EARLIER = 30, 16


class Written:
    """Two written evenings of one template, and the host's phone; `id` is the newer one."""

    def __init__(self, app: Flask, centre: Centre, clock: FakeClock) -> None:
        self.app = app
        self.database: Database = app.extensions["linka.database"]
        self.host = centre.host()
        self.earlier = self._make()
        evening.write(self.database, self.earlier, EARLIER, clock.now(), seed=2)
        clock.advance(7 * 86_400)
        self.host = centre.host()
        self.id = self._make()
        evening.write(self.database, self.id, PEOPLE, clock.now(), seed=1)

    def _make(self) -> int:
        made: dict[str, Any] = self.host.ok("POST", "/events", {"template": "evening"})
        return int(made["id"])

    def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run a statement, in which `:event` is the newer event."""
        statement = statement.replace(":event", str(self.id))
        return list(self.database.sql(statement, parameters).fetchall())

    def one(self, statement: str, *parameters: Any) -> Any:
        """Return the only value that a statement finds."""
        ((value,),) = self.rows(statement, *parameters)
        return value


@pytest.fixture
def written(app: Flask, centre: Centre, clock: FakeClock) -> Written:
    """Return two written evenings."""
    return Written(app, centre, clock)
