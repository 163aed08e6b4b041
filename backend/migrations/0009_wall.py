"""What a host puts on the screen of what people wrote and drew."""

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
