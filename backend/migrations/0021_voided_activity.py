"""Activities that a host voided."""

from peewee import *


def up(migrator, db):
    empty = TextField(default='', constraints=[SQL("DEFAULT ''")])
    migrator.migrate(
        migrator.add_column('activity', 'voided_at', BigIntegerField(null=True)),
        migrator.add_column('activity', 'void_reason', empty, allow_not_null=True),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.drop_column('activity', 'void_reason'),
        migrator.drop_column('activity', 'voided_at'),
    )
