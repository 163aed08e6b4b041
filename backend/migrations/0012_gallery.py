"""Hosts may take a drawing out of the gallery."""

from peewee import *


def up(migrator, db):
    migrator.migrate(
        migrator.add_column('drawing_turn', 'hidden_at', BigIntegerField(null=True)),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.drop_column('drawing_turn', 'hidden_at'),
    )
