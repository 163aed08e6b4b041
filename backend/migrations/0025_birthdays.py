"""Day of entry and birthday of people on the roster, and who may see a birthday."""

from peewee import *

from backend.db import IdField


def up(migrator, db):
    added = TextField(default='', constraints=[SQL("DEFAULT ''")])
    migrator.migrate(
        migrator.add_column('staff', 'entered_on', added, allow_not_null=True),
        migrator.add_column('staff', 'birthday', added, allow_not_null=True),
    )
    _table(db).create_table()


def down(migrator, db):
    _table(db).drop_table()
    migrator.migrate(
        migrator.drop_column('staff', 'birthday'), migrator.drop_column('staff', 'entered_on')
    )


def _table(db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Staff(Table):
        id = IdField()

    class BirthdayChoice(Table):
        id = IdField()
        staff = ForeignKeyField(Staff, unique=True, on_delete='CASCADE')
        choice = TextField(constraints=[Check("choice IN ('shared', 'private', 'hidden')")])
        chosen_at = BigIntegerField()

    return BirthdayChoice
