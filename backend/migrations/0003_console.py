"""Log-ins to the console."""

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

    class Account(Table):
        id = IdField()

    class ConsoleSession(Table):
        id = IdField()
        digest = TextField(unique=True)
        account = ForeignKeyField(Account, on_delete='CASCADE')
        version = IntegerField()
        device = TextField(default='')
        created_at = BigIntegerField()
        seen_at = BigIntegerField(null=True)
        ended_at = BigIntegerField(null=True)

        class Meta:
            table_name = 'console_session'

    return ConsoleSession
