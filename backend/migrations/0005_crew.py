"""The role of team leaders; the crew of an evening and its tasks."""

from peewee import *

from backend.db import IdField

ROLES = "role IN ('host', 'trainer', 'admin')"
WITH_LEADERS = "role IN ('host', 'trainer', 'leader', 'admin')"


def up(migrator, db):
    _allow(db, WITH_LEADERS)
    for table in _tables(db):
        table.create_table()


def down(migrator, db):
    for table in reversed(_tables(db)):
        table.drop_table()
    db.execute_sql("DELETE FROM role_grant WHERE role = 'leader'")
    _allow(db, ROLES)


def _allow(db, roles):
    """Replace the check constraint of roles; SQLite cannot change one and gets a new table."""
    if not isinstance(db, SqliteDatabase):
        db.execute_sql('ALTER TABLE role_grant DROP CONSTRAINT role_grant_role_check')
        db.execute_sql(f'ALTER TABLE role_grant ADD CONSTRAINT role_grant_role_check CHECK ({roles})')
        return

    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Staff(Table):
        id = IdField()

    class RoleGrant(Table):
        id = IdField()
        staff = ForeignKeyField(Staff)
        role = TextField(constraints=[Check(roles)])
        event_id = BigIntegerField(default=0)
        granted_at = BigIntegerField()

        class Meta:
            indexes = ((('staff', 'role', 'event_id'), True),)

    # The last id is kept, so that no id is given twice.
    last = db.execute_sql("SELECT seq FROM sqlite_sequence WHERE name = 'role_grant'").fetchone()
    rows = db.execute_sql('SELECT id, staff_id, role, event_id, granted_at FROM role_grant').fetchall()
    db.execute_sql('DROP TABLE role_grant')
    RoleGrant.create_table()
    for row in rows:
        db.execute_sql(
            'INSERT INTO role_grant (id, staff_id, role, event_id, granted_at) VALUES (?, ?, ?, ?, ?)',
            row,
        )
    if last:
        db.execute_sql("DELETE FROM sqlite_sequence WHERE name = 'role_grant'")
        db.execute_sql("INSERT INTO sqlite_sequence (name, seq) VALUES ('role_grant', ?)", last)


def _tables(db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Event(Table):
        id = IdField()

    class Staff(Table):
        id = IdField()

    class CrewMember(Table):
        id = IdField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        staff = ForeignKeyField(Staff, on_delete='CASCADE')
        duty = TextField()

        class Meta:
            indexes = ((('event', 'staff', 'duty'), True),)

    class CrewTask(Table):
        id = IdField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        title = TextField()
        duty = TextField()
        minutes = IntegerField()
        owner = ForeignKeyField(Staff, null=True, on_delete='SET NULL')
        done_at = BigIntegerField(null=True)
        done_by = BigIntegerField(null=True)

        class Meta:
            indexes = ((('event', 'minutes'), False),)

    return [CrewMember, CrewTask]
