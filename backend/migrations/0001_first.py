"""The first tables: people, events, the ledger, questions, the hunt."""

from peewee import *

def up(migrator, db):
    class Account(Model):
        id = BigAutoField()
        appid = TextField()
        openid = TextField()
        unionid = TextField(null=True)
        session_key = TextField()
        session_key_updated_at = BigIntegerField()
        nickname = TextField(default='')
        token_version = IntegerField(default=1)
        created_at = BigIntegerField()
        last_login_at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'account'
            indexes = ((('appid', 'openid'), True),)
    db.create_tables([Account])

    class Event(Model):
        id = BigAutoField()
        title = TextField()
        description = TextField(default='')
        template = TextField()
        state = TextField(default='draft', constraints=[Check("state IN ('draft', 'scheduled', 'open', 'closed', 'archived')")])
        join_code = TextField(unique=True)
        screen_key = TextField()
        rehearsal = BooleanField(default=False)
        opens_at = BigIntegerField(null=True)
        closes_at = BigIntegerField(null=True)
        began_at = BigIntegerField()
        pauses = JSONField(default=list)
        frozen_at = BigIntegerField(null=True)
        reveal_step = IntegerField(null=True)
        settings = JSONField(default=dict)
        created_by = BigIntegerField(null=True)
        created_at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'event'
    db.create_tables([Event])

    class Activity(Model):
        id = BigAutoField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        kind = TextField()
        title = TextField()
        position = IntegerField()
        settings = JSONField(default=dict)
        class Meta:
            database = db
            table_name = 'activity'
    db.create_tables([Activity])

    class Player(Model):
        id = BigAutoField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        account_id = BigIntegerField(index=True)
        staff_id = BigIntegerField(null=True)
        name = TextField()
        staff_number = TextField(null=True)
        team_id = BigIntegerField(null=True)
        team_name = TextField(null=True)
        shift = TextField(default='')
        status = TextField(default='active', constraints=[Check("status IN ('active', 'kicked', 'banned')")])
        joined_at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'player'
            indexes = ((('event', 'account_id'), True), (('event', 'staff_id'), True))
    db.create_tables([Player])

    class QuestionBank(Model):
        id = BigAutoField()
        name = TextField(unique=True)
        title = TextField()
        class Meta:
            database = db
            table_name = 'question_bank'
    db.create_tables([QuestionBank])

    class Question(Model):
        id = BigAutoField()
        bank = ForeignKeyField(QuestionBank)
        code = TextField()
        version = IntegerField()
        current = BooleanField(default=True)
        kind = TextField(constraints=[Check("kind IN ('single', 'multiple', 'truefalse')")])
        topic = TextField()
        difficulty = IntegerField(constraints=[Check('difficulty BETWEEN 1 AND 5')])
        stem = TextField()
        options = JSONField(default=list)
        key = JSONField(default=list)
        explanation = TextField()
        source = TextField(default='')
        expires_on = TextField(null=True)
        reviewer = TextField(default='')
        digest = TextField()
        created_at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'question'
            indexes = ((('bank', 'code', 'version'), True), (('bank', 'current', 'topic'), False))
    db.create_tables([Question])

    class Dig(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        site = TextField()
        question = ForeignKeyField(Question)
        option_order = TextField()
        opened_at = BigIntegerField()
        limit_seconds = IntegerField()
        snooze_seconds = IntegerField(default=0)
        snoozed_ms = IntegerField(null=True)
        voided = BooleanField(default=False)
        day = TextField()
        slot = IntegerField()
        class Meta:
            database = db
            table_name = 'dig'
            indexes = ((('activity', 'player', 'day', 'slot'), True), (('activity', 'question'), False))
    db.create_tables([Dig])

    class Answer(Model):
        id = BigAutoField()
        dig = ForeignKeyField(Dig, unique=True, on_delete='CASCADE')
        activity_id = BigIntegerField()
        player = ForeignKeyField(Player, on_delete='CASCADE')
        question_id = BigIntegerField()
        choice = TextField()
        correct = BooleanField()
        points = IntegerField()
        breakdown = JSONField(default=list)
        streak_before = IntegerField()
        streak = IntegerField()
        elapsed_ms = IntegerField()
        answered_at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'answer'
            indexes = ((('activity_id', 'question_id'), False),)
    db.create_tables([Answer])

    class AuditLine(Model):
        id = BigAutoField()
        at = BigIntegerField(index=True)
        actor_id = BigIntegerField(null=True)
        action = TextField()
        subject = TextField()
        detail = JSONField(default=dict)
        class Meta:
            database = db
            table_name = 'audit_line'
    db.create_tables([AuditLine])

    class BindingAttempt(Model):
        id = BigAutoField()
        account_id = BigIntegerField()
        staff_number = TextField()
        at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'binding_attempt'
            indexes = ((('account_id', 'at'), False), (('staff_number', 'at'), False))
    db.create_tables([BindingAttempt])

    class Correction(Model):
        id = BigAutoField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        question_id = BigIntegerField()
        action = TextField()
        key = JSONField(default=list)
        reason = TextField()
        actor_id = BigIntegerField(null=True)
        at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'correction'
            indexes = ((('event', 'question_id'), False),)
    db.create_tables([Correction])

    class EventTeam(Model):
        id = BigAutoField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        team_id = BigIntegerField()
        name = TextField()
        headcount = IntegerField()
        class Meta:
            database = db
            table_name = 'event_team'
            indexes = ((('event', 'team_id'), True),)
    db.create_tables([EventTeam])

    class FrozenStanding(Model):
        event = ForeignKeyField(Event, on_delete='CASCADE')
        board = TextField()
        player = ForeignKeyField(Player, on_delete='CASCADE')
        points = IntegerField()
        reached_at = BigIntegerField()
        version = IntegerField()
        class Meta:
            database = db
            table_name = 'frozen_standing'
            primary_key = CompositeKey('event', 'board', 'player')
    db.create_tables([FrozenStanding])

    class Team(Model):
        id = BigAutoField()
        name = TextField(unique=True)
        class Meta:
            database = db
            table_name = 'team'
    db.create_tables([Team])

    class Staff(Model):
        id = BigAutoField()
        number = TextField(unique=True)
        name = TextField()
        team = ForeignKeyField(Team)
        shift = TextField(default='')
        invite_digest = TextField()
        active = BooleanField(default=True)
        account = ForeignKeyField(Account, unique=True, null=True)
        bound_at = BigIntegerField(null=True)
        class Meta:
            database = db
            table_name = 'staff'
    db.create_tables([Staff])

    class Grant(Model):
        id = BigAutoField()
        staff = ForeignKeyField(Staff)
        role = TextField(constraints=[Check("role IN ('host', 'trainer', 'admin')")])
        event_id = BigIntegerField(default=0)
        granted_at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'role_grant'
            indexes = ((('staff', 'role', 'event_id'), True),)
    db.create_tables([Grant])

    class ScoreEntry(Model):
        id = BigAutoField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        activity_id = BigIntegerField(null=True)
        player = ForeignKeyField(Player, on_delete='CASCADE')
        points = IntegerField()
        reason = TextField()
        source = TextField()
        note = TextField(default='')
        rule_version = TextField()
        day = TextField()
        week = TextField()
        earned_at = BigIntegerField()
        created_at = BigIntegerField()
        reverses_id = BigIntegerField(unique=True, null=True)
        class Meta:
            database = db
            table_name = 'score_entry'
            indexes = ((('event', 'source'), True),)
    db.create_tables([ScoreEntry])

    class Sitting(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        title = TextField()
        shifts = JSONField(default=list)
        starts_at = BigIntegerField()
        ends_at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'sitting'
    db.create_tables([Sitting])

    class Snooze(Model):
        id = BigAutoField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        dig = ForeignKeyField(Dig, on_delete='CASCADE')
        at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'snooze'
            indexes = ((('event', 'player'), True),)
    db.create_tables([Snooze])

    class Standing(Model):
        event = ForeignKeyField(Event, on_delete='CASCADE')
        board = TextField()
        player = ForeignKeyField(Player, on_delete='CASCADE')
        points = IntegerField()
        reached_at = BigIntegerField()
        version = IntegerField()
        updated_at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'standing'
            primary_key = CompositeKey('event', 'board', 'player')
            indexes = ((('updated_at',), False),)
    db.create_tables([Standing])

    class Treasure(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        key = TextField()
        title = TextField()
        site = TextField()
        points = IntegerField()
        stock = IntegerField()
        claimed = IntegerField(default=0, constraints=[Check('claimed >= 0 AND claimed <= stock')])
        chance = FloatField(default=0)
        class Meta:
            database = db
            table_name = 'treasure'
            indexes = ((('activity', 'key'), True),)
    db.create_tables([Treasure])

    class TreasureClaim(Model):
        id = BigAutoField()
        treasure = ForeignKeyField(Treasure, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        dig = ForeignKeyField(Dig, unique=True, on_delete='CASCADE')
        number = IntegerField()
        at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'treasure_claim'
            indexes = ((('treasure', 'number'), True), (('treasure', 'player'), True))
    db.create_tables([TreasureClaim])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('treasure_claim'))
    migrator.migrate(migrator.drop_table('treasure'))
    migrator.migrate(migrator.drop_table('standing'))
    migrator.migrate(migrator.drop_table('snooze'))
    migrator.migrate(migrator.drop_table('sitting'))
    migrator.migrate(migrator.drop_table('score_entry'))
    migrator.migrate(migrator.drop_table('role_grant'))
    migrator.migrate(migrator.drop_table('staff'))
    migrator.migrate(migrator.drop_table('team'))
    migrator.migrate(migrator.drop_table('frozen_standing'))
    migrator.migrate(migrator.drop_table('event_team'))
    migrator.migrate(migrator.drop_table('correction'))
    migrator.migrate(migrator.drop_table('binding_attempt'))
    migrator.migrate(migrator.drop_table('audit_line'))
    migrator.migrate(migrator.drop_table('answer'))
    migrator.migrate(migrator.drop_table('dig'))
    migrator.migrate(migrator.drop_table('question'))
    migrator.migrate(migrator.drop_table('question_bank'))
    migrator.migrate(migrator.drop_table('player'))
    migrator.migrate(migrator.drop_table('activity'))
    migrator.migrate(migrator.drop_table('event'))
    migrator.migrate(migrator.drop_table('account'))
