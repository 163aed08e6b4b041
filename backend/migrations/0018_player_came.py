"""When a player came, to distinguish those who joined before an event and stayed away."""

from peewee import *


def up(migrator, db):
    migrator.migrate(migrator.add_column('player', 'came_at', BigIntegerField(null=True)))
    db.execute_sql('UPDATE player SET came_at = joined_at')


def down(migrator, db):
    migrator.migrate(migrator.drop_column('player', 'came_at'))
