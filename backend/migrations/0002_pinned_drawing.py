"""The drawing that the gallery on the screen stays at."""

from peewee import *


def up(migrator, db):
    migrator.migrate(
        migrator.add_column('drawing_game', 'pinned_turn_id', BigIntegerField(null=True))
    )


def down(migrator, db):
    migrator.migrate(migrator.drop_column('drawing_game', 'pinned_turn_id'))
