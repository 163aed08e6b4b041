"""Audit lines say which event they belong to, so that its hosts can read them."""

from peewee import *


def up(migrator, db):
    migrator.migrate(
        migrator.add_column('audit_line', 'event_id', BigIntegerField(null=True)),
        migrator.add_index('audit_line', ('event_id', 'id')),
    )
    # Of earlier lines only those about an event itself say which one.
    db.execute_sql(
        "UPDATE audit_line SET event_id = CAST(SUBSTR(subject, 7) AS BIGINT)"
        " WHERE SUBSTR(subject, 1, 6) = 'event:'"
    )


def down(migrator, db):
    migrator.migrate(
        migrator.drop_index('audit_line', 'audit_line_event_id_id'),
        migrator.drop_column('audit_line', 'event_id'),
    )
