"""Agendas: each existing event gets one with a step for each activity."""

from peewee import *

from backend.db import IdField


def up(migrator, db):
    added = IntegerField(default=1, constraints=[SQL('DEFAULT 1')])
    migrator.migrate(migrator.add_column('event', 'agenda_version', added, allow_not_null=True))
    _steps(db).create_table()
    db.execute_sql(
        "INSERT INTO agenda_step (event_id, position, title, activity_id, notes)"
        " SELECT event_id, position, '', id, '' FROM activity"
    )


def down(migrator, db):
    _steps(db).drop_table()
    migrator.migrate(migrator.drop_column('event', 'agenda_version'))


def _steps(db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Event(Table):
        id = IdField()

    class Activity(Table):
        id = IdField()

    class AgendaStep(Table):
        id = IdField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        position = IntegerField()
        title = TextField(default='')
        activity = ForeignKeyField(Activity, null=True, on_delete='CASCADE')
        minutes = IntegerField(null=True)
        notes = TextField(default='')
        done_at = BigIntegerField(null=True)

    return AgendaStep
