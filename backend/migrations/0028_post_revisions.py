"""How often what readers see of a column was changed."""

from peewee import *


def up(migrator, db):
    added = BigIntegerField(default=0, constraints=[SQL("DEFAULT 0")])
    migrator.migrate(migrator.add_column('post_column', 'revision', added, allow_not_null=True))


def down(migrator, db):
    migrator.migrate(migrator.drop_column('post_column', 'revision'))
