"""The first schema, of 2026-11-28: all tables.

The tables about voters have no row numbers: the order in which their rows came is stored nowhere.
"""

from peewee import *

from backend.db import IdField


def up(migrator, db):
    for table in _tables(db):
        table.create_table()


def down(migrator, db):
    for table in reversed(_tables(db)):
        table.drop_table()


def _tables(db):
    """Return the tables in the order of their definition: each after those that it refers to."""
    by_key = isinstance(db, SqliteDatabase)

    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        id = IdField()
        appid = TextField()
        openid = TextField()
        unionid = TextField(null=True, index=True)
        session_key = TextField()
        session_key_updated_at = BigIntegerField()
        nickname = TextField(default='')
        token_version = IntegerField(default=1)
        created_at = BigIntegerField()
        last_login_at = BigIntegerField()
        code_digest = TextField(null=True, index=True)

        class Meta:
            indexes = ((('appid', 'openid'), True),)

    class Event(Table):
        id = IdField()
        title = TextField()
        description = TextField(default='')
        template = TextField()
        state = TextField(default='draft', constraints=[Check("state IN ('draft', 'scheduled', 'open', 'closed', 'archived')")])
        join_code = TextField(unique=True)
        screen_key = TextField()
        rehearsal = BooleanField(default=False)
        opens_at = BigIntegerField(null=True)
        closes_at = BigIntegerField(null=True)
        closed_at = BigIntegerField(null=True)
        began_at = BigIntegerField()
        pauses = JSONField(default=list)
        frozen_at = BigIntegerField(null=True)
        reveal_step = IntegerField(null=True)
        settings = JSONField(default=dict)
        created_by = BigIntegerField(null=True)
        created_at = BigIntegerField()

    class Activity(Table):
        id = IdField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        kind = TextField()
        title = TextField()
        position = IntegerField()
        settings = JSONField(default=dict)
        salt = TextField()

    class Player(Table):
        id = IdField()
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
            indexes = ((('event', 'staff_id'), True),)

    # A seat of staff belongs to the person, a guest's seat to the account.
    Player.add_index(
        Player.index(
            Player.event,
            Player.account_id,
            unique=True,
            where=Player.staff_id.is_null(),
            name='player_event_id_guest',
        )
    )

    class OutOfCompetition(Table):
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        since = BigIntegerField()

        class Meta:
            primary_key = CompositeKey('activity', 'player')

    class QuestionBank(Table):
        id = IdField()
        name = TextField(unique=True)
        title = TextField()

    class Question(Table):
        id = IdField()
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
            indexes = ((('bank', 'code', 'version'), True), (('bank', 'current', 'topic'), False))

    class Dig(Table):
        id = IdField()
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
            indexes = ((('activity', 'player', 'day', 'slot'), True), (('activity', 'question'), False))

    class Answer(Table):
        id = IdField()
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
        counted = BooleanField(default=True)

        class Meta:
            indexes = ((('activity_id', 'question_id'), False),)

    class AuditLine(Table):
        id = IdField()
        at = BigIntegerField(index=True)
        actor_id = BigIntegerField(null=True)
        action = TextField()
        subject = TextField()
        detail = JSONField(default=dict, constraints=[SQL("DEFAULT '{}'")])
        event_id = BigIntegerField(null=True)

        class Meta:
            indexes = ((('event_id', 'id'), False),)

    class BindingAttempt(Table):
        id = IdField()
        account_id = BigIntegerField()
        staff_number = TextField()
        at = BigIntegerField()

        class Meta:
            indexes = ((('account_id', 'at'), False), (('staff_number', 'at'), False))

    class Correction(Table):
        id = IdField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        question_id = BigIntegerField()
        action = TextField()
        key = JSONField(default=list)
        reason = TextField()
        actor_id = BigIntegerField(null=True)
        at = BigIntegerField()

        class Meta:
            indexes = ((('event', 'question_id'), False),)

    class EventTeam(Table):
        id = IdField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        team_id = BigIntegerField()
        name = TextField()
        headcount = IntegerField()

        class Meta:
            indexes = ((('event', 'team_id'), True),)

    class FrozenStanding(Table):
        event = ForeignKeyField(Event, on_delete='CASCADE')
        board = TextField()
        player = ForeignKeyField(Player, on_delete='CASCADE')
        points = IntegerField()
        reached_at = BigIntegerField()
        version = IntegerField()

        class Meta:
            primary_key = CompositeKey('event', 'board', 'player')

    class Team(Table):
        id = IdField()
        name = TextField(unique=True)

    class Staff(Table):
        id = IdField()
        number = TextField(unique=True)
        name = TextField()
        team = ForeignKeyField(Team)
        shift = TextField(default='')
        invite_digest = TextField()
        active = BooleanField(default=True)
        account = ForeignKeyField(Account, unique=True, null=True)
        bound_at = BigIntegerField(null=True)

    class RoleGrant(Table):
        id = IdField()
        staff = ForeignKeyField(Staff)
        role = TextField(constraints=[Check("role IN ('host', 'trainer', 'admin')")])
        event_id = BigIntegerField(default=0)
        granted_at = BigIntegerField()

        class Meta:
            indexes = ((('staff', 'role', 'event_id'), True),)

    class ScoreEntry(Table):
        id = IdField()
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
            indexes = ((('event', 'source'), True),)

    class Sitting(Table):
        id = IdField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        title = TextField()
        shifts = JSONField(default=list)
        starts_at = BigIntegerField()
        ends_at = BigIntegerField()

    class Snooze(Table):
        id = IdField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        dig = ForeignKeyField(Dig, on_delete='CASCADE')
        at = BigIntegerField()

        class Meta:
            indexes = ((('event', 'player'), True),)

    class Standing(Table):
        event = ForeignKeyField(Event, on_delete='CASCADE')
        board = TextField()
        player = ForeignKeyField(Player, on_delete='CASCADE')
        points = IntegerField()
        reached_at = BigIntegerField()
        version = IntegerField()
        updated_at = BigIntegerField()

        class Meta:
            primary_key = CompositeKey('event', 'board', 'player')
            indexes = ((('updated_at',), False),)

    class Treasure(Table):
        id = IdField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        key = TextField()
        title = TextField()
        site = TextField()
        points = IntegerField()
        stock = IntegerField()
        claimed = IntegerField(default=0, constraints=[Check('claimed >= 0 AND claimed <= stock')])
        chance = FloatField(default=0)

        class Meta:
            indexes = ((('activity', 'key'), True),)

    class TreasureClaim(Table):
        id = IdField()
        treasure = ForeignKeyField(Treasure, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        dig = ForeignKeyField(Dig, unique=True, on_delete='CASCADE')
        number = IntegerField()
        at = BigIntegerField()

        class Meta:
            indexes = ((('treasure', 'number'), True), (('treasure', 'player'), True))

    class Contest(Table):
        id = IdField()
        activity = ForeignKeyField(Activity, unique=True, on_delete='CASCADE')
        phase = TextField(default='idle', constraints=[Check("phase IN ('idle', 'lobby', 'question', 'reveal', 'board', 'podium', 'done')")])
        phase_at = BigIntegerField(default=0)
        position = IntegerField(default=0)
        auto = BooleanField(default=False)
        playoff = JSONField(null=True)
        playoff_from = IntegerField(null=True)

    class ContestRound(Table):
        id = IdField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        position = IntegerField()
        question = ForeignKeyField(Question)
        seconds = IntegerField()
        shown_at = BigIntegerField(null=True)
        revealed_at = BigIntegerField(null=True)

        class Meta:
            indexes = ((('activity', 'position'), True),)

    class ContestAnswer(Table):
        id = IdField()
        round = ForeignKeyField(ContestRound, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        choice = TextField()
        used_ms = IntegerField()
        answered_at = BigIntegerField()
        counted = BooleanField(default=True)
        correct = BooleanField(null=True)
        points = IntegerField(null=True)
        streak = IntegerField(null=True)

        class Meta:
            indexes = ((('round', 'player'), True),)

    class ShakeRound(Table):
        id = IdField()
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
            indexes = ((('activity', 'number'), True), (('activity', 'under_way'), True))

    class ShakeResult(Table):
        id = IdField()
        round = ForeignKeyField(ShakeRound, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        team_id = BigIntegerField(null=True)
        count = IntegerField()
        value = IntegerField()
        place = IntegerField(null=True)
        points = IntegerField(constraints=[Check('points >= 0')])
        claimed_rate = IntegerField(null=True)

        class Meta:
            indexes = ((('round', 'player'), True),)

    class WordPack(Table):
        id = IdField()
        name = TextField(unique=True)
        title = TextField()

    class Word(Table):
        id = IdField()
        pack = ForeignKeyField(WordPack, on_delete='CASCADE')
        text = TextField()
        category = TextField()
        difficulty = IntegerField(constraints=[Check('difficulty BETWEEN 1 AND 3')])
        current = BooleanField(default=True)

        class Meta:
            indexes = ((('pack', 'text'), True),)

    class DrawingGame(Table):
        id = IdField()
        activity = ForeignKeyField(Activity, unique=True, on_delete='CASCADE')
        began_at = BigIntegerField()
        ended_at = BigIntegerField(null=True)
        finished_at = BigIntegerField(null=True)

    class DrawingRoom(Table):
        id = IdField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        number = IntegerField()
        ended_at = BigIntegerField(null=True)

        class Meta:
            indexes = ((('activity', 'number'), True),)

    class DrawingSeat(Table):
        id = IdField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        room = ForeignKeyField(DrawingRoom, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        position = IntegerField()
        seated_at = BigIntegerField()

        class Meta:
            indexes = ((('activity', 'player'), True), (('room', 'position'), False))

    class DrawingTurn(Table):
        id = IdField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        room = ForeignKeyField(DrawingRoom, on_delete='CASCADE')
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
        hidden_at = BigIntegerField(null=True)

        class Meta:
            indexes = ((('room', 'number'), True), (('activity', 'ended_at'), False))

    class DrawingGuess(Table):
        id = IdField()
        turn = ForeignKeyField(DrawingTurn, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        used_ms = IntegerField()
        at = BigIntegerField()
        points = IntegerField(null=True)

        class Meta:
            indexes = ((('turn', 'player'), True),)

    class DrawingReport(Table):
        id = IdField()
        turn = ForeignKeyField(DrawingTurn, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        at = BigIntegerField()

        class Meta:
            indexes = ((('turn', 'player'), True),)

    class DrawingVote(Table):
        id = IdField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        turn = ForeignKeyField(DrawingTurn, on_delete='CASCADE')
        at = BigIntegerField()

        class Meta:
            indexes = ((('activity', 'player'), True), (('turn',), False))

    class Keyword(Table):
        id = IdField()
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
            indexes = ((('activity', 'number'), True),)

    class KeywordSpelling(Table):
        id = IdField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        word = ForeignKeyField(Keyword, on_delete='CASCADE')
        key = TextField()

        class Meta:
            indexes = ((('activity', 'key'), True),)

    class KeywordHit(Table):
        id = IdField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        word = ForeignKeyField(Keyword, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        place = IntegerField(constraints=[Check('place >= 1')])
        turn = IntegerField(null=True)
        points = IntegerField(constraints=[Check('points >= 0')])
        at = BigIntegerField()

        class Meta:
            indexes = (
                (('word', 'player'), True),
                (('word', 'place'), True),
                (('activity', 'player', 'turn'), True),
            )

    class RafflePrize(Table):
        id = IdField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        position = IntegerField()
        title = TextField()
        stock = IntegerField(constraints=[Check('stock >= 1')])
        given = IntegerField(default=0, constraints=[Check('given >= 0 AND given <= stock')])
        again = BooleanField(default=False)

        class Meta:
            indexes = ((('activity', 'title'), True),)

    class RaffleList(Table):
        id = IdField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        title = TextField()
        people = JSONField()
        imported_at = BigIntegerField()

    class RaffleDraw(Table):
        id = IdField()
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
        waiting_seconds = IntegerField(null=True)
        under_way = IntegerField(default=1, null=True)
        committed_at = BigIntegerField()
        begun_at = BigIntegerField(null=True)
        done_at = BigIntegerField(null=True)
        revealed_at = BigIntegerField(null=True)
        abandoned_at = BigIntegerField(null=True)

        class Meta:
            indexes = ((('activity', 'number'), True), (('activity', 'under_way'), True))

    class RaffleEntry(Table):
        id = IdField()
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
            indexes = ((('draw', 'number'), True), (('draw', 'person'), True))

    class RafflePick(Table):
        id = IdField()
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
        called_at = BigIntegerField(null=True)
        called_by = BigIntegerField(null=True)
        absent_at = BigIntegerField(null=True)
        absent_by = BigIntegerField(null=True)

        class Meta:
            indexes = (
                (('draw', 'turn'), True),
                (('event_id', 'person', 'once'), True),
                (('prize', 'item'), True),
                (('activity', 'code'), True),
            )

    class RaffleHandover(Table):
        id = IdField()
        pick = ForeignKeyField(RafflePick, unique=True, on_delete='CASCADE')
        host_id = BigIntegerField()
        at = BigIntegerField()

    class RaffleStage(Table):
        id = IdField()
        activity = ForeignKeyField(Activity, unique=True, on_delete='CASCADE')
        showing = TextField(null=True)
        since = BigIntegerField()

    class ModerationItem(Table):
        id = IdField()
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
            indexes = (
                (('event', 'status', 'id'), False),
                (('event', 'account_id', 'digest'), True),
            )

    class ModerationPicture(Table):
        id = IdField()
        item = ForeignKeyField(ModerationItem, unique=True, on_delete='CASCADE')
        data = BlobField()
        width = IntegerField()
        height = IntegerField()

    class WritingBlock(Table):
        id = IdField()
        event = ForeignKeyField(Event, on_delete='CASCADE')
        player = ForeignKeyField(Player, unique=True, on_delete='CASCADE')
        reason = TextField()
        blocked_at = BigIntegerField()
        blocked_by = BigIntegerField(null=True)

    class BlockedWord(Table):
        id = IdField()
        word = TextField()
        plain = TextField(unique=True)

    class Poll(Table):
        id = IdField()
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
        hall_salt = TextField(null=True)
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
            indexes = ((('activity', 'number'), True),)

    class PollOption(Table):
        id = IdField()
        poll = ForeignKeyField(Poll, on_delete='CASCADE')
        number = IntegerField()
        title = TextField()
        description = TextField(default='')
        video_url = TextField(null=True)
        picture_id = BigIntegerField(null=True)
        direct = BooleanField(default=False)
        source_id = BigIntegerField(null=True)

        class Meta:
            indexes = ((('poll', 'number'), True),)

    class PollVoter(Table):
        poll = ForeignKeyField(Poll, on_delete='CASCADE', index=False)
        day = TextField()
        voter = TextField()
        nth = IntegerField()

        class Meta:
            primary_key = CompositeKey('poll', 'day', 'voter', 'nth')
            without_rowid = by_key

    class PollBallot(Table):
        poll = ForeignKeyField(Poll, on_delete='CASCADE', index=False)
        key = TextField()
        choice = TextField()

        class Meta:
            primary_key = CompositeKey('poll', 'key')
            without_rowid = by_key

    class PollSignature(Table):
        poll = ForeignKeyField(Poll, on_delete='CASCADE', index=False)
        key = TextField()
        player_id = BigIntegerField()
        is_guest = BooleanField()
        day = TextField()
        cast_at = BigIntegerField()

        class Meta:
            primary_key = CompositeKey('poll', 'key')
            indexes = ((('poll', 'player_id'), False),)

    class PollRefusal(Table):
        poll = ForeignKeyField(Poll, on_delete='CASCADE', index=False)
        reason = TextField()
        count = IntegerField()

        class Meta:
            primary_key = CompositeKey('poll', 'reason')

    class PollTally(Table):
        poll = ForeignKeyField(Poll, on_delete='CASCADE', primary_key=True)
        casts = IntegerField()
        ballots = IntegerField()
        staff = IntegerField()
        guests = IntegerField()
        counted = IntegerField(default=0)
        outcome = JSONField(null=True)

    class PollFlag(Table):
        poll = ForeignKeyField(Poll, on_delete='CASCADE', index=False)
        mark = TextField()
        kind = TextField(constraints=[Check("kind IN ('address', 'minute')")])
        address = TextField(default='', constraints=[SQL("DEFAULT ''")])
        day = TextField()
        minute_at = BigIntegerField(null=True)
        ballots = IntegerField()

        class Meta:
            primary_key = CompositeKey('poll', 'mark')

    class Suggestion(Table):
        id = IdField()
        activity = ForeignKeyField(Activity, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        item = ForeignKeyField(ModerationItem, on_delete='CASCADE')
        picture = ForeignKeyField(ModerationItem, null=True, on_delete='SET NULL', backref='+')
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
            indexes = (
                (('activity', 'player', 'digest'), True),
                (('activity', 'merged_into'), False),
            )

    class SuggestionSupport(Table):
        id = IdField()
        suggestion = ForeignKeyField(Suggestion, on_delete='CASCADE')
        player = ForeignKeyField(Player, on_delete='CASCADE')
        at = BigIntegerField()

        class Meta:
            indexes = ((('suggestion', 'player'), True),)

    class SuggestionOption(Table):
        id = IdField()
        suggestion = ForeignKeyField(Suggestion, on_delete='CASCADE')
        poll = ForeignKeyField(Poll, on_delete='CASCADE')
        option_number = BigIntegerField()

        class Meta:
            indexes = ((('suggestion', 'poll'), True),)

    return Table.__subclasses__()
