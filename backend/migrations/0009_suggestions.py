"""The tables of suggestions: what is suggested, who stands behind it, which poll it went into."""

from peewee import *

def up(migrator, db):
    def known(name):
        class Known(Model):
            id = BigAutoField()
            class Meta:
                database = db
                table_name = name
        return Known

    Player = known('player')
    Item = known('moderation_item')

    class Suggestion(Model):
        id = BigAutoField()
        activity = ForeignKeyField(known('activity'), on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        item = ForeignKeyField(Item, on_delete='CASCADE')
        picture = ForeignKeyField(Item, null=True, on_delete='SET NULL', backref='+')
        text = TextField()
        plain = TextField()
        digest = TextField()
        status = TextField(
            default='collecting',
            constraints=[Check("status IN ('collecting', 'adopted', 'done', 'declined')")],
        )
        reason = TextField(default='')
        answer = TextField(default='')
        answered_at = BigIntegerField(null=True)
        merged_into = ForeignKeyField('self', null=True, on_delete='SET NULL', backref='+')
        created_at = BigIntegerField()
        changed_at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'suggestion'
            indexes = (
                (('activity', 'player', 'digest'), True),
                (('activity', 'merged_into'), False),
            )
    db.create_tables([Suggestion])

    class SuggestionSupport(Model):
        id = BigAutoField()
        suggestion = ForeignKeyField(Suggestion, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'suggestion_support'
            indexes = ((('suggestion', 'player'), True),)
    db.create_tables([SuggestionSupport])

    class SuggestionOption(Model):
        id = BigAutoField()
        suggestion = ForeignKeyField(Suggestion, on_delete='CASCADE')
        poll = ForeignKeyField(known('poll'), on_delete='CASCADE')
        option_number = BigIntegerField()
        class Meta:
            database = db
            table_name = 'suggestion_option'
            indexes = ((('suggestion', 'poll'), True),)
    db.create_tables([SuggestionOption])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('suggestion_option'))
    migrator.migrate(migrator.drop_table('suggestion_support'))
    migrator.migrate(migrator.drop_table('suggestion'))
