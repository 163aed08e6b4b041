"""The account remembers which login code was redeemed last."""

from peewee import *


def up(migrator, db):
    migrator.migrate(
        migrator.add_column('account', 'code_digest', TextField(null=True)),
        migrator.add_index('account', ('code_digest',)),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.drop_index('account', 'account_code_digest'),
        migrator.drop_column('account', 'code_digest'),
    )
