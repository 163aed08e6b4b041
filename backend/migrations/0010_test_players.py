"""Test players of rehearsals."""

from peewee import *


def up(migrator, db):
    migrator.migrate(migrator.add_column('staff', 'test_event_id', BigIntegerField(null=True)))


def down(migrator, db):
    migrator.migrate(migrator.drop_column('staff', 'test_event_id'))
