"""An event remembers when a host closed it, so that it can be reopened within an hour."""

from peewee import *


def up(migrator, db):
    migrator.migrate(
        migrator.add_column('event', 'closed_at', BigIntegerField(null=True)),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.drop_column('event', 'closed_at'),
    )
