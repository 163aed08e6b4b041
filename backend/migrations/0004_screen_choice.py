"""The host's choice for the big screen of an event."""

from peewee import *


def up(migrator, db):
    migrator.migrate(
        migrator.add_column('event', 'screen_shows', TextField(null=True)),
        migrator.add_column('event', 'screen_activity_id', BigIntegerField(null=True)),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.drop_column('event', 'screen_shows'),
        migrator.drop_column('event', 'screen_activity_id'),
    )
