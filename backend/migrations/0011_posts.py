"""Columns and posts, with the columns of a new centre."""

from peewee import *
from peewee import JSONField as Json

from backend.db import IdField

HOSTS, TRAINERS, BOTH = ['host'], ['trainer'], ['host', 'trainer']
# Module, title, icon, writers, and the flags that are set.
COLUMNS = (
    ('news', '新闻资讯', '闻', HOSTS, {'has_comments', 'has_likes'}),
    ('news', '上传下达', '知', BOTH, {'must_read'}),
    ('news', '竞赛周报', '赛', HOSTS, {'has_comments', 'has_likes'}),
    ('classroom', '服务技巧', '技', TRAINERS, {'has_comments', 'has_likes', 'takes_submissions'}),
    ('classroom', '微课', '课', TRAINERS, {'has_comments', 'has_likes'}),
    ('classroom', '标杆案例', '标', TRAINERS, {'has_comments', 'has_likes'}),
    ('life', '团建活动', '团', HOSTS, {'has_comments', 'has_likes'}),
    ('life', '厨艺菜谱', '厨', HOSTS, {'has_comments', 'has_likes', 'takes_submissions'}),
    ('life', '生活妙招', '招', HOSTS, {'has_comments', 'has_likes', 'takes_submissions'}),
    ('life', '班组介绍', '班', HOSTS, {'has_comments', 'has_likes'}),
    ('life', '员工介绍', '人', HOSTS, {'has_comments', 'has_likes'}),
    ('life', '人文关怀', '暖', HOSTS, {'has_likes'}),
    ('life', '好文分享', '文', HOSTS, {'has_comments', 'has_likes', 'takes_submissions'}),
)


def up(migrator, db):
    tables = _tables(db)
    for table in tables:
        table.create_table()
    for place, (module, title, icon, writers, holds) in enumerate(COLUMNS, 1):
        facts = {'module': module, 'title': title, 'icon': icon, 'writers': writers}
        tables[0].create(position=place, **facts, **dict.fromkeys(holds, True))


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

    class PostColumn(Table):
        id = IdField()
        module = TextField(constraints=[Check("module IN ('news', 'classroom', 'life')")])
        title = TextField(unique=True)
        icon = TextField(default='')
        position = IntegerField()
        writers = Json(default=list, constraints=[SQL("DEFAULT '[]'")])
        takes_submissions = BooleanField(default=False)
        must_read = BooleanField(default=False)
        has_comments = BooleanField(default=False)
        has_likes = BooleanField(default=False)
        active = BooleanField(default=True)

    class Post(Table):
        id = IdField()
        column = ForeignKeyField(PostColumn)
        code = TextField(null=True, unique=True)
        state = TextField(
            constraints=[Check("state IN ('draft', 'review', 'published', 'withdrawn')")]
        )
        draft_id = BigIntegerField(null=True)
        shown_id = BigIntegerField(null=True)
        author = ForeignKeyField(Staff, null=True)
        must_read = BooleanField(default=False)
        pinned = BooleanField(default=False)
        publish_at = BigIntegerField(null=True)
        shown_at = BigIntegerField(null=True)
        expires_at = BigIntegerField(null=True)
        created_at = BigIntegerField()

        class Meta:
            indexes = ((('column', 'shown_at'), False),)

    class PostVersion(Table):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE')
        number = IntegerField()
        title = TextField()
        summary = TextField(default='')
        body = TextField()
        byline = TextField(default='')
        note = TextField(default='')
        author_id = BigIntegerField(null=True)
        written_at = BigIntegerField()

        class Meta:
            indexes = ((('post', 'number'), True),)

    class PostAudience(Table):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE')
        key = TextField()

        class Meta:
            indexes = ((('post', 'key'), True), (('key', 'post'), False))

    class PostReading(Table):
        id = IdField()
        post = ForeignKeyField(Post, on_delete='CASCADE')
        staff = ForeignKeyField(Staff, null=True, on_delete='CASCADE')
        account = ForeignKeyField(Account, null=True, on_delete='CASCADE')
        read_at = BigIntegerField()
        confirmed_at = BigIntegerField(null=True)

        class Meta:
            indexes = ((('post', 'staff'), True), (('post', 'account'), True))

    return [PostColumn, Post, PostVersion, PostAudience, PostReading]
