"""The number of changes that hosts made to the set-up of an event."""

from peewee import *


def up(migrator, db):
    migrator.migrate(migrator.add_column('event', 'version', IntegerField(default=1)))


def down(migrator, db):
    migrator.migrate(migrator.drop_column('event', 'version'))
