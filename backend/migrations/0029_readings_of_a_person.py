"""What a person has read is found in one index, without the rows; another index had no use."""

from peewee import *

FIELDS = ('staff_id', 'post_id', 'read_at', 'read_version', 'confirmed_at', 'confirmed_version')
# peewee shortens long names.
NAME = 'post_reading_staff_id_post_id_read_at_read_version_confi_d3895a8'


def up(migrator, db):
    migrator.migrate(
        migrator.add_index('post_reading', FIELDS, False),
        migrator.drop_index('post_reading', 'post_reading_staff_id'),
        # The unique index of posts and persons begins with it.
        migrator.drop_index('post_reading', 'post_reading_post_id'),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.add_index('post_reading', ('staff_id',), False),
        migrator.add_index('post_reading', ('post_id',), False),
        migrator.drop_index('post_reading', NAME),
    )
