"""The tables of polls. Those about voters have no row numbers: in which order rows came is nowhere."""

from peewee import *

def up(migrator, db):
    by_key = isinstance(db, SqliteDatabase)

    class Activity(Model):
        id = BigAutoField()
        class Meta:
            database = db
            table_name = 'activity'

    class Poll(Model):
        id = BigAutoField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        number = IntegerField()
        title = TextField()
        description = TextField(default='')
        method = TextField(constraints=[Check("method IN ('single', 'multiple', 'ranked')")])
        most_choices = IntegerField()
        places = IntegerField()
        anonymous = BooleanField()
        guests_allowed = BooleanField()
        changes_allowed = BooleanField()
        daily_quota = IntegerField(null=True)
        entry_order = TextField(constraints=[Check("entry_order IN ('number', 'random', 'rotating')")])
        state = TextField(default='draft', constraints=[Check("state IN ('draft', 'open', 'closed')")])
        display = TextField(default='bars', constraints=[Check("display IN ('bars', 'race')")])
        results_shown = BooleanField(default=False)
        runoff_of = ForeignKeyField('self', null=True, unique=True, on_delete='CASCADE')
        casts = IntegerField(default=0)
        staged_at = BigIntegerField(null=True)
        reminded_at = BigIntegerField(null=True)
        created_at = BigIntegerField()
        opened_at = BigIntegerField(null=True)
        closed_at = BigIntegerField(null=True)
        class Meta:
            database = db
            table_name = 'poll'
            indexes = ((('activity', 'number'), True),)
    db.create_tables([Poll])

    class PollOption(Model):
        id = BigAutoField()
        poll = ForeignKeyField(Poll, on_delete='CASCADE')
        number = IntegerField()
        title = TextField()
        description = TextField(default='')
        video_url = TextField(null=True)
        picture_id = BigIntegerField(null=True)
        direct = BooleanField(default=False)
        source_id = BigIntegerField(null=True)
        class Meta:
            database = db
            table_name = 'poll_option'
            indexes = ((('poll', 'number'), True),)
    db.create_tables([PollOption])

    class PollVoter(Model):
        poll = ForeignKeyField(Poll, on_delete='CASCADE', index=False)
        day = TextField()
        voter = TextField()
        nth = IntegerField()
        class Meta:
            database = db
            table_name = 'poll_voter'
            primary_key = CompositeKey('poll', 'day', 'voter', 'nth')
            without_rowid = by_key
    db.create_tables([PollVoter])

    class PollBallot(Model):
        poll = ForeignKeyField(Poll, on_delete='CASCADE', index=False)
        key = TextField()
        choice = TextField()
        class Meta:
            database = db
            table_name = 'poll_ballot'
            primary_key = CompositeKey('poll', 'key')
            without_rowid = by_key
    db.create_tables([PollBallot])

    class PollSignature(Model):
        poll = ForeignKeyField(Poll, on_delete='CASCADE', index=False)
        key = TextField()
        player_id = BigIntegerField()
        is_guest = BooleanField()
        day = TextField()
        cast_at = BigIntegerField()
        class Meta:
            database = db
            table_name = 'poll_signature'
            primary_key = CompositeKey('poll', 'key')
            indexes = ((('poll', 'player_id'), False),)
    db.create_tables([PollSignature])

    class PollRefusal(Model):
        poll = ForeignKeyField(Poll, on_delete='CASCADE', index=False)
        reason = TextField()
        count = IntegerField()
        class Meta:
            database = db
            table_name = 'poll_refusal'
            primary_key = CompositeKey('poll', 'reason')
    db.create_tables([PollRefusal])

    class PollTally(Model):
        poll = ForeignKeyField(Poll, on_delete='CASCADE', primary_key=True)
        casts = IntegerField()
        ballots = IntegerField()
        staff = IntegerField()
        guests = IntegerField()
        counted = IntegerField(default=0)
        outcome = JSONField(null=True)
        class Meta:
            database = db
            table_name = 'poll_tally'
    db.create_tables([PollTally])

    class PollFlag(Model):
        poll = ForeignKeyField(Poll, on_delete='CASCADE', index=False)
        mark = TextField()
        kind = TextField(constraints=[Check("kind IN ('address', 'minute')")])
        address = TextField(default='', constraints=[SQL("DEFAULT ''")])
        day = TextField()
        minute_at = BigIntegerField(null=True)
        ballots = IntegerField()
        class Meta:
            database = db
            table_name = 'poll_flag'
            primary_key = CompositeKey('poll', 'mark')
    db.create_tables([PollFlag])


def down(migrator, db):
    for table in ('poll_flag', 'poll_tally', 'poll_refusal', 'poll_signature', 'poll_ballot',
                  'poll_voter', 'poll_option', 'poll'):
        migrator.migrate(migrator.drop_table(table))
