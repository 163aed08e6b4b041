"""Submissions of staff to columns."""

from peewee import *

from backend.db import IdField


def up(migrator, db):
    _table(db).create_table()


def down(migrator, db):
    _table(db).drop_table()


def _table(db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Staff(Table):
        id = IdField()

    class Post(Table):
        id = IdField()

    class PostSubmission(Table):
        id = IdField()
        post = ForeignKeyField(Post, unique=True, on_delete='CASCADE')
        account_id = BigIntegerField()
        staff = ForeignKeyField(Staff, on_delete='CASCADE')
        code = TextField()
        state = TextField(
            constraints=[
                Check("state IN ('draft', 'waiting', 'returned', 'rejected', 'accepted')")
            ]
        )
        finding = TextField(default='')
        label = IntegerField(null=True)
        reason = TextField(default='')
        sent = IntegerField(default=0)
        changed_at = BigIntegerField()
        sent_at = BigIntegerField(null=True)
        decided_at = BigIntegerField(null=True)
        decided_by = BigIntegerField(null=True)

        class Meta:
            indexes = ((('staff', 'code'), True), (('state', 'sent_at'), False))

    return PostSubmission
