"""The tables of “抽奖”: prizes, lists, draws, pools, picks, what was handed over."""

from peewee import *

def up(migrator, db):
    class Activity(Model):
        id = BigAutoField()
        class Meta:
            database = db
            table_name = 'activity'

    class RafflePrize(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        position = IntegerField()
        title = TextField()
        stock = IntegerField(constraints=[Check('stock >= 1')])
        given = IntegerField(default=0, constraints=[Check('given >= 0 AND given <= stock')])
        again = BooleanField(default=False)
        class Meta:
            database = db
            table_name = 'raffle_prize'
            indexes = ((('activity', 'title'), True),)
    db.create_tables([RafflePrize])

    class RaffleList(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        title = TextField()
        people = JSONField()
        imported_at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'raffle_list'
    db.create_tables([RaffleList])

    class RaffleDraw(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        prize = ForeignKeyField(RafflePrize, on_delete='CASCADE')
        number = IntegerField()
        count = IntegerField(constraints=[Check('count >= 1')])
        rule = JSONField()
        who = TextField()
        pool_size = IntegerField()
        seed = TextField()
        salt = TextField()
        commitment = TextField()
        word = TextField(default='')
        under_way = IntegerField(default=1, null=True)
        committed_at = BigIntegerField()
        begun_at = BigIntegerField(null=True)
        done_at = BigIntegerField(null=True)
        revealed_at = BigIntegerField(null=True)
        abandoned_at = BigIntegerField(null=True)
        class Meta:
            database = db
            table_name = 'raffle_draw'
            indexes = ((('activity', 'number'), True), (('activity', 'under_way'), True))
    db.create_tables([RaffleDraw])

    class RaffleEntry(Model):
        id = BigAutoField()
        draw = ForeignKeyField(RaffleDraw, on_delete='CASCADE')
        number = IntegerField()
        tag = TextField()
        person = TextField()
        player_id = BigIntegerField(null=True)
        staff_id = BigIntegerField(null=True)
        name = TextField()
        staff_number = TextField(null=True)
        team_name = TextField(null=True)
        class Meta:
            database = db
            table_name = 'raffle_entry'
            indexes = ((('draw', 'number'), True), (('draw', 'person'), True))
    db.create_tables([RaffleEntry])

    class RafflePick(Model):
        id = BigAutoField()
        event_id = BigIntegerField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        draw = ForeignKeyField(RaffleDraw, on_delete='CASCADE')
        prize = ForeignKeyField(RafflePrize, on_delete='CASCADE')
        entry = ForeignKeyField(RaffleEntry, unique=True, on_delete='CASCADE')
        turn = IntegerField()
        person = TextField()
        once = IntegerField(null=True)
        item = IntegerField(null=True)
        status = TextField(constraints=[Check("status IN ('won', 'absent', 'passed')")])
        code = TextField()
        drawn_at = BigIntegerField()
        absent_at = BigIntegerField(null=True)
        class Meta:
            database = db
            table_name = 'raffle_pick'
            indexes = (
                (('draw', 'turn'), True),
                (('event_id', 'person', 'once'), True),
                (('prize', 'item'), True),
                (('activity', 'code'), True),
            )
    db.create_tables([RafflePick])

    class RaffleHandover(Model):
        id = BigAutoField()
        pick = ForeignKeyField(RafflePick, unique=True, on_delete='CASCADE')
        host_id = BigIntegerField()
        at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'raffle_handover'
    db.create_tables([RaffleHandover])

    class RaffleStage(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, unique=True, on_delete='CASCADE')
        showing = TextField(null=True)
        since = BigIntegerField()
        class Meta:
            database = db
            table_name = 'raffle_stage'
    db.create_tables([RaffleStage])


def down(migrator, db):
    for table in (
        'raffle_stage',
        'raffle_handover',
        'raffle_pick',
        'raffle_entry',
        'raffle_draw',
        'raffle_list',
        'raffle_prize',
    ):
        migrator.migrate(migrator.drop_table(table))
