"""The tables of “回复有效关键词”: words, the ways to write them, hits."""

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

    class Keyword(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        number = IntegerField()
        text = TextField()
        others = JSONField(default=list)
        pinyin = BooleanField(default=False)
        points = IntegerField(constraints=[Check('points >= 0')])
        places = IntegerField(constraints=[Check('places >= 1')])
        seconds = IntegerField(constraints=[Check('seconds >= 1')])
        decoy = BooleanField(default=False)
        opened_at = BigIntegerField(null=True)
        closed_at = BigIntegerField(null=True)
        dismissed_at = BigIntegerField(null=True)
        class Meta:
            database = db
            table_name = 'keyword'
            indexes = ((('activity', 'number'), True),)
    db.create_tables([Keyword])

    class KeywordSpelling(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        word = ForeignKeyField(Keyword, on_delete='CASCADE')
        key = TextField()
        class Meta:
            database = db
            table_name = 'keyword_spelling'
            indexes = ((('activity', 'key'), True),)
    db.create_tables([KeywordSpelling])

    class KeywordHit(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        word = ForeignKeyField(Keyword, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        place = IntegerField(constraints=[Check('place >= 1')])
        turn = IntegerField(null=True)
        points = IntegerField(constraints=[Check('points >= 0')])
        at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'keyword_hit'
            indexes = (
                (('word', 'player'), True),
                (('word', 'place'), True),
                (('activity', 'player', 'turn'), True),
            )
    db.create_tables([KeywordHit])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('keyword_hit'))
    migrator.migrate(migrator.drop_table('keyword_spelling'))
    migrator.migrate(migrator.drop_table('keyword'))
