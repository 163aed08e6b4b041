"""Texts that are stored lose the characters that nobody sees; keys for comparing are made anew."""

from backend.chinese import normalised
from backend.visible import shown

# What a raffle drew from stays as it is: its digests prove it.
SHOWN = {
    'account': ['nickname'],
    'staff': ['name'],
    'player': ['name', 'team_name'],
    'event_team': ['name'],
    'event': ['title', 'description'],
    'activity': ['title'],
    'sitting': ['title'],
    'moderation_item': ['text', 'reason'],
    'suggestion': ['text', 'reason', 'answer'],
    'poll': ['title', 'description'],
    'poll_option': ['title', 'description'],
    'keyword': ['text'],
    'question': ['topic', 'stem', 'explanation', 'source', 'reviewer'],
    'question_bank': ['title'],
    'word_pack': ['title'],
}
NOTHING_VISIBLE = '？'


def up(migrator, db):
    for table, columns in SHOWN.items():
        for column in columns:
            change(db, table, column, visible)
    change(db, 'suggestion', 'plain', normalised)
    change(db, 'team', 'name', visible, unique='')
    change(db, 'blocked_word', 'plain', normalised, unique='')
    change(db, 'keyword_spelling', 'key', normalised, unique='activity_id')


def down(migrator, db):
    pass


def visible(text):
    return shown(text) or (NOTHING_VISIBLE if text else '')


def change(db, table, column, made, unique=None):
    """Change a column of a table; a text that another row has already gets a number behind it."""
    within = unique or "''"
    rows = db.execute_sql(f'SELECT id, {within}, {column} FROM {table} ORDER BY id').fetchall()
    taken = {(group, text) for _, group, text in rows}
    for row_id, group, text in rows:
        new = text if text is None else made(text)
        # An empty key would be found in every text.
        if not new or new == text:
            continue
        if unique is not None:
            new = free(new, group, taken)
            taken.add((group, new))
        db.execute_sql(
            f'UPDATE {table} SET {column} = {db.param} WHERE id = {db.param}', (new, row_id)
        )


def free(text, group, taken):
    number, found = 1, text
    while (group, found) in taken:
        number += 1
        found = f'{text} {number}'
    return found
