"""A winner is called and waited for before they may be noted as absent."""

from peewee import *


def up(migrator, db):
    migrator.migrate(
        migrator.add_column('raffle_draw', 'waiting_seconds', IntegerField(null=True)),
        migrator.add_column('raffle_pick', 'called_at', BigIntegerField(null=True)),
        migrator.add_column('raffle_pick', 'called_by', BigIntegerField(null=True)),
        migrator.add_column('raffle_pick', 'absent_by', BigIntegerField(null=True)),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.drop_column('raffle_pick', 'absent_by'),
        migrator.drop_column('raffle_pick', 'called_by'),
        migrator.drop_column('raffle_pick', 'called_at'),
        migrator.drop_column('raffle_draw', 'waiting_seconds'),
    )
