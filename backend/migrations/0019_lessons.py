"""Pictures, a cover and a film of posts, and micro-lessons."""

from peewee import *
from peewee import JSONField as Json

from backend.db import IdField


def up(migrator, db):
    empty = TextField(default='', constraints=[SQL("DEFAULT ''")])
    migrator.migrate(
        migrator.add_column('post', 'season_id', BigIntegerField(null=True)),
        migrator.add_column('post_version', 'cover_id', BigIntegerField(null=True)),
        migrator.add_column('post_version', 'video_url', empty, allow_not_null=True),
    )
    for table in _tables(db):
        table.create_table()


def down(migrator, db):
    for table in reversed(_tables(db)):
        table.drop_table()
    migrator.migrate(
        migrator.drop_column('post_version', 'video_url'),
        migrator.drop_column('post_version', 'cover_id'),
        migrator.drop_column('post', 'season_id'),
    )


def _tables(db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Staff(Table):
        id = IdField()

    class Question(Table):
        id = IdField()

    class Post(Table):
        id = IdField()

    class PostPicture(Table):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE')
        digest = TextField()
        data = BlobField()
        width = IntegerField()
        height = IntegerField()
        uploaded_at = BigIntegerField()

        class Meta:
            indexes = ((('post', 'digest'), True),)

    class PostQuestion(Table):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE')
        question = ForeignKeyField(Question, on_delete='CASCADE')
        position = IntegerField()

        class Meta:
            indexes = ((('post', 'question'), True),)

    class LessonAnswer(Table):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE')
        question = ForeignKeyField(Question, on_delete='CASCADE')
        staff = ForeignKeyField(Staff, on_delete='CASCADE')
        choice = Json()
        is_right = BooleanField()
        points = IntegerField()
        answered_at = BigIntegerField()

        class Meta:
            indexes = ((('post', 'question', 'staff'), True), (('staff', 'post'), False))

    return [PostPicture, PostQuestion, LessonAnswer]
