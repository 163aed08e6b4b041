-- Written by `python -m tests.dumps`.
CREATE TABLE public.account (
    id bigint NOT NULL,
    appid text NOT NULL,
    openid text NOT NULL,
    unionid text,
    session_key text NOT NULL,
    session_key_updated_at bigint NOT NULL,
    nickname text NOT NULL,
    token_version integer NOT NULL,
    created_at bigint NOT NULL,
    last_login_at bigint NOT NULL,
    code_digest text
);
CREATE SEQUENCE public.account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.account_id_seq OWNED BY public.account.id;
CREATE TABLE public.activity (
    id bigint NOT NULL,
    event_id bigint NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    "position" integer NOT NULL,
    settings jsonb NOT NULL,
    salt text NOT NULL
);
CREATE SEQUENCE public.activity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.activity_id_seq OWNED BY public.activity.id;
CREATE TABLE public.answer (
    id bigint NOT NULL,
    dig_id bigint NOT NULL,
    activity_id bigint NOT NULL,
    player_id bigint NOT NULL,
    question_id bigint NOT NULL,
    choice text NOT NULL,
    correct boolean NOT NULL,
    points integer NOT NULL,
    breakdown jsonb NOT NULL,
    streak_before integer NOT NULL,
    streak integer NOT NULL,
    elapsed_ms integer NOT NULL,
    answered_at bigint NOT NULL,
    counted boolean NOT NULL
);
CREATE SEQUENCE public.answer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.answer_id_seq OWNED BY public.answer.id;
CREATE TABLE public.audit_line (
    id bigint NOT NULL,
    at bigint NOT NULL,
    actor_id bigint,
    action text NOT NULL,
    subject text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    event_id bigint
);
CREATE SEQUENCE public.audit_line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.audit_line_id_seq OWNED BY public.audit_line.id;
CREATE TABLE public.binding_attempt (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    staff_number text NOT NULL,
    at bigint NOT NULL
);
CREATE SEQUENCE public.binding_attempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.binding_attempt_id_seq OWNED BY public.binding_attempt.id;
CREATE TABLE public.blocked_word (
    id bigint NOT NULL,
    word text NOT NULL,
    plain text NOT NULL
);
CREATE SEQUENCE public.blocked_word_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.blocked_word_id_seq OWNED BY public.blocked_word.id;
CREATE TABLE public.contest (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    phase text NOT NULL,
    phase_at bigint NOT NULL,
    "position" integer NOT NULL,
    auto boolean NOT NULL,
    playoff jsonb,
    playoff_from integer,
    CONSTRAINT contest_phase_check CHECK ((phase = ANY (ARRAY['idle'::text, 'lobby'::text, 'question'::text, 'reveal'::text, 'board'::text, 'podium'::text, 'done'::text])))
);
CREATE TABLE public.contest_answer (
    id bigint NOT NULL,
    round_id bigint NOT NULL,
    player_id bigint NOT NULL,
    choice text NOT NULL,
    used_ms integer NOT NULL,
    answered_at bigint NOT NULL,
    counted boolean NOT NULL,
    correct boolean,
    points integer,
    streak integer
);
CREATE SEQUENCE public.contest_answer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.contest_answer_id_seq OWNED BY public.contest_answer.id;
CREATE SEQUENCE public.contest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.contest_id_seq OWNED BY public.contest.id;
CREATE TABLE public.contest_round (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    "position" integer NOT NULL,
    question_id bigint NOT NULL,
    seconds integer NOT NULL,
    shown_at bigint,
    revealed_at bigint
);
CREATE SEQUENCE public.contest_round_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.contest_round_id_seq OWNED BY public.contest_round.id;
CREATE TABLE public.correction (
    id bigint NOT NULL,
    event_id bigint NOT NULL,
    question_id bigint NOT NULL,
    action text NOT NULL,
    key jsonb NOT NULL,
    reason text NOT NULL,
    actor_id bigint,
    at bigint NOT NULL
);
CREATE SEQUENCE public.correction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.correction_id_seq OWNED BY public.correction.id;
CREATE TABLE public.dig (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    player_id bigint NOT NULL,
    site text NOT NULL,
    question_id bigint NOT NULL,
    option_order text NOT NULL,
    opened_at bigint NOT NULL,
    limit_seconds integer NOT NULL,
    snooze_seconds integer NOT NULL,
    snoozed_ms integer,
    voided boolean NOT NULL,
    day text NOT NULL,
    slot integer NOT NULL
);
CREATE SEQUENCE public.dig_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.dig_id_seq OWNED BY public.dig.id;
CREATE TABLE public.drawing_game (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    began_at bigint NOT NULL,
    ended_at bigint,
    finished_at bigint
);
CREATE SEQUENCE public.drawing_game_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.drawing_game_id_seq OWNED BY public.drawing_game.id;
CREATE TABLE public.drawing_guess (
    id bigint NOT NULL,
    turn_id bigint NOT NULL,
    player_id bigint NOT NULL,
    used_ms integer NOT NULL,
    at bigint NOT NULL,
    points integer
);
CREATE SEQUENCE public.drawing_guess_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.drawing_guess_id_seq OWNED BY public.drawing_guess.id;
CREATE TABLE public.drawing_report (
    id bigint NOT NULL,
    turn_id bigint NOT NULL,
    player_id bigint NOT NULL,
    at bigint NOT NULL
);
CREATE SEQUENCE public.drawing_report_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.drawing_report_id_seq OWNED BY public.drawing_report.id;
CREATE TABLE public.drawing_room (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    number integer NOT NULL,
    ended_at bigint
);
CREATE SEQUENCE public.drawing_room_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.drawing_room_id_seq OWNED BY public.drawing_room.id;
CREATE TABLE public.drawing_seat (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    room_id bigint NOT NULL,
    player_id bigint NOT NULL,
    "position" integer NOT NULL,
    seated_at bigint NOT NULL
);
CREATE SEQUENCE public.drawing_seat_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.drawing_seat_id_seq OWNED BY public.drawing_seat.id;
CREATE TABLE public.drawing_turn (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    room_id bigint NOT NULL,
    number integer NOT NULL,
    drawer_id bigint NOT NULL,
    offers jsonb NOT NULL,
    fallback integer NOT NULL,
    choice integer,
    draw_seconds integer NOT NULL,
    began_at bigint NOT NULL,
    chosen_at bigint,
    told_hints integer NOT NULL,
    ended_at bigint,
    ending text,
    ink jsonb,
    hidden_at bigint
);
CREATE SEQUENCE public.drawing_turn_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.drawing_turn_id_seq OWNED BY public.drawing_turn.id;
CREATE TABLE public.drawing_vote (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    player_id bigint NOT NULL,
    turn_id bigint NOT NULL,
    at bigint NOT NULL
);
CREATE SEQUENCE public.drawing_vote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.drawing_vote_id_seq OWNED BY public.drawing_vote.id;
CREATE TABLE public.event (
    id bigint NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    template text NOT NULL,
    state text NOT NULL,
    join_code text NOT NULL,
    screen_key text NOT NULL,
    rehearsal boolean NOT NULL,
    opens_at bigint,
    closes_at bigint,
    closed_at bigint,
    began_at bigint NOT NULL,
    pauses jsonb NOT NULL,
    frozen_at bigint,
    reveal_step integer,
    settings jsonb NOT NULL,
    created_by bigint,
    created_at bigint NOT NULL,
    CONSTRAINT event_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'scheduled'::text, 'open'::text, 'closed'::text, 'archived'::text])))
);
CREATE SEQUENCE public.event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.event_id_seq OWNED BY public.event.id;
CREATE TABLE public.event_team (
    id bigint NOT NULL,
    event_id bigint NOT NULL,
    team_id bigint NOT NULL,
    name text NOT NULL,
    headcount integer NOT NULL
);
CREATE SEQUENCE public.event_team_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.event_team_id_seq OWNED BY public.event_team.id;
CREATE TABLE public.frozen_standing (
    event_id bigint NOT NULL,
    board text NOT NULL,
    player_id bigint NOT NULL,
    points integer NOT NULL,
    reached_at bigint NOT NULL,
    version integer NOT NULL
);
CREATE TABLE public.keyword (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    number integer NOT NULL,
    text text NOT NULL,
    others jsonb NOT NULL,
    pinyin boolean NOT NULL,
    points integer NOT NULL,
    places integer NOT NULL,
    seconds integer NOT NULL,
    decoy boolean NOT NULL,
    opened_at bigint,
    closed_at bigint,
    dismissed_at bigint,
    CONSTRAINT keyword_places_check CHECK ((places >= 1)),
    CONSTRAINT keyword_points_check CHECK ((points >= 0)),
    CONSTRAINT keyword_seconds_check CHECK ((seconds >= 1))
);
CREATE TABLE public.keyword_hit (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    word_id bigint NOT NULL,
    player_id bigint NOT NULL,
    place integer NOT NULL,
    turn integer,
    points integer NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT keyword_hit_place_check CHECK ((place >= 1)),
    CONSTRAINT keyword_hit_points_check CHECK ((points >= 0))
);
CREATE SEQUENCE public.keyword_hit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.keyword_hit_id_seq OWNED BY public.keyword_hit.id;
CREATE SEQUENCE public.keyword_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.keyword_id_seq OWNED BY public.keyword.id;
CREATE TABLE public.keyword_spelling (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    word_id bigint NOT NULL,
    key text NOT NULL
);
CREATE SEQUENCE public.keyword_spelling_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.keyword_spelling_id_seq OWNED BY public.keyword_spelling.id;
CREATE TABLE public.moderation_item (
    id bigint NOT NULL,
    event_id bigint NOT NULL,
    account_id bigint NOT NULL,
    player_id bigint,
    kind text NOT NULL,
    text text NOT NULL,
    digest text,
    status text NOT NULL,
    finding text NOT NULL,
    label integer,
    created_at bigint NOT NULL,
    decided_at bigint,
    decided_by bigint,
    reason text NOT NULL,
    CONSTRAINT moderation_item_kind_check CHECK ((kind = ANY (ARRAY['text'::text, 'picture'::text]))),
    CONSTRAINT moderation_item_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'approved'::text, 'rejected'::text])))
);
CREATE SEQUENCE public.moderation_item_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.moderation_item_id_seq OWNED BY public.moderation_item.id;
CREATE TABLE public.moderation_picture (
    id bigint NOT NULL,
    item_id bigint NOT NULL,
    data bytea NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL
);
CREATE SEQUENCE public.moderation_picture_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.moderation_picture_id_seq OWNED BY public.moderation_picture.id;
CREATE TABLE public.out_of_competition (
    activity_id bigint NOT NULL,
    player_id bigint NOT NULL,
    since bigint NOT NULL
);
CREATE TABLE public.player (
    id bigint NOT NULL,
    event_id bigint NOT NULL,
    account_id bigint NOT NULL,
    staff_id bigint,
    name text NOT NULL,
    staff_number text,
    team_id bigint,
    team_name text,
    shift text NOT NULL,
    status text NOT NULL,
    joined_at bigint NOT NULL,
    CONSTRAINT player_status_check CHECK ((status = ANY (ARRAY['active'::text, 'kicked'::text, 'banned'::text])))
);
CREATE SEQUENCE public.player_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.player_id_seq OWNED BY public.player.id;
CREATE TABLE public.poll (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    number integer NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    method text NOT NULL,
    most_choices integer NOT NULL,
    places integer NOT NULL,
    anonymous boolean NOT NULL,
    guests_allowed boolean NOT NULL,
    changes_allowed boolean NOT NULL,
    daily_quota integer,
    entry_order text NOT NULL,
    hall_salt text,
    state text NOT NULL,
    display text NOT NULL,
    results_shown boolean NOT NULL,
    runoff_of_id bigint,
    casts integer NOT NULL,
    staged_at bigint,
    reminded_at bigint,
    created_at bigint NOT NULL,
    opened_at bigint,
    closed_at bigint,
    CONSTRAINT poll_display_check CHECK ((display = ANY (ARRAY['bars'::text, 'race'::text]))),
    CONSTRAINT poll_entry_order_check CHECK ((entry_order = ANY (ARRAY['number'::text, 'random'::text, 'rotating'::text]))),
    CONSTRAINT poll_method_check CHECK ((method = ANY (ARRAY['single'::text, 'multiple'::text, 'ranked'::text]))),
    CONSTRAINT poll_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'open'::text, 'closed'::text])))
);
CREATE TABLE public.poll_ballot (
    poll_id bigint NOT NULL,
    key text NOT NULL,
    choice text NOT NULL
);
CREATE TABLE public.poll_flag (
    poll_id bigint NOT NULL,
    mark text NOT NULL,
    kind text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    day text NOT NULL,
    minute_at bigint,
    ballots integer NOT NULL,
    CONSTRAINT poll_flag_kind_check CHECK ((kind = ANY (ARRAY['address'::text, 'minute'::text])))
);
CREATE SEQUENCE public.poll_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.poll_id_seq OWNED BY public.poll.id;
CREATE TABLE public.poll_option (
    id bigint NOT NULL,
    poll_id bigint NOT NULL,
    number integer NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    video_url text,
    picture_id bigint,
    direct boolean NOT NULL,
    source_id bigint
);
CREATE SEQUENCE public.poll_option_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.poll_option_id_seq OWNED BY public.poll_option.id;
CREATE TABLE public.poll_refusal (
    poll_id bigint NOT NULL,
    reason text NOT NULL,
    count integer NOT NULL
);
CREATE TABLE public.poll_signature (
    poll_id bigint NOT NULL,
    key text NOT NULL,
    player_id bigint NOT NULL,
    is_guest boolean NOT NULL,
    day text NOT NULL,
    cast_at bigint NOT NULL
);
CREATE TABLE public.poll_tally (
    poll_id bigint NOT NULL,
    casts integer NOT NULL,
    ballots integer NOT NULL,
    staff integer NOT NULL,
    guests integer NOT NULL,
    counted integer NOT NULL,
    outcome jsonb
);
CREATE TABLE public.poll_voter (
    poll_id bigint NOT NULL,
    day text NOT NULL,
    voter text NOT NULL,
    nth integer NOT NULL
);
CREATE TABLE public.question (
    id bigint NOT NULL,
    bank_id bigint CONSTRAINT question_bank_id_not_null1 NOT NULL,
    code text NOT NULL,
    version integer NOT NULL,
    current boolean NOT NULL,
    kind text NOT NULL,
    topic text NOT NULL,
    difficulty integer NOT NULL,
    stem text NOT NULL,
    options jsonb NOT NULL,
    key jsonb NOT NULL,
    explanation text NOT NULL,
    source text NOT NULL,
    expires_on text,
    reviewer text NOT NULL,
    digest text NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT question_difficulty_check CHECK (((difficulty >= 1) AND (difficulty <= 5))),
    CONSTRAINT question_kind_check CHECK ((kind = ANY (ARRAY['single'::text, 'multiple'::text, 'truefalse'::text])))
);
CREATE TABLE public.question_bank (
    id bigint NOT NULL,
    name text NOT NULL,
    title text NOT NULL
);
CREATE SEQUENCE public.question_bank_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.question_bank_id_seq OWNED BY public.question_bank.id;
CREATE SEQUENCE public.question_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.question_id_seq OWNED BY public.question.id;
CREATE TABLE public.raffle_draw (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    prize_id bigint NOT NULL,
    number integer NOT NULL,
    count integer NOT NULL,
    rule jsonb NOT NULL,
    who text NOT NULL,
    pool_size integer NOT NULL,
    seed text NOT NULL,
    salt text NOT NULL,
    commitment text NOT NULL,
    word text NOT NULL,
    waiting_seconds integer,
    under_way integer,
    committed_at bigint NOT NULL,
    begun_at bigint,
    done_at bigint,
    revealed_at bigint,
    abandoned_at bigint,
    CONSTRAINT raffle_draw_count_check CHECK ((count >= 1))
);
CREATE SEQUENCE public.raffle_draw_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.raffle_draw_id_seq OWNED BY public.raffle_draw.id;
CREATE TABLE public.raffle_entry (
    id bigint NOT NULL,
    draw_id bigint NOT NULL,
    number integer NOT NULL,
    tag text NOT NULL,
    person text NOT NULL,
    player_id bigint,
    staff_id bigint,
    name text NOT NULL,
    staff_number text,
    team_name text
);
CREATE SEQUENCE public.raffle_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.raffle_entry_id_seq OWNED BY public.raffle_entry.id;
CREATE TABLE public.raffle_handover (
    id bigint NOT NULL,
    pick_id bigint NOT NULL,
    host_id bigint NOT NULL,
    at bigint NOT NULL
);
CREATE SEQUENCE public.raffle_handover_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.raffle_handover_id_seq OWNED BY public.raffle_handover.id;
CREATE TABLE public.raffle_list (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    title text NOT NULL,
    people jsonb NOT NULL,
    imported_at bigint NOT NULL
);
CREATE SEQUENCE public.raffle_list_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.raffle_list_id_seq OWNED BY public.raffle_list.id;
CREATE TABLE public.raffle_pick (
    id bigint NOT NULL,
    event_id bigint NOT NULL,
    activity_id bigint NOT NULL,
    draw_id bigint NOT NULL,
    prize_id bigint NOT NULL,
    entry_id bigint NOT NULL,
    turn integer NOT NULL,
    person text NOT NULL,
    once integer,
    item integer,
    status text NOT NULL,
    code text NOT NULL,
    drawn_at bigint NOT NULL,
    called_at bigint,
    called_by bigint,
    absent_at bigint,
    absent_by bigint,
    CONSTRAINT raffle_pick_status_check CHECK ((status = ANY (ARRAY['won'::text, 'absent'::text, 'passed'::text])))
);
CREATE SEQUENCE public.raffle_pick_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.raffle_pick_id_seq OWNED BY public.raffle_pick.id;
CREATE TABLE public.raffle_prize (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    "position" integer NOT NULL,
    title text NOT NULL,
    stock integer NOT NULL,
    given integer NOT NULL,
    again boolean NOT NULL,
    CONSTRAINT raffle_prize_check CHECK (((given >= 0) AND (given <= stock))),
    CONSTRAINT raffle_prize_stock_check CHECK ((stock >= 1))
);
CREATE SEQUENCE public.raffle_prize_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.raffle_prize_id_seq OWNED BY public.raffle_prize.id;
CREATE TABLE public.raffle_stage (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    showing text,
    since bigint NOT NULL
);
CREATE SEQUENCE public.raffle_stage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.raffle_stage_id_seq OWNED BY public.raffle_stage.id;
CREATE TABLE public.role_grant (
    id bigint NOT NULL,
    staff_id bigint NOT NULL,
    role text NOT NULL,
    event_id bigint NOT NULL,
    granted_at bigint NOT NULL,
    CONSTRAINT role_grant_role_check CHECK ((role = ANY (ARRAY['host'::text, 'trainer'::text, 'admin'::text])))
);
CREATE SEQUENCE public.role_grant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.role_grant_id_seq OWNED BY public.role_grant.id;
CREATE TABLE public.schema_migration (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.schema_migration_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.schema_migration_id_seq OWNED BY public.schema_migration.id;
CREATE TABLE public.score_entry (
    id bigint NOT NULL,
    event_id bigint NOT NULL,
    activity_id bigint,
    player_id bigint NOT NULL,
    points integer NOT NULL,
    reason text NOT NULL,
    source text NOT NULL,
    note text NOT NULL,
    rule_version text NOT NULL,
    day text NOT NULL,
    week text NOT NULL,
    earned_at bigint NOT NULL,
    created_at bigint NOT NULL,
    reverses_id bigint
);
CREATE SEQUENCE public.score_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.score_entry_id_seq OWNED BY public.score_entry.id;
CREATE TABLE public.shake_result (
    id bigint NOT NULL,
    round_id bigint NOT NULL,
    player_id bigint NOT NULL,
    team_id bigint,
    count integer NOT NULL,
    value integer NOT NULL,
    place integer,
    points integer NOT NULL,
    claimed_rate integer,
    CONSTRAINT shake_result_points_check CHECK ((points >= 0))
);
CREATE SEQUENCE public.shake_result_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.shake_result_id_seq OWNED BY public.shake_result.id;
CREATE TABLE public.shake_round (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    number integer NOT NULL,
    mode text NOT NULL,
    begun_at bigint NOT NULL,
    starts_at bigint NOT NULL,
    seconds integer NOT NULL,
    winner_count integer NOT NULL,
    at_least integer NOT NULL,
    team_ids jsonb NOT NULL,
    seed text NOT NULL,
    under_way integer,
    scored_at bigint,
    cancelled_at bigint,
    dismissed_at bigint,
    drawn jsonb NOT NULL,
    counts_lost boolean NOT NULL,
    CONSTRAINT shake_round_mode_check CHECK ((mode = ANY (ARRAY['race'::text, 'tug'::text, 'luck'::text, 'draw'::text])))
);
CREATE SEQUENCE public.shake_round_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.shake_round_id_seq OWNED BY public.shake_round.id;
CREATE TABLE public.sitting (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    title text NOT NULL,
    shifts jsonb NOT NULL,
    starts_at bigint NOT NULL,
    ends_at bigint NOT NULL
);
CREATE SEQUENCE public.sitting_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sitting_id_seq OWNED BY public.sitting.id;
CREATE TABLE public.snooze (
    id bigint NOT NULL,
    event_id bigint NOT NULL,
    player_id bigint NOT NULL,
    dig_id bigint NOT NULL,
    at bigint NOT NULL
);
CREATE SEQUENCE public.snooze_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.snooze_id_seq OWNED BY public.snooze.id;
CREATE TABLE public.staff (
    id bigint NOT NULL,
    number text NOT NULL,
    name text NOT NULL,
    team_id bigint NOT NULL,
    shift text NOT NULL,
    invite_digest text NOT NULL,
    active boolean NOT NULL,
    account_id bigint,
    bound_at bigint
);
CREATE SEQUENCE public.staff_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.staff_id_seq OWNED BY public.staff.id;
CREATE TABLE public.standing (
    event_id bigint NOT NULL,
    board text NOT NULL,
    player_id bigint NOT NULL,
    points integer NOT NULL,
    reached_at bigint NOT NULL,
    version integer NOT NULL,
    updated_at bigint NOT NULL
);
CREATE TABLE public.suggestion (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    player_id bigint NOT NULL,
    item_id bigint NOT NULL,
    picture_id bigint,
    text text NOT NULL,
    plain text NOT NULL,
    digest text NOT NULL,
    status text NOT NULL,
    reason text NOT NULL,
    answer text NOT NULL,
    answered_at bigint,
    merged_into_id bigint,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT suggestion_status_check CHECK ((status = ANY (ARRAY['collecting'::text, 'adopted'::text, 'done'::text, 'declined'::text])))
);
CREATE SEQUENCE public.suggestion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.suggestion_id_seq OWNED BY public.suggestion.id;
CREATE TABLE public.suggestion_option (
    id bigint NOT NULL,
    suggestion_id bigint NOT NULL,
    poll_id bigint NOT NULL,
    option_number bigint NOT NULL
);
CREATE SEQUENCE public.suggestion_option_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.suggestion_option_id_seq OWNED BY public.suggestion_option.id;
CREATE TABLE public.suggestion_support (
    id bigint NOT NULL,
    suggestion_id bigint NOT NULL,
    player_id bigint NOT NULL,
    at bigint NOT NULL
);
CREATE SEQUENCE public.suggestion_support_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.suggestion_support_id_seq OWNED BY public.suggestion_support.id;
CREATE TABLE public.team (
    id bigint NOT NULL,
    name text NOT NULL
);
CREATE SEQUENCE public.team_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.team_id_seq OWNED BY public.team.id;
CREATE TABLE public.treasure (
    id bigint NOT NULL,
    activity_id bigint NOT NULL,
    key text NOT NULL,
    title text NOT NULL,
    site text NOT NULL,
    points integer NOT NULL,
    stock integer NOT NULL,
    claimed integer NOT NULL,
    chance real NOT NULL,
    CONSTRAINT treasure_check CHECK (((claimed >= 0) AND (claimed <= stock)))
);
CREATE TABLE public.treasure_claim (
    id bigint NOT NULL,
    treasure_id bigint NOT NULL,
    player_id bigint NOT NULL,
    dig_id bigint NOT NULL,
    number integer NOT NULL,
    at bigint NOT NULL
);
CREATE SEQUENCE public.treasure_claim_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.treasure_claim_id_seq OWNED BY public.treasure_claim.id;
CREATE SEQUENCE public.treasure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.treasure_id_seq OWNED BY public.treasure.id;
CREATE TABLE public.word (
    id bigint NOT NULL,
    pack_id bigint CONSTRAINT word_pack_id_not_null1 NOT NULL,
    text text NOT NULL,
    category text NOT NULL,
    difficulty integer NOT NULL,
    current boolean NOT NULL,
    CONSTRAINT word_difficulty_check CHECK (((difficulty >= 1) AND (difficulty <= 3)))
);
CREATE SEQUENCE public.word_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.word_id_seq OWNED BY public.word.id;
CREATE TABLE public.word_pack (
    id bigint NOT NULL,
    name text NOT NULL,
    title text NOT NULL
);
CREATE SEQUENCE public.word_pack_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.word_pack_id_seq OWNED BY public.word_pack.id;
CREATE TABLE public.writing_block (
    id bigint NOT NULL,
    event_id bigint NOT NULL,
    player_id bigint NOT NULL,
    reason text NOT NULL,
    blocked_at bigint NOT NULL,
    blocked_by bigint
);
CREATE SEQUENCE public.writing_block_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.writing_block_id_seq OWNED BY public.writing_block.id;
ALTER TABLE ONLY public.account ALTER COLUMN id SET DEFAULT nextval('public.account_id_seq'::regclass);
ALTER TABLE ONLY public.activity ALTER COLUMN id SET DEFAULT nextval('public.activity_id_seq'::regclass);
ALTER TABLE ONLY public.answer ALTER COLUMN id SET DEFAULT nextval('public.answer_id_seq'::regclass);
ALTER TABLE ONLY public.audit_line ALTER COLUMN id SET DEFAULT nextval('public.audit_line_id_seq'::regclass);
ALTER TABLE ONLY public.binding_attempt ALTER COLUMN id SET DEFAULT nextval('public.binding_attempt_id_seq'::regclass);
ALTER TABLE ONLY public.blocked_word ALTER COLUMN id SET DEFAULT nextval('public.blocked_word_id_seq'::regclass);
ALTER TABLE ONLY public.contest ALTER COLUMN id SET DEFAULT nextval('public.contest_id_seq'::regclass);
ALTER TABLE ONLY public.contest_answer ALTER COLUMN id SET DEFAULT nextval('public.contest_answer_id_seq'::regclass);
ALTER TABLE ONLY public.contest_round ALTER COLUMN id SET DEFAULT nextval('public.contest_round_id_seq'::regclass);
ALTER TABLE ONLY public.correction ALTER COLUMN id SET DEFAULT nextval('public.correction_id_seq'::regclass);
ALTER TABLE ONLY public.dig ALTER COLUMN id SET DEFAULT nextval('public.dig_id_seq'::regclass);
ALTER TABLE ONLY public.drawing_game ALTER COLUMN id SET DEFAULT nextval('public.drawing_game_id_seq'::regclass);
ALTER TABLE ONLY public.drawing_guess ALTER COLUMN id SET DEFAULT nextval('public.drawing_guess_id_seq'::regclass);
ALTER TABLE ONLY public.drawing_report ALTER COLUMN id SET DEFAULT nextval('public.drawing_report_id_seq'::regclass);
ALTER TABLE ONLY public.drawing_room ALTER COLUMN id SET DEFAULT nextval('public.drawing_room_id_seq'::regclass);
ALTER TABLE ONLY public.drawing_seat ALTER COLUMN id SET DEFAULT nextval('public.drawing_seat_id_seq'::regclass);
ALTER TABLE ONLY public.drawing_turn ALTER COLUMN id SET DEFAULT nextval('public.drawing_turn_id_seq'::regclass);
ALTER TABLE ONLY public.drawing_vote ALTER COLUMN id SET DEFAULT nextval('public.drawing_vote_id_seq'::regclass);
ALTER TABLE ONLY public.event ALTER COLUMN id SET DEFAULT nextval('public.event_id_seq'::regclass);
ALTER TABLE ONLY public.event_team ALTER COLUMN id SET DEFAULT nextval('public.event_team_id_seq'::regclass);
ALTER TABLE ONLY public.keyword ALTER COLUMN id SET DEFAULT nextval('public.keyword_id_seq'::regclass);
ALTER TABLE ONLY public.keyword_hit ALTER COLUMN id SET DEFAULT nextval('public.keyword_hit_id_seq'::regclass);
ALTER TABLE ONLY public.keyword_spelling ALTER COLUMN id SET DEFAULT nextval('public.keyword_spelling_id_seq'::regclass);
ALTER TABLE ONLY public.moderation_item ALTER COLUMN id SET DEFAULT nextval('public.moderation_item_id_seq'::regclass);
ALTER TABLE ONLY public.moderation_picture ALTER COLUMN id SET DEFAULT nextval('public.moderation_picture_id_seq'::regclass);
ALTER TABLE ONLY public.player ALTER COLUMN id SET DEFAULT nextval('public.player_id_seq'::regclass);
ALTER TABLE ONLY public.poll ALTER COLUMN id SET DEFAULT nextval('public.poll_id_seq'::regclass);
ALTER TABLE ONLY public.poll_option ALTER COLUMN id SET DEFAULT nextval('public.poll_option_id_seq'::regclass);
ALTER TABLE ONLY public.question ALTER COLUMN id SET DEFAULT nextval('public.question_id_seq'::regclass);
ALTER TABLE ONLY public.question_bank ALTER COLUMN id SET DEFAULT nextval('public.question_bank_id_seq'::regclass);
ALTER TABLE ONLY public.raffle_draw ALTER COLUMN id SET DEFAULT nextval('public.raffle_draw_id_seq'::regclass);
ALTER TABLE ONLY public.raffle_entry ALTER COLUMN id SET DEFAULT nextval('public.raffle_entry_id_seq'::regclass);
ALTER TABLE ONLY public.raffle_handover ALTER COLUMN id SET DEFAULT nextval('public.raffle_handover_id_seq'::regclass);
ALTER TABLE ONLY public.raffle_list ALTER COLUMN id SET DEFAULT nextval('public.raffle_list_id_seq'::regclass);
ALTER TABLE ONLY public.raffle_pick ALTER COLUMN id SET DEFAULT nextval('public.raffle_pick_id_seq'::regclass);
ALTER TABLE ONLY public.raffle_prize ALTER COLUMN id SET DEFAULT nextval('public.raffle_prize_id_seq'::regclass);
ALTER TABLE ONLY public.raffle_stage ALTER COLUMN id SET DEFAULT nextval('public.raffle_stage_id_seq'::regclass);
ALTER TABLE ONLY public.role_grant ALTER COLUMN id SET DEFAULT nextval('public.role_grant_id_seq'::regclass);
ALTER TABLE ONLY public.schema_migration ALTER COLUMN id SET DEFAULT nextval('public.schema_migration_id_seq'::regclass);
ALTER TABLE ONLY public.score_entry ALTER COLUMN id SET DEFAULT nextval('public.score_entry_id_seq'::regclass);
ALTER TABLE ONLY public.shake_result ALTER COLUMN id SET DEFAULT nextval('public.shake_result_id_seq'::regclass);
ALTER TABLE ONLY public.shake_round ALTER COLUMN id SET DEFAULT nextval('public.shake_round_id_seq'::regclass);
ALTER TABLE ONLY public.sitting ALTER COLUMN id SET DEFAULT nextval('public.sitting_id_seq'::regclass);
ALTER TABLE ONLY public.snooze ALTER COLUMN id SET DEFAULT nextval('public.snooze_id_seq'::regclass);
ALTER TABLE ONLY public.staff ALTER COLUMN id SET DEFAULT nextval('public.staff_id_seq'::regclass);
ALTER TABLE ONLY public.suggestion ALTER COLUMN id SET DEFAULT nextval('public.suggestion_id_seq'::regclass);
ALTER TABLE ONLY public.suggestion_option ALTER COLUMN id SET DEFAULT nextval('public.suggestion_option_id_seq'::regclass);
ALTER TABLE ONLY public.suggestion_support ALTER COLUMN id SET DEFAULT nextval('public.suggestion_support_id_seq'::regclass);
ALTER TABLE ONLY public.team ALTER COLUMN id SET DEFAULT nextval('public.team_id_seq'::regclass);
ALTER TABLE ONLY public.treasure ALTER COLUMN id SET DEFAULT nextval('public.treasure_id_seq'::regclass);
ALTER TABLE ONLY public.treasure_claim ALTER COLUMN id SET DEFAULT nextval('public.treasure_claim_id_seq'::regclass);
ALTER TABLE ONLY public.word ALTER COLUMN id SET DEFAULT nextval('public.word_id_seq'::regclass);
ALTER TABLE ONLY public.word_pack ALTER COLUMN id SET DEFAULT nextval('public.word_pack_id_seq'::regclass);
ALTER TABLE ONLY public.writing_block ALTER COLUMN id SET DEFAULT nextval('public.writing_block_id_seq'::regclass);
INSERT INTO public.account VALUES (1, '1', '1', '1', '1', 1, '', 1, 1, 1, '1');
INSERT INTO public.activity VALUES (1, 1, '1', '1', 1, '{}', 'c213a82dd1bd9be84c77fbbe27447b79');
INSERT INTO public.answer VALUES (1, 1, 1, 1, 1, '1', true, 1, '[]', 1, 1, 1, 1, true);
INSERT INTO public.audit_line VALUES (1, 1, 1, '1', '1', '{}', 1);
INSERT INTO public.binding_attempt VALUES (1, 1, '1', 1);
INSERT INTO public.blocked_word VALUES (1, '1', '1');
INSERT INTO public.contest VALUES (1, 1, 'idle', 0, 0, false, '{}', 1);
INSERT INTO public.contest_answer VALUES (1, 1, 1, '1', 1, 1, true, true, 1, 1);
INSERT INTO public.contest_round VALUES (1, 1, 1, 1, 1, 1, 1);
INSERT INTO public.correction VALUES (1, 1, 1, '1', '[]', '1', 1, 1);
INSERT INTO public.dig VALUES (1, 1, 1, '1', 1, '1', 1, 1, 0, 1, false, '1', 1);
INSERT INTO public.drawing_game VALUES (1, 1, 1, 1, 1);
INSERT INTO public.drawing_guess VALUES (1, 1, 1, 1, 1, 1);
INSERT INTO public.drawing_report VALUES (1, 1, 1, 1);
INSERT INTO public.drawing_room VALUES (1, 1, 1, 1);
INSERT INTO public.drawing_seat VALUES (1, 1, 1, 1, 1, 1);
INSERT INTO public.drawing_turn VALUES (1, 1, 1, 1, 1, '{}', 1, 1, 1, 1, 1, 0, 1, '1', '{}', 1);
INSERT INTO public.drawing_vote VALUES (1, 1, 1, 1, 1);
INSERT INTO public.event VALUES (1, '1', '', '1', 'draft', '1', '1', false, 1, 1, 1, 1, '[]', 1, 1, '{}', 1, 1);
INSERT INTO public.event_team VALUES (1, 1, 1, '1', 1);
INSERT INTO public.frozen_standing VALUES (1, '1', 1, 1, 1, 1);
INSERT INTO public.keyword VALUES (1, 1, 1, '1', '[]', false, 1, 1, 1, false, 1, 1, 1);
INSERT INTO public.keyword_hit VALUES (1, 1, 1, 1, 1, 1, 1, 1);
INSERT INTO public.keyword_spelling VALUES (1, 1, 1, '1');
INSERT INTO public.moderation_item VALUES (1, 1, 1, 1, 'text', '', '1', 'pending', '1', 1, 1, 1, 1, '');
INSERT INTO public.moderation_picture VALUES (1, 1, '\x31', 1, 1);
INSERT INTO public.out_of_competition VALUES (1, 1, 1);
INSERT INTO public.player VALUES (1, 1, 1, 1, '1', '1', 1, '1', '', 'active', 1);
INSERT INTO public.poll VALUES (1, 1, 1, '1', '', 'single', 1, 1, true, true, true, 1, 'number', '1', 'draft', 'bars', false, NULL, 0, 1, 1, 1, 1, 1);
INSERT INTO public.poll_ballot VALUES (1, '1', '1');
INSERT INTO public.poll_flag VALUES (1, '1', 'address', '', '1', 1, 1);
INSERT INTO public.poll_option VALUES (1, 1, 1, '1', '', '1', 1, false, 1);
INSERT INTO public.poll_refusal VALUES (1, '1', 1);
INSERT INTO public.poll_signature VALUES (1, '1', 1, true, '1', 1);
INSERT INTO public.poll_tally VALUES (1, 1, 1, 1, 1, 0, '{}');
INSERT INTO public.poll_voter VALUES (1, '1', '1', 1);
INSERT INTO public.question VALUES (1, 1, '1', 1, true, 'single', '1', 1, '1', '[]', '[]', '1', '', '1', '', '1', 1);
INSERT INTO public.question_bank VALUES (1, '1', '1');
INSERT INTO public.raffle_draw VALUES (1, 1, 1, 1, 1, '{}', '1', 1, '1', '1', '1', '', 1, 1, 1, 1, 1, 1, 1);
INSERT INTO public.raffle_entry VALUES (1, 1, 1, '1', '1', 1, 1, '1', '1', '1');
INSERT INTO public.raffle_handover VALUES (1, 1, 1, 1);
INSERT INTO public.raffle_list VALUES (1, 1, '1', '{}', 1);
INSERT INTO public.raffle_pick VALUES (1, 1, 1, 1, 1, 1, 1, '1', 1, 1, 'won', '1', 1, 1, 1, 1, 1);
INSERT INTO public.raffle_prize VALUES (1, 1, 1, '1', 1, 0, false);
INSERT INTO public.raffle_stage VALUES (1, 1, '1', 1);
INSERT INTO public.role_grant VALUES (1, 1, 'host', 0, 1);
INSERT INTO public.schema_migration VALUES (1, '0001_first', '2026-11-28 22:12:36.083244');
INSERT INTO public.score_entry VALUES (1, 1, 1, 1, 1, '1', '1', '', '1', '1', '1', 1, 1, 1);
INSERT INTO public.shake_result VALUES (1, 1, 1, 1, 1, 1, 1, 1, 1);
INSERT INTO public.shake_round VALUES (1, 1, 1, 'race', 1, 1, 1, 0, 0, '[]', '1', 1, 1, 1, 1, '[]', false);
INSERT INTO public.sitting VALUES (1, 1, '1', '[]', 1, 1);
INSERT INTO public.snooze VALUES (1, 1, 1, 1, 1);
INSERT INTO public.staff VALUES (1, '1', '1', 1, '', '1', true, 1, 1);
INSERT INTO public.standing VALUES (1, '1', 1, 1, 1, 1, 1);
INSERT INTO public.suggestion VALUES (1, 1, 1, 1, 1, '1', '1', '1', 'collecting', '', '', 1, NULL, 1, 1);
INSERT INTO public.suggestion_option VALUES (1, 1, 1, 1);
INSERT INTO public.suggestion_support VALUES (1, 1, 1, 1);
INSERT INTO public.team VALUES (1, '1');
INSERT INTO public.treasure VALUES (1, 1, '1', '1', '1', 1, 1, 0, 0);
INSERT INTO public.treasure_claim VALUES (1, 1, 1, 1, 1, 1);
INSERT INTO public.word VALUES (1, 1, '1', '1', 1, true);
INSERT INTO public.word_pack VALUES (1, '1', '1');
INSERT INTO public.writing_block VALUES (1, 1, 1, '1', 1, 1);
SELECT pg_catalog.setval('public.account_id_seq', 1, false);
SELECT pg_catalog.setval('public.activity_id_seq', 1, false);
SELECT pg_catalog.setval('public.answer_id_seq', 1, false);
SELECT pg_catalog.setval('public.audit_line_id_seq', 1, false);
SELECT pg_catalog.setval('public.binding_attempt_id_seq', 1, false);
SELECT pg_catalog.setval('public.blocked_word_id_seq', 1, false);
SELECT pg_catalog.setval('public.contest_answer_id_seq', 1, false);
SELECT pg_catalog.setval('public.contest_id_seq', 1, false);
SELECT pg_catalog.setval('public.contest_round_id_seq', 1, false);
SELECT pg_catalog.setval('public.correction_id_seq', 1, false);
SELECT pg_catalog.setval('public.dig_id_seq', 1, false);
SELECT pg_catalog.setval('public.drawing_game_id_seq', 1, false);
SELECT pg_catalog.setval('public.drawing_guess_id_seq', 1, false);
SELECT pg_catalog.setval('public.drawing_report_id_seq', 1, false);
SELECT pg_catalog.setval('public.drawing_room_id_seq', 1, false);
SELECT pg_catalog.setval('public.drawing_seat_id_seq', 1, false);
SELECT pg_catalog.setval('public.drawing_turn_id_seq', 1, false);
SELECT pg_catalog.setval('public.drawing_vote_id_seq', 1, false);
SELECT pg_catalog.setval('public.event_id_seq', 1, false);
SELECT pg_catalog.setval('public.event_team_id_seq', 1, false);
SELECT pg_catalog.setval('public.keyword_hit_id_seq', 1, false);
SELECT pg_catalog.setval('public.keyword_id_seq', 1, false);
SELECT pg_catalog.setval('public.keyword_spelling_id_seq', 1, false);
SELECT pg_catalog.setval('public.moderation_item_id_seq', 1, false);
SELECT pg_catalog.setval('public.moderation_picture_id_seq', 1, false);
SELECT pg_catalog.setval('public.player_id_seq', 1, false);
SELECT pg_catalog.setval('public.poll_id_seq', 1, false);
SELECT pg_catalog.setval('public.poll_option_id_seq', 1, false);
SELECT pg_catalog.setval('public.question_bank_id_seq', 1, false);
SELECT pg_catalog.setval('public.question_id_seq', 1, false);
SELECT pg_catalog.setval('public.raffle_draw_id_seq', 1, false);
SELECT pg_catalog.setval('public.raffle_entry_id_seq', 1, false);
SELECT pg_catalog.setval('public.raffle_handover_id_seq', 1, false);
SELECT pg_catalog.setval('public.raffle_list_id_seq', 1, false);
SELECT pg_catalog.setval('public.raffle_pick_id_seq', 1, false);
SELECT pg_catalog.setval('public.raffle_prize_id_seq', 1, false);
SELECT pg_catalog.setval('public.raffle_stage_id_seq', 1, false);
SELECT pg_catalog.setval('public.role_grant_id_seq', 1, false);
SELECT pg_catalog.setval('public.schema_migration_id_seq', 1, true);
SELECT pg_catalog.setval('public.score_entry_id_seq', 1, false);
SELECT pg_catalog.setval('public.shake_result_id_seq', 1, false);
SELECT pg_catalog.setval('public.shake_round_id_seq', 1, false);
SELECT pg_catalog.setval('public.sitting_id_seq', 1, false);
SELECT pg_catalog.setval('public.snooze_id_seq', 1, false);
SELECT pg_catalog.setval('public.staff_id_seq', 1, false);
SELECT pg_catalog.setval('public.suggestion_id_seq', 1, false);
SELECT pg_catalog.setval('public.suggestion_option_id_seq', 1, false);
SELECT pg_catalog.setval('public.suggestion_support_id_seq', 1, false);
SELECT pg_catalog.setval('public.team_id_seq', 1, false);
SELECT pg_catalog.setval('public.treasure_claim_id_seq', 1, false);
SELECT pg_catalog.setval('public.treasure_id_seq', 1, false);
SELECT pg_catalog.setval('public.word_id_seq', 1, false);
SELECT pg_catalog.setval('public.word_pack_id_seq', 1, false);
SELECT pg_catalog.setval('public.writing_block_id_seq', 1, false);
ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.activity
    ADD CONSTRAINT activity_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.answer
    ADD CONSTRAINT answer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit_line
    ADD CONSTRAINT audit_line_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.binding_attempt
    ADD CONSTRAINT binding_attempt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.blocked_word
    ADD CONSTRAINT blocked_word_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contest_answer
    ADD CONSTRAINT contest_answer_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contest
    ADD CONSTRAINT contest_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.contest_round
    ADD CONSTRAINT contest_round_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.correction
    ADD CONSTRAINT correction_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.dig
    ADD CONSTRAINT dig_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.drawing_game
    ADD CONSTRAINT drawing_game_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.drawing_guess
    ADD CONSTRAINT drawing_guess_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.drawing_report
    ADD CONSTRAINT drawing_report_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.drawing_room
    ADD CONSTRAINT drawing_room_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.drawing_seat
    ADD CONSTRAINT drawing_seat_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.drawing_turn
    ADD CONSTRAINT drawing_turn_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.drawing_vote
    ADD CONSTRAINT drawing_vote_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.event_team
    ADD CONSTRAINT event_team_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.frozen_standing
    ADD CONSTRAINT frozen_standing_pkey PRIMARY KEY (event_id, board, player_id);
ALTER TABLE ONLY public.keyword_hit
    ADD CONSTRAINT keyword_hit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.keyword
    ADD CONSTRAINT keyword_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.keyword_spelling
    ADD CONSTRAINT keyword_spelling_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.moderation_item
    ADD CONSTRAINT moderation_item_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.moderation_picture
    ADD CONSTRAINT moderation_picture_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.out_of_competition
    ADD CONSTRAINT out_of_competition_pkey PRIMARY KEY (activity_id, player_id);
ALTER TABLE ONLY public.player
    ADD CONSTRAINT player_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.poll_ballot
    ADD CONSTRAINT poll_ballot_pkey PRIMARY KEY (poll_id, key);
ALTER TABLE ONLY public.poll_flag
    ADD CONSTRAINT poll_flag_pkey PRIMARY KEY (poll_id, mark);
ALTER TABLE ONLY public.poll_option
    ADD CONSTRAINT poll_option_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.poll
    ADD CONSTRAINT poll_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.poll_refusal
    ADD CONSTRAINT poll_refusal_pkey PRIMARY KEY (poll_id, reason);
ALTER TABLE ONLY public.poll_signature
    ADD CONSTRAINT poll_signature_pkey PRIMARY KEY (poll_id, key);
ALTER TABLE ONLY public.poll_tally
    ADD CONSTRAINT poll_tally_pkey PRIMARY KEY (poll_id);
ALTER TABLE ONLY public.poll_voter
    ADD CONSTRAINT poll_voter_pkey PRIMARY KEY (poll_id, day, voter, nth);
ALTER TABLE ONLY public.question_bank
    ADD CONSTRAINT question_bank_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.raffle_draw
    ADD CONSTRAINT raffle_draw_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.raffle_entry
    ADD CONSTRAINT raffle_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.raffle_handover
    ADD CONSTRAINT raffle_handover_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.raffle_list
    ADD CONSTRAINT raffle_list_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.raffle_pick
    ADD CONSTRAINT raffle_pick_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.raffle_prize
    ADD CONSTRAINT raffle_prize_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.raffle_stage
    ADD CONSTRAINT raffle_stage_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.role_grant
    ADD CONSTRAINT role_grant_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.score_entry
    ADD CONSTRAINT score_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.shake_result
    ADD CONSTRAINT shake_result_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.shake_round
    ADD CONSTRAINT shake_round_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sitting
    ADD CONSTRAINT sitting_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.snooze
    ADD CONSTRAINT snooze_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.standing
    ADD CONSTRAINT standing_pkey PRIMARY KEY (event_id, board, player_id);
ALTER TABLE ONLY public.suggestion_option
    ADD CONSTRAINT suggestion_option_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.suggestion
    ADD CONSTRAINT suggestion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.suggestion_support
    ADD CONSTRAINT suggestion_support_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.team
    ADD CONSTRAINT team_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.treasure_claim
    ADD CONSTRAINT treasure_claim_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.treasure
    ADD CONSTRAINT treasure_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.word_pack
    ADD CONSTRAINT word_pack_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.word
    ADD CONSTRAINT word_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.writing_block
    ADD CONSTRAINT writing_block_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX account_appid_openid ON public.account USING btree (appid, openid);
CREATE INDEX account_code_digest ON public.account USING btree (code_digest);
CREATE INDEX account_unionid ON public.account USING btree (unionid);
CREATE INDEX activity_event_id ON public.activity USING btree (event_id);
CREATE INDEX answer_activity_id_question_id ON public.answer USING btree (activity_id, question_id);
CREATE UNIQUE INDEX answer_dig_id ON public.answer USING btree (dig_id);
CREATE INDEX answer_player_id ON public.answer USING btree (player_id);
CREATE INDEX audit_line_at ON public.audit_line USING btree (at);
CREATE INDEX audit_line_event_id_id ON public.audit_line USING btree (event_id, id);
CREATE INDEX binding_attempt_account_id_at ON public.binding_attempt USING btree (account_id, at);
CREATE INDEX binding_attempt_staff_number_at ON public.binding_attempt USING btree (staff_number, at);
CREATE UNIQUE INDEX blocked_word_plain ON public.blocked_word USING btree (plain);
CREATE UNIQUE INDEX contest_activity_id ON public.contest USING btree (activity_id);
CREATE INDEX contest_answer_player_id ON public.contest_answer USING btree (player_id);
CREATE INDEX contest_answer_round_id ON public.contest_answer USING btree (round_id);
CREATE UNIQUE INDEX contest_answer_round_id_player_id ON public.contest_answer USING btree (round_id, player_id);
CREATE INDEX contest_round_activity_id ON public.contest_round USING btree (activity_id);
CREATE UNIQUE INDEX contest_round_activity_id_position ON public.contest_round USING btree (activity_id, "position");
CREATE INDEX contest_round_question_id ON public.contest_round USING btree (question_id);
CREATE INDEX correction_event_id ON public.correction USING btree (event_id);
CREATE INDEX correction_event_id_question_id ON public.correction USING btree (event_id, question_id);
CREATE INDEX dig_activity_id ON public.dig USING btree (activity_id);
CREATE UNIQUE INDEX dig_activity_id_player_id_day_slot ON public.dig USING btree (activity_id, player_id, day, slot);
CREATE INDEX dig_activity_id_question_id ON public.dig USING btree (activity_id, question_id);
CREATE INDEX dig_player_id ON public.dig USING btree (player_id);
CREATE INDEX dig_question_id ON public.dig USING btree (question_id);
CREATE UNIQUE INDEX drawing_game_activity_id ON public.drawing_game USING btree (activity_id);
CREATE INDEX drawing_guess_player_id ON public.drawing_guess USING btree (player_id);
CREATE INDEX drawing_guess_turn_id ON public.drawing_guess USING btree (turn_id);
CREATE UNIQUE INDEX drawing_guess_turn_id_player_id ON public.drawing_guess USING btree (turn_id, player_id);
CREATE INDEX drawing_report_player_id ON public.drawing_report USING btree (player_id);
CREATE INDEX drawing_report_turn_id ON public.drawing_report USING btree (turn_id);
CREATE UNIQUE INDEX drawing_report_turn_id_player_id ON public.drawing_report USING btree (turn_id, player_id);
CREATE INDEX drawing_room_activity_id ON public.drawing_room USING btree (activity_id);
CREATE UNIQUE INDEX drawing_room_activity_id_number ON public.drawing_room USING btree (activity_id, number);
CREATE INDEX drawing_seat_activity_id ON public.drawing_seat USING btree (activity_id);
CREATE UNIQUE INDEX drawing_seat_activity_id_player_id ON public.drawing_seat USING btree (activity_id, player_id);
CREATE INDEX drawing_seat_player_id ON public.drawing_seat USING btree (player_id);
CREATE INDEX drawing_seat_room_id ON public.drawing_seat USING btree (room_id);
CREATE INDEX drawing_seat_room_id_position ON public.drawing_seat USING btree (room_id, "position");
CREATE INDEX drawing_turn_activity_id ON public.drawing_turn USING btree (activity_id);
CREATE INDEX drawing_turn_activity_id_ended_at ON public.drawing_turn USING btree (activity_id, ended_at);
CREATE INDEX drawing_turn_drawer_id ON public.drawing_turn USING btree (drawer_id);
CREATE INDEX drawing_turn_room_id ON public.drawing_turn USING btree (room_id);
CREATE UNIQUE INDEX drawing_turn_room_id_number ON public.drawing_turn USING btree (room_id, number);
CREATE INDEX drawing_vote_activity_id ON public.drawing_vote USING btree (activity_id);
CREATE UNIQUE INDEX drawing_vote_activity_id_player_id ON public.drawing_vote USING btree (activity_id, player_id);
CREATE INDEX drawing_vote_player_id ON public.drawing_vote USING btree (player_id);
CREATE INDEX drawing_vote_turn_id ON public.drawing_vote USING btree (turn_id);
CREATE UNIQUE INDEX event_join_code ON public.event USING btree (join_code);
CREATE INDEX event_team_event_id ON public.event_team USING btree (event_id);
CREATE UNIQUE INDEX event_team_event_id_team_id ON public.event_team USING btree (event_id, team_id);
CREATE INDEX frozen_standing_event_id ON public.frozen_standing USING btree (event_id);
CREATE INDEX frozen_standing_player_id ON public.frozen_standing USING btree (player_id);
CREATE INDEX keyword_activity_id ON public.keyword USING btree (activity_id);
CREATE UNIQUE INDEX keyword_activity_id_number ON public.keyword USING btree (activity_id, number);
CREATE INDEX keyword_hit_activity_id ON public.keyword_hit USING btree (activity_id);
CREATE UNIQUE INDEX keyword_hit_activity_id_player_id_turn ON public.keyword_hit USING btree (activity_id, player_id, turn);
CREATE INDEX keyword_hit_player_id ON public.keyword_hit USING btree (player_id);
CREATE INDEX keyword_hit_word_id ON public.keyword_hit USING btree (word_id);
CREATE UNIQUE INDEX keyword_hit_word_id_place ON public.keyword_hit USING btree (word_id, place);
CREATE UNIQUE INDEX keyword_hit_word_id_player_id ON public.keyword_hit USING btree (word_id, player_id);
CREATE INDEX keyword_spelling_activity_id ON public.keyword_spelling USING btree (activity_id);
CREATE UNIQUE INDEX keyword_spelling_activity_id_key ON public.keyword_spelling USING btree (activity_id, key);
CREATE INDEX keyword_spelling_word_id ON public.keyword_spelling USING btree (word_id);
CREATE INDEX moderation_item_event_id ON public.moderation_item USING btree (event_id);
CREATE UNIQUE INDEX moderation_item_event_id_account_id_digest ON public.moderation_item USING btree (event_id, account_id, digest);
CREATE INDEX moderation_item_event_id_status_id ON public.moderation_item USING btree (event_id, status, id);
CREATE INDEX moderation_item_player_id ON public.moderation_item USING btree (player_id);
CREATE UNIQUE INDEX moderation_picture_item_id ON public.moderation_picture USING btree (item_id);
CREATE INDEX out_of_competition_activity_id ON public.out_of_competition USING btree (activity_id);
CREATE INDEX out_of_competition_player_id ON public.out_of_competition USING btree (player_id);
CREATE INDEX player_account_id ON public.player USING btree (account_id);
CREATE INDEX player_event_id ON public.player USING btree (event_id);
CREATE UNIQUE INDEX player_event_id_guest ON public.player USING btree (event_id, account_id) WHERE (staff_id IS NULL);
CREATE UNIQUE INDEX player_event_id_staff_id ON public.player USING btree (event_id, staff_id);
CREATE INDEX poll_activity_id ON public.poll USING btree (activity_id);
CREATE UNIQUE INDEX poll_activity_id_number ON public.poll USING btree (activity_id, number);
CREATE INDEX poll_option_poll_id ON public.poll_option USING btree (poll_id);
CREATE UNIQUE INDEX poll_option_poll_id_number ON public.poll_option USING btree (poll_id, number);
CREATE UNIQUE INDEX poll_runoff_of_id ON public.poll USING btree (runoff_of_id);
CREATE INDEX poll_signature_poll_id_player_id ON public.poll_signature USING btree (poll_id, player_id);
CREATE INDEX question_bank_id ON public.question USING btree (bank_id);
CREATE UNIQUE INDEX question_bank_id_code_version ON public.question USING btree (bank_id, code, version);
CREATE INDEX question_bank_id_current_topic ON public.question USING btree (bank_id, current, topic);
CREATE UNIQUE INDEX question_bank_name ON public.question_bank USING btree (name);
CREATE INDEX raffle_draw_activity_id ON public.raffle_draw USING btree (activity_id);
CREATE UNIQUE INDEX raffle_draw_activity_id_number ON public.raffle_draw USING btree (activity_id, number);
CREATE UNIQUE INDEX raffle_draw_activity_id_under_way ON public.raffle_draw USING btree (activity_id, under_way);
CREATE INDEX raffle_draw_prize_id ON public.raffle_draw USING btree (prize_id);
CREATE INDEX raffle_entry_draw_id ON public.raffle_entry USING btree (draw_id);
CREATE UNIQUE INDEX raffle_entry_draw_id_number ON public.raffle_entry USING btree (draw_id, number);
CREATE UNIQUE INDEX raffle_entry_draw_id_person ON public.raffle_entry USING btree (draw_id, person);
CREATE UNIQUE INDEX raffle_handover_pick_id ON public.raffle_handover USING btree (pick_id);
CREATE INDEX raffle_list_activity_id ON public.raffle_list USING btree (activity_id);
CREATE INDEX raffle_pick_activity_id ON public.raffle_pick USING btree (activity_id);
CREATE UNIQUE INDEX raffle_pick_activity_id_code ON public.raffle_pick USING btree (activity_id, code);
CREATE INDEX raffle_pick_draw_id ON public.raffle_pick USING btree (draw_id);
CREATE UNIQUE INDEX raffle_pick_draw_id_turn ON public.raffle_pick USING btree (draw_id, turn);
CREATE UNIQUE INDEX raffle_pick_entry_id ON public.raffle_pick USING btree (entry_id);
CREATE UNIQUE INDEX raffle_pick_event_id_person_once ON public.raffle_pick USING btree (event_id, person, once);
CREATE INDEX raffle_pick_prize_id ON public.raffle_pick USING btree (prize_id);
CREATE UNIQUE INDEX raffle_pick_prize_id_item ON public.raffle_pick USING btree (prize_id, item);
CREATE INDEX raffle_prize_activity_id ON public.raffle_prize USING btree (activity_id);
CREATE UNIQUE INDEX raffle_prize_activity_id_title ON public.raffle_prize USING btree (activity_id, title);
CREATE UNIQUE INDEX raffle_stage_activity_id ON public.raffle_stage USING btree (activity_id);
CREATE INDEX role_grant_staff_id ON public.role_grant USING btree (staff_id);
CREATE UNIQUE INDEX role_grant_staff_id_role_event_id ON public.role_grant USING btree (staff_id, role, event_id);
CREATE UNIQUE INDEX schema_migration_name ON public.schema_migration USING btree (name);
CREATE INDEX score_entry_event_id ON public.score_entry USING btree (event_id);
CREATE UNIQUE INDEX score_entry_event_id_source ON public.score_entry USING btree (event_id, source);
CREATE INDEX score_entry_player_id ON public.score_entry USING btree (player_id);
CREATE UNIQUE INDEX score_entry_reverses_id ON public.score_entry USING btree (reverses_id);
CREATE INDEX shake_result_player_id ON public.shake_result USING btree (player_id);
CREATE INDEX shake_result_round_id ON public.shake_result USING btree (round_id);
CREATE UNIQUE INDEX shake_result_round_id_player_id ON public.shake_result USING btree (round_id, player_id);
CREATE INDEX shake_round_activity_id ON public.shake_round USING btree (activity_id);
CREATE UNIQUE INDEX shake_round_activity_id_number ON public.shake_round USING btree (activity_id, number);
CREATE UNIQUE INDEX shake_round_activity_id_under_way ON public.shake_round USING btree (activity_id, under_way);
CREATE INDEX sitting_activity_id ON public.sitting USING btree (activity_id);
CREATE INDEX snooze_dig_id ON public.snooze USING btree (dig_id);
CREATE INDEX snooze_event_id ON public.snooze USING btree (event_id);
CREATE UNIQUE INDEX snooze_event_id_player_id ON public.snooze USING btree (event_id, player_id);
CREATE INDEX snooze_player_id ON public.snooze USING btree (player_id);
CREATE UNIQUE INDEX staff_account_id ON public.staff USING btree (account_id);
CREATE UNIQUE INDEX staff_number ON public.staff USING btree (number);
CREATE INDEX staff_team_id ON public.staff USING btree (team_id);
CREATE INDEX standing_event_id ON public.standing USING btree (event_id);
CREATE INDEX standing_player_id ON public.standing USING btree (player_id);
CREATE INDEX standing_updated_at ON public.standing USING btree (updated_at);
CREATE INDEX suggestion_activity_id ON public.suggestion USING btree (activity_id);
CREATE INDEX suggestion_activity_id_merged_into_id ON public.suggestion USING btree (activity_id, merged_into_id);
CREATE UNIQUE INDEX suggestion_activity_id_player_id_digest ON public.suggestion USING btree (activity_id, player_id, digest);
CREATE INDEX suggestion_item_id ON public.suggestion USING btree (item_id);
CREATE INDEX suggestion_merged_into_id ON public.suggestion USING btree (merged_into_id);
CREATE INDEX suggestion_option_poll_id ON public.suggestion_option USING btree (poll_id);
CREATE INDEX suggestion_option_suggestion_id ON public.suggestion_option USING btree (suggestion_id);
CREATE UNIQUE INDEX suggestion_option_suggestion_id_poll_id ON public.suggestion_option USING btree (suggestion_id, poll_id);
CREATE INDEX suggestion_picture_id ON public.suggestion USING btree (picture_id);
CREATE INDEX suggestion_player_id ON public.suggestion USING btree (player_id);
CREATE INDEX suggestion_support_player_id ON public.suggestion_support USING btree (player_id);
CREATE INDEX suggestion_support_suggestion_id ON public.suggestion_support USING btree (suggestion_id);
CREATE UNIQUE INDEX suggestion_support_suggestion_id_player_id ON public.suggestion_support USING btree (suggestion_id, player_id);
CREATE UNIQUE INDEX team_name ON public.team USING btree (name);
CREATE INDEX treasure_activity_id ON public.treasure USING btree (activity_id);
CREATE UNIQUE INDEX treasure_activity_id_key ON public.treasure USING btree (activity_id, key);
CREATE UNIQUE INDEX treasure_claim_dig_id ON public.treasure_claim USING btree (dig_id);
CREATE INDEX treasure_claim_player_id ON public.treasure_claim USING btree (player_id);
CREATE INDEX treasure_claim_treasure_id ON public.treasure_claim USING btree (treasure_id);
CREATE UNIQUE INDEX treasure_claim_treasure_id_number ON public.treasure_claim USING btree (treasure_id, number);
CREATE UNIQUE INDEX treasure_claim_treasure_id_player_id ON public.treasure_claim USING btree (treasure_id, player_id);
CREATE INDEX word_pack_id ON public.word USING btree (pack_id);
CREATE UNIQUE INDEX word_pack_id_text ON public.word USING btree (pack_id, text);
CREATE UNIQUE INDEX word_pack_name ON public.word_pack USING btree (name);
CREATE INDEX writing_block_event_id ON public.writing_block USING btree (event_id);
CREATE UNIQUE INDEX writing_block_player_id ON public.writing_block USING btree (player_id);
ALTER TABLE ONLY public.activity
    ADD CONSTRAINT activity_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.answer
    ADD CONSTRAINT answer_dig_id_fkey FOREIGN KEY (dig_id) REFERENCES public.dig(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.answer
    ADD CONSTRAINT answer_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.contest
    ADD CONSTRAINT contest_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.contest_answer
    ADD CONSTRAINT contest_answer_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.contest_answer
    ADD CONSTRAINT contest_answer_round_id_fkey FOREIGN KEY (round_id) REFERENCES public.contest_round(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.contest_round
    ADD CONSTRAINT contest_round_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.contest_round
    ADD CONSTRAINT contest_round_question_id_fkey FOREIGN KEY (question_id) REFERENCES public.question(id);
ALTER TABLE ONLY public.correction
    ADD CONSTRAINT correction_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.dig
    ADD CONSTRAINT dig_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.dig
    ADD CONSTRAINT dig_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.dig
    ADD CONSTRAINT dig_question_id_fkey FOREIGN KEY (question_id) REFERENCES public.question(id);
ALTER TABLE ONLY public.drawing_game
    ADD CONSTRAINT drawing_game_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.drawing_guess
    ADD CONSTRAINT drawing_guess_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.drawing_guess
    ADD CONSTRAINT drawing_guess_turn_id_fkey FOREIGN KEY (turn_id) REFERENCES public.drawing_turn(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.drawing_report
    ADD CONSTRAINT drawing_report_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.drawing_report
    ADD CONSTRAINT drawing_report_turn_id_fkey FOREIGN KEY (turn_id) REFERENCES public.drawing_turn(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.drawing_room
    ADD CONSTRAINT drawing_room_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.drawing_seat
    ADD CONSTRAINT drawing_seat_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.drawing_seat
    ADD CONSTRAINT drawing_seat_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.drawing_seat
    ADD CONSTRAINT drawing_seat_room_id_fkey FOREIGN KEY (room_id) REFERENCES public.drawing_room(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.drawing_turn
    ADD CONSTRAINT drawing_turn_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.drawing_turn
    ADD CONSTRAINT drawing_turn_drawer_id_fkey FOREIGN KEY (drawer_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.drawing_turn
    ADD CONSTRAINT drawing_turn_room_id_fkey FOREIGN KEY (room_id) REFERENCES public.drawing_room(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.drawing_vote
    ADD CONSTRAINT drawing_vote_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.drawing_vote
    ADD CONSTRAINT drawing_vote_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.drawing_vote
    ADD CONSTRAINT drawing_vote_turn_id_fkey FOREIGN KEY (turn_id) REFERENCES public.drawing_turn(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.event_team
    ADD CONSTRAINT event_team_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.frozen_standing
    ADD CONSTRAINT frozen_standing_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.frozen_standing
    ADD CONSTRAINT frozen_standing_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.keyword
    ADD CONSTRAINT keyword_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.keyword_hit
    ADD CONSTRAINT keyword_hit_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.keyword_hit
    ADD CONSTRAINT keyword_hit_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.keyword_hit
    ADD CONSTRAINT keyword_hit_word_id_fkey FOREIGN KEY (word_id) REFERENCES public.keyword(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.keyword_spelling
    ADD CONSTRAINT keyword_spelling_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.keyword_spelling
    ADD CONSTRAINT keyword_spelling_word_id_fkey FOREIGN KEY (word_id) REFERENCES public.keyword(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.moderation_item
    ADD CONSTRAINT moderation_item_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.moderation_item
    ADD CONSTRAINT moderation_item_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.moderation_picture
    ADD CONSTRAINT moderation_picture_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.moderation_item(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.out_of_competition
    ADD CONSTRAINT out_of_competition_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.out_of_competition
    ADD CONSTRAINT out_of_competition_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.player
    ADD CONSTRAINT player_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.poll
    ADD CONSTRAINT poll_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.poll_ballot
    ADD CONSTRAINT poll_ballot_poll_id_fkey FOREIGN KEY (poll_id) REFERENCES public.poll(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.poll_flag
    ADD CONSTRAINT poll_flag_poll_id_fkey FOREIGN KEY (poll_id) REFERENCES public.poll(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.poll_option
    ADD CONSTRAINT poll_option_poll_id_fkey FOREIGN KEY (poll_id) REFERENCES public.poll(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.poll_refusal
    ADD CONSTRAINT poll_refusal_poll_id_fkey FOREIGN KEY (poll_id) REFERENCES public.poll(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.poll
    ADD CONSTRAINT poll_runoff_of_id_fkey FOREIGN KEY (runoff_of_id) REFERENCES public.poll(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.poll_signature
    ADD CONSTRAINT poll_signature_poll_id_fkey FOREIGN KEY (poll_id) REFERENCES public.poll(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.poll_tally
    ADD CONSTRAINT poll_tally_poll_id_fkey FOREIGN KEY (poll_id) REFERENCES public.poll(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.poll_voter
    ADD CONSTRAINT poll_voter_poll_id_fkey FOREIGN KEY (poll_id) REFERENCES public.poll(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_bank_id_fkey FOREIGN KEY (bank_id) REFERENCES public.question_bank(id);
ALTER TABLE ONLY public.raffle_draw
    ADD CONSTRAINT raffle_draw_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.raffle_draw
    ADD CONSTRAINT raffle_draw_prize_id_fkey FOREIGN KEY (prize_id) REFERENCES public.raffle_prize(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.raffle_entry
    ADD CONSTRAINT raffle_entry_draw_id_fkey FOREIGN KEY (draw_id) REFERENCES public.raffle_draw(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.raffle_handover
    ADD CONSTRAINT raffle_handover_pick_id_fkey FOREIGN KEY (pick_id) REFERENCES public.raffle_pick(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.raffle_list
    ADD CONSTRAINT raffle_list_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.raffle_pick
    ADD CONSTRAINT raffle_pick_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.raffle_pick
    ADD CONSTRAINT raffle_pick_draw_id_fkey FOREIGN KEY (draw_id) REFERENCES public.raffle_draw(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.raffle_pick
    ADD CONSTRAINT raffle_pick_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES public.raffle_entry(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.raffle_pick
    ADD CONSTRAINT raffle_pick_prize_id_fkey FOREIGN KEY (prize_id) REFERENCES public.raffle_prize(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.raffle_prize
    ADD CONSTRAINT raffle_prize_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.raffle_stage
    ADD CONSTRAINT raffle_stage_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.role_grant
    ADD CONSTRAINT role_grant_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(id);
ALTER TABLE ONLY public.score_entry
    ADD CONSTRAINT score_entry_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.score_entry
    ADD CONSTRAINT score_entry_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.shake_result
    ADD CONSTRAINT shake_result_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.shake_result
    ADD CONSTRAINT shake_result_round_id_fkey FOREIGN KEY (round_id) REFERENCES public.shake_round(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.shake_round
    ADD CONSTRAINT shake_round_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.sitting
    ADD CONSTRAINT sitting_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.snooze
    ADD CONSTRAINT snooze_dig_id_fkey FOREIGN KEY (dig_id) REFERENCES public.dig(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.snooze
    ADD CONSTRAINT snooze_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.snooze
    ADD CONSTRAINT snooze_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);
ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_team_id_fkey FOREIGN KEY (team_id) REFERENCES public.team(id);
ALTER TABLE ONLY public.standing
    ADD CONSTRAINT standing_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.standing
    ADD CONSTRAINT standing_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.suggestion
    ADD CONSTRAINT suggestion_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.suggestion
    ADD CONSTRAINT suggestion_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.moderation_item(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.suggestion
    ADD CONSTRAINT suggestion_merged_into_id_fkey FOREIGN KEY (merged_into_id) REFERENCES public.suggestion(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.suggestion_option
    ADD CONSTRAINT suggestion_option_poll_id_fkey FOREIGN KEY (poll_id) REFERENCES public.poll(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.suggestion_option
    ADD CONSTRAINT suggestion_option_suggestion_id_fkey FOREIGN KEY (suggestion_id) REFERENCES public.suggestion(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.suggestion
    ADD CONSTRAINT suggestion_picture_id_fkey FOREIGN KEY (picture_id) REFERENCES public.moderation_item(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.suggestion
    ADD CONSTRAINT suggestion_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.suggestion_support
    ADD CONSTRAINT suggestion_support_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.suggestion_support
    ADD CONSTRAINT suggestion_support_suggestion_id_fkey FOREIGN KEY (suggestion_id) REFERENCES public.suggestion(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.treasure
    ADD CONSTRAINT treasure_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activity(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.treasure_claim
    ADD CONSTRAINT treasure_claim_dig_id_fkey FOREIGN KEY (dig_id) REFERENCES public.dig(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.treasure_claim
    ADD CONSTRAINT treasure_claim_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.treasure_claim
    ADD CONSTRAINT treasure_claim_treasure_id_fkey FOREIGN KEY (treasure_id) REFERENCES public.treasure(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.word
    ADD CONSTRAINT word_pack_id_fkey FOREIGN KEY (pack_id) REFERENCES public.word_pack(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.writing_block
    ADD CONSTRAINT writing_block_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.event(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.writing_block
    ADD CONSTRAINT writing_block_player_id_fkey FOREIGN KEY (player_id) REFERENCES public.player(id) ON DELETE CASCADE;
