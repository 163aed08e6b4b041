"""The end of the vote for the best drawing, which comes before the game is taken off the screen."""

from peewee import *


def up(migrator, db):
    added = BigIntegerField(null=True)
    migrator.migrate(migrator.add_column('drawing_game', 'voting_ended_at', added))


def down(migrator, db):
    migrator.migrate(migrator.drop_column('drawing_game', 'voting_ended_at'))
