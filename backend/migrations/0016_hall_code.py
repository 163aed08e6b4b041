"""A poll may ask for the hall's code; accounts are found by their unionid."""

from peewee import *


def up(migrator, db):
    migrator.migrate(
        migrator.add_column('poll', 'hall_salt', TextField(null=True)),
        migrator.add_index('account', ('unionid',)),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.drop_index('account', 'account_unionid'),
        migrator.drop_column('poll', 'hall_salt'),
    )
