"""The tables of moderation: items, pictures, who may not write, words that are not shown."""

from peewee import *

def up(migrator, db):
    class Event(Model):
        id = BigAutoField()
        class Meta:
            database = db
            table_name = 'event'

    class Player(Model):
        id = BigAutoField()
        class Meta:
            database = db
            table_name = 'player'

    class ModerationItem(Model):
        id = BigAutoField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        account_id = BigIntegerField()
        player = ForeignKeyField(Player, null=True, on_delete='CASCADE')
        kind = TextField(constraints=[Check("kind IN ('text', 'picture')")])
        text = TextField(default='')
        digest = TextField(null=True)
        status = TextField(constraints=[Check("status IN ('pending', 'approved', 'rejected')")])
        finding = TextField()
        label = IntegerField(null=True)
        created_at = BigIntegerField()
        decided_at = BigIntegerField(null=True)
        decided_by = BigIntegerField(null=True)
        reason = TextField(default='')
        class Meta:
            database = db
            table_name = 'moderation_item'
            indexes = (
                (('event', 'status', 'id'), False),
                (('event', 'account_id', 'digest'), True),
            )
    db.create_tables([ModerationItem])

    class ModerationPicture(Model):
        id = BigAutoField()
        item = ForeignKeyField(ModerationItem, unique=True, on_delete='CASCADE')
        data = BlobField()
        width = IntegerField()
        height = IntegerField()
        class Meta:
            database = db
            table_name = 'moderation_picture'
    db.create_tables([ModerationPicture])

    class WritingBlock(Model):
        id = BigAutoField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        player = ForeignKeyField(Player, unique=True, on_delete='CASCADE')
        reason = TextField()
        blocked_at = BigIntegerField()
        blocked_by = BigIntegerField(null=True)
        class Meta:
            database = db
            table_name = 'writing_block'
    db.create_tables([WritingBlock])

    class BlockedWord(Model):
        id = BigAutoField()
        word = TextField()
        plain = TextField(unique=True)
        class Meta:
            database = db
            table_name = 'blocked_word'
    db.create_tables([BlockedWord])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('blocked_word'))
    migrator.migrate(migrator.drop_table('writing_block'))
    migrator.migrate(migrator.drop_table('moderation_picture'))
    migrator.migrate(migrator.drop_table('moderation_item'))
