"""What teams say about themselves."""

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

    class Team(Table):
        id = IdField()

    class TeamProfile(Table):
        id = IdField()
        team = ForeignKeyField(Team, unique=True, on_delete='CASCADE')
        slogan = TextField(default='')
        about = TextField(default='')
        picture = BlobField(null=True)
        changed_at = BigIntegerField()

    return TeamProfile
