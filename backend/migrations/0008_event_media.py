"""Pictures and music that the big screen of an event shows and plays."""

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

    class Event(Table):
        id = IdField()

    class EventMedia(Table):
        id = IdField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        kind = TextField(constraints=[Check("kind IN ('background', 'picture', 'music')")])
        title = TextField()
        mimetype = TextField()
        data = BlobField()
        size = IntegerField()
        width = IntegerField(null=True)
        height = IntegerField(null=True)
        digest = TextField()
        uploaded_at = BigIntegerField()

        class Meta:
            indexes = ((('event', 'kind', 'digest'), True),)

    return EventMedia
