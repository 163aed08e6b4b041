"""Words, and the rooms, turns, guesses, reports and votes of drawing and guessing."""

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

    class WordPack(Model):
        id = BigAutoField()
        name = TextField(unique=True)
        title = TextField()
        class Meta:
            database = db
            legacy_table_names = False
            table_name = 'word_pack'
    db.create_tables([WordPack])

    class Word(Model):
        id = BigAutoField()
        pack = ForeignKeyField(WordPack, on_delete='CASCADE')
        text = TextField()
        category = TextField()
        difficulty = IntegerField(constraints=[Check('difficulty BETWEEN 1 AND 3')])
        current = BooleanField(default=True)
        class Meta:
            database = db
            legacy_table_names = False
            table_name = 'word'
            indexes = ((('pack', 'text'), True),)
    db.create_tables([Word])

    class Game(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, unique=True, on_delete='CASCADE')
        began_at = BigIntegerField()
        ended_at = BigIntegerField(null=True)
        finished_at = BigIntegerField(null=True)
        class Meta:
            database = db
            legacy_table_names = False
            table_name = 'drawing_game'
    db.create_tables([Game])

    class Room(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        number = IntegerField()
        ended_at = BigIntegerField(null=True)
        class Meta:
            database = db
            legacy_table_names = False
            table_name = 'drawing_room'
            indexes = ((('activity', 'number'), True),)
    db.create_tables([Room])

    class Seat(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        room = ForeignKeyField(Room, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        position = IntegerField()
        seated_at = BigIntegerField()
        class Meta:
            database = db
            legacy_table_names = False
            table_name = 'drawing_seat'
            indexes = ((('activity', 'player'), True), (('room', 'position'), False))
    db.create_tables([Seat])

    class Turn(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        room = ForeignKeyField(Room, on_delete='CASCADE')
        number = IntegerField()
        drawer = ForeignKeyField(Player, on_delete='CASCADE')
        offers = JSONField()
        fallback = IntegerField()
        choice = IntegerField(null=True)
        draw_seconds = IntegerField()
        began_at = BigIntegerField()
        chosen_at = BigIntegerField(null=True)
        told_hints = IntegerField(default=0)
        ended_at = BigIntegerField(null=True)
        ending = TextField(null=True)
        ink = JSONField(null=True)
        class Meta:
            database = db
            legacy_table_names = False
            table_name = 'drawing_turn'
            indexes = ((('room', 'number'), True), (('activity', 'ended_at'), False))
    db.create_tables([Turn])

    class Guess(Model):
        id = BigAutoField()
        turn = ForeignKeyField(Turn, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        used_ms = IntegerField()
        at = BigIntegerField()
        points = IntegerField(null=True)
        class Meta:
            database = db
            legacy_table_names = False
            table_name = 'drawing_guess'
            indexes = ((('turn', 'player'), True),)
    db.create_tables([Guess])

    class Report(Model):
        id = BigAutoField()
        turn = ForeignKeyField(Turn, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        at = BigIntegerField()
        class Meta:
            database = db
            legacy_table_names = False
            table_name = 'drawing_report'
            indexes = ((('turn', 'player'), True),)
    db.create_tables([Report])

    class Vote(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        turn = ForeignKeyField(Turn, on_delete='CASCADE')
        at = BigIntegerField()
        class Meta:
            database = db
            legacy_table_names = False
            table_name = 'drawing_vote'
            indexes = ((('activity', 'player'), True), (('turn',), False))
    db.create_tables([Vote])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('drawing_vote'))
    migrator.migrate(migrator.drop_table('drawing_report'))
    migrator.migrate(migrator.drop_table('drawing_guess'))
    migrator.migrate(migrator.drop_table('drawing_turn'))
    migrator.migrate(migrator.drop_table('drawing_seat'))
    migrator.migrate(migrator.drop_table('drawing_room'))
    migrator.migrate(migrator.drop_table('drawing_game'))
    migrator.migrate(migrator.drop_table('word'))
    migrator.migrate(migrator.drop_table('word_pack'))
