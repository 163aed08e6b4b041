"""The number of changes that hosts made to the set-up of an event."""

from peewee import *


def up(migrator, db):
    added = IntegerField(default=1, constraints=[SQL('DEFAULT 1')])
    migrator.migrate(migrator.add_column('event', 'version', added, allow_not_null=True))


def down(migrator, db):
    migrator.migrate(migrator.drop_column('event', 'version'))
