"""What a host shows on the big screen of the texts and pictures of people."""

from peewee import *


def up(migrator, db):
    migrator.migrate(
        migrator.add_column('moderation_item', 'pinned_at', BigIntegerField(null=True)),
        migrator.add_column('moderation_item', 'full_screen_at', BigIntegerField(null=True)),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.drop_column('moderation_item', 'pinned_at'),
        migrator.drop_column('moderation_item', 'full_screen_at'),
    )
