"""The notice that a host lets the big screen of an event show."""

from peewee import *
from peewee import JSONField


def up(migrator, db):
    migrator.migrate(migrator.add_column('event', 'screen_notice', JSONField(null=True)))


def down(migrator, db):
    migrator.migrate(migrator.drop_column('event', 'screen_notice'))
