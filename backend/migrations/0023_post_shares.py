"""Shares of posts and the readers whom they brought; what a post is about."""

from peewee import *

from backend.db import IdField


def up(migrator, db):
    empty = TextField(default='', constraints=[SQL("DEFAULT ''")])
    migrator.migrate(
        migrator.add_column('post', 'event_id', BigIntegerField(null=True)),
        migrator.add_column('post', 'about', empty, allow_not_null=True),
    )
    for table in _tables(db):
        table.create_table()


def down(migrator, db):
    for table in reversed(_tables(db)):
        table.drop_table()
    migrator.migrate(
        migrator.drop_column('post', 'about'), migrator.drop_column('post', 'event_id')
    )


def _tables(db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Staff(Table):
        id = IdField()

    class Post(Table):
        id = IdField()

    class PostShare(Table):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE')
        staff = ForeignKeyField(Staff, on_delete='CASCADE')
        token = TextField(unique=True)
        created_at = BigIntegerField()

        class Meta:
            indexes = ((('post', 'staff'), True),)

    class PostArrival(Table):
        id = IdField()
        share = ForeignKeyField(PostShare, on_delete='CASCADE')
        post = ForeignKeyField(Post, on_delete='CASCADE')
        account_id = BigIntegerField()
        staff = ForeignKeyField(Staff, null=True, on_delete='CASCADE')
        day = TextField()
        points = IntegerField()
        at = BigIntegerField()

        class Meta:
            indexes = ((('post', 'account_id'), True), (('post', 'staff'), True))

    return [PostShare, PostArrival]
