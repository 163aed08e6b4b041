"""Databases of the last released version, one row in each table, as SQL.

`tests/test_migrations.py` upgrades them to the schema of today. `python -m tests.dumps` writes them
anew for the migrations that are there: do that once for a release, not for a change.
"""

from pathlib import Path

SQLITE = Path(__file__).with_name("sqlite.sql")
POSTGRESQL = Path(__file__).with_name("postgresql.sql")
