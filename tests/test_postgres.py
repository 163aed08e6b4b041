"""What is set on each connection to PostgreSQL."""

import pytest
from psycopg.conninfo import make_conninfo

from backend.postgres import connect
from tests.conftest import Postgres


@pytest.mark.parametrize(
    ("of_operator", "set_to"),
    [("", "1.1"), ("-c random_page_cost=2", "2")],
    ids=["PostgreSQL's own", "the operator's"],
)
def test_price_of_a_page_is_lower_unless_the_operator_has_set_one(
    postgres: Postgres, of_operator: str, set_to: str
) -> None:
    url = make_conninfo(postgres.url, options=of_operator)
    with connect(url, 5) as connection:
        assert connection.execute("SHOW random_page_cost").fetchall() == [(set_to,)]
