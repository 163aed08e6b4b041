"""Comments, likes and saved posts, and notices about posts."""

from peewee import *

from backend.db import IdField


def up(migrator, db):
    for table in _tables(db):
        table.create_table()


def down(migrator, db):
    for table in reversed(_tables(db)):
        table.drop_table()


def _tables(db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        id = IdField()

    class Staff(Table):
        id = IdField()

    class Post(Table):
        id = IdField()

    class PostComment(Table):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE')
        account_id = BigIntegerField()
        staff = ForeignKeyField(Staff, on_delete='CASCADE')
        text = TextField()
        status = TextField(constraints=[Check("status IN ('pending', 'approved', 'rejected')")])
        finding = TextField()
        label = IntegerField(null=True)
        reason = TextField(default='')
        written_at = BigIntegerField()
        decided_at = BigIntegerField(null=True)
        decided_by = BigIntegerField(null=True)

        class Meta:
            indexes = ((('post', 'account_id', 'text'), True), (('status', 'id'), False))

    class PostMark(Table):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE')
        kind = TextField(constraints=[Check("kind IN ('like', 'saved')")])
        staff = ForeignKeyField(Staff, null=True, on_delete='CASCADE')
        account = ForeignKeyField(Account, null=True, on_delete='CASCADE')
        at = BigIntegerField()

        class Meta:
            indexes = ((('post', 'kind', 'staff'), True), (('post', 'kind', 'account'), True))

    class PostNotice(Table):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE')
        staff = ForeignKeyField(Staff, on_delete='CASCADE')
        kind = TextField()
        source = TextField(unique=True)
        text = TextField()
        at = BigIntegerField()
        seen_at = BigIntegerField(null=True)

        class Meta:
            indexes = ((('staff', 'seen_at'), False),)

    return [PostComment, PostMark, PostNotice]
