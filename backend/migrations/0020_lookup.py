"""Cards, imported tables, and questions of look-ups."""

from peewee import *
from peewee import JSONField as Json

from backend.db import IdField

EMPTY_LIST = {'default': list, 'constraints': [SQL("DEFAULT '[]'")]}


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

    class LookupCard(Table):
        id = IdField()
        title = TextField(unique=True)
        text = TextField()
        synonyms = Json(**EMPTY_LIST)
        attachments = Json(**EMPTY_LIST)
        terms = Json(**EMPTY_LIST)
        owner = ForeignKeyField(Staff, null=True)
        expires_on = TextField(default='')
        for_guests = BooleanField(default=False)
        active = BooleanField(default=True)
        updated_at = BigIntegerField()

    class LookupTable(Table):
        id = IdField()
        name = TextField(unique=True, constraints=[Check("name IN ('buses', 'shifts', 'canteen')")])
        imported_at = BigIntegerField()
        from_day = TextField(default='')
        until_day = TextField(default='')

    class BusStop(Table):
        id = IdField()
        line = TextField()
        stop = TextField()
        weekdays = TextField()
        from_day = TextField(default='')
        until_day = TextField(default='')
        times = Json(**EMPTY_LIST)
        position = IntegerField()

        class Meta:
            indexes = ((('line', 'stop', 'weekdays', 'from_day'), True),)

    class Duty(Table):
        id = IdField()
        staff = ForeignKeyField(Staff, on_delete='CASCADE')
        day = TextField()
        shift = TextField()
        begins = TextField(default='')
        ends = TextField(default='')

        class Meta:
            indexes = ((('staff', 'day'), True), (('day', 'shift'), False))

    class CanteenMeal(Table):
        id = IdField()
        day = TextField()
        meal = TextField()
        dishes = Json(**EMPTY_LIST)

        class Meta:
            indexes = ((('day', 'meal'), True),)

    class LookupQuestion(Table):
        id = IdField()
        account = ForeignKeyField(Account, on_delete='CASCADE')
        text = TextField()
        waiting_key = TextField(null=True)
        owner = ForeignKeyField(Staff, null=True)
        asked_at = BigIntegerField(index=True)
        promised_at = BigIntegerField()
        answer = TextField(default='')
        answered_at = BigIntegerField(null=True)
        answered_by = ForeignKeyField(Staff, null=True)
        seen_at = BigIntegerField(null=True)
        card = ForeignKeyField(LookupCard, null=True)

        class Meta:
            indexes = ((('account', 'waiting_key'), True),)

    return [LookupCard, LookupTable, BusStop, Duty, CanteenMeal, LookupQuestion]
