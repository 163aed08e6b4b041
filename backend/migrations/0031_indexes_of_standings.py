"""Standings have no index on their event alone: their primary key begins with it."""

from peewee import *


def up(migrator, db):
    migrator.migrate(
        migrator.drop_index('standing', 'standing_event_id'),
        migrator.drop_index('frozen_standing', 'frozen_standing_event_id'),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.add_index('frozen_standing', ('event_id',), False),
        migrator.add_index('standing', ('event_id',), False),
    )
