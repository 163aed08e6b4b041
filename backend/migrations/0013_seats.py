"""A seat of staff belongs to the person: an account is unique in an event as a guest only."""

from peewee import *


def up(migrator, db):
    migrator.migrate(
        migrator.drop_index('player', 'player_event_id_account_id'),
        migrator.add_index(
            'player', ('event_id', 'account_id'), unique=True,
            where=SQL('staff_id IS NULL'), name='player_event_id_guest',
        ),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.drop_index('player', 'player_event_id_guest'),
        migrator.add_index('player', ('event_id', 'account_id'), unique=True),
    )
