"""Drawings of running turns in batches."""

from peewee import *
from peewee import JSONField as Json

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

    class DrawingTurn(Table):
        id = IdField()

    class DrawingInk(Table):
        id = IdField()
        turn = ForeignKeyField(DrawingTurn, on_delete='CASCADE')
        first = IntegerField()
        after = IntegerField()
        ops = Json()

        class Meta:
            indexes = ((('turn', 'first'), True),)

    return DrawingInk
