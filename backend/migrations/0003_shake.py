"""The tables of “摇一摇”: rounds and what came of them."""

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

    class ShakeRound(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        number = IntegerField()
        mode = TextField(constraints=[Check("mode IN ('race', 'tug', 'luck', 'draw')")])
        begun_at = BigIntegerField()
        starts_at = BigIntegerField()
        seconds = IntegerField()
        winner_count = IntegerField(default=0)
        at_least = IntegerField(default=0)
        team_ids = JSONField(default=list)
        seed = TextField()
        under_way = IntegerField(default=1, null=True)
        scored_at = BigIntegerField(null=True)
        cancelled_at = BigIntegerField(null=True)
        dismissed_at = BigIntegerField(null=True)
        drawn = JSONField(default=list)
        counts_lost = BooleanField(default=False)
        class Meta:
            database = db
            table_name = 'shake_round'
            indexes = ((('activity', 'number'), True), (('activity', 'under_way'), True))
    db.create_tables([ShakeRound])

    class ShakeResult(Model):
        id = BigAutoField()
        round = ForeignKeyField(ShakeRound, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        team_id = BigIntegerField(null=True)
        count = IntegerField()
        value = IntegerField()
        place = IntegerField(null=True)
        points = IntegerField(constraints=[Check('points >= 0')])
        claimed_rate = IntegerField(null=True)
        class Meta:
            database = db
            table_name = 'shake_result'
            indexes = ((('round', 'player'), True),)
    db.create_tables([ShakeResult])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('shake_result'))
    migrator.migrate(migrator.drop_table('shake_round'))
