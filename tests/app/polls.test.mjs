import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const APP = '../../miniprogram_stub/app/pages';
const list = require(`${APP}/polls/list.js`);
const vote = require(`${APP}/ballot/vote.js`);

const option = (id, more) => ({
  id,
  number: id - 10,
  title: `节目${id}`,
  description: '',
  video_url: null,
  picture_id: null,
  picture_path: null,
  direct: false,
  ...more,
});
const POLL = {
  id: 5,
  title: '人气投票',
  description: '',
  state: 'open',
  method: 'multiple',
  most_choices: 2,
  anonymous: false,
  notice: '本次投票为实名投票',
  hall_code: false,
  guests_allowed: false,
  changes_allowed: false,
  daily_quota: null,
  on_screen: true,
  results_shown: false,
  too_few: false,
  turnout: { valid: 7, staff: 5, guests: 2, refused: 1 },
  options: [option(11), option(12), option(13)],
  results: { state: 'hidden' },
};
const STAFF = { id: 1, staff_number: '200001' };
const GUEST = { id: 2, staff_number: null };
const EVENT = { state: 'open', paused: false };
const FRESH = { ballots_left: 1, ballots: [] };
const VOTED = { ballots_left: 0, ballots: [{ choice: [11, 12], key: 'k' }] };
const RECEIPT = { receipt: 'abcd0000wxyz', choice: [11, 12], at: 0 };

const poll = (more) => ({ ...POLL, ...more });
const shown = (more = {}) =>
  vote.shown({ poll: POLL, own: FRESH, me: STAFF, event: EVENT, ...more });

test('a tap chooses one, several up to the most, or the next of a ranking', () => {
  const single = poll({ method: 'single', most_choices: 1 });
  assert.deepEqual(vote.tapped(single, [11], 12), [12]);
  assert.deepEqual(vote.tapped(POLL, [11], 12), [11, 12]);
  assert.equal(vote.tapped(POLL, [11, 12], 13), null);
  assert.deepEqual(vote.tapped(POLL, [11, 12], 11), [12]);
  const ranked = poll({ method: 'ranked', most_choices: 100 });
  assert.deepEqual(vote.tapped(ranked, [13], 11), [13, 11]);
});

test('an option of a ranking goes up one place', () => {
  assert.deepEqual(vote.raised([11, 12, 13], 13), [11, 13, 12]);
  assert.deepEqual(vote.raised([11, 12], 11), [11, 12]);
});

test('a choice is sent as the server keeps it', () => {
  assert.deepEqual(vote.sent(POLL, [12, 11]), [11, 12]);
  assert.deepEqual(vote.sent(poll({ method: 'ranked' }), [12, 11]), [12, 11]);
});

test('a ballot is ready once something is chosen, and with the six digits of the hall', () => {
  assert.equal(shown().isReady, false);
  assert.equal(shown({ chosen: [11] }).isReady, true);
  assert.equal(shown({ chosen: [11], isSending: true }).isReady, false);
  const hall = poll({ hall_code: true });
  assert.equal(shown({ poll: hall, chosen: [11], code: '12345' }).isReady, false);
  assert.equal(shown({ poll: hall, chosen: [11], code: '123 456' }).isReady, true);
});

const HINDRANCES = [
  ['closed', { poll: poll({ state: 'closed' }) }],
  ['rest', { event: { state: 'closed', paused: false } }],
  ['paused', { event: { state: 'open', paused: true } }],
  ['guest', { me: GUEST }],
  ['waits', { waiting: [RECEIPT] }],
  ['used', { own: VOTED }],
  ['used', { own: { ballots_left: 0, ballots: [] } }],
];
for (const [kind, more] of HINDRANCES) {
  test(`who cannot vote is told why: ${kind}`, () => {
    const found = shown({ chosen: [11], ...more });
    assert.equal(found.hindrance.kind, kind);
    assert.deepEqual([found.mayChoose, found.isReady], [false, false]);
  });
}

test('guests vote where the poll allows it', () => {
  assert.equal(shown({ me: GUEST, poll: poll({ guests_allowed: true }) }).mayChoose, true);
});

test('the own ballot stays in sight, with the receipt of this phone', () => {
  const found = shown({ own: VOTED, kept: [RECEIPT] });
  assert.deepEqual(
    found.ballots[0].names.map(({ word }) => word),
    ['1 号 节目11', '2 号 节目12'],
  );
  assert.equal(found.ballots[0].receiptWord, 'abcd…wxyz');
  assert.deepEqual(
    found.entries.map(({ isChosen }) => isChosen),
    [true, true, false],
  );
});

test('a ballot is changed where the poll allows it and something names the ballot', () => {
  const open = poll({ changes_allowed: true });
  const mayChange = (more) => shown({ own: VOTED, ...more }).ballots[0].mayChange;
  assert.equal(mayChange({}), false);
  assert.equal(mayChange({ poll: open }), true);
  const secret = { ballots_left: 0, ballots: [{ choice: [11, 12], key: null }] };
  assert.equal(shown({ poll: open, own: secret }).ballots[0].mayChange, false);
  assert.equal(shown({ poll: open, own: secret, kept: [RECEIPT] }).ballots[0].mayChange, true);
  assert.equal(mayChange({ poll: poll({ changes_allowed: true, state: 'closed' }) }), false);
  const changing = shown({ poll: open, own: VOTED, changes: 0, chosen: [13] });
  assert.deepEqual([changing.isReady, changing.button], [true, '改成这样']);
});

test('a ranking shows its places', () => {
  const ranked = shown({ poll: poll({ method: 'ranked', most_choices: 9 }), chosen: [13, 11] });
  assert.deepEqual(
    ranked.entries.map(({ rank }) => rank),
    [2, 0, 1],
  );
  assert.deepEqual(
    ranked.ranking.map(({ title }) => title),
    ['3 号 节目13', '1 号 节目11'],
  );
});

test('entries are found by number or words', () => {
  const ids = (search) => shown({ search }).entries.map(({ id }) => id);
  assert.deepEqual(ids('2'), [12]);
  assert.deepEqual(ids('节目13'), [13]);
  assert.deepEqual(ids('没有'), []);
});

const row = (id, votes, more) => ({
  option_id: id,
  number: id - 10,
  title: `节目${id}`,
  votes,
  share: 50,
  place: 1,
  won: false,
  tied: false,
  shares_place: false,
  guest_votes: null,
  out_in_round: null,
  ...more,
});
const RESULTS = {
  state: 'shown',
  counted: 7,
  final: true,
  tied: [],
  rows: [row(11, 4, { won: true }), row(12, 2, { tied: true, guest_votes: 1 }), row(13, 0)],
};

test('results tell who won, what is mine and how large it is', () => {
  const found = shown({ poll: poll({ state: 'closed', results: RESULTS }), own: VOTED }).results;
  assert.deepEqual(
    found.rows.map(({ word, width, isMine, guests }) => [word, width, isMine, guests]),
    [
      ['胜出', 100, true, ''],
      ['并列，等加投', 50, true, '其中亲友 1'],
      ['', 0, false, ''],
    ],
  );
  assert.equal(found.word, '');
});

test('hidden results and those of too few ballots say why', () => {
  assert.match(shown().results.word, /等主持人公布/);
  assert.match(shown({ poll: poll({ results: { state: 'too_few' } }) }).results.word, /不满 5 张/);
});

test('what the big screen says is taken over, unless it says too little', () => {
  const heard = { ...POLL, options: [], turnout: { ...POLL.turnout, valid: 8 } };
  const merged = vote.merged(POLL, heard);
  assert.equal(merged.turnout.valid, 8);
  assert.equal(merged.options.length, 3);
  assert.equal(vote.merged(POLL, { ...heard, state: 'closed' }), null);
  const cut = { ...RESULTS, rows: RESULTS.rows.slice(0, 2) };
  assert.equal(vote.merged(POLL, { ...heard, results: cut }), null);
});

const listed = (more = {}) =>
  list.shown({ polls: [POLL], own: { 5: 1 }, waiting: [], isStaff: true, ...more });

test('open polls come first and say what is left to do', () => {
  const polls = [poll({ id: 4, state: 'closed' }), POLL];
  const found = listed({ polls });
  assert.deepEqual([found.open[0].id, found.over[0].id], [5, 4]);
  assert.deepEqual([found.open[0].mineWord, found.open[0].isMain], ['还没投', true]);
});

const MINE = [
  ['done', '已投', { own: { 5: 0 } }],
  ['waits', '已保存，等网络', { waiting: [5] }],
  ['out', '仅限员工', { isStaff: false }],
  ['todo', '今天还能投 3 张', { polls: [poll({ daily_quota: 5 })], own: { 5: 3 } }],
];
for (const [tone, word, more] of MINE) {
  test(`a poll of the list says: ${word}`, () => {
    const [item] = listed(more).open;
    assert.deepEqual([item.mineTone, item.mineWord], [tone, word]);
  });
}

test('a poll of the list whose ballots are too few is not said to be public', () => {
  const words = [true, false].map((tooFew) => {
    const polls = [poll({ state: 'closed', results_shown: true, too_few: tooFew })];
    return listed({ polls }).over[0].resultsWord;
  });
  assert.deepEqual(words, ['票太少，不公布结果', '结果已公布']);
});
