"""Which version of a post somebody read and confirmed, and from which version on 收到 counts."""

from peewee import *

_READ = """
UPDATE post_reading SET read_version = COALESCE(
    (SELECT v.number FROM post p JOIN post_version v ON v.id = p.shown_id WHERE p.id = post_id), 1)
"""


def up(migrator, db):
    first = IntegerField(default=1, constraints=[SQL('DEFAULT 1')])
    migrator.migrate(
        migrator.add_column('post', 'confirm_from', first, allow_not_null=True),
        migrator.add_column('post_reading', 'read_version', first, allow_not_null=True),
        migrator.add_column('post_reading', 'confirmed_version', IntegerField(null=True)),
    )
    # Earlier readings count as readings of the newest version.
    db.execute_sql(_READ)
    db.execute_sql(
        'UPDATE post_reading SET confirmed_version = read_version WHERE confirmed_at IS NOT NULL'
    )


def down(migrator, db):
    migrator.migrate(
        migrator.drop_column('post_reading', 'confirmed_version'),
        migrator.drop_column('post_reading', 'read_version'),
        migrator.drop_column('post', 'confirm_from'),
    )
