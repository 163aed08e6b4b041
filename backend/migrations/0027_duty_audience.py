"""The day of a shift whose people are the audience of a post."""

from peewee import *


def up(migrator, db):
    added = TextField(default='', index=True, constraints=[SQL("DEFAULT ''")])
    migrator.migrate(migrator.add_column('post_audience', 'day', added, allow_not_null=True))


def down(migrator, db):
    migrator.migrate(migrator.drop_column('post_audience', 'day'))
