"""Pictures of prizes."""

from peewee import *


def up(migrator, db):
    migrator.migrate(migrator.add_column('raffle_prize', 'picture_id', BigIntegerField(null=True)))


def down(migrator, db):
    migrator.migrate(migrator.drop_column('raffle_prize', 'picture_id'))
