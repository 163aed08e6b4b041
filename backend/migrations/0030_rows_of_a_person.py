"""Seats and comments of a person, seats of a name in an event and people of a first day are found
in indexes; another index had no use."""

from peewee import *


def up(migrator, db):
    migrator.migrate(
        migrator.add_index('player', ('staff_id',), False),
        migrator.add_index('player', ('event_id', 'name'), False),
        migrator.add_index('staff', ('entered_on',), False),
        migrator.add_index('post_comment', ('account_id',), False),
        # The unique index of events and persons begins with it.
        migrator.drop_index('player', 'player_event_id'),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.add_index('player', ('event_id',), False),
        migrator.drop_index('post_comment', 'post_comment_account_id'),
        migrator.drop_index('staff', 'staff_entered_on'),
        migrator.drop_index('player', 'player_event_id_name'),
        migrator.drop_index('player', 'player_staff_id'),
    )
