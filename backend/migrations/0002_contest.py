"""The tables of contests: where they stand, their rounds, the answers."""

from peewee import *

def up(migrator, db):
    class Activity(Model):
        id = BigAutoField()
        class Meta:
            database = db
            table_name = 'activity'

    class Player(Model):
        id = BigAutoField()
        class Meta:
            database = db
            table_name = 'player'

    class Question(Model):
        id = BigAutoField()
        class Meta:
            database = db
            table_name = 'question'

    class Contest(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, unique=True, on_delete='CASCADE')
        phase = TextField(default='idle', constraints=[Check("phase IN ('idle', 'lobby', 'question', 'reveal', 'board', 'podium', 'done')")])
        phase_at = BigIntegerField(default=0)
        position = IntegerField(default=0)
        auto = BooleanField(default=False)
        playoff = JSONField(null=True)
        playoff_from = IntegerField(null=True)
        class Meta:
            database = db
            table_name = 'contest'
    db.create_tables([Contest])

    class ContestRound(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        position = IntegerField()
        question = ForeignKeyField(Question)
        seconds = IntegerField()
        shown_at = BigIntegerField(null=True)
        revealed_at = BigIntegerField(null=True)
        class Meta:
            database = db
            table_name = 'contest_round'
            indexes = ((('activity', 'position'), True),)
    db.create_tables([ContestRound])

    class ContestAnswer(Model):
        id = BigAutoField()
        round = ForeignKeyField(ContestRound, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        choice = TextField()
        used_ms = IntegerField()
        answered_at = BigIntegerField()
        correct = BooleanField(null=True)
        points = IntegerField(null=True)
        streak = IntegerField(null=True)
        class Meta:
            database = db
            table_name = 'contest_answer'
            indexes = ((('round', 'player'), True),)
    db.create_tables([ContestAnswer])

def down(migrator, db):
    db.execute_sql('DROP TABLE contest_answer')
    db.execute_sql('DROP TABLE contest_round')
    db.execute_sql('DROP TABLE contest')
